import { readFileSync } from 'node:fs';
import { formatLedger, parseJson, type JsonNode, type Ledger } from '../../src/index.js';
import { field, isObject, ledgerOf, listField } from '../../tools/golden/input.js';

function golden(name: string): JsonNode {
  return parseJson(readFileSync(new URL(`../golden/${name}.json`, import.meta.url)), { maxDepth: 1000, lenientKeys: true });
}

/** Compact text of the small ledgers that every byte is tried on. */
export function smallLedgers(): Map<string, Buffer> {
  const seal = listField(golden('ledger_seal'), 'cases').find((c) => field(c, 'name') === '20 entries');
  const shared = field(golden('baseline'), 'shared');
  const ledgers: [string, JsonNode | undefined][] = [
    ['20 entries', field(seal, 'expected')],
    ['r4', field(shared, 'r4')],
    ['mix', field(shared, 'mix')],
  ];
  return new Map(ledgers.map(([name, node]) => [name, Buffer.from(formatLedger(ledgerOf(node ?? null)))]));
}

/** Every artifact among the golden cases, re-written in the host's compact text. */
export function goldenArtifacts(): Ledger[] {
  const found: Ledger[] = [];
  const visit = (node: JsonNode): void => {
    if (Array.isArray(node)) (node as readonly JsonNode[]).forEach(visit);
    else if (isObject(node)) {
      if (Array.isArray(field(node, 'entries')) && field(node, 'data_hash') !== undefined) found.push(ledgerOf(node));
      else node.fields.forEach((f) => { visit(f.value); });
    }
  };
  for (const name of ['ledger_verify', 'ledger_seal', 'calibrate', 'baseline', 'ledger_replay']) visit(golden(name));
  return found;
}
