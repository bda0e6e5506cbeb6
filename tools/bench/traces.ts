import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBench } from './traces-data.js';
import type { TraceMeasurement } from './traces-works.js';

// `npm run bench -- traces`: grouped statistics and a full baseline of generated calls, beside chDB and DuckDB on the same data.
// Both are installed among what is built when they are first needed; neither is a dependency.

const PACKAGES = ['@duckdb/node-api@1.5.6-r.1', 'chdb@3.4.0'];
/** At most this many times chDB's time, and the grouped kernel's. */
const WANTED = { chdb: 1.25, duckdb: 3, baseline: 8, baselineMib: 1024 };

type Peers = Readonly<Record<string, { readonly seconds: number; readonly answer: string } | { readonly missing: string }>>;

/** Folder with the peers, installed once. */
function peerFolder(): string {
  const home = fileURLToPath(new URL('../../bench-peers/node', import.meta.url));
  if (PACKAGES.every((name) => existsSync(join(home, 'node_modules', name.slice(0, name.lastIndexOf('@')))))) return home;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"private":true}\n');
  spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...PACKAGES], { cwd: home, timeout: 600_000 });
  return home;
}

function measurePeers(file: string, folder: string): Peers {
  const script = fileURLToPath(new URL('../../../tools/bench/traces-peers.mjs', import.meta.url));
  const child = spawnSync(process.execPath, [script, peerFolder(), file, folder], { encoding: 'utf8', timeout: 600_000, maxBuffer: 1 << 26 });
  if (child.status === 0) return JSON.parse(child.stdout) as Peers;
  return { 'chDB and DuckDB': { missing: child.stderr.trim().split('\n').at(-1) ?? 'did not run' } };
}

/** Runs our own work in a process of its own, twice; the faster. */
function measureOwn(work: string, file: string, rows: number): TraceMeasurement {
  const runs = [0, 1].map(() => {
    const child = spawnSync(process.execPath, [fileURLToPath(new URL('main.js', import.meta.url)), '--measure-traces', work, file, String(rows)], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout) as TraceMeasurement;
  });
  return runs.reduce((a, b) => (b.seconds < a.seconds ? b : a));
}

function print(cells: readonly [string, number, string, string, string]): void {
  const [name, seconds, ratio, wanted, rss] = cells;
  console.log([name.padEnd(44), seconds.toFixed(3).padStart(8), ratio.padStart(9), wanted.padStart(9), rss.padStart(7)].join(' '));
}

/** Whether two answers are the same but for the last digits: not everyone rounds alike between two values. */
function agrees(a: string, b: string): boolean {
  const cells = (answer: string): string[] => answer.trim().split(/\s+/);
  const theirs = cells(a);
  return theirs.length === cells(b).length && cells(b).every((cell, i) => cell === theirs[i] || Math.abs(Number(cell) - Number(theirs[i])) <= 1e-12 * Math.abs(Number(cell)));
}

function bench(folder: string, rows: number): void {
  const [stream, file] = [join(folder, 'calls.arrows'), join(folder, 'calls.arrow')];
  const written = writeBench(stream, rows, 'stream');
  writeBench(file, rows, 'file');
  console.log(`\n${rows.toLocaleString('en')} generated calls, 8 columns, ${(statSync(stream).size / 1e6).toFixed(0)} MB`);
  console.log(`${'count, median, MAD, p5, p95 of 48 groups'.padEnd(44)}  seconds  of ours    wanted     MiB`);
  const own = measureOwn('grouped', file, rows);
  const baseline = measureOwn('baseline', stream, rows);
  const peers = measurePeers(file, folder);
  print(['hindcast, columns in memory, one thread', own.seconds, '1.00', '', own.peakMib.toFixed(0)]);
  const fromFile = measureOwn('grouped from file', stream, rows);
  print(['hindcast, from the Arrow file, one thread', fromFile.seconds, (fromFile.seconds / own.seconds).toFixed(2), '', fromFile.peakMib.toFixed(0)]);
  for (const [name, peer] of Object.entries(peers)) {
    if ('missing' in peer) console.log(`${name.padEnd(44)} not run: ${peer.missing}`);
    else {
      const least = name.startsWith('DuckDB') ? WANTED.duckdb : 1 / WANTED.chdb;
      print([name, peer.seconds, (peer.seconds / own.seconds).toFixed(2), `>= ${least.toFixed(2)}`, '']);
      if (!agrees(peer.answer, own.answer)) console.log(`${name}: other figures than ours`);
    }
  }
  console.log('');
  const all = measureOwn('read all columns', stream, rows);
  print(['reading every column from the Arrow file', all.seconds, (all.seconds / own.seconds).toFixed(2), '', all.peakMib.toFixed(0)]);
  print(['full baseline from the Arrow file', baseline.seconds, (baseline.seconds / own.seconds).toFixed(2), `<= ${String(WANTED.baseline)}`, `${baseline.peakMib.toFixed(0)} < ${String(WANTED.baselineMib)}`]);
  print(['writing the Arrow stream', written, (written / own.seconds).toFixed(2), '', '']);
}

/** Prints how long statistics of traces take. */
export function benchTraces(quick: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-traces-'));
  try {
    bench(folder, quick ? 1_000_000 : 10_000_000);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
