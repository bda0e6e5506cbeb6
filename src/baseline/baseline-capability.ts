import { InputError } from '../errors.js';
import type { Float } from '../ledger/entry.js';
import type { PiBaseline, PiCapabilityProfile } from './pi-model.js';
import type { ScoreCurve } from './score-curve.js';

/** What the comparison needs of hindcast's own evidence on a capability. */
export interface ComparableCapability {
  readonly capability: string;
  /** Entries whose score is null. */
  readonly nullScores: number;
  /** Quantiles of the finite scores; the one at 0.5 is the median that is compared. */
  readonly quantiles: readonly { readonly p: number; readonly value: Float }[];
  readonly scoreCurve: ScoreCurve;
}

/** A baseline that ledgers can be compared with: hindcast's own, or the host's with `evidence` null. */
export interface ComparableBaseline {
  readonly host: PiBaseline;
  readonly evidence: { readonly capabilities: readonly ComparableCapability[] } | null;
}

/** What a baseline must hold of a capability for it to be compared. */
export interface BaselineCapability {
  readonly capability: string;
  readonly n: number;
  readonly errors: number;
  /** Of the finite scores, by the definition of the evidence; null where there are none or the form keeps none. */
  readonly median: Float;
  /** Null for the host's form, which keeps no scores. */
  readonly scoreCurve: ScoreCurve | null;
}

/**
 * The capabilities of a baseline, once its figures are seen to fit together.
 *
 * @throws {@link InputError} NUMBER_OUT_OF_RANGE, MISSING_FIELD naming the field
 */
export function baselineCapabilities({ host, evidence }: ComparableBaseline): BaselineCapability[] {
  const own = evidence === null ? null : new Map(evidence.capabilities.map((row, i) => [row.capability, { row, at: `evidence.capabilities[${String(i)}]` }]));
  const seen = new Set<string>();
  const capabilities = host.capability_profiles.map((profile, i) => {
    const at = `capability_profiles[${String(i)}]`;
    const { capability, sample_count: n } = profile;
    if (seen.has(capability)) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.capability must be there once, got ${JSON.stringify(capability)} again`);
    seen.add(capability);
    const errors = errorCount(profile, at);
    if (own === null) return { capability, n, errors, median: null, scoreCurve: null };
    const found = own.get(capability);
    if (found === undefined) throw new InputError('MISSING_FIELD', `evidence.capabilities must have the capability ${JSON.stringify(capability)}, as the host's profiles do`);
    return { capability, n, errors, median: medianOf(found.row, found.at), scoreCurve: fittingCurve(found.row, n, found.at) };
  });
  for (const name of own?.keys() ?? []) {
    if (!seen.has(name)) throw new InputError('MISSING_FIELD', `host.capability_profiles must have the capability ${JSON.stringify(name)}, as the evidence does`);
  }
  return capabilities;
}

/** The host keeps a rate and a count, whose product is the number of errors again if the rate is one of that count. */
function errorCount({ error_rate_median: rate, sample_count: n }: PiCapabilityProfile, at: string): number {
  if (n < 1) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.sample_count must be >= 1, got ${String(n)}`);
  const errors = Math.round((rate ?? NaN) * n);
  if (!(errors >= 0 && errors <= n && errors / n === rate)) {
    throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.error_rate_median must be a number of errors divided by sample_count, ${String(n)}, got ${String(rate)}`);
  }
  return errors;
}

function fittingCurve({ scoreCurve, nullScores }: ComparableCapability, n: number, at: string): ScoreCurve {
  if (scoreCurve.n + nullScores === n) return scoreCurve;
  throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.scoreCurve.n and nullScores must add up to sample_count, ${String(n)}, got ${String(scoreCurve.n)} and ${String(nullScores)}`);
}

function medianOf({ quantiles, scoreCurve }: ComparableCapability, at: string): Float {
  const median = quantiles.find(({ p }) => p === 0.5);
  if (median === undefined) throw new InputError('MISSING_FIELD', `${at}.quantiles must have the one of p = 0.5`);
  const inside = median.value === null ? scoreCurve.n === 0 : (scoreCurve.values[0] ?? NaN) <= median.value && median.value <= (scoreCurve.values.at(-1) ?? NaN);
  if (!inside) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.quantiles must have a median within the scores, got ${String(median.value)}`);
  return median.value;
}
