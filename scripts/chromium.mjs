// Finds a Chromium for the tests of the report page: one on the path, else Debian's, unpacked under build/browser with the
// libraries and fonts that it needs; nothing of it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const home = resolve('build/browser');
const PACKAGES = ['chromium', 'fonts-dejavu-core'];
const LIBRARIES = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu', 'usr/lib/aarch64-linux-gnu', 'lib/aarch64-linux-gnu'];

function run(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' }, maxBuffer: 1 << 28, ...options });
  return status === 0 ? (stdout ?? '') : null;
}

function must(command, args, options = {}) {
  if (run(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options }) === null) {
    console.error(`test:browser: ${[command, ...args.slice(0, 3)].join(' ')} failed`);
    process.exit(1);
  }
}

/** Packages that are needed and not there yet. */
function missing() {
  const ask = () => run('apt-get', ['--simulate', 'install', '--no-install-recommends', ...PACKAGES]);
  const plan = ask() ?? (run('apt-get', ['update', '-qq']) === null ? null : ask());
  if (plan === null) {
    console.error('test:browser: there is no Chromium on the path, and apt-get knows none');
    process.exit(1);
  }
  return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name);
}

function unpacked() {
  const root = join(home, 'root');
  const done = join(home, 'unpacked');
  if (existsSync(done)) return root;
  const debs = join(home, 'debs');
  mkdirSync(debs, { recursive: true });
  mkdirSync(root, { recursive: true });
  let packages = missing();
  if (run('apt-get', ['download', ...packages], { cwd: debs }) === null) {
    must('apt-get', ['update', '-qq']);
    packages = missing();
    must('apt-get', ['download', ...packages], { cwd: debs });
  }
  for (const file of readdirSync(debs).filter((name) => name.endsWith('.deb'))) must('dpkg', ['-x', join(debs, file), root]);
  writeFileSync(done, `${packages.join('\n')}\n`);
  return root;
}

/** Fonts of the machine and those that were unpacked. */
function fontsFile(root) {
  const file = join(home, 'fonts.conf');
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>/usr/share/fonts</dir><dir>${join(root, 'usr/share/fonts')}</dir><cachedir>${join(home, 'fontcache')}</cachedir><alias><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias></fontconfig>\n`);
  return file;
}

/** Path of a Chromium and the environment that it runs in. */
export function findChromium() {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const path = run('which', [name])?.trim();
    if (path) return { executablePath: path, env: process.env };
  }
  const root = unpacked();
  const libraries = [process.env.LD_LIBRARY_PATH, ...LIBRARIES.map((path) => join(root, path))].filter(Boolean).join(':');
  return { executablePath: join(root, 'usr/lib/chromium/chromium'), env: { ...process.env, LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: fontsFile(root) } };
}
