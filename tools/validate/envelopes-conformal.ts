import { conformalDrift, conformalPValues, fitEnvelope, logResidualScore, mondrianThresholds, piConformal, random, type Random, recencyWeights, scan, splitInterval, splitThreshold, toleranceThreshold, twoSidedPValues, weightedThreshold } from '../../src/index.js';
import { type Effort, lineOf, type LineMaker, meanCell, promiseText, runsAt, shareCell, SIZES } from './envelopes-lines.js';
import { type DataShape, DRIFTING, EXPONENTIAL, SHAPES, SWITCHING } from './envelopes-shapes.js';

/** What is not flagged. */
interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/** Bounds from calibration values. */
export type Rule = (xs: Float64Array) => Bounds;

const upTo = (upper: number): Bounds => ({ lower: -Infinity, upper });

const SPLIT = (alpha: number): Rule => (xs) => upTo(splitThreshold(xs, { alpha }).threshold);
const TWO_SIDED = (alpha: number): Rule => (xs) => splitInterval(xs, { alpha });
/** Every fourth score is of the group in question, the others are of one with scores a third as large. */
const grouped = (xs: Float64Array): [string, number][] => Array.from(xs, (x, i) => (i % 4 === 0 ? ['own', x] : ['other', x / 3]));
const MONDRIAN = (alpha: number): Rule => (xs) => upTo(mondrianThresholds(grouped(xs), { alpha }).thresholdOf('own'));
const POOLED = (alpha: number): Rule => (xs) => upTo(splitThreshold(grouped(xs).map(([, x]) => x), { alpha }).threshold);

const ENVELOPE = (alpha: number, delta?: number): Rule => (xs) => {
  const [group] = fitEnvelope([['call', xs]], { measure: 'interval', alpha, ...(delta === undefined ? {} : { delta }) }).groups;
  return { lower: group?.lower ?? -Infinity, upper: group?.upper ?? Infinity };
};

/** Coverage of the next value by bounds from n calibration values, its law known: a mean over calibration sets. */
export function coverageLine(rule: { readonly method: string; readonly level: number; readonly bounds: Rule; readonly by?: boolean | null; readonly factor?: number }, shape: DataShape, effort: Effort): LineMaker {
  const { method, level, bounds, by = true, factor = 1 } = rule;
  return (seed) => lineOf({ method, shape, asked: { promised: { how: 'at least', value: level }, by } }, (n, promised) => {
    const source = random(seed + n);
    return meanCell(Array.from({ length: runsAt(n, effort) }, () => coverageOf(shape, factor * n, bounds, source)), promised);
  });
}

function coverageOf(shape: DataShape, n: number, bounds: Rule, source: Random): number {
  const { xs, atMost, below } = shape.sample(n, source);
  const { lower, upper } = bounds(xs);
  return (upper === Infinity ? 1 : atMost(upper)) - (lower === -Infinity ? 0 : below(lower));
}

/** How often fewer than 1 - alpha of the values to come are covered: a share of calibration sets. */
export function toleranceLine(rule: { readonly method: string; readonly alpha: number; readonly delta: number; readonly bounds: Rule; readonly by?: boolean | null }, shape: DataShape, effort: Effort): LineMaker {
  const { method, alpha, delta, bounds, by = true } = rule;
  return (seed) => lineOf({ method, shape, asked: { promised: { how: 'at most', value: delta }, by } }, (n, promised) => {
    const [source, runs] = [random(seed + n), runsAt(n, effort)];
    let misses = 0;
    for (let run = 0; run < runs; run += 1) if (coverageOf(shape, n, bounds, source) < 1 - alpha - 1e-12) misses += 1;
    return shareCell(misses, runs, promised);
  });
}

/** Recency weights: what is promised is less by what drift costs on these very data. */
function weightedLine(alpha: number, rho: number, shape: DataShape, effort: Effort): LineMaker {
  const bounds: Rule = (xs) => upTo(weightedThreshold(xs, recencyWeights(xs.length, rho), { alpha }).threshold);
  return (seed) => {
    const losses: number[] = [];
    const cells = SIZES.map((n) => {
      const source = random(seed + n);
      let lost = 0;
      const runs = runsAt(n, effort);
      const covered = Array.from({ length: runs }, () => {
        const sample = shape.sample(n, source);
        lost += sample.loss(rho) / runs;
        return sample.atMost(bounds(sample.xs).upper);
      });
      losses.push(lost);
      return meanCell(covered, { how: 'at least', value: 1 - alpha - lost });
    });
    const [first, last] = [1 - alpha - (losses[0] ?? 0), 1 - alpha - (losses.at(-1) ?? 0)];
    const promise = first === last ? promiseText({ how: 'at least', value: first }) : `>= ${first.toFixed(2)}..${last.toFixed(2)}`;
    return { method: `weighted, ${String(rho)}^age`, data: shape.name, promise, ours: true, cells };
  };
}

const WARM = 200;
const READ = 100;

/** The host's interval with a window of n, coverage of 100 observations after it has warmed up. */
function hostLine(confidence: number, shape: DataShape, effort: Effort): LineMaker {
  const asked = { promised: { how: 'at least', value: confidence }, by: shape.exchangeable ? false : null } as const;
  return (seed) => lineOf({ method: `host's interval ${String(100 * confidence)} %`, shape, asked }, (n, promised) => {
    // Every step copies the window: too dear for a quick look.
    if (n > 1000 && effort < 0.1) return null;
    const source = random(seed + n);
    const shares = Array.from({ length: Math.max(n > 1000 ? 3 : 8, Math.round((n > 1000 ? 12 : 200) * effort)) }, () => {
      const { xs } = shape.sample(WARM + n + READ, source);
      return 1 - hostFlags(xs, confidence, n).subarray(-READ).reduce((sum, flag) => sum + flag, 0) / READ;
    });
    return meanCell(shares, promised);
  });
}

function hostFlags(xs: Float64Array, confidence: number, window: number): Uint8Array {
  const host = piConformal({ confidence, maxCalibration: window });
  return Uint8Array.from(scan(host, xs), ({ out }) => Number(out.anomaly));
}

/** Everything that covers. */
export function conformalLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => [
    coverageLine({ method: 'split 90 %', level: 0.9, bounds: SPLIT(0.1) }, shape, effort),
    hostLine(0.9, shape, effort),
    coverageLine({ method: 'split 99 %', level: 0.99, bounds: SPLIT(0.01) }, shape, effort),
    hostLine(0.99, shape, effort),
    coverageLine({ method: 'two-sided 90 %', level: 0.9, bounds: TWO_SIDED(0.1) }, shape, effort),
    coverageLine({ method: 'envelope 90 %', level: 0.9, bounds: ENVELOPE(0.1) }, shape, 0.5 * effort),
    coverageLine({ method: 'Mondrian 90 %, one group', level: 0.9, bounds: MONDRIAN(0.1), factor: 4 }, shape, effort),
    coverageLine({ method: '  all groups in one', level: 0.9, bounds: POOLED(0.1), by: null, factor: 4 }, shape, effort),
    weightedLine(0.1, 0.99, shape, effort),
  ]).concat(weightedLine(0.1, 0.99, DRIFTING, effort), weightedLine(0.1, 0.95, DRIFTING, effort), weightedLine(0.1, 0.95, SWITCHING, effort));
}

/** Everything that covers with confidence over the calibration draw. */
export function toleranceLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => [
    toleranceLine({ method: 'tolerance 90 %, 0.05', alpha: 0.1, delta: 0.05, bounds: (xs) => upTo(toleranceThreshold(xs, { alpha: 0.1, delta: 0.05 }).threshold) }, shape, effort),
    toleranceLine({ method: 'envelope 90 %, 0.05, two-sided', alpha: 0.1, delta: 0.05, bounds: ENVELOPE(0.1, 0.05) }, shape, 0.5 * effort),
    toleranceLine({ method: '  split 90 %, beside it', alpha: 0.1, delta: 0.05, bounds: SPLIT(0.1), by: null }, shape, effort),
  ]);
}

/** Shares flagged before and after the rate of exponential intervals doubles; 200 calibration values, 90 % asked for. */
export function burstTable(effort: Effort, seed: number): readonly (readonly [string, number, number])[] {
  const source = random(seed);
  const runs = Math.round(400 * effort);
  const sums = new Map<string, [number, number]>();
  for (let run = 0; run < runs; run += 1) {
    const [fit, calm] = [EXPONENTIAL.sample(200, source).xs, EXPONENTIAL.sample(250, source).xs];
    const [before, cal] = [calm.subarray(200), calm.subarray(0, 200)];
    const burst = EXPONENTIAL.sample(50, source).xs.map((x) => x / 2);
    for (const [name, share] of burstRules(fit, cal, source)) {
      const sum = sums.get(name) ?? [0, 0];
      sums.set(name, [sum[0] + share(before) / runs, sum[1] + share(burst) / runs]);
    }
  }
  return [...sums].map(([name, [clean, changed]]) => [name, clean, changed]);
}

function burstRules(fit: Float64Array, cal: Float64Array, source: Random): readonly (readonly [string, (xs: Float64Array) => number])[] {
  const share = (isFlagged: (x: number) => boolean) => (xs: Float64Array): number => xs.reduce((sum, x) => sum + Number(isFlagged(x)), 0) / xs.length;
  const two = twoSidedPValues(cal);
  const { score } = logResidualScore(fit);
  const against = conformalPValues(cal.map(score));
  const host = (xs: Float64Array): number => hostFlags(Float64Array.of(...fit, ...cal, ...xs), 0.9, 200).subarray(-xs.length).reduce((sum, flag) => sum + flag, 0) / xs.length;
  const against2 = conformalPValues(cal.map((x) => -x));
  const drifts = (xs: Float64Array): number => Number([...scan(conformalDrift({ alpha: 0.001 }), against2.smoothedBulk(xs.map((x) => -x), source))].some(({ out }) => out.alarm !== null));
  return [
    ["host's interval", host],
    ['two-sided p <= 0.1', share((x) => two.pValue(x) <= 0.1)],
    ['  its low side, p <= 0.05', share((x) => two.low(x) <= 0.05)],
    ['|ln x - median ln x|, p <= 0.1', share((x) => against.pValue(score(x)) <= 0.1)],
    ['conformal drift, ARL0 1000: streams of 50 with an alarm', drifts],
  ];
}
