import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeLedger, generateEntries, parseJson, random, recomputeLedger, sealLedger, startRecompute, type Ledger, type LedgerEntry, type RecomputeReport } from '../../src/index.js';
import { windowSieve } from '../../src/replay/window-sieve.js';

const made = (seed: number, entries: number, windowSize: number, alpha = 0.05): Ledger =>
  sealLedger([...generateEntries({ entries, seed, attackRate: 0.01, controller: { windowSize, alpha } })].map((g) => g.entry), { generatedAtMs: 0n });
const cutAt = (ledger: Ledger, from: number): Ledger => ({ header: null, entries: ledger.entries.slice(from) });
const changedAt = (ledger: Ledger, index: number, change: (e: LedgerEntry) => Partial<LedgerEntry>): Ledger =>
  sealLedger(ledger.entries.map((e, i) => (i === index ? { ...e, ...change(e) } : e)), { generatedAtMs: 0n, prevHash: ledger.entries[0]?.prev_ledger_hash ?? null });

function streamed({ entries }: Ledger): RecomputeReport {
  const recompute = startRecompute();
  for (const entry of entries) recompute.add(entry);
  return recompute.report();
}

function leftBy({ entries }: Ledger): ReturnType<ReturnType<typeof windowSieve>['evidence']> {
  const sieve = windowSieve();
  entries.forEach(sieve.add);
  return sieve.evidence();
}

describe('a window of scores that no ledger holds', () => {
  const rng = random(20260101);
  const cases = [8, 9, 16, 31, 63, 64, 65, 128, 200, 500].map((windowSize) => ({ windowSize, seed: rng.integer(1000), cut: 1 + rng.integer(500) }));

  it.each(cases)('never makes a mismatch of what a host with another window wrote: %j', ({ windowSize, seed, cut }) => {
    const ledger = made(seed, 720, windowSize);
    for (const part of [ledger, cutAt(ledger, cut), cutAt(ledger, 719)]) {
      for (const report of [recomputeLedger(part), recomputeLedger(part, { windowSize }), streamed(part)]) expect(report.mismatches).toEqual([]);
      const { allExcluded, sizes } = leftBy(part);
      expect([allExcluded, sizes.includes(windowSize)]).toEqual([false, true]);
    }
  });

  it.each([[1, 16, 0], [2, 40, 0], [3, 24, 120]])('is sieved as trying every length would: seed %i, length %i, cut at %i', (seed, windowSize, cut) => {
    const part = cutAt(made(seed, 260, windowSize), cut);
    const left = new Set(leftBy(part).sizes);
    for (const size of [8, 9, 10, 12, 15, 16, 17, 20, 23, 24, 25, 30, 39, 40, 41, 50, 63, 64, 65, 80, 128, 300, 4096]) {
      const { mismatches, windowMismatchCount } = recomputeLedger(part, { windowSize: size });
      expect(mismatches.filter((m) => m.basis !== 'window')).toEqual([]);
      expect([size, left.has(size)]).toEqual([size, windowMismatchCount === 0]);
    }
  });

  it('is found by the sieve where the ledger shows it, whole or cut', () => {
    const ledger = made(4, 1500, 24);
    expect(leftBy(ledger).sizes).toEqual([24]);
    for (const part of [ledger, cutAt(ledger, 300)]) {
      const { windowSize, windowSource, checked, notCheckable } = recomputeLedger(part);
      expect([windowSize, windowSource]).toEqual([24, 'inferred']);
      expect(checked['conformal_quantile']).toBeGreaterThan(500);
      expect(JSON.stringify(notCheckable)).not.toContain('window_unknown');
    }
  });

  it('leaves unchecked, streaming, only what rests on it', () => {
    const ledger = made(4, 600, 128);
    const { windowSize, windowSource, checked, notCheckable } = streamed(ledger);
    expect([windowSize, windowSource]).toEqual([null, 'unknown']);
    expect([checked['posterior.unsafe'], checked['e_process']]).toEqual([600, 600]);
    const open = Object.entries(notCheckable).filter(([, reasons]) => reasons.window_unknown !== undefined).map(([field]) => field);
    expect(open.filter((f) => !f.startsWith('triggers.'))).toEqual(['conformal_quantile', 'drift_detected', 'top_contributors.feature_recent_error_rate.signed_impact', 'top_contributors.feature_recent_mean_score.signed_impact']);
    expect(checked['conformal_quantile']).toBeGreaterThan(0);
  });

  it.each([16, 128])('does not hide a change that no window of scores explains: %i', (windowSize) => {
    const ledger = made(11, 1200, windowSize);
    const counts = new Map<string, number>();
    const past = ledger.entries.map(({ extension_id: id }) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      return counts.get(id) ?? 0;
    });
    const nudged = (index: number): Ledger => changedAt(ledger, index, (e) => ({ conformal_quantile: (e.conformal_quantile ?? 0) * (1 + 1e-12) }));
    for (const index of past.flatMap((n, i) => (n > windowSize + 10 ? [i] : [])).filter((_, i) => i % 240 === 0)) {
      const report = recomputeLedger(nudged(index));
      expect([report.windowSize, report.mismatches.map((m) => [m.index, m.field])]).toEqual([windowSize, [[index, 'conformal_quantile']]]);
    }
  });

  it('leaves unchecked what a longer past than the ledger holds may explain, says so, and takes the length from the caller', () => {
    const ledger = cutAt(made(11, 1200, 16), 200);
    const changed = changedAt(ledger, 700, (e) => ({ conformal_quantile: (e.conformal_quantile ?? 0) * (1 + 1e-12) }));
    const report = recomputeLedger(changed);
    expect([report.mismatchCount, report.windowSource]).toEqual([0, 'unknown']);
    expect(report.observations[0]).toMatch(/^with a score window of 128, the host's default, \d+ values would differ that another length may explain$/);
    const given = recomputeLedger(changed, { windowSize: 16 });
    expect(given.mismatches).toEqual([expect.objectContaining({ index: 700, field: 'conformal_quantile', basis: 'window' })]);
  });

  it('is not asked where a decision differs whatever it was', () => {
    for (const windowSize of [16, 128]) {
      const ledger = cutAt(made(11, 1200, windowSize), 200);
      const score = changedAt(ledger, 700, (e) => ({ risk_score: (e.risk_score ?? 0) * (1 - 1e-9) }));
      expect(recomputeLedger(score).first).toMatchObject({ index: 700, field: 'risk_score', basis: 'actor' });
      expect(streamed(score).first).toMatchObject({ index: 700, field: 'risk_score', basis: 'actor' });
    }
  });

  it('tells of every mismatch once, of the run that is reported', () => {
    const ledger = changedAt(made(11, 1200, 16), 700, () => ({ derived_state: 'unsafe' }));
    const told: string[] = [];
    const report = recomputeLedger(ledger, { keepMismatches: 0, onMismatch: (m) => told.push(`${String(m.index)} ${m.field}`) });
    expect([told, report.mismatchCount, report.entryMismatchCount]).toEqual([['700 derived_state'], 1, 1]);
  });

  it('stays affordable where all scores are alike, so that nothing tells lengths apart', () => {
    const { entries: [first] } = decodeLedger(parseJson(readFileSync(new URL('../../datasets/npm/npm-incident.ledger.json', import.meta.url))));
    if (first === undefined) throw new Error('the recorded run is empty');
    const terms = first.top_contributors.map((t) => (t.code === 'feature_recent_mean_score' ? { ...t, signed_impact: 0.3 * 0.25 } : t));
    const sieve = windowSieve();
    for (let i = 0; i < 1500; i += 1) sieve.add({ ...first, prev_ledger_hash: 'x', risk_score: 0.25, top_contributors: terms });
    expect(sieve.evidence().allExcluded).toBe(false);
  });
});

describe('what a report takes for granted and what it observes', () => {
  const { entries } = decodeLedger(parseJson(readFileSync(new URL('../../datasets/npm/npm-incident.ledger.json', import.meta.url))));

  it('names overlapping calls and the one window among its assumptions', () => {
    const { assumptions, observations } = recomputeLedger({ header: null, entries });
    expect(assumptions).toHaveLength(2);
    expect(assumptions[0]).toContain('calls of one actor do not overlap');
    expect(observations).toEqual([]);
  });

  it('observes where the threshold of the e-process changes, which settings may do', () => {
    const raised = entries.map((e, i) => (i < 30 ? e : { ...e, e_threshold: 50 }));
    expect(recomputeLedger({ header: null, entries: raised }).observations).toEqual(["e_threshold changes at entry 30, from 100 to 50: the host's settings were changed, or the entries were"]);
    const once = entries.map((e, i) => (i === 30 ? { ...e, e_threshold: 50 } : e));
    expect(recomputeLedger({ header: null, entries: once }).observations[0]).toContain('from 100 to 50 (changes in all: 2)');
  });
});
