import { InputError } from '../../errors.js';
import { sorted } from '../../stats/order.js';
import { insideUnit } from '../../stats/sample.js';
import type { Approver } from '../policy/approval.js';
import { byText } from '../policy/by-text.js';
import { requireDisjoint } from '../policy/trace-source.js';
import { percentText } from '../calibrate/level.js';
import { rateGroup, valueGroup, type EnvelopeLevel } from './bounds.js';
import { ENVELOPE_SCHEMA, type BaselineTraces, type Envelope, type EnvelopeGroup, type EnvelopeSides, type EnvelopeSource } from './envelope.js';

/** How to fit an {@link Envelope}. */
export interface EnvelopeOptions {
  /** What the values are. `error` makes limits of failure rates from values 0 and 1; everything else bounds on values. */
  readonly measure: string;
  /** Share that may be outside, in (0, 1). */
  readonly alpha: number;
  /** Chance that more than alpha is outside, over the draw of calibration values, in (0, 1). Left out: no confidence. */
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
  if (measure !== 'error') return valueGroup(key, order, level);
  const other = order.find((x) => x !== 0 && x !== 1);
  if (other !== undefined) throw new InputError('BAD_PARAM', `the values of ${JSON.stringify(key)} must be 0 or 1 for the measure error, got ${String(other)}`);
  return rateGroup(key, order.length, order.reduce((sum, x) => sum + x, 0), level);
}

const WHERE: Readonly<Record<EnvelopeSides, string>> = { two: 'outside its bounds', lower: 'below its bound', upper: 'above its bound' };

function promiseOf(method: Envelope['method'], { alpha, delta, sides }: EnvelopeLevel): Pick<Envelope, 'guarantee' | 'assumes'> {
  const whole = 'the next calls are made as the calibration calls were: same program, same work, same machine';
  if (method === 'Clopper-Pearson') {
    return {
      guarantee: `with ${percentText(1 - alpha)} confidence the failure rate of a group is within its limits, each group by itself`,
      assumes: ['calls of a group fail independently with one probability; failures that come in bursts make the limits too narrow', whole],
    };
  }
  if (delta === null) {
    return {
      guarantee: `the next value of a group is ${WHERE[sides]} with probability at most ${percentText(alpha)}, over the draw of its calibration values and the next one`,
      assumes: ['the calibration values of a group and the next one are exchangeable; values that hang together (a burst, a retry loop, one session) make more of them fall outside than promised', whole],
    };
  }
  return {
    guarantee: `with ${percentText(1 - delta)} confidence over the draw of its calibration values, at most ${percentText(alpha)} of a group's values to come are ${WHERE[sides]}; each group by itself`,
    assumes: ['the values of a group are independent draws of one law; values that hang together (a burst, a retry loop, one session) make more of them fall outside than promised', whole],
  };
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
  return { schema: ENVELOPE_SCHEMA, measure, unit, by, ...level, method, ...promiseOf(method, level), groups, provenance: provenanceOf(options.provenance) };
}

/** How bounds on a measure are had. */
export function methodOf(measure: string, delta: number | null): Envelope['method'] {
  if (measure === 'error') return 'Clopper-Pearson';
  return delta === null ? 'split conformal' : 'tolerance interval';
}

function levelOf({ measure, alpha, sides = measure === 'error' ? 'upper' : 'two', ...options }: EnvelopeOptions): EnvelopeLevel {
  const delta = options.delta ?? null;
  insideUnit(alpha, 'alpha');
  if (delta !== null) insideUnit(delta, 'delta');
  if (!['two', 'lower', 'upper'].includes(sides)) throw new InputError('BAD_PARAM', `sides must be two, lower or upper, got ${sides}`);
  if (measure === 'error' && delta !== null) throw new InputError('BAD_PARAM', 'delta does not go with the measure error: its limits hold with confidence 1 - alpha');
  return { sides, alpha, delta };
}

/** The provenance in its one order, once its traces are seen to be apart. */
export function provenanceOf({ sources, baseline = { dataHashes: [], compared: 'not at all' }, approvals = [] }: NonNullable<EnvelopeOptions['provenance']> = { sources: [] }): Envelope['provenance'] {
  requireDisjoint(sources, 'calibration traces');
  const shared = sources.find(({ dataHash }) => baseline.dataHashes.includes(dataHash));
  if (shared !== undefined) {
    throw new InputError('NOT_DISJOINT', `calibration traces and those of the baseline must be disjoint, but the baseline was fitted on ${shared.file ?? shared.dataHash.slice(0, 16)} too: it has the same data hash`);
  }
  return {
    sources: [...sources].sort((a, b) => byText(a.dataHash, b.dataHash)),
    baseline: { dataHashes: [...new Set(baseline.dataHashes)].sort(byText), compared: baseline.compared },
    approvals: [...new Map(approvals.map((approval) => [approval.contentHash, approval])).values()].sort((a, b) => byText(a.contentHash, b.contentHash)),
  };
}
