import { marginOf } from './alarm-figure.js';
import { type Estimate, estimated, unfavourable, type Wanted } from './baseline-estimate.js';
import type { CusumSides } from './cusum.js';
import type { CusumTarget } from './cusum-design.js';
import type { CusumSide } from './cusum-family.js';
import { conditionalArl } from './estimated-baseline.js';
import { chanceOfTarget, normalMargin, type GaussianScheme } from './estimated-gaussian.js';
import { boundedMean } from './run-length.js';
import { NATS_MAX, NEAR_ESTIMATES, SD_MAX, sideLaws } from './side-laws.js';
import { smallestThreshold } from './threshold-search.js';

/** What is asked of a scheme from a baseline. */
export interface BaselineAsk {
  readonly wanted: Wanted;
  readonly sides: CusumSides;
  readonly target: CusumTarget;
  readonly level: number;
}

/** A threshold for each side. */
type Thresholds = { readonly up: number; readonly down: number };

/** A scheme that allows for the error of its estimates. */
export interface BaselineWatch {
  /** The smallest thresholds with the promise; null where none of at most 60 sd or 30 nats has it. */
  readonly threshold: () => Thresholds | null;
  /** Whether any has it, for less work than finding the smallest. */
  readonly feasible: () => boolean;
  /** 90 % limits of the mean time to a false alarm. */
  readonly conditional: (threshold: Thresholds) => { readonly lower: number; readonly upper: number };
}

/** The watch of a family with estimated parameters. */
export function baselineWatch(ask: BaselineAsk, estimate: Estimate): BaselineWatch {
  return ask.wanted.kind === 'gaussian' ? gaussianWatch(ask, estimate.m) : oneParameterWatch(ask, estimate);
}

function gaussianWatch({ wanted, sides, target, level }: BaselineAsk, m: number): BaselineWatch {
  const scheme: GaussianScheme = { kind: 'gaussian', shift: wanted.change, sides };
  const margin = (h: number): number => normalMargin(chanceOfTarget(scheme, h, m, target), level);
  return {
    threshold: () => {
      const h = smallestThreshold({ most: SD_MAX, unit: null }, margin);
      return h === null ? null : { up: h, down: h };
    },
    feasible: () => margin(SD_MAX) >= 0,
    conditional: ({ up }) => ({ lower: conditionalArl(scheme, up, m, 0.95), upper: conditionalArl(scheme, up, m, 0.05) }),
  };
}

function oneParameterWatch({ sides, target, level }: BaselineAsk, estimate: Estimate): BaselineWatch {
  const watched: readonly CusumSide[] = sides === 'both' ? ['up', 'down'] : [sides];
  const count = sides === 'both' ? 2 : 1;
  const laws = watched.map((side) => ({ side, factor: unfavourable(estimate, side, 1 - (1 - level) / count), ...sideLaws(estimate.family, side, NEAR_ESTIMATES) }));
  type Laws = (typeof laws)[number];
  const margin = ({ at, factor }: Laws) => (h: number): number => marginOf(at(h, factor), target, count);
  const meanAt = (threshold: Thresholds, change: number): number => 1 / laws.reduce((sum, { side, at }) => sum + 1 / boundedMean(at(threshold[side], change)), 0);
  return {
    threshold: () => {
      const found: number[] = [];
      for (const law of laws) {
        const h = smallestThreshold({ most: NATS_MAX, unit: law.unit }, margin(law));
        if (h === null) return null;
        found.push(h);
      }
      const [first = NaN, last = first] = found;
      return { up: first, down: last };
    },
    feasible: () => laws.every((law) => margin(law)(NATS_MAX) >= 0),
    conditional: (threshold) => {
      // One side's mean is monotone in the parameter; that of two is longest somewhere between.
      const [from, to] = [unfavourable(estimate, 'down', 0.95), unfavourable(estimate, 'up', 0.95)];
      const changes = count === 1 ? [from, to] : Array.from({ length: 9 }, (_, i) => from * (to / from) ** (i / 8));
      const means = changes.map((change) => meanAt(threshold, change));
      return { lower: Math.min(...means), upper: Math.max(...means) };
    },
  };
}

/** Points in the largest baseline that a refusal may ask for. */
const POINTS_MAX = 1_000_000;

/**
 * About how many observations would do, if they showed the same: found by steps of a fifth, so that it is at most that much
 * too large.
 *
 * @param m - observations at hand
 * @param estimate - what they say; where null, the family's simplest case
 */
export function neededPoints(ask: BaselineAsk, m: number, estimate: Estimate | null): number {
  const key = JSON.stringify([ask.wanted, ask.sides, ask.target, ask.level, estimate === null ? Math.max(5, m) : m, estimate]);
  const needed = NEEDED.get(key) ?? searchPoints(ask, m, estimate);
  if (NEEDED.size < NEEDED_MOST) NEEDED.set(key, needed);
  return needed;
}

/** What was answered before: it takes seconds, and the many small groups of a file ask the same again and again. */
const NEEDED = new Map<string, number>();

/** Answers that are kept at most. */
const NEEDED_MOST = 1000;

function searchPoints(ask: BaselineAsk, m: number, estimate: Estimate | null): number {
  for (let n = Math.max(5, estimate === null ? m : Math.ceil(m * 1.2)); n < POINTS_MAX; n = Math.ceil(n * 1.2)) {
    const larger = estimate === null ? plain(ask.wanted, n) : scaled(estimate, n);
    if (larger !== null && baselineWatch(ask, larger).feasible()) return n;
  }
  return POINTS_MAX;
}

/** Half ones, counts of 1, waits of 1; a Gaussian watch looks at the number alone. */
function plain(wanted: Wanted, m: number): Estimate | null {
  return estimated(Array.from({ length: m }, (_, i) => (wanted.kind === 'gaussian' || wanted.kind === 'bernoulli' ? i % 2 : 1)), wanted);
}

function scaled({ m, sum, family }: Estimate, n: number): Estimate {
  const whole = family.kind === 'bernoulli' || family.kind === 'poisson';
  return { m: n, sum: whole ? Math.round((sum * n) / m) : (sum * n) / m, family };
}
