import { InputError } from '../errors.js';
import type { JsonNode } from '../ledger/lexeme.js';
import { BASELINE_SCHEMA } from './baseline.js';
import { baselineCapabilities, type ComparableBaseline, type ComparableCapability } from './baseline-capability.js';
import { countOf, floatOf, listOf, memberOf, numberOf, parsePiBaseline, textOf } from './parse-pi-baseline.js';
import { PI_BASELINE_SCHEMA } from './pi-model.js';
import type { ScoreCurve } from './score-curve.js';

/**
 * Reads a baseline to compare ledgers with: hindcast's own form or the host's.
 *
 * @param node - a parsed baseline
 * @returns the host's figures, and what the comparison needs of the evidence; null where the form has none
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, NUMBER_OUT_OF_RANGE, UNSAFE_INTEGER naming
 * the field, also where two fields contradict each other
 * @example
 * ```ts
 * const entries = [...generateEntries({ entries: 50, seed: 1 })].map((g) => g.entry);
 * const ledger = verifiedLedger(sealLedger(entries, { generatedAtMs: 0n }));
 * const baseline = fitBaseline([ledger], { actor: entries[0].extension_id, generatedAtMs: 0n });
 * parseBaseline(parseJson(JSON.stringify(baseline))).host; // => baseline.host
 * ```
 */
export function parseBaseline(node: JsonNode): ComparableBaseline {
  const at = 'the baseline';
  const schema = textOf(memberOf(node, 'schema', at), `${at}'s schema`);
  if (schema === PI_BASELINE_SCHEMA) return fitting({ host: parsePiBaseline(node, at), evidence: null });
  if (schema !== BASELINE_SCHEMA) {
    throw new InputError('UNSUPPORTED_SCHEMA', `${at}'s schema must be ${BASELINE_SCHEMA} or ${PI_BASELINE_SCHEMA}, got ${JSON.stringify(schema.slice(0, 80))}`);
  }
  const evidence = memberOf(node, 'evidence', at);
  const rows = listOf(memberOf(evidence, 'capabilities', 'evidence'), 'evidence.capabilities');
  return fitting({
    host: parsePiBaseline(memberOf(node, 'host', at), 'host'),
    evidence: { capabilities: rows.map((row, i) => capabilityOf(row, `evidence.capabilities[${String(i)}]`)) },
  });
}

/** The baseline, if its figures fit together. */
function fitting(baseline: ComparableBaseline): ComparableBaseline {
  baselineCapabilities(baseline);
  return baseline;
}

function capabilityOf(row: JsonNode, at: string): ComparableCapability {
  return {
    capability: textOf(memberOf(row, 'capability', at), `${at}.capability`),
    nullScores: countOf(memberOf(row, 'nullScores', at), `${at}.nullScores`),
    quantiles: listOf(memberOf(row, 'quantiles', at), `${at}.quantiles`).map((item, i) => {
      const name = `${at}.quantiles[${String(i)}]`;
      return { p: numberOf(memberOf(item, 'p', name), `${name}.p`), value: floatOf(memberOf(item, 'value', name), `${name}.value`) };
    }),
    scoreCurve: curveOf(memberOf(row, 'scoreCurve', at), `${at}.scoreCurve`),
  };
}

function curveOf(node: JsonNode, at: string): ScoreCurve {
  const list = <T>(key: string, item: (value: JsonNode, name: string) => T): T[] =>
    listOf(memberOf(node, key, at), `${at}.${key}`).map((value, i) => item(value, `${at}.${key}[${String(i)}]`));
  const complete = memberOf(node, 'complete', at);
  if (typeof complete !== 'boolean') throw new InputError('WRONG_TYPE', `${at}.complete must be a boolean`);
  const n = countOf(memberOf(node, 'n', at), `${at}.n`);
  const values = list('values', numberOf);
  const counts = list('counts', countOf);
  requireRising(values, `${at}.values`, -Infinity);
  requireRising(counts, `${at}.counts`, 0);
  if (values.length !== counts.length || (counts.at(-1) ?? 0) !== n) {
    throw new InputError('NUMBER_OUT_OF_RANGE', `${at}.counts must have one count for each value and end at n, ${String(n)}`);
  }
  return { n, complete, values, counts };
}

/** @throws {@link InputError} NUMBER_OUT_OF_RANGE unless the first number is above `floor` and each other above the one before */
function requireRising(numbers: readonly number[], at: string, floor: number): void {
  for (const [i, number] of numbers.entries()) {
    const before = i === 0 ? floor : (numbers[i - 1] ?? NaN);
    if (!(number > before)) throw new InputError('NUMBER_OUT_OF_RANGE', `${at}[${String(i)}] must be above ${String(before)}, got ${String(number)}`);
  }
}
