import { InputError } from '../../errors.js';
import { random } from '../../stats/random.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import { nearestRank } from '../../stats/quantile.js';

/** Limits of one rate over resampled sessions; null where too few sessions have calls of that class. */
export interface BootstrapLimits {
  readonly lower: number | null;
  readonly upper: number | null;
  /** Sessions with a call of the class. */
  readonly sessions: number;
}

/** Limits of both rates of a threshold when whole sessions are drawn again. */
export interface SessionBootstrap {
  readonly miss: BootstrapLimits;
  readonly falseAlarm: BootstrapLimits;
  readonly level: number;
  readonly sessions: number;
  readonly resamples: number;
  readonly seed: number;
  /** Why a rate has no limits; null where both have. */
  readonly reason: string | null;
}

/** How {@link sessionBootstrap} draws. */
export interface BootstrapPlan {
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** In (0, 1). Default 0.95. */
  readonly level?: number;
}

/** Labelled calls with the session of each. */
export interface SessionCalls {
  readonly scores: ArrayLike<number>;
  /** 1 for unsafe, 0 for safe. */
  readonly unsafe: ArrayLike<number>;
  readonly weights: ArrayLike<number> | null;
  /** A number for each session. */
  readonly sessions: ArrayLike<number>;
}

/** Weight of errors and of calls: miss, all unsafe, false alarms, all safe. */
type Sums = Float64Array;

function sumsBySession({ scores, unsafe, weights, sessions }: SessionCalls, threshold: number): Sums[] {
  const sums = new Map<number, Sums>();
  for (let i = 0; i < scores.length; i += 1) {
    const session = sessions[i] ?? NaN;
    let own = sums.get(session);
    if (own === undefined) sums.set(session, (own = new Float64Array(4)));
    const isUnsafe = unsafe[i] === 1;
    const weight = weights?.[i] ?? 1;
    addCall(own, isUnsafe ? 0 : 2, weight, (scores[i] ?? NaN) >= threshold !== isUnsafe);
  }
  return [...sums.values()];
}

function addCall(own: Sums, at: number, weight: number, isError: boolean): void {
  if (isError) own[at] = (own[at] ?? 0) + weight;
  own[at + 1] = (own[at + 1] ?? 0) + weight;
}

function percentileLimits(rates: readonly number[], sessions: number, level: number): BootstrapLimits {
  if (sessions < 2) return { lower: null, upper: null, sessions };
  const ascending = Float64Array.from(rates).sort();
  const at = (p: number): number => ascending[nearestRank(ascending.length, p) - 1] ?? NaN;
  return { lower: at((1 - level) / 2), upper: at((1 + level) / 2), sessions };
}

/**
 * Percentile limits for the error rates of a threshold from resampled sessions: calls of a session are alike, so that
 * limits which take them for independent are too narrow.
 *
 * @param calls - see {@link SessionCalls}
 * @param threshold - flag when `score >= threshold`
 * @param plan - see {@link BootstrapPlan}
 * @returns limits; none for a class that fewer than two sessions have a call of
 * @throws {@link InputError} BAD_PARAM, TOO_FEW (no call)
 * @remarks Approximate: percentile limits are too narrow for few sessions (below some 20) and say nothing where no error
 * was made, since none is then ever drawn. A resample without a call of a class is left out for that class. The same seed
 * gives the same limits. O(resamples x sessions).
 * @see Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13; Field & Welsh (2007), Journal of the Royal
 * Statistical Society B 69, 369-390 (clusters).
 * @example
 * ```ts
 * const calls = { scores: [0.9, 0.9, 0.1, 0.1], unsafe: [1, 1, 1, 1], weights: null, sessions: [1, 1, 2, 2] };
 * const { lower, upper } = sessionBootstrap(calls, 0.5).miss;
 * [lower, upper]; // => [0, 1]
 * ```
 */
export function sessionBootstrap(calls: SessionCalls, threshold: number, plan: BootstrapPlan = {}): SessionBootstrap {
  const { resamples = 2000, seed = 1, level = 0.95 } = plan;
  integerIn(resamples, 1, 1e6, 'resamples');
  insideUnit(level, 'level');
  const sums = sumsBySession(calls, threshold);
  if (sums.length === 0) throw new InputError('TOO_FEW', 'a bootstrap needs at least one call, got none');
  const source = random(seed);
  const rates: readonly [number[], number[]] = [[], []];
  for (let r = 0; r < resamples; r += 1) {
    const [missed, unsafe, flagged, safe] = drawn(sums, () => source.integer(sums.length));
    if (unsafe > 0) rates[0].push(missed / unsafe);
    if (safe > 0) rates[1].push(flagged / safe);
  }
  const having = (at: number): number => sums.filter((own) => (own[at] ?? 0) > 0).length;
  const miss = percentileLimits(rates[0], having(1), level);
  const falseAlarm = percentileLimits(rates[1], having(3), level);
  return { miss, falseAlarm, level, sessions: sums.length, resamples, seed, reason: reasonOf(miss, falseAlarm) };
}

function drawn(sums: readonly Sums[], pick: () => number): readonly [number, number, number, number] {
  const total: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < sums.length; i += 1) {
    const own = sums[pick()];
    for (const at of [0, 1, 2, 3] as const) total[at] += own?.[at] ?? 0;
  }
  return total;
}

function reasonOf(miss: BootstrapLimits, falseAlarm: BootstrapLimits): string | null {
  if (miss.lower !== null && falseAlarm.lower !== null) return null;
  const [what, { sessions }] = miss.lower === null ? ['unsafe', miss] : ['safe', falseAlarm];
  return `${String(sessions)} ${sessions === 1 ? 'session has' : 'sessions have'} labelled ${what} calls, at least 2 needed`;
}
