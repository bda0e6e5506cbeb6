import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { perform } from '../../src/app/trace-files/perform.js';
import { importFile, read, writeLines } from './import.js';

// `npm run bench -- memory`: peak memory of import, convert and stats with rows and four times as many, in processes of their own.
// The dictionaries hold the same values in both, so the memory must be the same as well.

/** What one piece of work took. */
export interface MemoryMeasurement {
  readonly seconds: number;
  readonly peakMib: number;
}

const quiet = (): void => undefined;

/** In order: each reads what one before it wrote. */
const WORKS: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  import: (path) => importFile(path),
  'convert to an Arrow file': (path) => perform({ kind: 'convert', path: `${path}.arrows`, sha256: null, out: `${path}.arrow`, form: 'arrow file' }, quiet),
  'convert to Parquet': (path) => perform({ kind: 'convert', path: `${path}.arrows`, sha256: null, out: `${path}.parquet`, form: 'parquet' }, quiet),
  stats: (path) => perform({ kind: 'stats', path: `${path}.arrow`, sha256: null, plot: false }, quiet),
};

/** Does one piece of work and measures it. */
export async function measureMemory(work: string, path: string): Promise<MemoryMeasurement> {
  const start = performance.now();
  await WORKS[work]?.(path);
  return { seconds: (performance.now() - start) / 1000, peakMib: process.resourceUsage().maxRSS / 1024 };
}

function measured(work: string, path: string): MemoryMeasurement {
  const child = spawnSync(process.execPath, [fileURLToPath(new URL('main.js', import.meta.url)), '--measure-memory', work, path], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as MemoryMeasurement;
}

/** All works on a file of so many rows. */
function measuredAll(folder: string, rows: number): ReadonlyMap<string, MemoryMeasurement> {
  const path = join(folder, 'calls.jsonl');
  writeLines(path, read('npm-approved.calls.jsonl').trimEnd().split('\n'), rows);
  // A converted trace goes into a file that is there.
  for (const form of ['arrow', 'parquet']) writeFileSync(`${path}.${form}`, '');
  return new Map(Object.keys(WORKS).map((work) => [work, measured(work, path)]));
}

/** Prints how much memory bulk work takes, and whether it grows with the rows. */
export function benchMemory(quick: boolean): void {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-memory-'));
  const few = quick ? 100_000 : 1_000_000;
  try {
    const [less, more] = [measuredAll(folder, few), measuredAll(folder, 4 * few)];
    console.log(`\n${'peak memory, MiB'.padEnd(34)} ${`${few.toLocaleString('en')} rows`.padStart(16)} ${`${(4 * few).toLocaleString('en')} rows`.padStart(16)}   times  seconds`);
    for (const [work, { peakMib }] of less) {
      const four = more.get(work) ?? { peakMib: NaN, seconds: NaN };
      console.log([work.padEnd(34), peakMib.toFixed(0).padStart(16), four.peakMib.toFixed(0).padStart(16), (four.peakMib / peakMib).toFixed(2).padStart(7), four.seconds.toFixed(1).padStart(8)].join(' '));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
