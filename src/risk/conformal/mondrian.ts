import { conformalPValues, type ConformalPValues } from './p-values.js';
import { conformalSize } from './rank.js';
import { splitThreshold, type SplitThreshold } from './split.js';

/** One threshold a group. */
export interface MondrianThresholds {
  readonly alpha: number;
  /** By group, in the order in which the groups first appear. */
  readonly groups: ReadonlyMap<string, SplitThreshold>;
  /** The groups whose scores are too few, so that their threshold is Infinity, with how many they have and need. */
  readonly unbounded: readonly { readonly group: string; readonly n: number; readonly needed: number }[];
  /** The fewest scores a group needs; Infinity at alpha = 0. */
  readonly neededPerGroup: number;
  /** A group's threshold; Infinity for one without calibration scores. */
  readonly thresholdOf: (group: string) => number;
}

/** One set of calibration scores a group. */
export interface MondrianPValues {
  readonly groups: ReadonlyMap<string, ConformalPValues>;
  /** The p-value of a score within its group; 1 for a group without calibration scores. */
  readonly pValue: (group: string, x: number) => number;
  /** The smoothed p-value of a score within its group; `u` itself for a group without calibration scores. */
  readonly smoothed: (group: string, x: number, u: number) => number;
}

function scoresByGroup(scores: Iterable<readonly [group: string, score: number]>): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [group, score] of scores) {
    const members = groups.get(group);
    if (members === undefined) groups.set(group, [score]);
    else members.push(score);
  }
  return groups;
}

/**
 * Split-conformal thresholds group by group: by capability, by actor, or by any key known before the score is.
 *
 * @param scores - pairs of group and calibration score; larger means stranger
 * @param options - alpha: miscoverage within every group, in [0, 1]
 * @returns a threshold a group; groups with too few scores are named, with how many they need
 * @throws {@link InputError} NOT_FINITE for a NaN, BAD_PARAM
 * @remarks Guarantee: P(next score of the group > its threshold) <= alpha, for every group, where one threshold for
 * all keeps it only on average over the groups. Assumption: the scores of a group are exchangeable, the next one's
 * included. The price is n: every group needs 1 / alpha - 1 scores of its own. O(n log n).
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, section 4.5.
 * @example
 * ```ts
 * const thresholds = mondrianThresholds([['read', 1], ['read', 2], ['read', 3], ['write', 9]], { alpha: 0.25 });
 * thresholds.thresholdOf('read'); // => 3
 * thresholds.unbounded; // => [{ group: 'write', n: 1, needed: 3 }]
 * ```
 */
export function mondrianThresholds(scores: Iterable<readonly [group: string, score: number]>, { alpha }: { readonly alpha: number }): MondrianThresholds {
  const neededPerGroup = conformalSize(alpha);
  const groups = new Map([...scoresByGroup(scores)].map(([group, members]) => [group, splitThreshold(members, { alpha })]));
  const unbounded = [...groups].flatMap(([group, { n, needed }]) => (needed === null ? [] : [{ group, n, needed }]));
  const without = splitThreshold([], { alpha }).threshold;
  return { alpha, groups, unbounded, neededPerGroup, thresholdOf: (group) => groups.get(group)?.threshold ?? without };
}

/**
 * Conformal p-values group by group.
 *
 * @param scores - pairs of group and calibration score; larger means stranger
 * @throws {@link InputError} NOT_FINITE for a NaN
 * @remarks Guarantee: P(p <= alpha) <= alpha within every group. Assumption: as for {@link mondrianThresholds}. A
 * group with n scores has no p-value below 1 / (n + 1).
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, section 4.5.
 * @example
 * ```ts
 * const against = mondrianPValues([['read', 1], ['read', 2], ['read', 3], ['write', 9]]);
 * against.pValue('read', 5); // => 0.25
 * against.pValue('exec', 5); // => 1
 * ```
 */
export function mondrianPValues(scores: Iterable<readonly [group: string, score: number]>): MondrianPValues {
  const groups = new Map([...scoresByGroup(scores)].map(([group, members]) => [group, conformalPValues(members)]));
  const none = conformalPValues([]);
  return {
    groups,
    pValue: (group, x) => (groups.get(group) ?? none).pValue(x),
    smoothed: (group, x, u) => (groups.get(group) ?? none).smoothed(x, u),
  };
}
