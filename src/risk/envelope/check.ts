import { InputError } from '../../errors.js';
import { benjaminiHochberg, benjaminiYekutieli, holm } from '../../stats/multiple-testing.js';
import { finite, insideUnit } from '../../stats/sample.js';
import { byText } from '../policy/by-text.js';
import type { Envelope, EnvelopeGroup, RateGroup, ValueGroup } from './envelope.js';
import { countP, groupOfKey, rateP, valueP, within } from './judge.js';

/** How several groups' p-values are judged together: any false finding (holm), or the share of false ones (bh, by). */
export type EnvelopeCorrection = 'holm' | 'bh' | 'by';

/** A value outside its group's bounds. */
export interface OutsideValue {
  /** Place among the group's values, from 0. */
  readonly index: number;
  readonly value: number;
  /** Its conformal p-value, by itself. */
  readonly pValue: number;
}

/** How one group's values compare with its bounds. */
export interface GroupCheck {
  readonly key: string;
  /** `judged`; `unbounded`: calibration is too small for a bound; `unknown`: the envelope has no such group. */
  readonly status: 'judged' | 'unbounded' | 'unknown';
  /** Values at hand. */
  readonly n: number;
  /** Values outside; of failure rates: failures. null where there is nothing to be outside of. */
  readonly outside: number | null;
  /** How many would be expected by chance, on average over calibration. */
  readonly expected: number | null;
  /** P(as many or more by chance), exact. */
  readonly pValue: number | null;
  /** Of all judged groups together. */
  readonly adjusted: number | null;
  /** The smallest p-value that so many values can have, be they all outside. */
  readonly leastP: number | null;
  /** Whether `adjusted` is at most alpha. */
  readonly finding: boolean;
  readonly bounds: { readonly lower: number | null; readonly upper: number | null } | null;
  /** Calibration values, and how many there would have to be; null where they are enough. */
  readonly calibrationN: number;
  readonly needed: number | null;
  readonly values: readonly OutsideValue[];
}

/** What {@link checkEnvelope} found. */
export interface EnvelopeCheck {
  readonly alpha: number;
  readonly correction: EnvelopeCorrection;
  /** Sorted by key. */
  readonly groups: readonly GroupCheck[];
  /** What the findings promise, in a sentence. */
  readonly guarantee: string;
}

const CORRECTIONS: Readonly<Record<EnvelopeCorrection, { readonly adjust: (pValues: readonly number[]) => number[]; readonly promise: string }>> = {
  holm: { adjust: holm, promise: 'if nothing has changed, the chance of any finding is at most' },
  bh: { adjust: benjaminiHochberg, promise: 'the share of findings where nothing has changed is on average at most' },
  by: { adjust: benjaminiYekutieli, promise: 'the share of findings where nothing has changed is on average at most' },
};

type Judged = Omit<GroupCheck, 'adjusted' | 'finding'>;

function checkValues(key: string, values: ArrayLike<number>, group: ValueGroup, sides: Envelope['sides']): Judged {
  const { lower, upper, n: calibrationN, needed } = group;
  const n = values.length;
  const known = { key, n, calibrationN, needed, bounds: { lower, upper } };
  if (lower === null && upper === null) return { ...known, status: 'unbounded', bounds: null, outside: null, expected: null, pValue: null, leastP: null, values: [] };
  const outside: OutsideValue[] = [];
  for (let index = 0; index < n; index += 1) {
    const value = finite(values[index] ?? NaN, `value ${String(index)} of ${JSON.stringify(key)}`);
    if (!within(group, value)) outside.push({ index, value, pValue: valueP(group, value, sides) });
  }
  return { ...known, status: 'judged', outside: outside.length, expected: n * (1 - group.coverage), pValue: countP(group, outside.length, n), leastP: countP(group, n, n), values: outside };
}

function checkRate(key: string, values: ArrayLike<number>, group: RateGroup, sides: Envelope['sides']): Judged {
  const { lower, upper, n: calibrationN } = group;
  const n = values.length;
  let errors = 0;
  for (let i = 0; i < n; i += 1) {
    const x = values[i];
    if (x !== 0 && x !== 1) throw new InputError('BAD_PARAM', `value ${String(i)} of ${JSON.stringify(key)} must be 0 or 1 for the measure error, got ${String(x)}`);
    errors += x;
  }
  // Limits from no calls are 0 and 1, and no rate is expected.
  if (calibrationN === 0) return { key, n, calibrationN, needed: 1, status: 'unbounded', bounds: null, outside: null, expected: null, pValue: null, leastP: null, values: [] };
  const leastP = Math.min(rateP(group, { errors: n, n }, sides), rateP(group, { errors: 0, n }, sides));
  return { key, n, calibrationN, needed: null, bounds: { lower, upper }, status: 'judged', outside: errors, expected: (n * group.errors) / group.n, pValue: rateP(group, { errors, n }, sides), leastP, values: [] };
}

function checkGroup(key: string, values: ArrayLike<number>, group: EnvelopeGroup | undefined, sides: Envelope['sides']): Judged {
  if (group === undefined) return { key, status: 'unknown', n: values.length, outside: null, expected: null, pValue: null, leastP: null, bounds: null, calibrationN: 0, needed: null, values: [] };
  return group.kind === 'rate' ? checkRate(key, values, group, sides) : checkValues(key, values, group, sides);
}

/**
 * Compares values with an envelope, group by group: which are outside, and whether they are more than chance explains.
 *
 * @param envelope - as fitted or read
 * @param samples - pairs of key and values, each key once; not the calibration values themselves
 * @param options - alpha: error of all findings together, in (0, 1); correction: `holm` where left out
 * @returns a check a group; groups without bounds, or that the envelope does not know, are named and not judged
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @remarks Values outside are expected: alpha of the envelope of all, by chance. A finding is a group with so many that
 * their number, which is beta-binomial over calibration and values both (for failures: hypergeometric), is improbable.
 * Guarantee: with `holm`, P(any false finding) <= alpha; with `bh`, expected share of false findings <= alpha. Assumption:
 * calibration and judged values of a group exchangeable; for `bh`, groups independent or positively dependent. O(n log n).
 * @see {@link envelopeCountPValue}, {@link envelopeRatePValue}
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', Array.from({ length: 99 }, (_, i) => i)]], { measure: 'interval', alpha: 0.1 });
 * const check = checkEnvelope(envelope, [['read', [1, 2, 200, 300, 400]], ['exec', [1]]], { alpha: 0.05 });
 * check.groups.map(({ key, status, outside, finding }) => [key, status, outside, finding]); // => [['exec', 'unknown', null, false], ['read', 'judged', 5, true]]
 * ```
 */
export function checkEnvelope(envelope: Envelope, samples: Iterable<readonly [key: string, values: ArrayLike<number>]>, { alpha, correction = 'holm' }: { readonly alpha: number; readonly correction?: EnvelopeCorrection }): EnvelopeCheck {
  insideUnit(alpha, 'alpha');
  if (!Object.hasOwn(CORRECTIONS, correction)) throw new InputError('BAD_PARAM', `correction must be holm, bh or by, got ${correction as string}`);
  const { adjust, promise } = CORRECTIONS[correction];
  const sorted = [...samples].sort(([a], [b]) => byText(a, b));
  const twice = sorted.find(([key], i) => i > 0 && key === sorted[i - 1]?.[0]);
  if (twice !== undefined) throw new InputError('BAD_PARAM', `samples must hold each key once, got ${JSON.stringify(twice[0])} twice`);
  const judged = sorted.map(([key, values]) => checkGroup(key, values, groupOfKey(envelope, key), envelope.sides));
  const tested = judged.filter(({ pValue }) => pValue !== null);
  const adjusted = new Map(adjust(tested.map(({ pValue }) => pValue ?? 1)).map((p, i) => [tested[i]?.key, p]));
  const groups = judged.map((group) => {
    const p = adjusted.get(group.key) ?? null;
    return { ...group, adjusted: p, finding: p !== null && p <= alpha };
  });
  return { alpha, correction, groups, guarantee: `${promise} ${String(alpha)}, over ${tested.length === 1 ? 'the one group' : `the ${String(tested.length)} groups`} judged, if their values are exchangeable with the calibration values` };
}
