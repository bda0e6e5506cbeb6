import { changeEvidence, type ChangeEvidence } from '../../../risk/regime/change-evidence.js';
import { changeWithin, type LocatedChange, type MapSegmentation, mapSegmentation, type SegmentModel } from '../../../risk/regime/map-segmentation.js';
import { regimeLevel, type RegimeLevel } from '../../../risk/regime/regime-level.js';
import { RUN_LENGTH_CONVENTION } from '../../../risk/regime/run-length-posterior.js';
import { segment, segmentByCount } from '../../../risk/regime/segmentation.js';
import type { Plan } from './plan.js';

/** Which tools cut the series. */
export type SegmentMethod = 'pelt' | 'bocpd' | 'both';

/** Longest series of the exact posterior, whose time grows with the square of the length. */
export const EXACT_MAX = 50_000;

/** Longest series for which it is asked without being named. */
export const BOTH_MAX = 10_000;

/** Number of changes times the square of the length, up to which the chance in each interval is computed exactly. */
const EXACT_WORK = 3e7;

/** What a regime's observations are like. */
export type Level = RegimeLevel | { readonly n: number; readonly shares: readonly { readonly name: string; readonly share: number }[] };

/** One stretch with one law. */
interface Regime {
  /** First and last observation, from 0. */
  readonly from: number;
  readonly to: number;
  readonly level: Level;
}

/** One boundary between two regimes. */
export interface Change {
  /** First observation of the new regime. */
  readonly index: number;
  /** Credible interval of `index`; null without the posterior. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** P(a change in that interval | series). */
  readonly probability: number | null;
  readonly probabilityHow: 'exact' | 'at most' | null;
  /** P(a change just there | series). */
  readonly probabilityAtIndex: number | null;
  /** Where PELT cuts instead, the same index if it agrees; null where it does not cut near, or was not asked. */
  readonly pelt: number | null;
}

/** What was found in a series that is not constant. */
export interface Found {
  readonly method: SegmentMethod;
  readonly regimes: readonly Regime[];
  readonly changes: readonly Change[];
  readonly peltChanges: readonly number[] | null;
  /** Changes of PELT that the most probable segmentation lacks. */
  readonly peltOnly: readonly number[];
  readonly evidence: ChangeEvidence | null;
  readonly convention: typeof RUN_LENGTH_CONVENTION | null;
  /** P(at least one change with index in the window | series). */
  readonly inWindow: { readonly from: number; readonly to: number; readonly probability: number } | null;
  /** The chance of a change at every observation, and the likeliest segmentation; null without the posterior. */
  readonly posterior: MapSegmentation | null;
  /** With a largest number of changes: the cheapest cost for each number. */
  readonly costs: readonly { readonly changes: number; readonly cost: number }[] | null;
}

/** How to look. */
export interface FindOptions {
  readonly method: SegmentMethod;
  readonly level: number;
  readonly most?: number;
  readonly window: { readonly from: number; readonly to: number } | null;
  /** Names of categories; null for numbers. */
  readonly names: readonly string[] | null;
}

/** Cuts a series both ways and puts the answers beside each other. */
export function findRegimes(xs: readonly number[], plan: Plan, options: FindOptions): Found {
  const method = options.method === 'both' && xs.length > BOTH_MAX ? 'pelt' : options.method;
  const pelt = method === 'bocpd' ? { changes: [], costs: null } : peltOf(xs, plan, options.most);
  const exact = method === 'pelt' ? PELT_ALONE : exactOf(xs, plan, options, pelt.changes);
  const changes = exact.changes ?? pelt.changes.map((index): Change => ({ index, lower: null, upper: null, probability: null, probabilityHow: null, probabilityAtIndex: null, pelt: index }));
  const bounds = [0, ...changes.map(({ index }) => index), xs.length];
  return {
    ...exact,
    method,
    changes,
    regimes: bounds.slice(1).map((end, k) => regimeOf(xs, { from: bounds[k] ?? 0, to: end - 1 }, plan, options)),
    peltChanges: method === 'bocpd' ? null : pelt.changes,
    peltOnly: pelt.changes.filter((index) => changes.every((change) => change.pelt !== index)),
    costs: pelt.costs,
  };
}

const PELT_ALONE = { changes: null, evidence: null, convention: null, inWindow: null, posterior: null } as const;

/** What the exact posterior says. */
function exactOf(xs: readonly number[], { model, hazard }: Plan, { level, window }: FindOptions, pelt: readonly number[]): Pick<Found, 'changes' | 'evidence' | 'convention' | 'inWindow' | 'posterior'> {
  const params: SegmentModel = { model, hazard };
  const posterior = mapSegmentation(params, xs, level);
  const { changes, changeProbability, logEvidence } = posterior;
  return {
    changes: changes.map((change) => withChances(change, { xs, params, count: changes.length, at: changeProbability[change.index] ?? 0, pelt: pelt.filter((place) => nearest(place, changes) === change) })),
    evidence: changeEvidence(params, xs, logEvidence),
    convention: RUN_LENGTH_CONVENTION,
    inWindow: window === null ? null : { ...window, probability: changeWithin(params, xs, window) },
    posterior,
  };
}

function peltOf(xs: readonly number[], { cost, penalty, shortest, every }: Plan, most: number | undefined): { readonly changes: readonly number[]; readonly costs: Found['costs'] } {
  if (most === undefined) return { changes: segment(xs, { cost, penalty: penalty.value, shortest, every }).changes, costs: null };
  const partitions = segmentByCount(xs, { cost, most, shortest });
  const best = partitions.reduce((a, b) => (b.cost + penalty.value * b.changes.length < a.cost + penalty.value * a.changes.length ? b : a));
  return { changes: best.changes, costs: partitions.map((partition) => ({ changes: partition.changes.length, cost: partition.cost })) };
}

/** The change nearest to a place, the first of equals. */
function nearest(place: number, changes: readonly LocatedChange[]): LocatedChange | undefined {
  return changes.toSorted((a, b) => Math.abs(a.index - place) - Math.abs(b.index - place))[0];
}

interface Surroundings {
  readonly xs: readonly number[];
  readonly params: SegmentModel;
  readonly count: number;
  readonly at: number;
  /** PELT's changes that are nearer to this change than to any other. */
  readonly pelt: readonly number[];
}

function withChances({ index, lower, upper, expectedChanges }: LocatedChange, { xs, params, count, at, pelt }: Surroundings): Change {
  const exact = count * xs.length * xs.length <= EXACT_WORK;
  const near = pelt.filter((place) => Math.abs(place - index) <= 5 || (place >= lower && place <= upper));
  return {
    index, lower, upper,
    probability: exact ? changeWithin(params, xs, { from: lower, to: upper }) : Math.min(1, expectedChanges),
    probabilityHow: exact ? 'exact' : 'at most',
    probabilityAtIndex: at,
    pelt: near.length === 0 ? null : near.reduce((a, b) => (Math.abs(b - index) < Math.abs(a - index) ? b : a)),
  };
}

function regimeOf(xs: readonly number[], { from, to }: { readonly from: number; readonly to: number }, { family }: Plan, { level, names }: FindOptions): Regime {
  const part = xs.slice(from, to + 1);
  if (family !== 'categorical') return { from, to, level: regimeLevel(family, part, level) };
  const shares = (names ?? []).map((name, k) => ({ name, share: part.filter((x) => x === k).length / part.length }));
  return { from, to, level: { n: part.length, shares: shares.toSorted((a, b) => b.share - a.share) } };
}
