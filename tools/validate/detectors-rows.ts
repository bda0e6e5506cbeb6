import { random, type CusumFamily, type CusumSide, type Random } from '../../src/index.js';
import { baselineWatch } from '../../src/risk/regime/baseline-watch.js';
import { estimated } from '../../src/risk/regime/baseline-estimate.js';
import { meanRunLength } from '../../src/risk/regime/run-length.js';
import { sideLaws } from '../../src/risk/regime/side-laws.js';
import { draws, type Shape } from './detectors-shapes.js';
import { cusumWatch, type Promised, type Watch } from './detectors-watches.js';

/** A figure with its standard error. */
export interface Seen {
  readonly value: number;
  readonly error: number;
}

/** How many streams: clean ones of 1000, and with a change; and clean observations for the mean time between alarms. */
export interface Effort {
  readonly streams: number;
  readonly changes: number;
  readonly observations: number;
}

/** What streams showed of a detector. */
export interface Row {
  readonly name: string;
  readonly arl: Seen | null;
  readonly chance: Seen;
  /** Median delay of those found, and the share not found within {@link AFTER}; of streams without an alarm before. */
  readonly delay: number;
  readonly missed: number;
  readonly kept: boolean;
}

/** Observations before the change, and after it. */
const BEFORE = 200;
const AFTER = 2000;

/** A share's standard error, not 0 at a share of 0 or 1. */
function shareError(share: number, n: number): number {
  const p = (share * n + 0.5) / (n + 1);
  return Math.sqrt((p * (1 - p)) / n);
}

/** Within three standard errors, those of the promise and of what was seen together. */
export function keeps(promise: Promised | null, seen: Seen | null): boolean {
  if (!promise || !seen) return true;
  const room = 3 * Math.hypot(promise.error, seen.error) + promise.slack;
  const off = seen.value - promise.value;
  return (promise.how === 'at most' || off >= -room) && (promise.how === 'at least' || off <= room);
}

/** Mean time between the alarms of one long clean stream, begun afresh after each: observations over alarms. */
export function realisedArl(watch: Watch, shape: Shape, observations: number, source: Random): Seen {
  const alarms = watch.alarms(draws(observations, shape.clean, source));
  const runs = alarms.map((index, i) => index - (alarms[i - 1] ?? -1));
  // The time after the last alarm counts too: without it long runs would be missing.
  const value = observations / runs.length;
  return { value, error: Math.max(Math.sqrt(runs.reduce((sum, run) => sum + (run - value) ** 2, 0)) / runs.length, runs.length < 30 ? value / Math.sqrt(runs.length) : 0) };
}

/** Share of clean streams of 1000 with an alarm; each stream may have a watch of its own. */
export function realisedChance(watchOf: (source: Random) => Watch, shape: Shape, streams: number, source: Random): Seen {
  let alarmed = 0;
  for (let i = 0; i < streams; i += 1) if (watchOf(source).first(draws(1000, shape.clean, source)) !== null) alarmed += 1;
  return { value: alarmed / streams, error: shareError(alarmed / streams, streams) };
}

/** Delay of the change at 200, among streams without an alarm before it. */
function realisedDelay(watchOf: (source: Random) => Watch, shape: Shape, streams: number, source: Random): { readonly delay: number; readonly missed: number } {
  const delays: number[] = [];
  for (let i = 0; i < streams; i += 1) {
    const xs = new Float64Array(BEFORE + AFTER);
    const watch = watchOf(source);
    xs.set(draws(BEFORE, shape.clean, source));
    xs.set(draws(AFTER, shape.changed, source), BEFORE);
    const at = watch.first(xs);
    if (at === null || at >= BEFORE) delays.push(at === null ? Infinity : at - BEFORE + 1);
  }
  delays.sort((a, b) => a - b);
  return { delay: delays[Math.floor(delays.length / 2)] ?? NaN, missed: delays.filter((delay) => delay === Infinity).length / delays.length };
}

/** A row of the tables of known parameters and of no promise. */
export function watchRow(watch: Watch, shape: Shape, effort: Effort, seed: number): Row {
  const arl = watch.arl0 === null ? null : realisedArl(watch, shape, effort.observations, random(seed));
  const chance = realisedChance(() => watch, shape, effort.streams, random(seed + 1));
  const { delay, missed } = realisedDelay(() => watch, shape, effort.changes, random(seed + 2));
  return { name: watch.name, arl, chance, delay, missed, kept: keeps(watch.arl0, arl) && keeps(watch.chance, chance) };
}

/** What drawn baselines showed of the 90 % design. */
export interface BaselineRow {
  readonly m: number;
  /** Share of designed baselines whose own mean time to a false alarm, computed, is at least the target; the same with the plain threshold. */
  readonly share: Seen;
  readonly refused: number;
  readonly arlLow: number;
  readonly arlMedian: number;
  readonly chance: Seen;
  readonly delay: number;
  readonly missed: number;
  readonly kept: boolean;
}

const TARGET = 1000;

/** The mean time to a false alarm of a family with estimates in it, where the truth is another. */
function ownMean(family: CusumFamily, truth: CusumFamily, sides: Shape['sides'], threshold: Readonly<Record<CusumSide, number>>): number {
  const side = (which: CusumSide): number => {
    const mean = meanRunLength(lawOf(family, truth, which, threshold[which]));
    return mean > 0 && mean < 1e11 ? mean : Infinity;
  };
  return sides === 'both' ? 1 / (1 / side('up') + 1 / side('down')) : side('up');
}

function lawOf(family: CusumFamily, truth: CusumFamily, side: CusumSide, h: number): ReturnType<ReturnType<typeof sideLaws>['at']> {
  if (family.kind === 'gaussian' && truth.kind === 'gaussian') {
    // In true sd: the shift looked for and the threshold scale with the estimate.
    const ratio = family.sd / truth.sd;
    return sideLaws({ ...family, shift: family.shift * ratio }, side).at(h * ratio, ((side === 'up' ? 1 : -1) * (truth.mean - family.mean)) / truth.sd);
  }
  const parameter = (f: CusumFamily): number => (f.kind === 'bernoulli' ? f.p0 : f.mean);
  const factor = parameter(truth) / parameter(family);
  return sideLaws(family, side).at(h, family.kind === 'exponential' ? 1 / factor : factor);
}

/** Baselines of m points, drawn anew for each stream; `scale` other than 1 spoils the thresholds, to see that it shows. */
export function baselineRow(shape: Shape, m: number, { baselines, scale = 1 }: { readonly baselines: number; readonly scale?: number }, seed: number): BaselineRow {
  const { family: truth, sides } = shape;
  const source = random(seed);
  const wanted = { kind: truth.kind, change: truth.kind === 'gaussian' ? truth.shift : 2 };
  const ask = { wanted, sides, target: { arl0: TARGET }, level: 0.9 };
  const found = new Map<number, Readonly<Record<CusumSide, number>> | null>();
  const [means, watches]: [number[], Watch[]] = [[], []];
  for (let i = 0; i < baselines; i += 1) {
    const estimate = estimated(draws(m, shape.clean, source), wanted);
    // The thresholds of continuous data hang on m alone, those of counts and outcomes on the sum.
    const key = truth.kind === 'gaussian' || truth.kind === 'exponential' ? m : estimate?.sum ?? 0;
    const held = found.get(key);
    const threshold = held === undefined ? estimate && baselineWatch(ask, estimate).threshold() : held;
    found.set(key, threshold);
    if (!estimate || !threshold) continue;
    const h = { up: threshold.up * scale, down: threshold.down * scale };
    means.push(ownMean(estimate.family, truth, sides, h));
    watches.push(cusumWatch(estimate.family, sides, h));
  }
  means.sort((a, b) => a - b);
  const n = means.length;
  const value = means.filter((mean) => mean >= TARGET * (1 - 1e-3)).length / n;
  let next = 0;
  const watchOf = (): Watch => watches[next++ % n] as Watch;
  const chance = realisedChance(watchOf, shape, n, source);
  const kept = n === 0 || value >= 0.9 - 3 * shareError(0.9, n);
  return { m, share: { value, error: shareError(value, n) }, refused: baselines - n, arlLow: means[Math.floor(n / 10)] ?? NaN, arlMedian: means[Math.floor(n / 2)] ?? NaN, chance, ...realisedDelay(watchOf, shape, n, source), kept };
}

