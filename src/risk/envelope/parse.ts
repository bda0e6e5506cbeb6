import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { approver } from '../policy/approval.js';
import { count, hash, list, nullOr, number, oneOf, record, schema, share, text, type Reader } from '../policy/artifact-reader.js';
import { requireMarked, MARKED_SOURCE } from '../policy/trace-source.js';
import { memberOf } from '../../baseline/parse-pi-baseline.js';
import { LEAST_SHARE, MOST_VALUES, rateGroup, valueGroup, type EnvelopeLevel } from './bounds.js';
import { COMPARISONS, ENVELOPE_SCHEMA, type BaselineTraces, type Envelope, type EnvelopeGroup, type EnvelopeSource, type RateGroup, type ValueGroup } from './envelope.js';
import { methodOf, promiseOf } from './promise.js';
import { incomparable, provenanceOf } from './provenance.js';

const VALUE_GROUP = record<ValueGroup>({
  kind: oneOf(['values']), key: text, n: count, lower: nullOr(number), upper: nullOr(number), lowerRank: nullOr(count), upperRank: nullOr(count),
  coverage: number, missed: nullOr(number), needed: nullOr(count), values: list(number), atMost: list(count),
});

const RATE_GROUP = record<RateGroup>({ kind: oneOf(['rate']), key: text, n: count, errors: count, lower: nullOr(number), upper: nullOr(number) });

const group: Reader<EnvelopeGroup> = (node, at) => (memberOf(node, 'kind', at) === 'rate' ? RATE_GROUP : VALUE_GROUP)(node, at);

const source: Reader<EnvelopeSource> = (node, at) => requireMarked(record<EnvelopeSource>({ ...MARKED_SOURCE, approval: nullOr(hash) })(node, at), at);

const supported: Reader<number> = (node, at) => {
  const x = share(node, at);
  if (x < LEAST_SHARE) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must be at least ${String(LEAST_SHARE)}, got ${String(x)}`);
  return x;
};

const ENVELOPE = record<Envelope>({
  schema: schema(ENVELOPE_SCHEMA),
  measure: text,
  unit: nullOr(text),
  by: text,
  sides: oneOf(['two', 'lower', 'upper']),
  alpha: supported,
  delta: nullOr(supported),
  method: oneOf(['split conformal', 'tolerance interval', 'Clopper-Pearson']),
  guarantee: text,
  assumes: list(text),
  groups: list(group),
  provenance: record<Envelope['provenance']>({
    sources: list(source),
    baseline: record<BaselineTraces>({ dataHashes: list(hash), compared: oneOf(COMPARISONS) }),
    approvals: list(approver),
  }),
});

/** Computed figures may differ in their last digits between versions; ranks and bounds may not. */
const SLACK = 1e-9;

function wrong(at: string, what: string): never {
  throw new InputError('NUMBER_OUT_OF_RANGE', `${at} ${what}`);
}

function requireRising(numbers: readonly number[], at: string, floor: number): void {
  const bad = numbers.findIndex((x, i) => !(x > (i === 0 ? floor : (numbers[i - 1] ?? NaN))));
  if (bad >= 0) wrong(`${at}[${String(bad)}]`, `must be above ${bad === 0 ? String(floor) : 'the one before'}, got ${String(numbers[bad])}`);
}

/** The group again, from its calibration values. */
function remade(given: EnvelopeGroup, at: string, level: EnvelopeLevel): EnvelopeGroup {
  if (given.n > MOST_VALUES) wrong(`${at}.n`, `must be at most ${String(MOST_VALUES)}, got ${String(given.n)}`);
  if (given.kind === 'rate') {
    if (given.errors > given.n) wrong(`${at}.errors`, `must be at most n, ${String(given.n)}, got ${String(given.errors)}`);
    return rateGroup(given.key, given.n, given.errors, level);
  }
  requireRising(given.values, `${at}.values`, -Infinity);
  requireRising(given.atMost, `${at}.atMost`, 0);
  if (given.values.length !== given.atMost.length || (given.atMost.at(-1) ?? 0) !== given.n) wrong(`${at}.atMost`, `must have one count for each value and end at n, ${String(given.n)}`);
  return valueGroup(given.key, given, level);
}

const close = (a: unknown, b: unknown): boolean => a === b || (typeof a === 'number' && typeof b === 'number' && Math.abs(a - b) <= SLACK);

/** Refuses a group whose bounds do not follow from its calibration values. */
function requireFollowing(given: EnvelopeGroup, at: string, level: EnvelopeLevel): void {
  const figures = remade(given, at, level);
  const exact = given.kind === 'values' ? ['lower', 'upper', 'lowerRank', 'upperRank', 'needed'] : [];
  for (const [name, value] of Object.entries(figures) as [keyof EnvelopeGroup, unknown][]) {
    if (Array.isArray(value)) continue;
    const found = given[name];
    if (exact.includes(name) ? found !== value : !close(found, value)) wrong(`${at}.${name}`, `must be ${String(value)}, as the calibration values have it, got ${String(found)}`);
  }
}

function requireGroups({ measure, groups, ...level }: Envelope, at: string): void {
  const kind = measure === 'error' ? 'rate' : 'values';
  for (const [i, each] of groups.entries()) {
    const name = `${at}.groups[${String(i)}]`;
    const before = groups[i - 1]?.key;
    if (before !== undefined && !(before < each.key)) wrong(`${name}.key`, `must come after the one before in order of code units, got ${JSON.stringify(each.key.slice(0, 80))}`);
    if (each.kind !== kind) wrong(`${name}.kind`, `must be ${kind} for the measure ${JSON.stringify(measure.slice(0, 80))}`);
    requireFollowing(each, name, level);
  }
}

/** Refuses words that the figures and the provenance do not bear out. */
function requirePromise(envelope: Envelope, at: string): void {
  const { compared } = envelope.provenance.baseline;
  const why = incomparable(envelope.provenance);
  if (why !== null && compared !== 'not at all') wrong(`${at}.provenance.baseline.compared`, `must be "not at all" ${why}, got ${JSON.stringify(compared)}`);
  const { guarantee, assumes } = promiseOf(envelope.method, envelope, envelope.provenance);
  if (envelope.guarantee !== guarantee) wrong(`${at}.guarantee`, `must be ${JSON.stringify(guarantee)}, as follows from the rest, got ${JSON.stringify(envelope.guarantee.slice(0, 200))}`);
  const bad = assumes.findIndex((each, i) => envelope.assumes[i] !== each);
  if (bad >= 0) wrong(`${at}.assumes[${String(bad)}]`, `must be ${JSON.stringify(assumes[bad])}, as follows from the rest`);
  if (envelope.assumes.length !== assumes.length) wrong(`${at}.assumes`, `must have ${String(assumes.length)} sentences, got ${String(envelope.assumes.length)}`);
}

function requireWhole(envelope: Envelope, at: string): void {
  const expected = methodOf(envelope.measure, envelope.delta);
  if (envelope.method !== expected) wrong(`${at}.method`, `must be ${expected} for this measure and delta, got ${envelope.method}`);
  requireGroups(envelope, at);
  requirePromise(envelope, at);
  const { sources, approvals } = provenanceOf(envelope.provenance);
  const stray = sources.find(({ approval }) => approval !== null && approvals.every(({ contentHash }) => contentHash !== approval));
  if (stray !== undefined) wrong(`${at}.provenance.sources`, `must name approvals that are there, got ${String(stray.approval)}`);
}

/**
 * Reads an envelope, strictly: every field must be there and none beside, every bound must follow from the calibration
 * values that stand beside it, and the promise and what it assumes from the rest.
 *
 * @param node - a parsed envelope
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM, NUMBER_OUT_OF_RANGE, UNSAFE_INTEGER naming the
 * field; NOT_DISJOINT
 * @remarks O(n).
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3]]], { measure: 'latency', alpha: 0.5 });
 * parseEnvelope(parseJson(canonicalJson(envelope))); // => envelope
 * ```
 */
export function parseEnvelope(node: JsonNode, at = 'the envelope'): Envelope {
  const envelope = ENVELOPE(node, at);
  requireWhole(envelope, at);
  return envelope;
}
