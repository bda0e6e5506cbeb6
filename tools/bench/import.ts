import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseStrictly } from '../../src/app/strict-json.js';
import { importTrace } from '../../src/app/trace-import.js';
import { arrowStreamWriter, type TraceWriter } from '../../src/trace/arrow-stream-write.js';

// `npm run bench -- import`: JSON Lines into a trace that lies on the disk, beside bare JSON.parse of the same lines, already
// cut and decoded, in a process of its own in the same run.

/** One measurement. */
export interface ImportMeasurement {
  readonly seconds: number;
  readonly records: number;
  readonly peakMib: number;
  readonly bytesPerRow: number;
}

/** Passes in one process, the first to warm up; the fastest counts, since other work on the machine only slows. */
const PASSES = 3;
/** Processes of each work, one work after the other, so that all meet the same machine. */
const ROUNDS = 5;

/** Seconds of the fastest pass, and what it came to. */
async function fastest<T>(pass: () => T | Promise<T>): Promise<readonly [number, T]> {
  let best: readonly [number, T] | null = null;
  for (let i = 0; i < PASSES; i += 1) {
    const start = performance.now();
    const result = await pass();
    const seconds = (performance.now() - start) / 1000;
    if (best === null || seconds < best[0]) best = [seconds, result];
  }
  if (best === null) throw new Error('nothing was measured');
  return best;
}

/** Imports a file into a trace beside it. */
export async function importFile(path: string, parse?: (text: string) => unknown): Promise<{ records: number; sizeBytes: number }> {
  const out = openSync(`${path}.arrows`, 'w');
  let sizeBytes = 0;
  const writers: TraceWriter[] = [];
  const { files } = await importTrace([path], parse === undefined ? {} : { parse }, {
    onStart: (metadata, columns) => { writers.push(arrowStreamWriter(metadata, (bytes) => { sizeBytes += writeSync(out, bytes); }, { columns })); },
    onChunk: (chunk) => { writers[0]?.write(chunk); },
  });
  writers[0]?.end();
  closeSync(out);
  const [file] = files;
  if (file === undefined || file.rejects > 0) throw new Error('a record was kept out');
  return { records: file.rows, sizeBytes };
}

type Work = (path: string) => Promise<readonly [number, { readonly records: number; readonly sizeBytes: number }]>;

const WORKS: Readonly<Record<string, Work>> = {
  parse: (path) => {
    const lines = readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');
    return fastest(() => {
      let records = 0;
      for (const line of lines) if (JSON.parse(line) !== null) records += 1;
      return { records, sizeBytes: 0 };
    });
  },
  'parse from file': (path) => fastest(() => {
    let records = 0;
    for (const line of readFileSync(path, 'utf8').split('\n')) if (line !== '' && JSON.parse(line) !== null) records += 1;
    return { records, sizeBytes: 0 };
  }),
  import: (path) => fastest(() => importFile(path)),
  strict: (path) => fastest(() => importFile(path, parseStrictly)),
};

const ROWS: readonly (readonly [work: string, label: string, goal: boolean])[] = [
  ['parse', 'bare JSON.parse, lines in memory', false],
  ['parse from file', 'the file cut up and JSON.parse', false],
  ['import', 'import', true],
  ['strict', 'import --strict', false],
];

/** Does one piece of work and measures it. */
export async function measureImport(work: string, path: string): Promise<ImportMeasurement> {
  const run = WORKS[work];
  if (run === undefined) throw new Error(`there is no work named ${work}`);
  const [seconds, { records, sizeBytes }] = await run(path);
  return { seconds, records, peakMib: process.resourceUsage().maxRSS / 1024, bytesPerRow: sizeBytes / records };
}

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Writes `count` records made of a recorded run's, each with its own id and time. */
export function writeLines(path: string, lines: readonly string[], count: number): void {
  const file = openSync(path, 'w');
  for (let from = 0; from < count; from += 1000) {
    const part = Array.from({ length: Math.min(1000, count - from) }, (_, i) => (lines[(from + i) % lines.length] ?? '')
      .replace(/"call_id":"[^"]*"/, `"call_id":"call-${String(from + i)}"`)
      .replace(/"ts_ms":\d+/, `"ts_ms":${String(1795252574444 + from + i)}`));
    writeSync(file, `${part.join('\n')}\n`);
  }
  closeSync(file);
}

/** A file of the recorded runs. */
export const read = (name: string): string => readFileSync(root(`datasets/npm/${name}`), 'utf8');

function writeTelemetry(path: string, count: number): void {
  const { entries } = JSON.parse(read('npm-incident.telemetry.json')) as { entries: object[] };
  writeLines(path, entries.map((entry) => JSON.stringify(entry)), count);
}

function writeLedger(path: string, count: number): void {
  const { status, stderr } = spawnSync(process.execPath, [root('dist/app/cli/main.js'), 'generate', '--entries', String(count), '--seed', '1', '--out', `${path}.json`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const text = readFileSync(`${path}.json`, 'utf8');
  const file = openSync(path, 'w');
  writeSync(file, `${text.slice(text.indexOf('"entries":[') + 11, -2).replaceAll('},{"ts_ms"', '}\n{"ts_ms"')}\n`);
  closeSync(file);
}

function measured(work: string, path: string): ImportMeasurement {
  const child = spawnSync(process.execPath, [fileURLToPath(new URL('main.js', import.meta.url)), '--measure-import', work, path], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as ImportMeasurement;
}

type Round = ReadonlyMap<string, ImportMeasurement>;

/** The works in turn, so that those of a round met the same machine. */
function roundOf(path: string): Round {
  return new Map(Object.keys(WORKS).map((work) => [work, measured(work, path)]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[(sorted.length - 1) >> 1] ?? NaN) + (sorted[sorted.length >> 1] ?? NaN)) / 2;
}

function benchFile(path: string, title: string, { wanted, quick }: { readonly wanted: string; readonly quick: boolean }): void {
  const rounds = Array.from({ length: quick ? 1 : ROUNDS }, () => roundOf(path));
  const records = rounds[0]?.get('parse')?.records ?? 0;
  console.log(`\n${records.toLocaleString('en')} ${title}, ${(statSync(path).size / records).toFixed(0)} bytes each; medians of rounds: ${String(rounds.length)}; load of the machine: ${loadavg()[0]?.toFixed(1) ?? ''}`);
  console.log(`${'JSON Lines to a trace on disk'.padEnd(34)}  records/s  of bare  wanted  bytes/row    MiB`);
  for (const [work, label, goal] of ROWS) {
    const seconds = (round: Round, of: string): number => round.get(of)?.seconds ?? NaN;
    const share = median(rounds.map((round) => seconds(round, 'parse') / seconds(round, work)));
    const { peakMib = NaN, bytesPerRow = 0 } = rounds[0]?.get(work) ?? {};
    const cells = [Math.round(records / median(rounds.map((round) => seconds(round, work)))).toLocaleString('en').padStart(10), `${(100 * share).toFixed(0)} %`.padStart(8), (goal ? wanted : '').padStart(7), (bytesPerRow === 0 ? '' : bytesPerRow.toFixed(0)).padStart(10), peakMib.toFixed(0).padStart(6)];
    console.log([label.padEnd(34), ...cells].join(' '));
  }
}

/** Prints how fast records become rows. */
export function benchImport(quick: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-'));
  const scale = quick ? 1 : 10;
  try {
    const path = join(folder, 'records.jsonl');
    writeTelemetry(path, 4000 * scale);
    benchFile(path, 'records of telemetry', { wanted: '70 %', quick });
    writeLedger(path, 5000 * scale);
    benchFile(path, 'ledger entries, every link and hash verified', { wanted: '70 %', quick });
    writeLines(path, read('npm-approved.calls.jsonl').trimEnd().split('\n'), 40_000 * scale);
    benchFile(path, 'recorded calls', { wanted: '40 %', quick });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
