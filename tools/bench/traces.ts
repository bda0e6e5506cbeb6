import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
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

/** Runs our own work in a process of its own. */
function measureOwn(work: string, file: string, rows: number): TraceMeasurement {
  const child = spawnSync(process.execPath, [fileURLToPath(new URL('main.js', import.meta.url)), '--measure-traces', work, file, String(rows)], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as TraceMeasurement;
}

/** One after the other, so that what is compared met the same machine. */
interface Round {
  readonly grouped: TraceMeasurement;
  readonly baseline: TraceMeasurement;
  readonly fromFile: TraceMeasurement;
  readonly readAll: TraceMeasurement;
  readonly peers: Peers;
}

function roundOf(file: string, folder: string, rows: number): Round {
  return {
    grouped: measureOwn('grouped', file, rows),
    baseline: measureOwn('baseline', file, rows),
    peers: measurePeers(file, folder),
    fromFile: measureOwn('grouped from file', file, rows),
    readAll: measureOwn('read all columns', file, rows),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

/** Median seconds of a work, and how many times as long as the grouped kernel it took in the same round. */
function middle(rounds: readonly Round[], secondsOf: (round: Round) => number): readonly [seconds: number, ratio: string] {
  return [median(rounds.map(secondsOf)), median(rounds.map((round) => secondsOf(round) / round.grouped.seconds)).toFixed(2)];
}

function print(cells: readonly [string, number, string, string, string]): void {
  const [name, seconds, ratio, wanted, rss] = cells;
  console.log([name.padEnd(44), seconds.toFixed(3).padStart(8), ratio.padStart(9), wanted.padStart(9), rss.padStart(11)].join(' '));
}

const loads = (): string => loadavg().map((load) => load.toFixed(1)).join(', ');

/** Whether two answers are the same but for the last digits: not everyone rounds alike between two values. */
function agrees(a: string, b: string): boolean {
  const cells = (answer: string): string[] => answer.trim().split(/\s+/);
  const theirs = cells(a);
  return theirs.length === cells(b).length && cells(b).every((cell, i) => cell === theirs[i] || Math.abs(Number(cell) - Number(theirs[i])) <= 1e-12 * Math.abs(Number(cell)));
}

/** The peers' rows; those that did not run say why. */
function printPeers(rounds: readonly Round[]): void {
  const answer = rounds[0]?.grouped.answer ?? '';
  for (const [name, first] of Object.entries(rounds[0]?.peers ?? {})) {
    if ('missing' in first) {
      console.log(`${name.padEnd(44)} not run: ${first.missing}`);
      continue;
    }
    const secondsOf = ({ peers }: Round): number => {
      const peer = peers[name];
      return peer === undefined || 'missing' in peer ? NaN : peer.seconds;
    };
    const ran = rounds.filter((round) => !Number.isNaN(secondsOf(round)));
    const least = name.startsWith('DuckDB') ? WANTED.duckdb : 1 / WANTED.chdb;
    print([name, ...middle(ran, secondsOf), `>= ${least.toFixed(2)}`, '']);
    if (!agrees(first.answer, answer)) console.log(`${name}: other figures than ours`);
  }
}

function bench(folder: string, { rows, times }: { readonly rows: number; readonly times: number }): void {
  const file = join(folder, 'calls.arrow');
  const stream = writeBench(join(folder, 'calls.arrows'), rows, 'stream');
  rmSync(join(folder, 'calls.arrows'));
  const written = writeBench(file, rows, 'file');
  console.log(`\n${rows.toLocaleString('en')} generated calls, 8 columns, ${(statSync(file).size / 1e6).toFixed(0)} MB; medians of rounds: ${String(times)}; load of the machine before: ${loads()}`);
  console.log(`${'count, median, MAD, p5, p95 of 48 groups'.padEnd(44)}  seconds  of ours    wanted         MiB`);
  const rounds = Array.from({ length: times }, () => roundOf(file, folder, rows));
  const most = (of: (round: Round) => TraceMeasurement): string => Math.max(...rounds.map((round) => of(round).peakMib)).toFixed(0);
  print(['hindcast, columns in memory, one thread', ...middle(rounds, ({ grouped }) => grouped.seconds), '', most(({ grouped }) => grouped)]);
  print(['hindcast, from the Arrow file, one thread', ...middle(rounds, ({ fromFile }) => fromFile.seconds), '', most(({ fromFile }) => fromFile)]);
  printPeers(rounds);
  console.log('');
  print(['full baseline from the Arrow file', ...middle(rounds, ({ baseline }) => baseline.seconds), `<= ${String(WANTED.baseline)}`, `${most(({ baseline }) => baseline)} < ${String(WANTED.baselineMib)}`]);
  print(['reading every column from the Arrow file', ...middle(rounds, ({ readAll }) => readAll.seconds), '', most(({ readAll }) => readAll)]);
  const grouped = median(rounds.map((round) => round.grouped.seconds));
  print(['writing the Arrow file', written, (written / grouped).toFixed(2), '', '']);
  print(['writing the Arrow stream', stream, (stream / grouped).toFixed(2), '', '']);
  console.log(`load of the machine after: ${loads()}`);
}

/** Prints how long statistics of traces take. */
export function benchTraces(quick: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-traces-'));
  try {
    bench(folder, quick ? { rows: 1_000_000, times: 1 } : { rows: 10_000_000, times: 3 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
