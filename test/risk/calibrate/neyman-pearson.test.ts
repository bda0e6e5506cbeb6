import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCdf, neymanPearson, neymanPearsonFalseAlarm, random, type InputError } from '../../../src/index.js';
import { falseAlarmRate, missRate, safeScore, unsafeScore } from './world.js';

const RUNS = 4000;
const level = { miss: 0.1, confidence: 0.95 };

/** Share of runs in which the true rate of the threshold is above 10 %. */
function violations(n: number, seed: number): number {
  const source = random(seed);
  let broken = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const np = neymanPearson(Float64Array.from({ length: n }, () => unsafeScore(source)), level);
    if (np.kind === 'threshold' && missRate(np.threshold) > 0.1) broken += 1;
  }
  return broken / RUNS;
}

describe('neymanPearson', () => {
  it.each([[40, 1, 0.0148], [100, 5, 0.0237], [300, 22, 0.0458]])('with %i unsafe calls breaks its promise as often as the binomial law says', (n, rank, promised) => {
    const np = neymanPearson(new Float64Array(n).map((_, i) => i), level);
    expect(np).toMatchObject({ kind: 'threshold', rank, threshold: rank - 1, delta: 0.05 });
    const exact = binomialCdf(rank - 1, n, 0.1);
    expect(exact).toBeCloseTo(promised, 4);
    expect(exact).toBeLessThanOrEqual(0.05);
    expect(Math.abs(violations(n, n) - exact)).toBeLessThan(3 * Math.sqrt((exact * (1 - exact)) / RUNS));
  });

  it('refuses at 20 unsafe calls and says that 29 would do', () => {
    expect(neymanPearson(new Float64Array(20), level)).toEqual({
      kind: 'none', of: 'unsafe', n: 20, neededN: 29, reason: '29 labelled unsafe events are needed for 10 % at 95 % confidence, 20 at hand',
    });
  });

  it('flags all but fewer than rank calls, ties and missing scores included', () => {
    fc.assert(fc.property(fc.array(fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -4, max: 4 }).map((x) => x / 8) }, { weight: 1, arbitrary: fc.constant(NaN) }), { maxLength: 80 }), (scores) => {
      const np = neymanPearson(scores, { miss: 0.2, confidence: 0.9 });
      if (np.kind === 'threshold') {
        expect(scores).toContain(np.threshold);
        expect(scores.filter((x) => !(x >= np.threshold)).length).toBeLessThan(np.rank);
        expect(binomialCdf(np.rank - 1, scores.length, 0.2)).toBeLessThanOrEqual(0.1);
      } else if (np.neededN !== null) expect(np.neededN).toBeGreaterThan(scores.length);
      else expect(np.reason).toContain('have no score');
    }), { seed: 20260101 });
  });

  it.each([[{ miss: 0, confidence: 0.9 }, 'miss'], [{ miss: NaN, confidence: 0.9 }, 'miss'], [{ miss: 0.1, confidence: 1 }, 'confidence']])('refuses %o', (bad, name) => {
    const error = (() => { try { neymanPearson([1], bad); return null; } catch (e) { return e as InputError; } })();
    expect(error?.code).toBe('BAD_PARAM');
    expect(error?.message).toContain(name);
  });

  it('refuses infinite scores', () => {
    expect(() => neymanPearson([1, Infinity], level)).toThrow('finite');
  });
});

describe('neymanPearsonFalseAlarm', () => {
  it('breaks its promise as rarely as it says', () => {
    const source = random(7);
    let broken = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const np = neymanPearsonFalseAlarm(Float64Array.from({ length: 100 }, () => safeScore(source)), { falseAlarm: 0.1, confidence: 0.95 });
      if (np.kind === 'threshold' && falseAlarmRate(np.threshold) > 0.1) broken += 1;
    }
    const exact = binomialCdf(4, 100, 0.1);
    expect(Math.abs(broken / RUNS - exact)).toBeLessThan(3 * Math.sqrt((exact * (1 - exact)) / RUNS));
  });

  it('stands above every call that ties with its order statistic', () => {
    const np = neymanPearsonFalseAlarm([...new Array<number>(50).fill(0.5), ...new Array<number>(50).fill(0.25)], { falseAlarm: 0.1, confidence: 0.95 });
    expect(np).toMatchObject({ kind: 'threshold', threshold: 0.5 + Number.EPSILON / 2, rank: 5 });
  });

  it.each([0, -0, -1, 1, -Number.MIN_VALUE])('steps to the next double above %d', (x) => {
    const np = neymanPearsonFalseAlarm(new Float64Array(59).fill(x), { falseAlarm: 0.05, confidence: 0.95 });
    if (np.kind !== 'threshold') throw new Error('expected a threshold');
    expect(np.threshold).toBeGreaterThan(x);
    expect((np.threshold + x) / 2 === x || (np.threshold + x) / 2 === np.threshold).toBe(true);
  });

  it('counts calls without a score as never flagged', () => {
    expect(neymanPearsonFalseAlarm(new Float64Array(59).fill(NaN), { falseAlarm: 0.05, confidence: 0.95 })).toMatchObject({ kind: 'threshold', threshold: -Number.MAX_VALUE });
    expect(neymanPearsonFalseAlarm([0.1], { falseAlarm: 0.05, confidence: 0.95 })).toMatchObject({ kind: 'none', neededN: 59 });
  });
});
