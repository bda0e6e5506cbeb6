import { InputError } from '../../errors.js';
import { random, type Random } from '../../stats/random.js';
import { integerIn } from '../../stats/sample.js';
import { focusMachine, freshWork, type FocusSides } from './focus-machine.js';
import { glrModel, type GlrFamily, type GlrModel } from './glr.js';

/** What is asked of a GLR detector's false alarms. */
export type FocusTarget = { readonly arl0: number } | { readonly within: number; readonly probability: number };

/** What to simulate. */
export interface FocusDesignParams {
  readonly family: GlrFamily;
  readonly target: FocusTarget;
  /** `both` where left out. */
  readonly sides?: FocusSides;
  /** Seed of the simulated clean streams. */
  readonly seed: number;
  /** Streams, 100 to 100,000; 1000 where left out. */
  readonly repetitions?: number;
}

/** An estimate with its standard error. */
export interface Simulated {
  readonly estimate: number;
  readonly standardError: number;
}

/** A simulated threshold. */
export interface FocusDesign {
  readonly threshold: number;
  readonly how: 'simulated';
  readonly seed: number;
  readonly repetitions: number;
  /** Mean observations to a false alarm; null where the target is a chance, whose streams end after `n` observations. */
  readonly arl0: Simulated | null;
  /** Chance of an alarm within n observations. */
  readonly alarmWithin: Simulated & { readonly n: number };
  readonly assumption: string;
}

const ASSUMPTION = 'independent observations with the law named by the family; the errors are those of the simulation';
/** Simulated observations that a design may ask for; about five minutes. */
const MOST_OBSERVATIONS = 1e9;
/** Candidates a side: no clean stream needs so many. */
const ROOM = 10_000;

/** A clean observation in standard units. */
function draw({ family }: GlrModel, source: Random): number {
  switch (family.kind) {
    case 'gaussian':
      return source.normal();
    case 'exponential': {
      // A draw of exactly 0 has probability 2^-53 and would have no finite likelihood.
      const z = source.exponential();
      return z > 0 ? z : Number.MIN_VALUE;
    }
    case 'bernoulli':
      return source.uniform() < family.p0 ? 1 : 0;
    case 'poisson': {
      let count = 0;
      for (let time = source.exponential(); time < family.mean; time += source.exponential()) count += 1;
      return count;
    }
  }
}

/** A clean stream with the records of its statistic: when each was set, from 1, and its value. */
interface Stream {
  readonly times: number[];
  readonly records: number[];
  /** Goes on until the statistic has been above `level`, or `most` observations have been seen. */
  readonly run: (level: number, most: number) => void;
}

function stream(model: GlrModel, sides: FocusSides, seed: number): Stream {
  const source = random(seed);
  const machine = focusMachine(model, sides, ROOM);
  const work = freshWork();
  const [times, records]: [number[], number[]] = [[], []];
  let top = 0;
  return {
    times,
    records,
    run(level, most) {
      while (!(top > level) && work.count < most) {
        const { statistic } = machine(work, draw(model, source));
        if (statistic > top) {
          top = statistic;
          times.push(work.count);
          records.push(top);
        }
      }
    },
  };
}

/** When the statistic first was above `level`; null if it was not yet. */
const timeAbove = ({ times, records }: Stream, level: number): number | null => times[records.findIndex((value) => value > level)] ?? null;

function meanOf(values: readonly number[]): Simulated {
  const estimate = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - estimate) ** 2, 0);
  return { estimate, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** Share of the streams above `level` within n observations; its error by the binomial, not 0 at a share of 0. */
function shareWithin(streams: readonly Stream[], level: number, n: number): Simulated & { readonly n: number } {
  const alarms = streams.filter((s) => (timeAbove(s, level) ?? Infinity) <= n).length;
  const share = (alarms + 0.5) / (streams.length + 1);
  return { n, estimate: alarms / streams.length, standardError: Math.sqrt((share * (1 - share)) / streams.length) };
}

/** The smallest record at which the mean time above it reaches `arl0`. */
function levelForArl(streams: readonly Stream[], arl0: number): { readonly level: number; readonly arl0: Simulated } {
  const arlAt = (level: number): Simulated => {
    for (const s of streams) s.run(level, Infinity);
    return meanOf(streams.map((s) => timeAbove(s, level) ?? NaN));
  };
  let high = Math.max(0.5, Math.log(arl0) - 2);
  while (arlAt(high).estimate < arl0) high += 0.25;
  const levels = [...new Set(streams.flatMap(({ records }) => records.filter((value) => value <= high)))].sort((a, b) => a - b);
  let [below, above] = [-1, levels.length - 1];
  while (above - below > 1) {
    const middle = (below + above) >> 1;
    if (arlAt(levels[middle] ?? NaN).estimate >= arl0) above = middle;
    else below = middle;
  }
  const level = levels[above] ?? high;
  return { level, arl0: arlAt(level) };
}

/** The smallest record above which at most the given share of the streams gets within n observations. */
function levelForChance(streams: readonly Stream[], n: number, probability: number): number {
  for (const s of streams) s.run(Infinity, n);
  const tops = streams.map(({ records }) => records.at(-1) ?? 0).sort((a, b) => b - a);
  return tops[Math.floor(probability * streams.length)] ?? 0;
}

function checkTarget(target: FocusTarget, repetitions: number): void {
  const length = 'arl0' in target ? target.arl0 : target.within;
  if ('arl0' in target ? !(length > 1) : !(Number.isSafeInteger(length) && length >= 1)) {
    throw new InputError('BAD_PARAM', `${'arl0' in target ? 'arl0 must be > 1' : 'within must be a whole number >= 1'}, got ${String(length)}`);
  }
  if (!(length * repetitions <= MOST_OBSERVATIONS)) {
    throw new InputError('BAD_PARAM', `arl0 or within, times repetitions, must be at most 1e9 simulated observations, got ${String(length * repetitions)}`);
  }
  if ('within' in target && !(target.probability * repetitions >= 1 && target.probability < 1)) {
    throw new InputError('BAD_PARAM', `probability must be in [1 / repetitions, 1), got ${String(target.probability)}`);
  }
}

/**
 * The threshold of a GLR detector from a target, by seeded simulation of clean streams: no exact formula is known.
 *
 * @param params - family, target, sides, seed, number of streams
 * @returns the threshold, with the seed, the number of streams and the standard error of what it achieves
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; BAD_PARAM also where the target would take more than 1e9 observations
 * @remarks The threshold is the smallest at which the simulated streams meet the target, so the promise holds up to the
 * standard error given (about arl0 / sqrt(repetitions)). The statistic of counts is discrete: the estimate can lie
 * well above the target. O(repetitions arl0 log arl0), about a second for 1000 streams of ARL0 1000.
 * @see Romano, Eckley, Fearnhead & Rigaill (2023), Journal of Machine Learning Research 24(81), 1-36.
 * @example
 * ```ts
 * const family = { kind: 'gaussian', mean: 0, sd: 1 };
 * const { threshold, arl0 } = designFocus({ family, target: { arl0: 50 }, seed: 1, repetitions: 200 });
 * [threshold > 2, threshold < 5, arl0.estimate >= 50]; // => [true, true, true]
 * ```
 */
export function designFocus(params: FocusDesignParams): FocusDesign {
  const { target, sides = 'both', seed, repetitions = 1000 } = params;
  const model = glrModel(params.family);
  integerIn(repetitions, 100, 100_000, 'repetitions');
  integerIn(seed, 0, 2 ** 52, 'seed');
  checkTarget(target, repetitions);
  const streams = Array.from({ length: repetitions }, (_, i) => stream(model, sides, seed + i));
  const made = { how: 'simulated', seed, repetitions, assumption: ASSUMPTION } as const;
  if ('arl0' in target) {
    const { level, arl0 } = levelForArl(streams, target.arl0);
    return { threshold: level, ...made, arl0, alarmWithin: shareWithin(streams, level, Math.ceil(target.arl0)) };
  }
  const threshold = levelForChance(streams, target.within, target.probability);
  return { threshold, ...made, arl0: null, alarmWithin: shareWithin(streams, threshold, target.within) };
}
