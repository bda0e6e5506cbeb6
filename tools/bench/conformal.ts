import { conformalPValues, random, sorted, type Random } from '../../src/index.js';

// `npm run bench -- conformal`: conformal p-values a second, in random order against 10,000 calibration scores, beside
// binary search in the same run.

const CALIBRATION = 10_000;

/** Laws of scores: spread evenly or not, with heavy tails, with ties. */
const LAWS: Readonly<Record<string, (source: Random) => number>> = {
  uniform: (source) => source.uniform(),
  normal: (source) => source.normal(),
  exponential: (source) => source.exponential(),
  'log-normal, sd 2': (source) => Math.exp(2 * source.normal()),
  Cauchy: (source) => source.normal() / source.normal(),
  'log of whole bytes': (source) => Math.log(1 + Math.floor(Math.exp(6 + 2 * source.normal()))),
};

function binarySearch(order: Float64Array, xs: Float64Array, out: Float64Array): void {
  const n = order.length;
  for (let i = 0; i < xs.length; i += 1) {
    const x = xs[i] as number;
    let [low, high] = [0, n];
    while (low < high) {
      const mid = (low + high) >>> 1;
      if ((order[mid] as number) < x) low = mid + 1;
      else high = mid;
    }
    out[i] = (1 + n - low) / (n + 1);
  }
}

/** Calls a second of the fastest pass, since other work on the machine only slows. */
function rateOf(count: number, passes: number, pass: () => void): number {
  let best = Infinity;
  for (let i = 0; i < passes; i += 1) {
    const start = performance.now();
    pass();
    best = Math.min(best, performance.now() - start);
  }
  return (1000 * count) / best;
}

/** Prints p-value look-ups a second, law by law. */
export function benchConformal(quick: boolean): void {
  const count = quick ? 100_000 : 1_000_000;
  const passes = quick ? 3 : 15;
  console.log(`\n${count.toLocaleString('en')} conformal p-values in random order, ${CALIBRATION.toLocaleString('en')} calibration scores`);
  console.log(`${'scores'.padEnd(22)} look-ups/s  binary search/s      wanted`);
  for (const [name, draw] of Object.entries(LAWS)) {
    const source = random(20260101);
    const calibration = Float64Array.from({ length: CALIBRATION }, () => draw(source));
    const xs = Float64Array.from({ length: count }, () => draw(source));
    const [out, plain] = [new Float64Array(count), new Float64Array(count)];
    const against = conformalPValues(calibration);
    const order = sorted(calibration);
    const rates = [rateOf(count, passes, () => against.bulk(xs, out)), rateOf(count, passes, () => { binarySearch(order, xs, plain); })];
    if (out.some((p, i) => p !== plain[i])) throw new Error(`p-values of ${name} differ from binary search`);
    const cells = rates.map((rate, i) => Math.round(rate).toLocaleString('en').padStart(i === 0 ? 11 : 16));
    console.log(`${name.padEnd(21)} ${cells.join(' ')} ${'30,000,000'.padStart(11)}`);
  }
}
