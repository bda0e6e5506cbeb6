import { InputError } from '../errors.js';
import { decodeLedger } from './decode.js';
import type { Ledger } from './entry.js';
import { readHostNumber } from './host-number.js';
import type { JsonNode } from './lexeme.js';
import { parseJson } from './parse-json.js';
import { piVerify } from './pi-verification.js';

/** What the host's own command-line reader finds in a ledger file. */
export interface HostDiagnosis {
  /** Whether it can read the file at all. */
  readonly parses: boolean;
  /** Why not; null where it can. */
  readonly reason: string | null;
  readonly entries: number;
  /** Entries whose hash it would call wrong. */
  readonly hashMismatches: number;
  /** Whether it would call the ledger valid. */
  readonly valid: boolean;
}

/** Deepest nesting the host's reader accepts. */
const HOST_DEPTH = 127;

/** Puts in place of every number text the text of the double that the host reads from it. Integers stay. */
function misread(node: JsonNode): JsonNode {
  if (Array.isArray(node)) return (node as readonly JsonNode[]).map(misread);
  if (node === null || typeof node !== 'object' || !('kind' in node)) return node;
  if (node.kind === 'object') return { kind: 'object', fields: node.fields.map((f) => ({ ...f, value: misread(f.value) })) };
  if (/^-?[0-9]+$/.test(node.text)) return node;
  const value = readHostNumber(node.text);
  if (value === null) throw new InputError('NUMBER_OUT_OF_RANGE', `the host refuses the number ${node.text}`);
  return { kind: 'number', text: Object.is(value, -0) ? '-0.0' : String(value) };
}

/** The host refuses null where a number belongs. */
function refuseForHost(ledger: Ledger): void {
  for (const [i, entry] of ledger.entries.entries()) {
    const numbers = [entry.risk_score, entry.e_process, entry.e_threshold, entry.conformal_residual, entry.conformal_quantile,
      ...Object.values(entry.posterior) as (number | null)[], ...Object.values(entry.expected_loss) as (number | null)[],
      ...entry.top_contributors.flatMap((c) => [c.signed_impact, c.magnitude])];
    if (numbers.includes(null)) throw new InputError('WRONG_TYPE', `entries[${String(i)}] holds null where the host wants a number`);
  }
}

function readAsHost(text: Uint8Array | string): Ledger {
  const node = parseJson(text, { maxDepth: HOST_DEPTH, lenientKeys: true });
  const ledger = decodeLedger(misread(node));
  refuseForHost(ledger);
  return ledger;
}

/**
 * What the host's own command-line reader would find in a ledger artifact. It rounds 17-digit numbers wrongly and so
 * rejects most of its own files; this tells such a rejection from tampering.
 *
 * @param text - the whole artifact
 * @returns the host's finding, with its newer number spelling
 * @remarks Holds the file in memory.
 */
export function diagnoseHost(text: Uint8Array | string): HostDiagnosis {
  let ledger: Ledger;
  try {
    ledger = readAsHost(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { parses: false, reason: error.message, entries: 0, hashMismatches: 0, valid: false };
  }
  const { valid, errors } = piVerify(ledger);
  const hashMismatches = errors.filter(({ code }) => code === 'hash_mismatch').length;
  return { parses: true, reason: null, entries: ledger.entries.length, hashMismatches, valid };
}
