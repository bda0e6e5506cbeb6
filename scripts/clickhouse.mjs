// Runs the tests that need ClickHouse: installs the current engine (chdb, from npm) and an old server (18.16, from Debian)
// under build/clickhouse, starts two servers that know each other, runs test/clickhouse and stops the servers again.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const home = resolve('build/clickhouse');
const CHDB = '3.4.0';
const DEBIAN = '18.16.1';

function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error !== undefined || status !== 0) {
    console.error(`test:clickhouse: ${[command, ...args.slice(0, 3)].join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
    process.exit(1);
  }
}

function installCurrent() {
  if (existsSync(join(home, 'node_modules/chdb'))) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  must('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `chdb@${CHDB}`], { cwd: home });
}

/** Packages that the server needs and that are not there yet, itself included. */
function missingPackages() {
  const { stdout, status } = spawnSync('apt-get', ['--simulate', 'install', 'clickhouse-server'], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (status !== 0) return null;
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
}

/** Unpacks the server and its libraries; nothing of it is installed. */
function installOld() {
  const root = join(home, 'root');
  if (existsSync(join(root, 'usr/sbin/clickhouse-server'))) return root;
  const packages = missingPackages();
  if (packages === null) {
    console.error(`test:clickhouse: apt-get knows no clickhouse-server; the tests need Debian's ${DEBIAN}`);
    process.exit(1);
  }
  const debs = join(home, 'debs');
  mkdirSync(debs, { recursive: true });
  must('apt-get', ['download', ...packages], { cwd: debs });
  mkdirSync(root, { recursive: true });
  for (const file of readdirSync(debs).filter((name) => name.endsWith('.deb'))) must('dpkg', ['-x', join(debs, file), root]);
  return root;
}

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

const USERS = '<yandex><profiles><default><max_memory_usage>4000000000</max_memory_usage></default></profiles><quotas><default></default></quotas>'
  + '<users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>'
  + '<reader><password>secret</password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></reader></users></yandex>';

function configOf(folder, ports, tcpPorts) {
  const shards = tcpPorts.map((port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`).join('');
  return `<yandex><logger><level>error</level><log>${folder}/log</log><errorlog>${folder}/errors</errorlog></logger>
<http_port>${ports.http}</http_port><tcp_port>${ports.tcp}</tcp_port><interserver_http_port>${ports.between}</interserver_http_port><listen_host>127.0.0.1</listen_host>
<path>${folder}/data/</path><tmp_path>${folder}/tmp/</tmp_path><user_files_path>${folder}/files/</user_files_path><format_schema_path>${folder}/schemas/</format_schema_path>
<mark_cache_size>268435456</mark_cache_size><users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<remote_servers><pair>${shards}</pair></remote_servers></yandex>\n`;
}

function startServer(root, folder, config) {
  for (const name of ['', 'data', 'tmp', 'files', 'schemas']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'config.xml'), config);
  writeFileSync(join(folder, 'users.xml'), USERS);
  const libraries = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/aarch64-linux-gnu'].map((path) => join(root, path)).join(':');
  return spawn(join(root, 'usr/sbin/clickhouse-server'), [`--config-file=${join(folder, 'config.xml')}`], { cwd: folder, stdio: 'ignore', env: { ...process.env, LD_LIBRARY_PATH: libraries } });
}

async function answering(port, server, folder) {
  for (let tries = 0; tries < 150; tries += 1) {
    if (server.exitCode !== null) break;
    try {
      if ((await fetch(`http://127.0.0.1:${port}/ping`)).ok) return;
    } catch { /* it is still starting */ }
    await new Promise((done) => { setTimeout(done, 200); });
  }
  const errors = existsSync(join(folder, 'errors')) ? readFileSync(join(folder, 'errors'), 'utf8').slice(0, 2000) : '';
  throw new Error(`a server did not start${errors === '' ? '' : `: ${errors}`}`);
}

installCurrent();
const root = installOld();
const folder = mkdtempSync(join(tmpdir(), 'hindcast-clickhouse-'));
const servers = [];
let status = 1;
try {
  const ports = [];
  for (let i = 0; i < 2; i += 1) ports.push({ http: await freePort(), tcp: await freePort(), between: await freePort() });
  for (const [i, own] of ports.entries()) servers.push(startServer(root, join(folder, String(i)), configOf(join(folder, String(i)), own, ports.map(({ tcp }) => tcp))));
  for (const [i, { http }] of ports.entries()) await answering(http, servers[i], join(folder, String(i)));
  const env = { ...process.env, HINDCAST_CLICKHOUSE_PORTS: ports.map(({ http }) => http).join(',') };
  const tests = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/clickhouse-vitest.config.mjs', ...process.argv.slice(2)], { stdio: 'inherit', env });
  status = await new Promise((done) => { tests.once('exit', (code) => done(code ?? 1)); });
} catch (error) {
  console.error(`test:clickhouse: ${error.message}`);
} finally {
  for (const server of servers) server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exit(status);
