import { InputError } from '../../errors.js';
import type { Approver } from './approval.js';
import { byText } from './by-text.js';
import { envelopeName, thresholdName } from './part-names.js';
import type { PolicyParts, PolicyProvenance, UnconfirmedApproval } from './policy.js';

/** An approval that a part says it rests on. */
interface Claim {
  readonly part: string;
  readonly approver: Approver;
}

function claimsOf({ thresholds, envelopes }: PolicyParts): Claim[] {
  return [
    ...thresholds.flatMap((part) => (part.threshold.approvals ?? []).map((approver) => ({ part: thresholdName(part), approver }))),
    ...envelopes.flatMap((envelope) => envelope.provenance.approvals.map((approver) => ({ part: envelopeName(envelope), approver }))),
  ];
}

const wordOf = ({ approvedBy, at, reason }: Approver): string => JSON.stringify([approvedBy, at, reason]);
const inWords = ({ approvedBy, at, reason }: Approver): string => `${JSON.stringify(approvedBy)}, ${at}, ${JSON.stringify(reason.slice(0, 80))}`;

/**
 * Refuses parts that say of an approval what its record, or another part, does not.
 *
 * @throws {@link InputError} BAD_PARAM naming the part and both
 */
export function requireApproversAgree(parts: PolicyParts): void {
  const known = new Map<string, { readonly from: string; readonly approver: Approver }>(parts.approvals.map((approval) => [approval.contentHash, { from: 'its record', approver: approval }]));
  for (const { part, approver } of claimsOf(parts)) {
    const other = known.get(approver.contentHash);
    if (other !== undefined && wordOf(other.approver) !== wordOf(approver)) {
      throw new InputError('BAD_PARAM', `${part} says that the approval ${approver.contentHash.slice(0, 16)}... is by ${inWords(approver)}, and ${other.from} says by ${inWords(other.approver)}`);
    }
    if (other === undefined) known.set(approver.contentHash, { from: part, approver });
  }
}

/**
 * Refuses a trace that is said to be approved by a record which does not name it.
 *
 * @throws {@link InputError} BAD_PARAM naming the trace and the approval
 */
export function requireApprovalsNameTraces({ envelopes, approvals }: PolicyParts): void {
  for (const envelope of envelopes) {
    for (const { dataHash, file, approval } of envelope.provenance.sources) {
      const record = approvals.find(({ contentHash }) => contentHash === approval);
      if (record !== undefined && !record.traces.some((trace) => trace.dataHash === dataHash)) {
        throw new InputError('BAD_PARAM', `${envelopeName(envelope)} says that ${file ?? 'a trace'} (${dataHash.slice(0, 16)}...) is approved by ${JSON.stringify(record.approvedBy)}, ${record.at}, whose approval does not name it`);
      }
    }
  }
}

/**
 * Who approved: those whose record is in the policy and names a trace that the policy uses; of the rest, why they do not count.
 *
 * @param used - data hashes of the traces that parts use
 */
export function approversOf(parts: PolicyParts, used: ReadonlySet<string>): Pick<PolicyProvenance, 'approvedBy' | 'unconfirmed'> {
  const counts = parts.approvals.filter(({ traces }) => traces.some(({ dataHash }) => used.has(dataHash)));
  const records = new Set(parts.approvals.map(({ contentHash }) => contentHash));
  const unnamed = parts.approvals.filter((approval) => !counts.includes(approval)).map((approval) => unconfirmed(approval, 'its record names no trace that the policy uses'));
  const missing = claimsOf(parts).filter(({ approver }) => !records.has(approver.contentHash)).map(({ approver }) => unconfirmed(approver, 'its record is not in the policy'));
  const distinct = new Map([...unnamed, ...missing].map((each) => [each.contentHash, each]));
  return {
    approvedBy: [...new Set(counts.map(({ approvedBy }) => approvedBy))].sort(byText),
    unconfirmed: [...distinct.values()].sort((a, b) => byText(a.contentHash, b.contentHash)),
  };
}

function unconfirmed({ approvedBy, at, contentHash }: Approver, why: UnconfirmedApproval['why']): UnconfirmedApproval {
  return { approvedBy, at, contentHash, why };
}
