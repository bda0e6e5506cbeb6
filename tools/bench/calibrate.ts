import { neymanPearson, random, sweepThresholds } from '../../src/index.js';
import { judgeGrid } from '../../src/risk/calibrate/pi-calibrate.js';

// `npm run bench -- calibrate`: the exact sweep over every distinct score of labelled calls in no order, beside the host's
// 19 points on the same calls.

const COSTS = { falsePositive: 3, falseNegative: 12, truePositive: 1, trueNegative: 0.2 };

/** Seconds of the fastest and of the median pass, since other work on the machine only slows. */
function secondsOf(passes: number, pass: () => unknown): readonly [number, number] {
  const times = Array.from({ length: passes }, () => {
    const start = performance.now();
    pass();
    return (performance.now() - start) / 1000;
  }).sort((a, b) => a - b);
  return [times[0] ?? NaN, times[passes >> 1] ?? NaN];
}

/** Prints how long a calibration takes, way by way. */
export function benchCalibrate(quick: boolean): void {
  const count = quick ? 100_000 : 1_000_000;
  const source = random(20260101);
  const unsafe = Uint8Array.from({ length: count }, () => Number(source.uniform() < 0.2));
  const scores = Float64Array.from(unsafe, (label) => (label === 1 ? Math.sqrt(source.uniform()) : source.uniform() ** 2));
  const ofUnsafe = scores.filter((_, i) => unsafe[i] === 1);
  const ways: readonly (readonly [string, () => unknown, string])[] = [
    ['exact sweep, every distinct score', () => sweepThresholds(scores, unsafe, COSTS), quick ? '' : '0.250'],
    ["host's grid, 19 points", () => judgeGrid(scores, unsafe), ''],
    ['Neyman-Pearson, unsafe calls', () => neymanPearson(ofUnsafe, { miss: 0.1, confidence: 0.95 }), ''],
    ["engine's sort of the scores alone", () => scores.slice().sort(), ''],
  ];
  console.log(`\n${count.toLocaleString('en')} labelled scores in no order`);
  console.log(`${'calibration'.padEnd(34)} best s  median s  wanted`);
  for (const [name, pass, wanted] of ways) {
    const [best, median] = secondsOf(quick ? 3 : 9, pass);
    console.log([name.padEnd(34), best.toFixed(3).padStart(6), median.toFixed(3).padStart(9), wanted.padStart(7)].join(' '));
  }
}
