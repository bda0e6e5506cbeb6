import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clopperPearson, observedRates, random, sessionBootstrap, splitCalls, type Calls } from '../../../src/index.js';

function callsOf(rows: readonly { session: number; tsMs: number; unsafe?: boolean; score?: number }[], withSessions = true): Calls {
  return {
    scores: Float64Array.from(rows, ({ score = 0.5 }) => score),
    unsafe: Uint8Array.from(rows, ({ unsafe = false }) => Number(unsafe)),
    weights: null,
    sessions: withSessions ? Int32Array.from(rows, ({ session }) => session) : null,
    tsMs: Float64Array.from(rows, ({ tsMs }) => tsMs),
  };
}

const rows = fc.array(fc.record({ session: fc.integer({ min: 0, max: 9 }), tsMs: fc.integer({ min: 0, max: 50 }) }), { minLength: 2, maxLength: 60 })
  .filter((all) => new Set(all.map(({ session }) => session)).size > 1);

describe('splitCalls', () => {
  it('never tears a session apart and loses no call', () => {
    fc.assert(fc.property(rows, fc.constantFrom('time', 'session'), (all, by) => {
      const calls = callsOf(all);
      const starts = new Set(all.map(({ session }) => Math.min(...all.filter((r) => r.session === session).map(({ tsMs }) => tsMs))));
      fc.pre(by === 'session' || starts.size > 1);
      const { choosing, confirming } = splitCalls(calls, { by });
      const second = new Set(confirming?.sessions);
      expect([...choosing.sessions ?? []].some((session) => second.has(session))).toBe(false);
      expect(choosing.scores.length + (confirming?.scores.length ?? 0)).toBe(all.length);
      expect(confirming?.scores.length).toBeGreaterThan(0);
    }), { seed: 20260101 });
  });

  it('lets earlier calls choose and later ones confirm, those of one time together', () => {
    const all = [5, 1, 3, 3, 3, 2].map((tsMs, session) => ({ session, tsMs }));
    const { choosing, confirming } = splitCalls(callsOf(all, false), { by: 'time' });
    expect([...choosing.tsMs].sort()).toEqual([1, 2, 3, 3, 3]);
    expect([...confirming?.tsMs ?? []]).toEqual([5]);
  });

  it('draws sessions by the seed', () => {
    const calls = callsOf(Array.from({ length: 40 }, (_, i) => ({ session: i, tsMs: i })));
    const of = (seed: number): number[] => [...splitCalls(calls, { by: 'session', seed }).choosing.tsMs];
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
    expect(of(1)).toHaveLength(20);
  });

  it('refuses what cannot be split', () => {
    const one = callsOf([{ session: 0, tsMs: 1 }, { session: 0, tsMs: 2 }]);
    expect(() => splitCalls(one, { by: 'session' })).toThrow('two sessions');
    expect(() => splitCalls(callsOf([{ session: 0, tsMs: 1 }], false), { by: 'session' })).toThrow('column session');
    expect(() => splitCalls(callsOf([{ session: 0, tsMs: NaN }, { session: 1, tsMs: 1 }]), { by: 'time' })).toThrow('2^53');
    expect(() => splitCalls(one, { by: 'time', share: 1 })).toThrow('share');
    expect(splitCalls(one, { by: 'none' })).toEqual({ choosing: one, confirming: null });
  });
});

describe('observedRates', () => {
  it('counts misses and false alarms with exact limits, a call without a score as passed', () => {
    const { miss, falseAlarm } = observedRates({ scores: [0.9, NaN, 0.2, 0.5, 0.1], unsafe: [1, 1, 1, 0, 0], weights: null }, 0.5);
    expect(miss).toMatchObject({ errors: 2, n: 3, rate: 2 / 3, upper: clopperPearson(2, 3, 0.95).upper });
    expect(falseAlarm).toMatchObject({ errors: 1, n: 2, rate: 0.5 });
  });

  it('weighs calls where asked to, and then claims no binomial limits', () => {
    const { miss, falseAlarm } = observedRates({ scores: [0.9, 0.1], unsafe: [1, 1], weights: [1, 3] }, 0.5);
    expect(miss).toEqual({ errors: 1, n: 2, rate: 0.75, lower: null, upper: null });
    expect(falseAlarm.rate).toBeNull();
  });
});

describe('sessionBootstrap', () => {
  it('gives limits wider than the binomial ones where calls of a session are alike, and they hold', () => {
    const [source, runs, threshold] = [random(21), 200, 0.5];
    const held = { sessions: 0, calls: 0 };
    // 30 sessions of 10 unsafe calls; a session is caught whole or missed whole, with chance 0.3.
    for (let run = 0; run < runs; run += 1) {
      const missed = Array.from({ length: 30 }, () => source.uniform() < 0.3);
      const calls = { scores: missed.flatMap((m) => new Array<number>(10).fill(m ? 0 : 1)), unsafe: new Array<number>(300).fill(1), weights: null, sessions: missed.flatMap((_, i) => new Array<number>(10).fill(i)) };
      const { miss } = sessionBootstrap(calls, threshold, { resamples: 200, seed: run });
      const exact = observedRates(calls, threshold).miss;
      held.sessions += Number((miss.lower ?? 1) <= 0.3 && 0.3 <= (miss.upper ?? 0));
      held.calls += Number((exact.lower ?? 1) <= 0.3 && 0.3 <= (exact.upper ?? 0));
    }
    expect(held.sessions / runs).toBeGreaterThan(0.85);
    expect(held.calls / runs).toBeLessThan(0.6);
  });

  it('says so where one session holds all calls of a class', () => {
    const calls = { scores: [0.1, 0.9, 0.1], unsafe: [1, 1, 0], weights: [1, 2, 1], sessions: [1, 1, 2] };
    const boot = sessionBootstrap(calls, 0.5, { resamples: 50 });
    expect(boot.miss).toEqual({ lower: null, upper: null, sessions: 1 });
    expect(boot.reason).toContain('1 session has labelled unsafe calls');
    expect(() => sessionBootstrap({ scores: [], unsafe: [], weights: null, sessions: [] }, 0.5)).toThrow('at least one call');
  });
});
