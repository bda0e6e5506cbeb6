import { InputError } from '../../errors.js';
import { byText } from '../policy/by-text.js';
import { pooledTally, rateGroup, valueGroup } from './bounds.js';
import { COMPARISONS, type BaselineTraces, type Envelope, type EnvelopeGroup } from './envelope.js';
import { promiseOf } from './promise.js';
import { provenanceOf } from './provenance.js';

/** What envelopes must have in common to be merged. */
const SAME = ['measure', 'unit', 'by', 'sides', 'alpha', 'delta'] as const;

function requireSame(first: Envelope, other: Envelope): void {
  const name = SAME.find((each) => first[each] !== other[each]);
  if (name !== undefined) throw new InputError('BAD_PARAM', `envelopes to be merged must have the same ${name}, got ${JSON.stringify(first[name])} and ${JSON.stringify(other[name])}`);
}

function pooled(key: string, groups: readonly EnvelopeGroup[], level: Envelope): EnvelopeGroup {
  const rates = groups.filter((group) => group.kind === 'rate');
  const values = groups.filter((group) => group.kind === 'values');
  if (rates.length > 0) return rateGroup(key, rates.reduce((sum, { n }) => sum + n, 0), rates.reduce((sum, { errors }) => sum + errors, 0), level);
  return valueGroup(key, pooledTally(values), level);
}

/** What was compared with another baseline's traces was compared by data hash alone. */
function baselineOf(baselines: readonly BaselineTraces[]): BaselineTraces {
  const dataHashes = [...new Set(baselines.flatMap((baseline) => baseline.dataHashes))].sort(byText);
  const alike = baselines.every((baseline) => baseline.dataHashes.length === dataHashes.length);
  const weakest = Math.min(...baselines.map(({ compared }) => COMPARISONS.indexOf(compared)), alike ? Infinity : 1);
  return { dataHashes, compared: COMPARISONS[weakest] ?? 'not at all' };
}

/**
 * Pools the calibration values of envelopes of disjoint traces.
 *
 * @param envelopes - at least one; of one measure, unit and key, at one alpha and delta, on the same sides
 * @returns what {@link fitEnvelope} makes of all values together; the same whatever the order and the grouping
 * @throws {@link InputError} TOO_FEW; BAD_PARAM where they differ; NOT_DISJOINT where their traces share an entry, or one's
 * are another's baseline
 * @remarks The guarantee is that of one envelope, which asks that the values of all traces are exchangeable together.
 * O(n log n).
 * @example
 * ```ts
 * const options = { measure: 'latency', alpha: 0.2 };
 * const [a, b] = [[1, 2, 3, 4, 5], [6, 7, 8, 9]].map((values) => fitEnvelope([['read', values]], options));
 * mergeEnvelopes([a, b]); // => fitEnvelope([['read', [1, 2, 3, 4, 5, 6, 7, 8, 9]]], options)
 * ```
 */
export function mergeEnvelopes(envelopes: readonly Envelope[]): Envelope {
  const [first, ...more] = envelopes;
  if (first === undefined) throw new InputError('TOO_FEW', 'mergeEnvelopes needs at least one envelope, got none');
  for (const other of more) requireSame(first, other);
  const keys = [...new Set(envelopes.flatMap(({ groups }) => groups.map(({ key }) => key)))].sort(byText);
  const groups = keys.map((key) => pooled(key, envelopes.flatMap((envelope) => envelope.groups.filter((group) => group.key === key)), first));
  const provenance = provenanceOf({
    sources: envelopes.flatMap((envelope) => envelope.provenance.sources),
    baseline: baselineOf(envelopes.map((envelope) => envelope.provenance.baseline)),
    approvals: envelopes.flatMap((envelope) => envelope.provenance.approvals),
  });
  return { ...first, ...promiseOf(first.method, first, provenance), groups, provenance };
}
