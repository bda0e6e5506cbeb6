import { InputError } from '../../errors.js';
import type { JsonNode } from '../../ledger/lexeme.js';
import { byText } from './by-text.js';
import { hash, list, record, schema, text } from './artifact-reader.js';
import { sealed } from './canonical.js';
import { requireSealedNode } from './sealed-node.js';
import { traceSource, type TraceSource } from './trace-source.js';

/** Schema text of an {@link Approval}. */
export const APPROVAL_SCHEMA = 'hindcast.approval.v1';

/** Who approved, when, why, and by which record. */
export interface Approver {
  readonly approvedBy: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly reason: string;
  /** Hash of the whole record. */
  readonly contentHash: string;
}

/** A person's word that traces show approved behaviour. Plain JSON; its content hash covers all of it. */
export interface Approval extends Approver {
  readonly schema: typeof APPROVAL_SCHEMA;
  /** Sorted by data hash, each once. */
  readonly traces: readonly TraceSource[];
}

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/;

function filled(value: string, name: string): string {
  if (value.trim() === '') throw new InputError('BAD_PARAM', `${name} must not be empty`);
  return value;
}

function utc(at: string, name: string): string {
  const day = new Date(`${at.slice(0, 10)}T00:00Z`);
  if (ISO_UTC.test(at) && !Number.isNaN(Date.parse(at)) && day.getUTCDate() === Number(at.slice(8, 10))) return at;
  throw new InputError('BAD_PARAM', `${name} must be a time in UTC such as 2026-01-31T12:00:00Z, got ${JSON.stringify(at.slice(0, 60))}`);
}

/**
 * Records that a person approved traces.
 *
 * @param approval - the traces, at least one, each once; who, when (ISO 8601 in UTC) and why, none of them empty
 * @returns the record, its content hash in it
 * @throws {@link InputError} TOO_FEW, BAD_PARAM
 * @remarks The hash shows whether a record was changed, not who made it: whoever can write the file can seal it anew.
 * @example
 * ```ts
 * const ledger = sealLedger([], { generatedAtMs: 0n });
 * const trace = { kind: 'ledger', dataHash: ledger.header.data_hash, entryCount: 0, firstHash: null, lastHash: null, file: 'monday.json' };
 * const approval = approveTraces({ traces: [trace], approvedBy: 'Ada', at: '2026-01-31T12:00:00Z', reason: 'reviewed call by call' });
 * parseApproval(parseJson(canonicalJson(approval))); // => approval
 * ```
 */
export function approveTraces({ traces, approvedBy, at, reason }: Pick<Approval, 'traces' | 'approvedBy' | 'at' | 'reason'>): Approval {
  if (traces.length === 0) throw new InputError('TOO_FEW', 'an approval must name at least one trace, got none');
  const sorted = [...traces].sort((a, b) => byText(a.dataHash, b.dataHash));
  requireOnce(sorted);
  return sealed({ schema: APPROVAL_SCHEMA, traces: sorted, approvedBy: filled(approvedBy, 'approvedBy'), at: utc(at, 'at'), reason: filled(reason, 'reason') });
}

function requireOnce(sorted: readonly TraceSource[]): void {
  const twice = sorted.find(({ dataHash }, i) => dataHash === sorted[i - 1]?.dataHash);
  if (twice !== undefined) throw new InputError('BAD_PARAM', `an approval must name each trace once, got ${twice.file ?? twice.dataHash} twice`);
}

/**
 * Reads an approval and checks its content hash.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM, BAD_PARAM, TOO_FEW naming the field; CONTENT_HASH
 * where it was changed
 */
export function parseApproval(node: JsonNode, at = 'the approval'): Approval {
  requireSealedNode(node, APPROVAL_SCHEMA, at);
  const approval = record<Approval>({ schema: schema(APPROVAL_SCHEMA), traces: list(traceSource), approvedBy: text, at: text, reason: text, contentHash: hash })(node, at);
  // What it says must be what could have been recorded.
  approveTraces(approval);
  return approval;
}

/** The part of an approval that provenance keeps. */
export function approverOf({ approvedBy, at, reason, contentHash }: Approval): Approver {
  return { approvedBy, at, reason, contentHash };
}

/** Reads an {@link Approver}. */
export const approver: (node: JsonNode, at: string) => Approver = record<Approver>({ approvedBy: text, at: text, reason: text, contentHash: hash });

/**
 * The approval that names a trace.
 *
 * @param trace - data hash, and file name for the message
 * @throws {@link InputError} NOT_APPROVED where none does
 * @example
 * ```ts
 * const trace = { kind: 'ledger', dataHash: 'a'.repeat(64), entryCount: 0, firstHash: null, lastHash: null, file: null };
 * const approval = approveTraces({ traces: [trace], approvedBy: 'Ada', at: '2026-01-31T12:00:00Z', reason: 'reviewed' });
 * requireApproved(trace, [approval]).approvedBy; // => 'Ada'
 * ```
 */
export function requireApproved(trace: Pick<TraceSource, 'dataHash' | 'file'>, approvals: readonly Approval[]): Approval {
  const found = approvals.find(({ traces }) => traces.some(({ dataHash }) => dataHash === trace.dataHash));
  if (found !== undefined) return found;
  const named = approvals.flatMap(({ traces }) => traces.map(({ file, dataHash }) => file ?? `${dataHash.slice(0, 16)}...`));
  throw new InputError('NOT_APPROVED', `${trace.file ?? 'the trace'} is not approved: no approval names the data hash ${trace.dataHash}; approved are ${named.slice(0, 5).join(', ')}${named.length > 5 ? ', ...' : ''}`);
}
