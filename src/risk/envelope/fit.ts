import { InputError } from '../../errors.js';
import { sorted } from '../../stats/order.js';
import { insideUnit } from '../../stats/sample.js';
import type { Approver } from '../policy/approval.js';
import { byText } from '../policy/by-text.js';
import { LEAST_SHARE, rateGroup, tallyOf, valueGroup, type EnvelopeLevel } from './bounds.js';
import { ENVELOPE_SCHEMA, type BaselineTraces, type Envelope, type EnvelopeGroup, type EnvelopeSides, type EnvelopeSource } from './envelope.js';
import { methodOf, promiseOf } from './promise.js';
import { provenanceOf } from './provenance.js';

/** How to fit an {@link Envelope}. */
export interface EnvelopeOptions {
  /** What the values are. `error` makes limits of failure rates from values 0 and 1; everything else bounds on values. */
  readonly measure: string;
  /** Share that may be outside, in [1e-9, 1). */
  readonly alpha: number;
  /** Chance that more than alpha is outside, over the draw of calibration values, in [1e-9, 1). Left out: no confidence. */
  readonly delta?: number;
  /** Left out: `two`, so that bursts, too short intervals, are seen as well; for `error` `upper`, more failures. */
  readonly sides?: EnvelopeSides;
  /** Left out: null. */
  readonly unit?: string | null;
  /** Left out: `capability`. */
  readonly by?: string;
  readonly provenance?: {
    readonly sources: readonly EnvelopeSource[];
    readonly baseline?: BaselineTraces;
    readonly approvals?: readonly Approver[];
  };
}

/** Refuses values that JSON cannot hold, and puts the others in order. */
function ordered(key: string, values: ArrayLike<number>): Float64Array {
  const order = sorted(values);
  for (let i = 0; i < order.length; i += 1) {
    const x = order[i] ?? NaN;
    if (!Number.isFinite(x)) throw new InputError('NOT_FINITE', `the values of ${JSON.stringify(key)} must be finite, got ${String(x)}`);
    order[i] = x + 0;
  }
  return order;
}

/** The group of ascending values. */
function groupOf(key: string, order: Float64Array, measure: string, level: EnvelopeLevel): EnvelopeGroup {
  if (measure !== 'error') return valueGroup(key, tallyOf(order), level);
  const other = order.find((x) => x !== 0 && x !== 1);
  if (other !== undefined) throw new InputError('BAD_PARAM', `the values of ${JSON.stringify(key)} must be 0 or 1 for the measure error, got ${String(other)}`);
  return rateGroup(key, order.length, order.reduce((sum, x) => sum + x, 0), level);
}

/**
 * Bounds on what approved behaviour looks like: by capability, actor or any other key, from calibration traces that the
 * baseline was not fitted on.
 *
 * @param samples - pairs of key and values in the measure's unit, finite, any order; a key may come more than once
 * @param options - see {@link EnvelopeOptions}
 * @returns an envelope; a group whose values are too few for a bound has none, and says how many it needs
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE; NOT_DISJOINT where sources share an entry with each other or are the
 * baseline's
 * @remarks Guarantee, group by group: without delta, P(next value outside) <= alpha (split conformal, alpha / 2 a side);
 * with delta, P(more than alpha of the values to come outside) <= delta (order statistics: the share within n + 1 - g gaps
 * is Beta(n + 1 - g, g)); for `error`, Clopper-Pearson limits at 1 - alpha. Assumption: exchangeable values (independent
 * ones with delta, and for `error`), calibration and later ones alike. Two-sided because intervals get short in a burst:
 * an upper bound, or one on |x - mean|, does not see it. O(n log n); what it holds grows with distinct values and entries.
 * @see Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, section 4.5; Wilks (1941), Annals of
 * Mathematical Statistics 12, 91-96; Clopper & Pearson (1934), Biometrika 26, 404-413.
 * @example
 * ```ts
 * const waits = Array.from({ length: 39 }, (_, i) => 10 * (i + 1));
 * const envelope = fitEnvelope([['read', waits], ['exec', [1, 2, 3]]], { measure: 'interval', unit: 'ms', alpha: 0.05 });
 * envelope.groups.map(({ key, lower, upper }) => [key, lower, upper]); // => [['exec', null, null], ['read', 10, 390]]
 * envelope.groups[0].needed; // => 39
 * envelopeContains(envelope, 'read', 5); // => false
 * ```
 */
export function fitEnvelope(samples: Iterable<readonly [key: string, values: ArrayLike<number>]>, options: EnvelopeOptions): Envelope {
  const { measure, unit = null, by = 'capability' } = options;
  const level = levelOf(options);
  const pooled = new Map<string, number[]>();
  for (const [key, values] of samples) pooled.set(key, (pooled.get(key) ?? []).concat(Array.from(values)));
  const groups = [...pooled].sort(([a], [b]) => byText(a, b)).map(([key, values]) => groupOf(key, ordered(key, values), measure, level));
  const method = methodOf(measure, level.delta);
  const provenance = provenanceOf(options.provenance ?? { sources: [] });
  return { schema: ENVELOPE_SCHEMA, measure, unit, by, ...level, method, ...promiseOf(method, level, provenance), groups, provenance };
}

/** Refuses a probability so small that no calibration set would ever do. */
function supported(x: number, name: string): void {
  if (insideUnit(x, name) < LEAST_SHARE) throw new InputError('BAD_PARAM', `${name} must be at least ${String(LEAST_SHARE)}, got ${String(x)}`);
}

function levelOf({ measure, alpha, sides = measure === 'error' ? 'upper' : 'two', ...options }: EnvelopeOptions): EnvelopeLevel {
  const delta = options.delta ?? null;
  supported(alpha, 'alpha');
  if (delta !== null) supported(delta, 'delta');
  if (!['two', 'lower', 'upper'].includes(sides)) throw new InputError('BAD_PARAM', `sides must be two, lower or upper, got ${sides}`);
  if (measure === 'error' && delta !== null) throw new InputError('BAD_PARAM', 'delta does not go with the measure error: its limits hold with confidence 1 - alpha');
  return { sides, alpha, delta };
}
