import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { bytesSource, readEntries, readVerified, verifyStream } from '../../src/index.js';
import { openFile } from '../../src/app/files.js';
import { verifyFile } from '../../src/app/verify-file.js';
import { fitPiBaseline } from '../../src/baseline/pi-model.js';
import { piCalibrate } from '../../src/risk/calibrate/pi-calibrate.js';

/** One measurement, made in a process of its own so that memory is its own too. */
export interface Measurement {
  readonly seconds: number;
  readonly entries: number;
  /** Bytes hashed or read. */
  readonly bytes: number;
  readonly peakMib: number;
}

type Work = (path: string) => Promise<{ entries: number; bytes: number; seconds?: number }> | { entries: number; bytes: number; seconds?: number };

function sizeOf(path: string): number {
  const file = openFile(path);
  file.close();
  return file.sizeBytes ?? 0;
}

async function verify(path: string, threads: number): Promise<{ entries: number; bytes: number }> {
  const report = await verifyFile(path, { threads, keepFaults: 20 });
  if (!report.consistent) throw new Error(`${path} does not verify`);
  return { entries: report.entryCount, bytes: sizeOf(path) };
}

/** Bare SHA-256, one call an entry, over as many bytes as the entries have between their commas. */
function sha256(path: string): { entries: number; bytes: number; seconds: number } {
  const text = readFileSync(path);
  const cuts: number[] = [];
  for (let at = text.indexOf('{"ts_ms":'); at >= 0; at = text.indexOf('{"ts_ms":', at + 1)) cuts.push(at);
  cuts.push(text.length - 2);
  const passes = Array.from({ length: 3 }, () => {
    let digits = 0;
    const start = performance.now();
    for (let i = 1; i < cuts.length; i += 1) digits += hash('sha256', text.subarray(cuts[i - 1], cuts[i])).length;
    return { entries: digits / 64, bytes: text.length, seconds: (performance.now() - start) / 1000 };
  });
  // The best of three, so that warming up does not make the limit look low.
  return passes.reduce((best, pass) => (pass.seconds < best.seconds ? pass : best));
}

function withSource<T>(path: string, read: (source: ReturnType<typeof openFile>['source']) => T): T {
  const file = openFile(path);
  try {
    return read(file.source);
  } finally {
    file.close();
  }
}

const WORKS: Readonly<Record<string, Work>> = {
  sha256,
  'verify on one thread': (path) => verify(path, 1),
  'verify on all cores': (path) => verify(path, availableParallelism()),
  'verify parsed in memory': (path) => {
    const text = readFileSync(path);
    const start = performance.now();
    const { entryCount } = verifyStream(bytesSource(text));
    return { entries: entryCount, bytes: text.length, seconds: (performance.now() - start) / 1000 };
  },
  baseline: (path) => {
    const ledger = withSource(path, (source) => readVerified(source));
    for (const actor of ledger.columns.actor.values) fitPiBaseline(ledger, { actor, generatedAtMs: 0n });
    return { entries: ledger.columns.count, bytes: sizeOf(path) };
  },
  calibrate: (path) => {
    const ledger = withSource(path, (source) => readVerified(source));
    piCalibrate(ledger, {});
    return { entries: ledger.columns.count, bytes: sizeOf(path) };
  },
  'read every entry': (path) => {
    let entries = 0;
    withSource(path, (source) => readEntries(source, () => { entries += 1; }));
    return { entries, bytes: sizeOf(path) };
  },
};

/** Does one piece of work and measures it. */
export async function measure(work: string, path: string): Promise<Measurement> {
  const run = WORKS[work];
  if (run === undefined) throw new Error(`there is no work named ${work}`);
  const start = performance.now();
  const { entries, bytes, seconds = (performance.now() - start) / 1000 } = await run(path);
  return { seconds, entries, bytes, peakMib: process.resourceUsage().maxRSS / 1024 };
}
