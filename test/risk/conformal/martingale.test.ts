import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conformalDrift, conformalMartingale, onlinePValues, random, scan, type ConformalBet } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const seed = 20260101;
const bets: readonly ConformalBet[] = [{ kind: 'power', epsilon: 0.3 }, { kind: 'mixture' }, { kind: 'jumper' }];
const pValue = fc.oneof(fc.double({ min: 5e-324, max: 1, noNaN: true }), fc.constantFrom(5e-324, 1e-300, 0.001, 0.5, 1));

for (const bet of bets) {
  detectorLaws(conformalMartingale({ bet, alpha: 0.05 }), pValue, 250);
  detectorLaws(conformalDrift({ bet, alpha: 0.01 }), pValue, 320);
}
detectorLaws(conformalDrift({ alpha: 0.05, form: 'cusum', afterAlarm: 'latch' }), pValue, 320);

const logsOf = (bet: ConformalBet, ps: readonly number[]): number[] => [...scan(conformalMartingale({ bet, alpha: 0.05 }), ps)].map(({ out }) => out.logEValue);

it.each(referenceCases('conformal', 'conformalMartingale'))('the wealth equals reference $id', ({ id, input, expected, tol }) => {
  const { p, epsilon, jump } = input as { p: number[]; epsilon: number; jump: number };
  expectClose({
    logPower: logsOf({ kind: 'power', epsilon }, p),
    logMixture: logsOf({ kind: 'mixture' }, p),
    logSimpleJumper: logsOf({ kind: 'jumper', jump }, p),
  }, expected, tol, id);
});

it('the mixture is the average of the power bets, for few and for very many p-values', () => {
  const cells = 20_000;
  for (const [n, p] of [[1, 1], [3, 0.9], [40, 0.4], [40, 0.01], [1000, 0.99], [1000, 0.3679], [1000, 1e-6]] as const) {
    const logs = Array.from({ length: cells }, (_, i) => n * (Math.log((i + 0.5) / cells) + ((i + 0.5) / cells - 1) * Math.log(p)));
    const top = Math.max(...logs);
    const average = top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / cells);
    const got = logsOf({ kind: 'mixture' }, Array<number>(n).fill(p)).at(-1) ?? NaN;
    expect(Math.abs(got - average), `${String(n)} times ${String(p)}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(average)));
  }
});

it('a factor is 1 in the mean over uniform p-values, wherever the bettor stands', () => {
  for (const bet of bets) {
    for (const past of [[1], [0.01, 0.02, 0.9], [1, 1, 1]]) {
      const detector = conformalMartingale({ bet, alpha: 0.05 });
      const { state, out } = past.slice(1).reduce((last, p) => detector.step(last.state, p), detector.step(detector.init(), past[0] ?? 1));
      const cells = 20_000;
      let mean = 0;
      // Midpoints in u with p = u^8, so that the pole of small p-values is seen.
      for (let i = 0; i < cells; i += 1) {
        const u = (i + 0.5) / cells;
        mean += (Math.exp(detector.step(state, u ** 8).out.logEValue) * 8 * u ** 7) / cells;
      }
      expect(mean / Math.exp(out.logEValue)).toBeCloseTo(1, 3);
    }
  }
});

it('online p-values are the ranks they are defined as', () => {
  const source = random(seed);
  for (let run = 0; run < 30; run += 1) {
    const scores = Array.from({ length: 40 }, () => [source.integer(6), source.normal(), Infinity, -0][source.integer(4)] ?? 0);
    const us = Array.from(scores, source.uniform);
    const draws = us.values();
    const got = onlinePValues(scores, { ...source, uniform: () => draws.next().value ?? NaN });
    scores.forEach((x, t) => {
      const past = scores.slice(0, t + 1);
      const [above, equal] = [past.filter((s) => s > x).length, past.filter((s) => s === x).length];
      expect(got[t]).toBeCloseTo((above + (1 - (us[t] ?? NaN)) * equal) / (t + 1), 14);
    });
  }
  expect(onlinePValues([], source).length).toBe(0);
  expect(() => onlinePValues([1, NaN], source)).toThrow('scores must not hold NaN');
});

describe('on exchangeable scores, many of them tied', () => {
  const draw = (source: ReturnType<typeof random>, n: number): Float64Array => onlinePValues(Float64Array.from({ length: n }, () => source.integer(5)), source);
  it.each(bets)('the martingale of $kind alarms in at most a share alpha of streams', (bet) => {
    const source = random(seed);
    const detector = conformalMartingale({ bet, alpha: 0.1 });
    let alarms = 0;
    for (let run = 0; run < 500; run += 1) {
      const state = draw(source, 200).reduce((s, p) => detector.step(s, p).state, detector.init());
      if (state.alarmIndex !== null) alarms += 1;
    }
    expect(alarms).toBeGreaterThan(0);
    expect(alarms / 500).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / 500));
  });
  it.each(bets)('the drift detector of $kind runs at least 1 / alpha in the mean', (bet) => {
    const source = random(seed);
    const detector = conformalDrift({ bet, alpha: 0.02 });
    const lengths = Array.from({ length: 400 }, () => {
      const ps = draw(source, 1000);
      let state = detector.init();
      for (const [i, p] of ps.entries()) {
        const next = detector.step(state, p);
        if (next.out.alarm !== null) return i + 1;
        state = next.state;
      }
      return ps.length;
    });
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    const sd = Math.sqrt(lengths.reduce((sum, x) => sum + (x - mean) ** 2, 0) / lengths.length);
    expect(mean).toBeGreaterThan(50 - (3 * sd) / Math.sqrt(lengths.length));
  });
});

describe('after a change', () => {
  const source = random(seed);
  const ps = onlinePValues(Array.from({ length: 600 }, (_, i) => source.normal() + (i < 400 ? 0 : 2)), source);
  it.each(['sr', 'cusum'] as const)('the %s form alarms soon and names the place', (form) => {
    const alarms = [...scan(conformalDrift({ alpha: 1e-4, form, afterAlarm: 'latch' }), ps)].map(({ out }) => out.alarm);
    const alarm = alarms.find((a) => a !== null);
    expect(alarm?.index).toBeGreaterThan(400);
    expect(alarm?.index).toBeLessThan(450);
    expect(Math.abs((alarm?.changeIndex ?? NaN) - 400)).toBeLessThan(15);
    expect(alarms.at(-1)).toEqual(alarm);
  });
  it('the martingales that learn what to bet find the trace not exchangeable', () => {
    for (const bet of bets.slice(1)) expect([...scan(conformalMartingale({ bet, alpha: 0.01 }), ps)].at(-1)?.out.alarmIndex).toBeGreaterThan(399);
  });
});

it('the forms are those of their recursions', () => {
  const source = random(seed);
  const ps = Array.from({ length: 60 }, () => 1 - source.uniform());
  const growth = (p: number): number => 0.5 / Math.sqrt(p);
  let [sr, cusum] = [0, 0];
  const bet = { kind: 'power', epsilon: 0.5 } as const;
  const outs = (['sr', 'cusum'] as const).map((form) => [...scan(conformalDrift({ bet, alpha: 1e-9, form }), ps)]);
  for (const [i, p] of ps.entries()) {
    sr = (sr + 1) * growth(p);
    cusum = Math.max(cusum, 1) * growth(p);
    expect(outs[0]?.[i]?.out.logStatistic).toBeCloseTo(Math.log(sr), 10);
    expect(outs[1]?.[i]?.out.logStatistic).toBeCloseTo(Math.log(cusum), 10);
  }
});

it('what is no positive p-value is refused, and what is no bet', () => {
  const detectors = [conformalMartingale({ alpha: 0.1 }), conformalDrift({ alpha: 0.1 })];
  for (const { init, step } of detectors) for (const bad of [0, -0.1, 1.1, NaN]) expect(() => step(init() as never, bad)).toThrow('p-value 0 must be in (0, 1]');
  expect(() => conformalMartingale({ bet: { kind: 'power', epsilon: 1 }, alpha: 0.1 })).toThrow('epsilon must be in (0, 1)');
  expect(() => conformalDrift({ bet: { kind: 'plugin' } as never, alpha: 0.1 })).toThrow('bet must be of kind power, mixture or jumper, got plugin');
  expect(() => conformalDrift({ alpha: 0 })).toThrow('alpha must be in (0, 1)');
  expect(() => conformalDrift({ alpha: 0.1, form: 'page' as never })).toThrow('form must be sr or cusum');
});
