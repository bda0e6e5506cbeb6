import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { THRESHOLD_SCHEMA, type CalibratedThreshold, type ClassCounts, type Guarantee, type LabelProvenance, type PerRate } from '../calibrate/calibrated-threshold.js';
import { approver, type Approver } from './approval.js';
import { count, flag, hash, json, list, nullOr, number, oneOf, record, schema, share, text, type Reader } from './artifact-reader.js';
import { alternative, confirmation, rates, requireEvidence } from './threshold-evidence.js';
import { requirePromise } from './threshold-promise.js';

/** A calibrated threshold as a file holds it: with approvals where it was restricted to approved traces. */
export interface ApprovedThreshold extends CalibratedThreshold {
  readonly approvals?: readonly Approver[];
}

const perRate = record<PerRate>({ miss: nullOr(share), falseAlarm: nullOr(share) });
const perRateCount = record<PerRate>({ miss: nullOr(count), falseAlarm: nullOr(count) });
const classes = record<ClassCounts>({ safe: count, unsafe: count });

/** A chance of being labelled: above 0, perhaps 1. */
const leastChance: Reader<number> = (node, at) => {
  const x = number(node, at);
  if (!(x > 0 && x <= 1)) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must be in (0, 1], got ${String(x)}`);
  return x;
};

/** What neither the promise nor its figures rest on is kept as it is. */
const kept = <T>(): Reader<T> => json as unknown as Reader<T>;

const THRESHOLD = record<ApprovedThreshold>({
  schema: schema(THRESHOLD_SCHEMA),
  method: oneOf(['np', 'ltt', 'crc', 'cost', 'host']),
  kind: oneOf(['threshold', 'flag nothing', 'none']),
  threshold: nullOr(number),
  reason: nullOr(text),
  neededN: perRateCount,
  guarantee: record<Guarantee>({
    statement: text, alpha: perRate, delta: nullOr(share), attainedDelta: nullOr(number),
    holds: oneOf(['exact', 'bound', 'in expectation', 'none']), assumes: list(text), doubts: list(text),
  }),
  n: record<CalibratedThreshold['n']>({ labelled: classes, used: classes, unscored: classes, sessions: nullOr(classes) }),
  observed: nullOr(rates),
  confirmed: nullOr(confirmation),
  bootstrap: kept(),
  split: record<CalibratedThreshold['split']>({ by: oneOf(['time', 'session', 'none']), share: number, seed: number }),
  labels: record<LabelProvenance>({ source: text, bySource: kept(), circular: flag, forced: flag, hash: nullOr(hash), leastProbability: nullOr(leastChance), matching: kept() }),
  sourceDataHashes: list(hash),
  alternatives: list(alternative),
  approvals: list(approver),
}, { approvals: true });

/** What must hold between the fields of a threshold, each with the field that is wrong where it does not. */
const RULES: readonly { readonly field: string; readonly holds: (threshold: CalibratedThreshold) => boolean; readonly says: string }[] = [
  { field: 'threshold', holds: ({ kind, threshold }) => (threshold !== null) === (kind === 'threshold'), says: 'must be a number where kind is threshold, and null elsewhere' },
  { field: 'reason', holds: ({ kind, reason }) => (reason !== null) === (kind === 'none'), says: 'must say why where there is no threshold, and be null elsewhere' },
  { field: 'guarantee.holds', holds: ({ labels, guarantee }) => !labels.circular || guarantee.holds === 'none', says: "must be none where labels are the controller's own" },
  { field: 'guarantee.delta', holds: ({ method, guarantee }) => (guarantee.delta !== null) === (method === 'np' || method === 'ltt'), says: 'must be a number for the methods np and ltt, and null for others' },
  { field: 'guarantee.attainedDelta', holds: ({ guarantee: { delta, attainedDelta } }) => attainedDelta === null || delta === null || attainedDelta <= delta * (1 + 1e-9), says: 'must be at most delta' },
];

/** Refuses a threshold whose parts contradict each other. */
function requireCoherent(threshold: CalibratedThreshold, at: string): void {
  const broken = RULES.find(({ holds }) => !holds(threshold));
  if (broken !== undefined) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.${broken.field} ${broken.says}`);
  requireEvidence(threshold, at);
  requirePromise(threshold, at);
}

/**
 * Reads a calibrated threshold, strictly: every field must be there and none beside but `approvals`.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM, NUMBER_OUT_OF_RANGE naming the field, also where
 * two fields contradict each other
 * @remarks The promise's words, its chance of failure and all limits are derived anew from the counts and compared. That the
 * counts are those of the data, and the threshold the one chosen on them, cannot be seen from the file.
 */
export function parseThreshold(node: JsonNode, at = 'the threshold'): ApprovedThreshold {
  const threshold = THRESHOLD(node, at);
  requireCoherent(threshold, at);
  return threshold;
}
