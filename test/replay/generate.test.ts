import { describe, expect, it } from 'vitest';
import { formatEntry, generateEntries, random, recomputeLedger, sealLedger, startRecompute, TRIGGERS, verifyLedger, sealEntry, type GeneratedEntry, type GenerateParams } from '../../src/index.js';

const generated = (params: GenerateParams): GeneratedEntry[] => [...generateEntries(params)];

/** Counts what a field's values are. */
function tally<T>(all: readonly GeneratedEntry[], of: (g: GeneratedEntry) => T): Map<T, number> {
  const counts = new Map<T, number>();
  for (const g of all) counts.set(of(g), (counts.get(of(g)) ?? 0) + 1);
  return counts;
}

describe('generateEntries', () => {
  it.each([
    { entries: 2000, seed: 1 },
    { entries: 2000, seed: 2, controller: { alpha: 0.05, windowSize: 32, failClosed: false }, attackRate: 0.01 },
    { entries: 2000, seed: 3, controller: { alpha: 0.013, explanationMs: 25 }, startMs: 0 },
  ])('makes ledgers that verify and recompute without a mismatch: %j', (params) => {
    const ledger = sealLedger(generated(params).map((g) => g.entry), { generatedAtMs: 0n });
    expect(verifyLedger(ledger).faults).toEqual([]);
    const { mismatches, checked } = recomputeLedger(ledger, { windowSize: params.controller?.windowSize ?? 128 });
    expect([mismatches, checked['posterior.unsafe']]).toEqual([[], 2000]);
    for (const cut of [1, 500, 1700]) {
      expect(recomputeLedger({ header: null, entries: ledger.entries.slice(cut) }, { windowSize: params.controller?.windowSize ?? 128 }).mismatches).toEqual([]);
    }
  });

  it('recomputes under settings drawn at random, the window given or left to be found, the ledger whole or cut', () => {
    const rng = random(20260101);
    for (let seed = 0; seed < 9; seed += 1) {
      const controller = { alpha: Math.min(0.5, 1e-5 * 2 ** (16 * rng.uniform())), windowSize: 8 + rng.integer(200), explanationMs: rng.uniform() < 0.5 ? 2 : 25, failClosed: seed % 3 > 0 };
      const made = generated({ entries: 500, seed, attackRate: 0.01, controller });
      const ledger = sealLedger(made.map((g) => g.entry), { generatedAtMs: 0n });
      const { windowSize } = controller;
      expect(recomputeLedger(ledger, { windowSize }).mismatches).toEqual([]);
      expect(recomputeLedger(ledger).mismatches).toEqual([]);
      expect(recomputeLedger({ header: null, entries: ledger.entries.slice(rng.integer(400)) }, { windowSize }).mismatches).toEqual([]);
    }
  });

  it('gives the same entries for the same seed, others for another, and a longer ledger starts with the shorter', () => {
    const short = generated({ entries: 300, seed: 5 });
    expect(generated({ entries: 300, seed: 5 })).toEqual(short);
    expect(generated({ entries: 400, seed: 5 }).slice(0, 300)).toEqual(short);
    expect(generated({ entries: 300, seed: 6 })[0]).not.toEqual(short[0]);
  });

  const many = generated({ entries: 30_000, seed: 1 });

  it('is varied: actors, capabilities, regimes, attacks, actions, states, error codes, triggers', () => {
    expect(tally(many, (g) => g.entry.extension_id).size).toBeGreaterThan(8);
    expect(tally(many, (g) => g.entry.capability).size).toBe(10);
    expect(tally(many, (g) => g.regime).size).toBe(5);
    expect(tally(many, (g) => g.attack).size).toBe(6);
    expect([...tally(many, (g) => g.entry.selected_action).keys()].sort()).toEqual(['allow', 'deny', 'harden', 'terminate']);
    expect([...tally(many, (g) => g.entry.outcome_error_code).keys()].map(String).sort()).toEqual(['denied', 'internal', 'invalid_request', 'io', 'null', 'timeout']);
    const raised = new Set(many.flatMap((g) => g.entry.triggers));
    expect(TRIGGERS.filter((t) => !raised.has(t))).toEqual([]);
    expect(tally(many, (g) => g.entry.budget_state.exhausted).get(true)).toBeGreaterThan(10);
  });

  it('labels by its own script: some of the calls of an attack score low, and most calls are safe', () => {
    const labels = tally(many, (g) => g.label);
    const unsafe = labels.get('unsafe') ?? 0;
    expect(unsafe / many.length).toBeGreaterThan(0.003);
    expect(unsafe / many.length).toBeLessThan(0.1);
    expect(many.every((g) => (g.label === 'unsafe') === (g.attack !== null))).toBe(true);
    expect(many.some((g) => g.label === 'unsafe' && (g.entry.risk_score ?? 1) < 0.3)).toBe(true);
    expect(many.some((g) => g.label === 'safe' && (g.entry.risk_score ?? 0) > 0.5)).toBe(true);
  });

  it('writes entries as large as a host does, and never goes back in time', () => {
    let [prev, size]: [string | null, number] = [null, 0];
    for (const { entry } of many.slice(0, 5000)) {
      const sealed = sealEntry(entry, prev);
      prev = sealed.ledger_hash;
      size += formatEntry(sealed).length;
    }
    expect(size / 5000).toBeGreaterThan(2500);
    expect(size / 5000).toBeLessThan(2700);
    expect(many.every((g, i) => i === 0 || g.entry.ts_ms >= (many[i - 1]?.entry.ts_ms ?? 0n))).toBe(true);
  });

  it('replays as it streams, without holding a ledger', () => {
    const recompute = startRecompute();
    let prev: string | null = null;
    for (const { entry } of generateEntries({ entries: 2000, seed: 9 })) {
      const sealed = sealEntry(entry, prev);
      prev = sealed.ledger_hash;
      recompute.add(sealed);
    }
    const { entryCount, mismatchCount } = recompute.report();
    expect([entryCount, mismatchCount]).toEqual([2000, 0]);
  });

  it('refuses what it cannot generate, naming it', () => {
    expect(() => generated({ entries: -1, seed: 1 })).toThrow('entries must be an integer >= 0, got -1');
    expect(() => generated({ entries: 1, seed: 1, attackRate: NaN })).toThrow('attackRate must be in [0, 1], got NaN');
    expect(() => generated({ entries: 1, seed: 1, startMs: 0.5 })).toThrow('startMs must be a safe integer, got 0.5');
    expect(() => generated({ entries: 1, seed: 1, controller: { alpha: 0.7 } })).toThrow('alpha must be in [1e-6, 0.5], got 0.7');
    expect(() => generated({ entries: 1, seed: 1, controller: { explanationMs: 3 } })).toThrow("explanationMs must be 2 or 25, as in the host's versions, got 3");
  });
});
