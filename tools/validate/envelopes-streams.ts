import { aci, aciErrorBound, benjaminiHochberg, benjaminiYekutieli, conformalDrift, conformalMartingale, conformalPValues, type Detector, envelopeContains, envelopeCountPValue, fitEnvelope, gammaIncUpper, holm, type Json, onlinePValues, quantileTracker, random, type Random, scan, trackerErrorBound } from '../../src/index.js';
import { type Cell, type Effort, exactCell, lineOf, type LineMaker, meanCell, type Promised, promiseText, runsAt, shareCell, SIZES } from './envelopes-lines.js';
import { COUNTS, type DataShape, EXPONENTIAL, GAUSSIAN, SHAPES } from './envelopes-shapes.js';

type PValue = (xs: Float64Array, source: Random) => number;

const SMOOTHED: PValue = (xs, source) => conformalPValues(xs.subarray(0, -1)).smoothed(xs[xs.length - 1] ?? NaN, source.uniform());
const PLAIN: PValue = (xs) => conformalPValues(xs.subarray(0, -1)).pValue(xs[xs.length - 1] ?? NaN);
/** Of the number outside among the next 20. */
const COUNT: PValue = (xs) => {
  const envelope = fitEnvelope([['call', xs.subarray(0, -LOOKS)]], { measure: 'interval', alpha: 0.1 });
  const outside = xs.subarray(-LOOKS).filter((x) => envelopeContains(envelope, 'call', x) === false).length;
  return envelopeCountPValue(envelope, 'call', { outside, n: LOOKS });
};
const LOOKS = 20;
const ONLINE: PValue = (xs, source) => onlinePValues(xs, source)[xs.length - 1] ?? NaN;

/** P-value of Pearson's test that p-values are uniform, over 20 equal cells. */
function uniformity(pValues: readonly number[]): number {
  const cells = new Float64Array(20);
  for (const p of pValues) cells[Math.min(19, Math.floor(20 * p))] = (cells[Math.min(19, Math.floor(20 * p))] ?? 0) + 1;
  const expected = pValues.length / 20;
  return gammaIncUpper(19 / 2, cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0) / 2);
}

/** Share of p-values at most 0.1, one for each calibration set of n; uniform ones are tested over their whole range too. */
export function pValueLine(kind: { readonly method: string; readonly how: Promised['how']; readonly pValue: PValue; readonly next?: number }, shape: DataShape, effort: Effort): LineMaker {
  return (seed) => lineOf({ method: kind.method, shape, asked: { promised: { how: kind.how, value: 0.1 }, by: true } }, (n, promised) => {
    const source = random(seed + n);
    const pValues = Array.from({ length: runsAt(n, effort) }, () => kind.pValue(shape.sample(n + (kind.next ?? 1), source).xs, source));
    const cell = shareCell(pValues.filter((p) => p <= 0.1).length, pValues.length, promised);
    return promised?.how === 'equal' ? { ...cell, kept: cell.kept && (pValues.length < 100 || uniformity(pValues) >= 0.00135) } : cell;
  });
}

export function pValueLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => [
    pValueLine({ method: 'p-value', how: 'at most', pValue: PLAIN }, shape, effort),
    pValueLine({ method: 'envelope, count of 20', how: 'at most', pValue: COUNT, next: LOOKS }, shape, 0.5 * effort),
    pValueLine({ method: 'smoothed p-value', how: 'equal', pValue: SMOOTHED }, shape, effort),
    pValueLine({ method: 'online p-value', how: 'equal', pValue: ONLINE }, shape, 0.5 * effort),
  ]);
}

interface Tracker {
  readonly method: string;
  /** The tracker of a stream whose scores are in [0, largest], and its bound after `steps`. */
  readonly start: (largest: number) => { readonly detector: Detector<number, Json, { readonly error: 0 | 1 | null }>; readonly bound: (steps: number) => number };
}

const asTracker = <S extends Json>(detector: Detector<number, S, { readonly error: 0 | 1 | null }>): Detector<number, Json, { readonly error: 0 | 1 | null }> => detector as unknown as Detector<number, Json, { readonly error: 0 | 1 | null }>;

const TRACKERS: readonly Tracker[] = [
  { method: 'quantile tracker', start: (largest) => ({ detector: asTracker(quantileTracker({ alpha: 0.1, eta: largest / 20 })), bound: (steps) => trackerErrorBound({ eta: largest / 20, largest, steps }) }) },
  ...[0.1, 0.01].map((alpha) => ({ method: `ACI, alpha ${String(alpha)}`, start: () => ({ detector: asTracker(aci({ alpha, gamma: 0.02, window: 200 })), bound: (steps: number) => aciErrorBound({ alpha, gamma: 0.02, steps }) }) })),
];

/** How much of the bound on |share of errors - alpha| is used, at most, over all streams and all steps up to n. */
function trackerLine({ method, start }: Tracker, shape: DataShape, effort: Effort): LineMaker {
  const alpha = method.endsWith('0.01') ? 0.01 : 0.1;
  return (seed) => {
    const source = random(seed);
    const worst = SIZES.map(() => 0);
    for (let stream = 0; stream < Math.max(3, Math.round(20 * effort)); stream += 1) {
      const scores = shape.sample(Math.max(...SIZES), source).xs.map(Math.abs);
      const { detector, bound } = start(scores.reduce((a, b) => Math.max(a, b), 0));
      let [seen, errors] = [0, 0];
      for (const { out } of scan(detector, scores)) {
        seen += 1;
        errors += out.error ?? 0;
        const used = Math.abs(errors / seen - alpha) / bound(seen);
        SIZES.forEach((n, i) => { if (seen <= n) worst[i] = Math.max(worst[i] ?? 0, used); });
      }
    }
    const promised: Promised = { how: 'at most', value: 1 };
    return { method, data: shape.name, promise: promiseText(promised), ours: true, cells: worst.map((used) => exactCell(used, promised)) };
  };
}

export function trackerLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => TRACKERS.map((tracker) => trackerLine(tracker, shape, effort)));
}

/** Share of streams in which a martingale on online p-values has alarmed by n. */
function villeLine(kind: 'jumper' | 'mixture', shape: DataShape, effort: Effort): LineMaker {
  return (seed) => {
    const [source, streams] = [random(seed), Math.max(20, Math.round(400 * effort))];
    const at = Array.from({ length: streams }, () => {
      let alarm = Infinity;
      for (const { state, out } of scan(conformalMartingale({ bet: { kind }, alpha: 0.05 }), onlinePValues(shape.sample(Math.max(...SIZES), source).xs, source))) {
        if (out.alarmIndex !== null) {
          alarm = state.seen;
          break;
        }
      }
      return alarm;
    });
    return lineOf({ method: `martingale, ${kind}`, shape, asked: { promised: { how: 'at most', value: 0.05 }, by: true } }, (n, promised) => shareCell(at.filter((index) => index <= n).length, streams, promised));
  };
}

export function villeLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => [villeLine('jumper', shape, effort), villeLine('mixture', shape, 0.3 * effort)]);
}

/** Observations over alarms; the time after the last one counts too. With none the time is at least all of them. */
function timeCell(observations: number, alarms: number, promised: Promised | null): Cell {
  const value = observations / Math.max(1, alarms);
  const error = value / Math.sqrt(Math.max(1, alarms));
  return { value, error, kept: promised === null || value + 3 * error >= promised.value };
}

/** Mean time between the alarms of one long stream, each begun afresh. */
function arlLine(form: 'sr' | 'cusum', shape: DataShape, effort: Effort): LineMaker {
  return (seed) => {
    const source = random(seed);
    const observations = Math.round(60_000 * Math.max(effort, 0.2));
    const p = onlinePValues(shape.sample(observations, source).xs, source);
    const alarms = [...scan(conformalDrift({ alpha: 0.01, form }), p)].filter(({ out }) => out.alarm !== null).length;
    const promised: Promised | null = shape.exchangeable ? { how: 'at least', value: 100 } : null;
    return { method: `conformal drift, ${form}`, data: shape.name, promise: promised === null ? '-' : '>= 100', ours: promised === null ? null : true, cells: [timeCell(observations, alarms, promised)] };
  };
}

export function arlLines(effort: Effort): LineMaker[] {
  return SHAPES.flatMap((shape) => [arlLine('sr', shape, effort), arlLine('cusum', shape, effort)]);
}

const TESTS = 20;
const STRANGE = 5;

type Judge = (pValues: readonly number[]) => readonly number[];

/** Twenty values judged against the same n calibration scores, five of them strange: false discoveries. */
function manyLine(rule: { readonly method: string; readonly adjust: Judge; readonly of: 'share' | 'any'; readonly by: boolean | null }, shape: DataShape, effort: Effort): LineMaker {
  return (seed) => lineOf({ method: rule.method, shape, asked: { promised: { how: 'at most', value: 0.1 }, by: rule.by } }, (n, promised) => {
    const source = random(seed + n);
    const figures = Array.from({ length: runsAt(n, effort, 1000) }, () => {
      const { xs } = shape.sample(n + TESTS, source);
      const against = conformalPValues(xs.subarray(0, n));
      const adjusted = rule.adjust(Array.from(xs.subarray(n), (x, i) => against.pValue(i < STRANGE ? x + 2000 : x)));
      const [found, wrong] = [adjusted.filter((p) => p <= 0.1).length, adjusted.filter((p, i) => p <= 0.1 && i >= STRANGE).length];
      return rule.of === 'any' ? Number(wrong > 0) : wrong / Math.max(1, found);
    });
    return manyCell(figures, rule.of, promised);
  });
}

function manyCell(figures: readonly number[], of: 'share' | 'any', promised: Promised | null): Cell {
  return of === 'any' ? shareCell(figures.filter((x) => x > 0).length, figures.length, promised) : meanCell(figures, promised);
}

export function manyLines(effort: Effort): LineMaker[] {
  return [GAUSSIAN, EXPONENTIAL, COUNTS].flatMap((shape) => [
    manyLine({ method: 'BH, false share', adjust: benjaminiHochberg, of: 'share', by: true }, shape, effort),
    manyLine({ method: 'BY, false share', adjust: benjaminiYekutieli, of: 'share', by: true }, shape, effort),
    manyLine({ method: 'Holm, any false', adjust: holm, of: 'any', by: true }, shape, effort),
    manyLine({ method: '  each at 0.1, any false', adjust: (p) => p, of: 'any', by: null }, shape, effort),
  ]);
}
