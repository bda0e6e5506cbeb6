import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeLedger, parseJson, recomputation, recomputeLedger, resume, scan, scanByKey, sealLedger, start, startRecompute,
  type Ledger, type LedgerEntry, type RecomputeState, type UnsealedEntry,
} from '../../src/index.js';
import { HOST_CASES } from '../risk/pi/host-cases.js';

type Entry = { -readonly [K in keyof UnsealedEntry]: UnsealedEntry[K] };

const recorded = (name: string): Ledger => decodeLedger(parseJson(readFileSync(new URL(`../../datasets/npm/npm-${name}.ledger.json`, import.meta.url))));
const caseNamed = (name: string): Ledger => {
  const found = HOST_CASES.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found.ledger;
};
const resealed = (entries: readonly UnsealedEntry[]): Ledger => sealLedger(entries, { generatedAtMs: 0n });
/** One entry changed, and every one from it on sealed again. */
const resealedFrom = ({ header, entries }: Ledger, index: number, entry: UnsealedEntry): Ledger => {
  const tail = sealLedger([entry, ...entries.slice(index + 1)], { generatedAtMs: 0n, prevHash: entries[index - 1]?.ledger_hash ?? null });
  return { header, entries: [...entries.slice(0, index), ...tail.entries] };
};
const nudged = (x: number | null): number => (x ?? 0) * (1 + 1e-9) + 1e-300;

/** Changes one field of an entry, so that its value is no longer what the host would have written. */
function changed(entry: UnsealedEntry, field: string): UnsealedEntry {
  const e: Entry = structuredClone(entry);
  const [head = '', ...rest] = field.split('.');
  if (head === 'top_contributors') {
    const [code, part] = rest;
    e.top_contributors =
      code === undefined ? entry.top_contributors.slice(1) : entry.top_contributors.map((t) => (t.code === code ? { ...t, [part ?? '']: nudged(t[part as 'magnitude']) } : t));
  } else if (head === 'triggers') e.triggers = entry.triggers.includes('e_process_breach') ? [] : ['e_process_breach', ...entry.triggers];
  else if (field === 'selected_action') e.selected_action = entry.selected_action === 'deny' ? 'terminate' : 'deny';
  else if (field === 'derived_state') e.derived_state = entry.derived_state === 'unsafe' ? 'safe_fast' : 'unsafe';
  else if (field === 'drift_detected') e.drift_detected = !entry.drift_detected;
  else if (field === 'explanation_level') e.explanation_level = entry.explanation_level === 'full' ? 'standard' : 'full';
  else if (field === 'explanation_summary') e.explanation_summary = `${entry.explanation_summary} `;
  else if (field === 'fallback_reason') e.fallback_reason = 'operator_override';
  else if (field === 'explanation_schema') e.explanation_schema = 'other';
  else if (field === 'e_threshold') e.e_threshold = 1.5;
  else if (head === 'budget_state') {
    const part = rest[0] as 'exhausted' | 'terms_emitted';
    const value = entry.budget_state[part];
    e.budget_state = { ...entry.budget_state, [part]: typeof value === 'boolean' ? !value : value + 1n };
  } else if (rest[0] !== undefined) (e as unknown as Record<string, unknown>)[head] = { ...(entry[head as 'posterior'] as object), [rest[0]]: nudged((entry[head as 'posterior'] as unknown as Record<string, number>)[rest[0]] ?? 0) };
  else (e as unknown as Record<string, unknown>)[head] = nudged(entry[head as 'risk_score']);
  return e;
}

/** Which fields of which entries are compared. */
function comparedFields(ledger: Ledger, windowSize: number): string[][] {
  const detector = recomputation({ windowSize, fromStart: true });
  const states = new Map<string, RecomputeState>();
  return ledger.entries.map((entry) => {
    const { state, out } = detector.step(states.get(entry.extension_id) ?? detector.init(), entry);
    states.set(entry.extension_id, state);
    return [...out.checked];
  });
}

describe('recomputeLedger on what the host wrote', () => {
  it.each(['approved', 'routine', 'incident'])('finds nothing in the recorded %s runs, whole or cut anywhere at the front', (name) => {
    const ledger = recorded(name);
    const report = recomputeLedger(ledger);
    expect([report.mismatches, report.windowSource, report.startsMidChain]).toEqual([[], 'default', false]);
    expect(report.checked['posterior.unsafe']).toBe(ledger.entries.length);
    for (const cut of [1, 2, 77, 150, 240]) {
      const tail = recomputeLedger({ header: null, entries: ledger.entries.slice(cut) });
      expect([tail.mismatches, tail.startsMidChain]).toEqual([[], true]);
      expect(tail.notCheckable['posterior.unsafe']).toEqual({ history_unknown: ledger.entries.length - cut });
    }
  });

  it.each(HOST_CASES.map((c) => [c.name, c] as const))('finds nothing in: %s', (_name, { ledger, config }) => {
    const windowSize = config.window_size ?? 128;
    expect(recomputeLedger(ledger, { windowSize }).mismatches).toEqual([]);
    expect(recomputeLedger(ledger).mismatches).toEqual([]);
    for (let cut = 1; cut < ledger.entries.length; cut += 1) {
      expect(recomputeLedger({ header: null, entries: ledger.entries.slice(cut) }, { windowSize }).mismatches).toEqual([]);
    }
  });

  it('finds the window of eight scores in the ledger itself, and says that it did', () => {
    const report = recomputeLedger(caseNamed('window 8, scores shift (drift)'));
    expect([report.windowSize, report.windowSource, report.mismatchCount]).toEqual([8, 'inferred', 0]);
  });

  it('marks what a wrong window leaves as resting on the window', () => {
    const report = recomputeLedger(caseNamed('window 8, scores shift (drift)'), { windowSize: 128 });
    expect(report.mismatchCount).toBeGreaterThan(0);
    expect([...new Set(report.mismatches.filter((m) => m.field !== 'triggers').map((m) => m.basis))]).toEqual(['window']);
  });
});

describe('recomputeLedger on a changed and re-sealed ledger', () => {
  const names = ['mixed three extensions', 'exec burst enforced to quarantine', 'window 8, scores shift (drift)', 'timeouts and budgets', 'many triggers exhaust the term budget'];

  it.each(names)('names every changed field of every entry of: %s', (name) => {
    const ledger = caseNamed(name);
    const windowSize = name.startsWith('window 8') ? 8 : 128;
    comparedFields(ledger, windowSize).forEach((fields, index) => {
      for (const field of fields) {
        const entry = ledger.entries[index];
        const { mismatches, first } = recomputeLedger(resealedFrom(ledger, index, changed(entry as LedgerEntry, field)), { windowSize });
        expect(mismatches.filter((m) => m.index === index).map((m) => m.field)).toContain(field);
        expect(first?.index).toBe(index);
      }
    });
  });

  it('does not report a changed score again at later entries', () => {
    const ledger = recorded('incident');
    const entries = ledger.entries.map((e, i) => (i === 40 ? { ...e, risk_score: (e.risk_score ?? 0) + 0.125 } : e));
    expect([...new Set(recomputeLedger(resealed(entries)).mismatches.map((m) => m.index))]).toEqual([40]);
  });

  it('names a base score that no arguments could have given', () => {
    const ledger = recorded('incident');
    const entries = ledger.entries.map((e, i) => (i === 7 ? { ...e, top_contributors: e.top_contributors.map((t) => (t.code === 'feature_base_score' ? { ...t, signed_impact: 0.49, magnitude: 0.49 } : t)) } : e));
    const fields = recomputeLedger(resealed(entries)).mismatches.filter((m) => m.index === 7).map((m) => m.field);
    expect(fields).toContain('top_contributors.feature_base_score.signed_impact');
  });

  it('names a forgotten error code by the residual it left', () => {
    const ledger = caseNamed('errors everywhere');
    const index = ledger.entries.findIndex((e) => e.outcome_error_code !== null);
    const entries = ledger.entries.map((e, i) => (i === index ? { ...e, outcome_error_code: null } : e));
    expect(recomputeLedger(resealed(entries)).first).toMatchObject({ index, field: 'conformal_residual', basis: 'entry' });
  });
});

describe('recomputation, one actor at a time', () => {
  const entries = recorded('incident').entries;
  const detector = recomputation({ windowSize: 16, fromStart: true });

  it('gives the same through JSON at any cut and leaves the state it was given alone', () => {
    let [straight, through] = [detector.init(), detector.init()];
    for (const entry of entries) {
      const before = JSON.stringify(straight);
      const a = detector.step(straight, entry);
      expect(JSON.stringify(straight)).toBe(before);
      const b = detector.step(JSON.parse(JSON.stringify(through)) as RecomputeState, entry);
      expect(b.out).toEqual(a.out);
      expect(JSON.stringify(b.state)).toBe(JSON.stringify(a.state));
      [straight, through] = [a.state, b.state];
    }
  });

  it('keeps its state bounded', () => {
    let state = detector.init();
    for (let round = 0; round < 4; round += 1) for (const entry of entries) state = detector.step(state, entry).state;
    expect([state.pi.scores.length, state.pi.residuals.length, state.pi.sortedResiduals.length, state.pi.errors.length, state.pi.outcomeMs.length]).toEqual([16, 16, 16, 64, 8]);
  });

  it('counts every mismatch and keeps as many as asked', () => {
    const told: string[] = [];
    const recompute = startRecompute({ windowSize: 8, keepMismatches: 2, onMismatch: (m) => told.push(m.field) });
    const found = entries.reduce((sum, entry) => sum + recompute.add(entry), 0);
    const report = recompute.report();
    expect(report.mismatches.length).toBe(2);
    expect([report.mismatchCount, told.length]).toEqual([found, found]);
    expect(report.first).toEqual(report.mismatches[0]);
  });

  it('folds over several actors as over each alone', () => {
    const many = caseNamed('mixed three extensions').entries;
    const together = [...scanByKey(detector, (e: LedgerEntry) => e.extension_id, many)].map(({ out }) => out);
    for (const actor of new Set(many.map((e) => e.extension_id))) {
      const own = many.filter((e) => e.extension_id === actor);
      expect([...scan(detector, own)].map(({ out }) => out)).toEqual(together.filter((_, i) => many[i]?.extension_id === actor));
    }
  });

  it('refuses a snapshot of other settings', () => {
    const other = recomputation({ windowSize: 17, fromStart: true });
    expect(() => resume(other, start(detector))).toThrow('snapshot of pi-recomputation v1 {"fromStart":true,"windowSize":16}');
  });

  it('refuses a window the host could not have', () => {
    expect(() => startRecompute({ windowSize: 7 })).toThrow('windowSize must be an integer in [8, 4096], got 7');
  });
});
