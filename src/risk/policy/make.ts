import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { parseEnvelope } from '../envelope/parse.js';
import { parseApproval } from './approval.js';
import { count, flag, hash, json, list, nullOr, number, oneOf, record, schema, text, type Reader } from './artifact-reader.js';
import { byText } from './by-text.js';
import { canonicalJson } from '../../canonical-json.js';
import { sealed } from './canonical.js';
import { bandsOf, guaranteeOf, provenanceOfPolicy, sourcesInUse } from './derived.js';
import { detectorName, envelopeName, thresholdName } from './part-names.js';
import { requireApprovalsNameTraces, requireApproversAgree } from './approvers.js';
import { requireSealedNode } from './sealed-node.js';
import { parseThreshold } from './parse-threshold.js';
import { POLICY_BANDS, POLICY_SCHEMA, type Policy, type PolicyBand, type PolicyDetector, type PolicyParts, type PolicyPromise, type PolicyProvenance, type PolicySource, type PolicyThreshold, type PolicyTrace, type UnconfirmedApproval } from './policy.js';

const severity = ({ band }: PolicyThreshold): number => POLICY_BANDS.indexOf(band);

function requireOnce(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError('BAD_PARAM', `a policy must hold each part once, got ${twice} twice`);
}

/** Refuses thresholds that are none, and a milder answer from a higher score on. */
function requireBands(thresholds: readonly PolicyThreshold[]): void {
  for (const part of thresholds) {
    if (part.threshold.kind === 'none') throw new InputError('BAD_PARAM', `${thresholdName(part)} must be a threshold, and calibration found none: ${part.threshold.reason ?? ''}`);
  }
  const set = thresholds.flatMap(({ band, threshold: { threshold } }) => (threshold === null ? [] : [{ band, threshold }]));
  for (const [i, { band, threshold }] of set.entries()) {
    const before = set[i - 1];
    if (before !== undefined && before.threshold > threshold) {
      throw new InputError('BAD_PARAM', `thresholds must rise with their answers, got ${before.band} from ${String(before.threshold)} on and ${band} from ${String(threshold)} on`);
    }
  }
}

/**
 * Makes a policy of its parts: bands, promises and provenance follow from them, and a content hash covers all.
 *
 * @param parts - see {@link PolicyParts}; at least one threshold, envelope or detector, each once
 * @returns a policy, its parts in their one order
 * @throws {@link InputError} TOO_FEW, BAD_PARAM
 * @remarks The hash shows whether a policy was changed, not who made it: sign the file for that.
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3]]], { measure: 'latency', alpha: 0.5 });
 * const policy = makePolicy({ name: 'npm', madeBy: 'me', thresholds: [], envelopes: [envelope], detectors: [], approvals: [] });
 * policy.guarantee[0].numbers; // => { alpha: 0.5, delta: null, groups: 1, bounded: 1 }
 * parsePolicy(parseJson(canonicalJson(policy))); // => policy
 * ```
 */
export function makePolicy({ name, madeBy, ...given }: PolicyParts): Policy {
  const parts: Required<PolicyParts> = {
    name,
    madeBy,
    thresholds: [...given.thresholds].sort((a, b) => severity(a) - severity(b)),
    envelopes: [...given.envelopes].sort((a, b) => byText(envelopeName(a), envelopeName(b))),
    detectors: [...given.detectors].sort((a, b) => byText(detectorName(a), detectorName(b))),
    approvals: [...given.approvals].sort((a, b) => byText(a.contentHash, b.contentHash)),
    sources: sourcesInUse({ name, madeBy, ...given }),
  };
  const { thresholds, envelopes, detectors, approvals } = parts;
  if (thresholds.length + envelopes.length + detectors.length === 0) throw new InputError('TOO_FEW', 'a policy must hold at least one threshold, envelope or detector, got none');
  requireOnce([...thresholds.map(thresholdName), ...envelopes.map(envelopeName), ...detectors.map(detectorName), ...approvals.map(({ contentHash }) => `approval ${contentHash}`)]);
  requireBands(thresholds);
  requireApproversAgree(parts);
  requireApprovalsNameTraces(parts);
  return sealed({ schema: POLICY_SCHEMA, ...parts, bands: bandsOf(thresholds), guarantee: guaranteeOf(parts), provenance: provenanceOfPolicy(parts) });
}

const label = nullOr(text);

const policyDetector: Reader<PolicyDetector> = record<PolicyDetector>({
  kind: oneOf(['cusum', 'self-starting', 'e-sr', 'e-cusum', 'glr', 'bocpd', 'host']),
  params: json,
  stream: oneOf(['interval', 'latency', 'score', 'error', 'value']),
  by: oneOf(['actor', 'capability', 'actor,capability', 'none']),
  transform: oneOf(['none', 'ln(1 + x)']),
  streams: list(record<PolicyDetector['streams'][number]>({ actor: label, capability: label })),
  guarantee: nullOr(text),
  assumes: text,
  arl0: nullOr(number),
  baselineN: nullOr(count),
  baselineHash: nullOr(hash),
  doubts: list(text),
});

const numbers = json as unknown as Reader<PolicyPromise['numbers']>;
const bandNumber = nullOr(number);

const POLICY = record<Policy>({
  schema: schema(POLICY_SCHEMA),
  name: text,
  madeBy: text,
  thresholds: list(record<PolicyThreshold>({ band: oneOf<PolicyBand>(POLICY_BANDS), threshold: parseThreshold })),
  envelopes: list(parseEnvelope),
  detectors: list(policyDetector),
  approvals: list(parseApproval),
  sources: list(record<PolicySource>({ file: text, fileHash: hash, dataHashes: list(hash) })),
  bands: record<Policy['bands']>({ harden: bandNumber, prompt: bandNumber, deny: bandNumber, terminate: bandNumber }),
  guarantee: list(record<PolicyPromise>({ part: text, statement: text, holds: oneOf(['exact', 'bound', 'in expectation', 'none']), numbers, assumes: list(text), doubts: list(text) })),
  provenance: record<PolicyProvenance>({
    traces: list(record<PolicyTrace>({ dataHash: hash, file: label, usedFor: list(text), approval: nullOr(hash) })),
    labels: list(record<PolicyProvenance['labels'][number]>({ part: text, source: text, hash: nullOr(hash), circular: flag, forced: flag })),
    splits: list(record<PolicyProvenance['splits'][number]>({ part: text, by: text, share: number, seed: number })),
    approvedBy: list(text),
    unconfirmed: list(record<UnconfirmedApproval>({ approvedBy: text, at: text, contentHash: hash, why: oneOf(['its record is not in the policy', 'its record names no trace that the policy uses']) })),
  }),
  contentHash: hash,
});

/** Refuses figures that do not follow from the parts. */
function requireDerived(policy: Policy, at: string): void {
  const made = makePolicy(policy);
  for (const name of ['thresholds', 'envelopes', 'detectors', 'approvals', 'sources', 'bands', 'guarantee', 'provenance'] as const) {
    if (canonicalJson({ x: made[name] }) !== canonicalJson({ x: policy[name] })) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.${name} must be what follows from the parts of the policy, in their order`);
  }
}

/**
 * Reads a policy, strictly: its hash must be that of its content, every field must be there and none beside, every part
 * must hold together, and what follows from the parts must follow from them.
 *
 * @param node - a parsed policy
 * @throws {@link InputError} CONTENT_HASH where it was changed; UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM,
 * NUMBER_OUT_OF_RANGE, UNSAFE_INTEGER, BAD_PARAM, TOO_FEW, NOT_DISJOINT naming the field
 */
export function parsePolicy(node: JsonNode, at = 'the policy'): Policy {
  requireSealedNode(node, POLICY_SCHEMA, at);
  const policy = POLICY(node, at);
  requireDerived(policy, at);
  return policy;
}
