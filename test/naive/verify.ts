import { startChain } from '../../src/ledger/chain.js';
import { decodeLedger } from '../../src/ledger/decode.js';
import { dataHashOf } from '../../src/ledger/hash.js';
import { judge } from '../../src/ledger/judge.js';
import { isSpace, type JsonNode, type JsonObject } from '../../src/ledger/lexeme.js';
import { parseJson } from '../../src/ledger/parse-json.js';
import { formatEntry } from '../../src/ledger/print.js';
import { ownEntryText } from '../../src/ledger/own-text.js';
import type { LedgerFault, VerificationReport } from '../../src/ledger/report.js';
import { reportedHeader, reportOf } from '../../src/ledger/verify.js';
import type { Ledger } from '../../src/index.js';

/** Texts of the array's items, by brackets and quotes. */
function itemTexts(text: string): string[] {
  const key = /"entries"\s*:\s*\[/.exec(text);
  if (!key) return [];
  const items: string[] = [];
  let depth = 0;
  let start = -1;
  for (let i = key.index + key[0].length; i < text.length; i += 1) {
    const c = text[i];
    if (c === '"') {
      for (i += 1; text[i] !== '"'; i += 1) if (text[i] === '\\') i += 1;
    } else if (c === '{' || c === '[') {
      if (depth === 0) start = i;
      depth += 1;
    } else if (c === '}' || c === ']') {
      depth -= 1;
      if (depth === 0) items.push(text.slice(start, i + 1));
      if (depth < 0) break;
    } else if (depth === 0 && c !== ',' && !isSpace(text.charCodeAt(i))) break;
  }
  return items;
}

/** Verifies an artifact by parsing all of it and printing every entry: no window, no kernel, no fast road. */
export function verifyNaively(bytes: Uint8Array): { report: VerificationReport; ledger: Ledger } {
  const node = parseJson(bytes);
  const unknownFields = new Map<string, number>();
  const ledger = decodeLedger(node, (path) => {
    const shown = path.replace(/^entries\[\d+\]/, 'entry');
    unknownFields.set(shown, (unknownFields.get(shown) ?? 0) + 1);
  });
  const nodes = (node as JsonObject).fields.find((f) => f.key === 'entries')?.value as readonly JsonNode[];
  const texts = itemTexts(Buffer.from(bytes).toString('utf8'));
  const faults: LedgerFault[] = [];
  const chain = startChain((fault) => faults.push(fault));
  ledger.entries.forEach((entry, i) => {
    const entryNode = nodes[i] ?? null;
    const expected = chain.expected();
    const seal = judge(entry, expected === undefined ? entry.prev_ledger_hash : expected, entryNode);
    const sealed = seal === 'own' ? ownEntryText(entryNode) : formatEntry(entry, seal === 'older' ? 'older' : 'newer');
    chain.add({ ledgerHash: entry.ledger_hash, prevHash: entry.prev_ledger_hash }, seal, seal !== 'none' && texts[i] !== sealed);
  });
  const header = ledger.header && reportedHeader(ledger.header);
  const report = reportOf({ header, chain, computedDataHash: dataHashOf(ledger.entries), faults, faultCount: faults.length, keepFaults: Infinity, unknownFields });
  return { report, ledger };
}
