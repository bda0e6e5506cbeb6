import { textAt, type TraceChunk } from '../../trace/chunk.js';
import { hostWordOf } from '../../trace/import/meanings.js';
import { TRACE_CAPABILITIES } from '../../trace/words.js';

/** Capabilities whose word does not say what they do. */
const OPAQUE: ReadonlySet<string> = new Set(['tool.call', 'tool.mcp', 'unknown']);

/** Whether a capability's word leaves open what its calls do: then the host's own word tells. */
export function isOpaque(capability: string): boolean {
  return OPAQUE.has(capability);
}

/** The host's own word for what a row does, by the first column that has one; null where none has. */
export function nativeNameAt(chunk: TraceChunk, row: number): string | null {
  return textAt(chunk, 'native_capability', row) ?? textAt(chunk, 'tool', row) ?? textAt(chunk, 'method', row);
}

const LEDGER_WORDS: ReadonlyMap<string, string> = new Map(TRACE_CAPABILITIES.flatMap((word) => {
  const own = hostWordOf(word);
  return own === null ? [] : [[word, own] as const];
}));

/**
 * The name by which calls of a capability are grouped beside those of a ledger: the ledger's word where it has one for it (`exec` for
 * process.exec, `read` for fs.read, `http` for net.http), else the table's.
 *
 * @param capability - a word of {@link TRACE_CAPABILITIES}
 */
export function ledgerName(capability: string): string {
  return LEDGER_WORDS.get(capability) ?? capability;
}

/**
 * The capability of a row by the name that statistics group it under, the same in baselines, envelopes, detection and segmentation,
 * and the same as in the ledger that the trace was made of: {@link ledgerName}; where the capability's word says nothing of the
 * effect (tool.call, tool.mcp, unknown), the host's own word, the tool or the method.
 *
 * @param capability - the row's
 */
export function groupNameAt(chunk: TraceChunk, row: number, capability: string): string {
  return (isOpaque(capability) ? nativeNameAt(chunk, row) : null) ?? ledgerName(capability);
}
