import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLedger, parseJson, recomputeLedger, sealLedger, type LedgerEntry, type RecomputeReport } from '../../src/index.js';
import { HOST_CASES } from '../risk/pi/host-cases.js';
import { alphasOf } from '../../src/replay/alphas.js';

const { entries } = decodeLedger(parseJson(readFileSync(new URL('../../datasets/npm/npm-incident.ledger.json', import.meta.url))));

/** The recorded run with some entries changed and sealed anew. */
function changed(change: (entry: LedgerEntry) => Partial<LedgerEntry>, at: (index: number) => boolean = (i) => i === 100): RecomputeReport {
  return recomputeLedger(sealLedger(entries.map((e, i) => (at(i) ? { ...e, ...change(e) } : e)), { generatedAtMs: 0n }));
}

const fieldsOf = (report: RecomputeReport): string[] => [...new Set(report.mismatches.map((m) => m.field))];

describe('what the host writes the same way whatever it decides', () => {
  it('names an explanation taken out while its level or its budget stayed', () => {
    const stripped = changed(() => ({ explanation_summary: '', top_contributors: [], explanation_level: 'full' }), () => true);
    expect(fieldsOf(stripped).sort()).toEqual(['budget_state.terms_emitted', 'explanation_level', 'explanation_summary', 'top_contributors']);
    expect(stripped.mismatchCount).toBe(4 * entries.length);
    expect(fieldsOf(changed(() => ({ explanation_summary: '', top_contributors: [] })))).toContain('top_contributors');
  });

  it('takes an explanation whose every field is its default as one never written', () => {
    const budget_state = { time_budget_ms: 2n, elapsed_ms: 0n, term_budget: 12n, terms_emitted: 0n, exhausted: false, fallback_mode: false };
    const report = changed(() => ({ explanation_summary: '', top_contributors: [], explanation_level: 'standard', budget_state }), () => true);
    expect(report.mismatches).toEqual([]);
    expect(report.notCheckable['top_contributors']).toEqual({ explanation_absent: entries.length });
  });

  it('names another explanation schema, and goes on to check what stands under it', () => {
    const report = changed(() => ({ explanation_schema: 'x', explanation_summary: 'all is well' }));
    expect(report.first).toMatchObject({ index: 100, field: 'explanation_schema', recorded: 'x', recomputed: 'pi.ext.runtime_risk_explanation.v1' });
    expect(fieldsOf(report)).toContain('explanation_summary');
  });

  it('names a fallback that the host does not know, and an action that no fallback gives', () => {
    expect(changed(() => ({ fallback_reason: 'operator_override' })).first).toMatchObject({ field: 'fallback_reason', recomputed: [null, 'decision_timeout'] });
    expect(fieldsOf(changed(() => ({ fallback_reason: 'decision_timeout', selected_action: 'deny' })))).toContain('selected_action');
  });

  it.each([
    ['term_budget', 13n, '12'],
    ['time_budget_ms', 3n, ['2', '25']],
  ] as const)('names a budget the host does not have: %s', (part, value, recomputed) => {
    const report = changed(({ budget_state }) => ({ budget_state: { ...budget_state, [part]: value } }));
    expect(report.mismatches).toEqual([expect.objectContaining({ index: 100, field: `budget_state.${part}`, basis: 'entry', recorded: String(value), recomputed })]);
  });

  it('takes the newer hosts\' 25 milliseconds as they are', () => {
    expect(changed(({ budget_state }) => ({ budget_state: { ...budget_state, time_budget_ms: 25n } }), () => true).mismatches).toEqual([]);
  });

  it('names a threshold out of the host\'s range, and one that is the reciprocal of no double', () => {
    for (const e_threshold of [1.99, 1.01e6, 0, -5]) expect(changed(() => ({ e_threshold })).first).toMatchObject({ field: 'e_threshold', recomputed: [2, 1e6] });
    const threshold = Array.from({ length: 8 }, (_, i) => 2 * (1 + i * Number.EPSILON)).find((t) => 1 / (1 / t) !== t) ?? NaN;
    expect(changed(() => ({ e_threshold: threshold })).first).toMatchObject({ field: 'e_threshold', recorded: threshold });
  });

  it('accepts the reciprocal of every rate the host can be set to', () => {
    let x = 123456789;
    for (let i = 0; i < 20_000; i += 1) {
      x = (x * 1103515245 + 12345) % 2147483648;
      const alpha = 1e-6 * (0.5 / 1e-6) ** (x / 2147483648);
      expect(alphasOf(1 / alpha)).toContain(alpha);
    }
    expect([alphasOf(2), alphasOf(1e6)].map((a) => a.length > 0)).toEqual([true, true]);
  });

  it.each([
    ['risk_score', { risk_score: null }],
    ['e_process', { e_process: null }],
    ['e_threshold', { e_threshold: null }],
    ['conformal_residual', { conformal_residual: null }],
    ['conformal_quantile', { conformal_quantile: null }],
  ] as const)('names a null where the host writes a number: %s', (field, change) => {
    const found = changed(() => change).mismatches.filter((m) => m.index === 100 && m.field === field);
    expect(found).toHaveLength(1);
  });

  it('names a null within posterior, losses and terms, though the start of the ledger is cut off', () => {
    const nulled = entries.slice(50).map((e, i) => (i !== 20 ? e : {
      ...e, posterior: { ...e.posterior, unsafe: null }, expected_loss: { ...e.expected_loss, deny: null },
      top_contributors: e.top_contributors.map((t) => ({ ...t, magnitude: null })),
    }));
    const report = recomputeLedger({ header: null, entries: nulled });
    const fields = report.mismatches.filter((m) => m.index === 20).map((m) => m.field);
    expect(fields).toEqual(expect.arrayContaining(['posterior.unsafe', 'expected_loss.deny', 'top_contributors.feature_base_score.magnitude']));
    expect(fields).toHaveLength(new Set(fields).size);
  });

  it('has the infinite e-process of a quarantined call in its place', () => {
    const quarantined = HOST_CASES.filter(({ ledger }) => ledger.entries.some((e) => e.e_process === null));
    expect(quarantined.length).toBeGreaterThan(0);
    for (const { ledger } of quarantined) expect(recomputeLedger(ledger).mismatches).toEqual([]);
  });
});
