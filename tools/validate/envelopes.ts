import { readTraces, reportTraces } from './agentdojo.js';
import { calibrationLines, hostGrid, riskLines, umbrellaText } from './envelopes-calibrate.js';
import { burstTable, conformalLines, toleranceLines } from './envelopes-conformal.js';
import { cellText, isKept, judgedLine, type Line, type LineMaker, SIZES, WIDTH } from './envelopes-lines.js';
import { rateLines, sequenceLines } from './envelopes-rates.js';
import { arlLines, manyLines, pValueLines, trackerLines, villeLines } from './envelopes-streams.js';

// `npm run validate:envelopes`: what envelopes, bounds and thresholds promise, and what seeded data show; `--quick` draws
// less; `--data DIR` takes real traces (DIR/agentdojo) instead. The seed and the rule for judging were fixed before the first run.

const SEED = 20260101;

const INTRODUCTION = `seed ${String(SEED)}; +- is one standard error, figures without are computed. A promise is kept if it holds within three standard errors (shares:
binomial tails as likely); a line outside is drawn once more from another seed, and BROKEN if it is outside again. (In parentheses) a claim of
the host's, which has no part in the verdict: holds / fails. '-': nothing is promised. 'switching' data, means of 1000 and 400 every 250, are no
draws of one law: nothing is promised on them but by the trackers, which hold on every sequence, and by weights less their stated loss.`;

let [sections, lines, broken, redrawn] = [0, 0, 0, 0];

function verdict(line: Line): string {
  if (line.ours === null) return '';
  const kept = isKept(line);
  if (!line.ours) return kept ? 'holds' : 'fails';
  lines += 1;
  if (!kept) broken += 1;
  return kept ? 'kept' : 'BROKEN';
}

const textOf = (line: Line): string => `${line.method.padEnd(32)}${line.data.padEnd(20)}${line.promise.padEnd(12)}${line.cells.map(cellText).join('')}`;

function table(title: string, makers: readonly LineMaker[], columns: readonly string[] = SIZES.map((n) => `n = ${String(n)}`)): void {
  console.log(`\n${title}`);
  console.log(`${'method'.padEnd(32)}${'data'.padEnd(20)}${'promise'.padEnd(12)}${columns.map((name) => name.padStart(WIDTH)).join('')}`);
  sections += 1;
  makers.forEach((make, i) => {
    const { line, outside } = judgedLine(make, SEED + 100_000_000 * sections + 10_000 * i);
    if (outside !== null) {
      redrawn += 1;
      console.log(`${textOf(outside)}  outside, drawn again:`);
    }
    console.log(`${textOf(line)}  ${verdict(line)}`);
  });
}

function covering(effort: number): void {
  table('1. Coverage of the next value by bounds from n calibration values; the host\'s with a window of n', conformalLines(effort));
  console.log('\n   A doubled rate of exponential intervals, 200 calibration values, 90 % asked for: share flagged before and after');
  for (const [name, clean, changed] of burstTable(effort, SEED)) console.log(`   ${name.padEnd(58)} ${clean.toFixed(3)} -> ${changed.toFixed(3)}`);
  table('2. Share of calibration sets that cover less than 90 % of what is to come', toleranceLines(effort));
  table('3. Share of p-values at most 0.1 (equal: uniform over 20 cells too)', pValueLines(effort));
  table('4. False discoveries: 20 values judged against the same n scores, 5 of them strange, at 0.1', manyLines(effort));
}

function streaming(effort: number): void {
  table('5. Trackers: |share of errors - alpha| over its bound, the largest over all streams and steps up to n', trackerLines(effort));
  table('6. Conformal test martingale at 0.05: share of streams with an alarm by n', villeLines(effort));
  table('7. Conformal drift detector at alpha = 0.01: mean time between alarms', arlLines(effort), ['mean time']);
}

function bounding(effort: number): void {
  table('8. Bounds on rates at 5 %: chance that the limit is below the true rate, computed (of the rule with the fewest failures; Clopper-Pearson 95 %: coverage)', rateLines(effort));
  table('9. Confidence sequences at 5 %: share of paths that have missed the mean at any observation up to n', sequenceLines(effort));
}

function calibrating(effort: number): void {
  table('10. Thresholds from n labelled calls of each class: share that break miss <= 0.1 or false alarm <= 0.2, delta 0.05 (-: always refused)', calibrationLines(effort));
  console.log('\n    Neyman-Pearson on scores that do not tie, alpha 0.1, delta 0.05: chance that the miss rate is above alpha');
  for (const text of umbrellaText(Math.max(400, 4000 * effort), SEED)) {
    console.log(`    ${text}`);
    lines += 1;
    if (text.endsWith('BROKEN')) broken += 1;
  }
  table('11. Conformal risk control: mean miss rate (0.1) and false-alarm rate (0.2); in expectation only', riskLines(effort));
  console.log('\n12. The host\'s grid, 500 calls, a fifth unsafe, scores Beta(5, 3) and Beta(2, 6); nothing is promised');
  for (const inForce of [0.3, 0.5, 0.65, 0.8]) {
    const own = hostGrid(inForce, 'own', Math.round(300 * effort), SEED);
    console.log(`    own decisions, ${inForce.toFixed(2)} in force: returns ${own.returned.value.toFixed(3)}, unchanged in ${(100 * own.unchanged).toFixed(0)} %; real miss rate ${own.miss.value.toFixed(3)}`);
  }
  const told = hostGrid(0.65, 'true', Math.round(300 * effort), SEED);
  console.log(`    true labels, 0.65 in force:   returns ${told.returned.value.toFixed(3)}, unchanged in ${(100 * told.unchanged).toFixed(0)} %; real miss rate ${told.miss.value.toFixed(3)}`);
}

function simulated(effort: number): void {
  console.log(INTRODUCTION);
  covering(effort);
  streaming(effort);
  bounding(effort);
  calibrating(effort);
  console.log(`\n${broken === 0 ? 'every promise kept' : `${String(broken)} promises broken`}: ${String(lines)} lines, ${String(redrawn)} drawn again`);
  process.exitCode = broken === 0 ? 0 : 1;
}

function real(folder: string | undefined): void {
  const traces = folder === undefined ? 'no folder was named' : readTraces(folder);
  if (typeof traces === 'string') {
    console.error(`validate:envelopes --data DIR needs DIR/agentdojo/events.jsonl.gz and DIR/agentdojo/sessions.csv: ${traces}`);
    process.exitCode = 2;
  } else process.exitCode = reportTraces(traces, SEED) ? 0 : 1;
}

const at = process.argv.indexOf('--data');
if (at >= 0) real(process.argv[at + 1]);
else simulated(process.argv.includes('--quick') ? 0.05 : 1);
