import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchCalibrate } from './calibrate.js';
import { benchConformal } from './conformal.js';
import { measureDetector } from './detector-works.js';
import { benchDetectors } from './detectors.js';
import { benchImport, measureImport } from './import.js';
import { measure, type Measurement } from './measure.js';
import { benchPlot } from './plot.js';
import { benchMemory, measureMemory } from './memory.js';
import { benchTraces } from './traces.js';
import { measureTraces } from './traces-works.js';

// `npm run bench`: how fast ledgers are verified, beside bare SHA-256 of the same bytes in the same run; then the detectors and
// conformal p-values, calibration, imports, memory, traces and figures, which `npm run bench -- detectors`, `-- conformal`,
// `-- calibrate`, `-- import`, `-- memory`, `-- traces` and `-- plot` run alone.

const self = fileURLToPath(import.meta.url);
const quick = process.argv.includes('--quick');
const [mode, work, file, size] = process.argv.slice(2).filter((word) => word !== '--quick');

/** Runs a measurement in a process of its own, several times; the fastest, since other work on the machine only slows. */
function fastest(name: string, path: string, times: number): Measurement {
  const runs = Array.from({ length: times }, () => {
    const child = spawnSync(process.execPath, [self, '--measure', name, path], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout) as Measurement;
  }).sort((a, b) => a.seconds - b.seconds);
  const [first] = runs;
  if (first === undefined) throw new Error('nothing was measured');
  return first;
}

function generate(path: string, entries: number, ...flags: string[]): string {
  const cli = fileURLToPath(new URL('../../../dist/app/cli/main.js', import.meta.url));
  const child = spawnSync(process.execPath, [cli, 'generate', '--entries', String(entries), '--seed', '1', '--out', path, ...flags], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return path;
}

function row(label: string, { seconds, entries, bytes, peakMib }: Measurement, bare: Measurement, wanted: string): void {
  const rate = entries / seconds;
  const ratio = (100 * rate) / (bare.entries / bare.seconds);
  const cells = [label.padEnd(34), Math.round(rate).toLocaleString('en').padStart(9), (bytes / seconds / 1e6).toFixed(0).padStart(6), `${ratio.toFixed(1)} %`.padStart(8), wanted.padStart(8), peakMib.toFixed(0).padStart(6)];
  console.log(cells.join(' '));
}

function table(title: string): void {
  console.log(`\n${title}\n${'from file to verdict'.padEnd(34)} entries/s   MB/s  of SHA   wanted    MiB`);
}

function bench(folder: string): void {
  const small = quick ? 20_000 : 100_000;
  const large = quick ? 50_000 : 1_000_000;
  const times = quick ? 1 : 5;
  const compact = generate(join(folder, 'compact.json'), small);
  const bare = fastest('sha256', compact, times);
  table(`${small.toLocaleString('en')} entries of ${(bare.bytes / bare.entries).toFixed(0)} bytes, compact as hosts write them`);
  row('bare SHA-256, in memory', bare, bare, '');
  row('verify, one thread', fastest('verify on one thread', compact, times), bare, '35 %');
  row('verify, all cores', fastest('verify on all cores', compact, times), bare, '');
  row('verify, one thread, in memory', fastest('verify parsed in memory', compact, times), bare, '');
  row('baseline, every actor', fastest('baseline', compact, times), bare, '20 %');
  row('calibrate, 19 points', fastest('calibrate', compact, times), bare, '20 %');
  row('read every entry as an object', fastest('read every entry', compact, times), bare, '');
  row('verify, JSON Lines, one thread', fastest('verify on one thread', generate(join(folder, 'lines.jsonl'), small), times), bare, '');
  row('verify, pretty, one thread', fastest('verify on one thread', generate(join(folder, 'pretty.json'), small, '--pretty'), times), bare, '15 %');
  row('verify, re-ordered, one thread', fastest('verify on one thread', generate(join(folder, 'sorted.json'), small, '--sort-keys'), times), bare, '8 %');
  for (const name of ['lines.jsonl', 'pretty.json', 'sorted.json', 'compact.json']) rmSync(join(folder, name));
  const big = generate(join(folder, 'large.json'), large);
  const few = quick ? 1 : 3;
  // Bare SHA-256 wants its bytes in memory: a ledger of the small size stands for the large one.
  const bareBig = fastest('sha256', generate(join(folder, 'part.json'), small), few);
  table(`${large.toLocaleString('en')} entries, ${(statSync(big).size / 1e9).toFixed(2)} GB`);
  row('verify, one thread', fastest('verify on one thread', big, few), bareBig, '35 %');
  row('verify, all cores', fastest('verify on all cores', big, few), bareBig, '60 %');
  console.log('\nA Rust host verifies 200,000 entries/s of this size once parsed, 65,000 to 110,000 from the file (quoted, not run here).');
}

if (mode === '--measure') {
  console.log(JSON.stringify(await measure(work ?? '', file ?? '')));
} else if (mode === '--measure-detector') {
  console.log(JSON.stringify(measureDetector(work ?? '')));
} else if (mode === '--measure-traces') {
  console.log(JSON.stringify(measureTraces(work ?? '', file ?? '', Number(size))));
} else if (mode === 'traces') {
  benchTraces(quick);
} else if (mode === '--measure-memory') {
  console.log(JSON.stringify(await measureMemory(work ?? '', file ?? '')));
} else if (mode === 'memory') {
  benchMemory(quick);
} else if (mode === '--measure-import') {
  console.log(JSON.stringify(await measureImport(work ?? '', file ?? '')));
} else if (mode === 'import') {
  benchImport(quick);
} else if (mode === 'detectors') {
  benchDetectors(quick);
} else if (mode === 'conformal') {
  benchConformal(quick);
} else if (mode === 'calibrate') {
  benchCalibrate(quick);
} else if (mode === 'plot') {
  benchPlot(quick);
} else if (mode !== undefined) {
  console.error(`there is no part named ${mode}: detectors, conformal, calibrate, import, memory, plot, traces`);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-bench-'));
  try {
    bench(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  benchDetectors(quick);
  benchConformal(quick);
  benchCalibrate(quick);
  benchImport(quick);
  benchMemory(quick);
  benchTraces(quick);
  benchPlot(quick);
}
