import { blockMaxima, type BocpdParams, cusum, type Detector, eDetector, focus, type Json, PI_REGIME_TIERS, piRegime, random, runBocpd, runCusum, scan, segment, selfStartingCusum } from '../../src/index.js';

/** What a row is measured by: how many observations one run takes, and what it says beside its speed. */
interface Prepared {
  readonly count: number;
  readonly run: () => unknown;
  readonly note?: () => string;
}

/** One measurement of a detector. */
export interface DetectorSpeed {
  readonly rate: number;
  readonly note: string;
}

const SEED = 20260101;
const BULK = 1_000_000;

/** N(0, 1), or with its mean 0 and 3 in turn, 200 observations each. */
export function series(n: number, shifted = false): Float64Array {
  const { normal } = random(SEED);
  return Float64Array.from({ length: n }, (_, i) => normal() + (shifted && Math.floor(i / 200) % 2 === 1 ? 3 : 0));
}

function drawn(n: number, draw: (source: ReturnType<typeof random>) => number): Float64Array {
  const source = random(SEED);
  return Float64Array.from({ length: n }, () => draw(source));
}

const bare = (xs: Float64Array): Prepared => ({
  count: xs.length,
  run: () => {
    let [sum, check] = [0, 0];
    for (let i = 0; i < xs.length; i += 1) {
      const x = xs[i] as number;
      sum += x;
      check += x - x;
    }
    return check === 0 ? sum : NaN;
  },
});

const bulkCusum = (family: Parameters<typeof cusum>[0]['family'], xs: Float64Array): Prepared => {
  // So high that it does not restart within the run: alarms are the exception.
  const detector = cusum({ family, threshold: 15 });
  return { count: xs.length, run: () => runCusum(detector, xs) };
};

function streamed<X, S extends Json, Y>(detector: Detector<X, S, Y>, xs: readonly X[]): Prepared {
  return {
    count: xs.length,
    run: () => {
      let last: Y | null = null;
      for (const { out } of scan(detector, xs)) last = out;
      return last;
    },
  };
}

function bulkBocpd(xs: Float64Array, pruning: NonNullable<BocpdParams['pruning']>): Prepared {
  const model = { model: 'normal-inverse-gamma', mu: 0, kappa: 1, alpha: 1, beta: 1 } as const;
  let survivors: Int32Array = new Int32Array(0);
  return {
    count: xs.length,
    run: () => ({ survivors } = runBocpd({ model, hazard: { type: 'constant', lambda: 100 }, pruning }, xs)),
    note: () => `${survivors.reduce((sum, n) => sum + n / xs.length, 0).toFixed(0)} runs survive in the mean, ${String(survivors.at(-1) ?? 0)} after ${xs.length.toLocaleString('en')}`,
  };
}

const GAUSSIAN = { kind: 'gaussian', mean: 0, sd: 1, shift: 1 } as const;
const bit = ({ uniform }: ReturnType<typeof random>): number => (uniform() < 0.1 ? 1 : 0);
/** Poisson of mean 4, by counting exponential waits. */
const count = ({ exponential }: ReturnType<typeof random>): number => {
  let events = 0;
  for (let at = exponential(); at < 4; at += exponential()) events += 1;
  return events;
};

const WORKS: Readonly<Record<string, () => Prepared>> = {
  bare: () => bare(series(BULK)),
  'cusum gaussian': () => bulkCusum(GAUSSIAN, series(BULK)),
  'cusum exponential': () => bulkCusum({ kind: 'exponential', mean: 1, rateRatio: 2 }, drawn(BULK, ({ exponential }) => exponential())),
  'cusum bernoulli': () => bulkCusum({ kind: 'bernoulli', p0: 0.1, p1: 0.2, pDown: 0.05 }, drawn(BULK, bit)),
  'cusum poisson': () => bulkCusum({ kind: 'poisson', mean: 4, rateRatio: 1.5 }, drawn(BULK, count)),
  'cusum scan': () => streamed(cusum({ family: GAUSSIAN, threshold: 15 }), Array.from(series(100_000))),
  'self-starting': () => streamed(selfStartingCusum({ shift: 1, threshold: 15 }), Array.from(series(50_000))),
  'e-sr': () => {
    const detector = eDetector({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [0.5, 1, 2] }, alpha: 1e-6 });
    const xs = series(BULK);
    return { count: xs.length, run: () => detector.bulk(xs) };
  },
  focus: () => {
    const detector = focus({ family: { kind: 'gaussian', mean: 0, sd: 1 }, threshold: 50 });
    const xs = series(100_000);
    return { count: xs.length, run: () => detector.bulk(xs) };
  },
  'bocpd cap': () => bulkBocpd(series(10_000), { maxRuns: 300, mergeBelow: 0 }),
  'bocpd merge': () => bulkBocpd(series(10_000, true), { maxRuns: null, mergeBelow: 1e-6 }),
  'bocpd clean': () => bulkBocpd(series(10_000), { maxRuns: null, mergeBelow: 1e-6 }),
  'bocpd all': () => bulkBocpd(series(2000), { maxRuns: null, mergeBelow: 0 }),
  'host regime': () => streamed(piRegime(PI_REGIME_TIERS.balanced), Array.from(series(5000), (x) => 1000 + 200 * x)),
  'block maxima': () => streamed(blockMaxima({ window: 60, arl0: 1000 }), Array.from(series(50_000))),
  pelt: () => {
    const xs = series(100_000, true);
    let changes = 0;
    const cost = { cost: 'mean', scale: 1 } as const;
    return { count: xs.length, run: () => (changes = segment(xs, { cost }).changes.length), note: () => `${String(changes)} changes` };
  },
};

/** Measures one detector: half a second to warm up, then the median of the runs of most of a second, three at least. */
export function measureDetector(name: string): DetectorSpeed {
  const prepare = WORKS[name];
  if (prepare === undefined) throw new Error(`there is no detector named ${name}`);
  const { count: n, run, note } = prepare();
  const once = (): number => {
    const start = performance.now();
    if (Number.isNaN(run())) throw new Error(`${name} came to nothing`);
    return performance.now() - start;
  };
  let spent = once();
  for (let i = 0; i < 20 && spent < 500; i += 1) spent += once();
  const times: number[] = [];
  for (let total = 0; times.length < 3 || (total < 700 && times.length < 99); total += times.at(-1) ?? 0) times.push(once());
  times.sort((a, b) => a - b);
  return { rate: (1000 * n) / (times[times.length >> 1] ?? NaN), note: note?.() ?? '' };
}
