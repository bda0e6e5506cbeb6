import { readFileSync } from 'node:fs';
import { decodeLedger, parseJson, type Ledger } from '../../../src/index.js';
import { field, isObject } from '../../../tools/golden/input.js';

/** A run of the host's own controller: what went in and the ledger that came out. */
export interface HostCase {
  readonly name: string;
  readonly config: { readonly alpha?: number; readonly window_size?: number; readonly fail_closed?: boolean };
  readonly calls: readonly { readonly ts_ms: number; readonly explanation_elapsed_ms?: number }[];
  readonly telemetry: readonly { readonly features: { readonly base_score: number }; readonly resource_target_class: string; readonly extraction_budget_exceeded: boolean }[];
  readonly ledger: Ledger;
}

interface RawCase {
  readonly name: string;
  readonly input: { readonly config?: HostCase['config']; readonly calls: HostCase['calls'] };
  readonly expected: { readonly telemetry: { readonly entries: HostCase['telemetry'] } | null };
}

function casesOf(file: string): HostCase[] {
  const bytes = readFileSync(new URL(`../../reference/${file}`, import.meta.url));
  const raw = JSON.parse(bytes.toString('utf8')) as { cases: RawCase[] };
  const nodes = field(parseJson(bytes, { maxDepth: 1000, lenientKeys: true }), 'cases');
  return raw.cases.flatMap(({ name, input, expected }, i) => {
    const node = field(field((nodes as readonly never[])[i], 'expected'), 'ledger');
    if (!isObject(node)) return [];
    return [{ name, config: input.config ?? {}, calls: input.calls, telemetry: expected.telemetry?.entries ?? [], ledger: decodeLedger(node) }];
  });
}

/** Every measured run that left a ledger. */
export const HOST_CASES: readonly HostCase[] = [...casesOf('controller.json'), ...casesOf('controller_more.json')];
