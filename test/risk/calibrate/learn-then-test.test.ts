import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCurve, hoeffdingBentkusP, learnThenTest, lttThreshold, neymanPearson, neymanPearsonFalseAlarm, random, type LttThreshold, type NoThreshold } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';
import { falseAlarmRate, missRate, safeScore, unsafeScore } from './world.js';

const seed = 20260101;
const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 8 }).map((x) => x / 8), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 120 });
const none = classCurve([], null);

/** Upper limit of a share that is `p` at most, over `runs` runs. */
const band = (p: number, runs: number): number => p + 3 * Math.sqrt((p * (1 - p)) / runs);

describe('learnThenTest', () => {
  it.each(referenceCases('conformal', 'learnThenTest'))('agrees with reference $id', ({ id, input, expected, tol }) => {
    const { errors, n, alpha, delta } = input as { errors: number[]; n: number; alpha: number; delta: number };
    const want = expected as { pValues: number[]; fixedSequence: number[]; bonferroni: number[] };
    const sequence = learnThenTest([{ errors, n, alpha }], { delta });
    expectClose([...sequence.pValues], want.pValues, tol, id);
    expect(sequence.accepted).toEqual(want.fixedSequence);
    expect(learnThenTest([{ errors, n, alpha }], { delta, procedure: 'bonferroni' }).accepted).toEqual(want.bonferroni);
  });

  it('takes the largest p-value of several risks, and Hoeffding-Bentkus on request', () => {
    const both = learnThenTest([{ errors: [0, 4], n: 100, alpha: 0.1 }, { errors: [30, 2], n: 200, alpha: 0.2 }], { delta: 0.1, pValue: 'hoeffding-bentkus' });
    expect([...both.pValues]).toEqual([hoeffdingBentkusP(200, 0.15, 0.2), hoeffdingBentkusP(100, 0.04, 0.1)]);
  });

  it('says why none passes, and how many cases would do where that is what is missing', () => {
    expect(learnThenTest([{ errors: [0], n: 20, alpha: 0.1 }], { delta: 0.05 })).toMatchObject({ accepted: [], neededN: [29], reason: '29 labelled events are needed for 10 % at 95 % confidence, 20 at hand' });
    const failed = learnThenTest([{ errors: [50, 0], n: 100, alpha: 0.1 }], { delta: 0.05 });
    expect(failed).toMatchObject({ accepted: [], neededN: null });
    expect(failed.reason).toContain('first candidate');
    expect(learnThenTest([{ errors: [], n: 100, alpha: 0.1 }], { delta: 0.05 }).reason).toContain('no candidate');
  });

  it.each([
    [[], { delta: 0.1 }],
    [[{ errors: [1], n: 0, alpha: 0.1 }], { delta: 0.1 }],
    [[{ errors: [11], n: 10, alpha: 0.1 }], { delta: 0.1 }],
    [[{ errors: [NaN], n: 10, alpha: 0.1 }], { delta: 0.1 }],
    [[{ errors: [1], n: 10, alpha: 0.1 }], { delta: 0 }],
    [[{ errors: [1], n: 10, alpha: 0.1 }, { errors: [], n: 10, alpha: 0.1 }], { delta: 0.1 }],
  ])('refuses what it cannot use: %j', (risks, plan) => {
    expect(() => learnThenTest(risks, plan)).toThrow(expect.objectContaining({ code: 'BAD_PARAM' }) as Error);
  });
});

describe('lttThreshold', () => {
  it('is the Neyman-Pearson threshold where one rate is promised and calls count alike', () => {
    fc.assert(fc.property(scores, (xs) => {
      const np = neymanPearson(xs, { miss: 0.2, confidence: 0.9 });
      const ltt = lttThreshold(classCurve(xs, null), none, { miss: 0.2, falseAlarm: null, delta: 0.1 });
      expect(ltt.kind === 'threshold' ? ltt.threshold : ltt.neededN).toBe(np.kind === 'threshold' ? np.threshold : np.neededN);
    }), { seed });
  });

  it('finds the lowest distinct score above the mirrored threshold', () => {
    fc.assert(fc.property(scores, (xs) => {
      const np = neymanPearsonFalseAlarm(xs, { falseAlarm: 0.3, confidence: 0.9 });
      const ltt = lttThreshold(none, classCurve(xs, null), { miss: null, falseAlarm: 0.3, delta: 0.1 });
      if (np.kind === 'none') expect(ltt).toMatchObject({ kind: 'none', neededN: np.neededN });
      else {
        if (ltt.kind === 'none') throw new Error(ltt.reason);
        const above = xs.filter((x) => x >= np.threshold);
        if (above.length > 0) expect(ltt.lowest).toBe(Math.min(...above));
        // There is always a threshold that flags none of these.
        expect(xs.some((x) => x >= ltt.threshold)).toBe(false);
        expect(above.length === 0).toBe(ltt.lowest === ltt.threshold);
      }
    }), { seed });
  });

  it('gives both promises at half of delta each, or says that they are at odds', () => {
    const unsafe = classCurve(Float64Array.from({ length: 400 }, (_, i) => 0.4 + i / 1000), null);
    const safe = classCurve(Float64Array.from({ length: 400 }, (_, i) => i / 800), null);
    const both = lttThreshold(unsafe, safe, { miss: 0.1, falseAlarm: 0.3, delta: 0.05 });
    const missOnly = lttThreshold(unsafe, safe, { miss: 0.1, falseAlarm: null, delta: 0.025 });
    expect(both).toMatchObject({ kind: 'threshold', level: 0.025, threshold: (missOnly as LttThreshold).threshold });
    expect((both as LttThreshold).lowest).toBeLessThan((both as LttThreshold).threshold);
    const odds = lttThreshold(safe, unsafe, { miss: 0.1, falseAlarm: 0.1, delta: 0.05 }) as NoThreshold;
    expect(odds).toMatchObject({ kind: 'none', neededN: null });
    expect(odds.reason).toContain('both promises');
  });

  it('is more cautious with Bonferroni over all scores', () => {
    const unsafe = classCurve(Float64Array.from({ length: 400 }, (_, i) => i), null);
    const plain = lttThreshold(unsafe, none, { miss: 0.1, falseAlarm: null, delta: 0.05 }) as LttThreshold;
    const cautious = lttThreshold(unsafe, none, { miss: 0.1, falseAlarm: null, delta: 0.05 }, { procedure: 'bonferroni' }) as LttThreshold;
    expect(cautious.threshold).toBeLessThan(plain.threshold);
    expect(cautious.level).toBe(0.05 / 400);
  });

  it('breaks two promises together at most as often as delta says', () => {
    const [source, runs] = [random(11), 1500];
    let broken = 0;
    for (let run = 0; run < runs; run += 1) {
      const unsafe = classCurve(Float64Array.from({ length: 150 }, () => unsafeScore(source)), null);
      const safe = classCurve(Float64Array.from({ length: 150 }, () => safeScore(source)), null);
      const ltt = lttThreshold(unsafe, safe, { miss: 0.2, falseAlarm: 0.25, delta: 0.1 });
      if (ltt.kind === 'threshold' && (missRate(ltt.threshold) > 0.2 || falseAlarmRate(ltt.lowest) > 0.25)) broken += 1;
    }
    expect(broken / runs).toBeLessThanOrEqual(band(0.1, runs));
    expect(broken).toBeGreaterThan(0);
  });

  it('keeps its promise about all calls where only some are reviewed, which plain counts do not', () => {
    // Calls scored below 0.5 are reviewed with chance 0.2, all others always.
    const [source, runs] = [random(12), 800];
    const broken = { weighted: 0, plain: 0 };
    for (let run = 0; run < runs; run += 1) {
      const all = Array.from({ length: 400 }, () => unsafeScore(source));
      const reviewed = all.filter((score) => score >= 0.5 || source.uniform() < 0.2);
      const targets = { miss: 0.2, falseAlarm: null, delta: 0.1 };
      const weighted = lttThreshold(classCurve(reviewed, reviewed.map((x) => (x >= 0.5 ? 1 : 5))), none, targets, { leastProbability: 0.2 });
      const plain = lttThreshold(classCurve(reviewed, null), none, targets);
      if (weighted.kind === 'threshold' && missRate(weighted.threshold) > 0.2) broken.weighted += 1;
      if (plain.kind === 'threshold' && missRate(plain.threshold) > 0.2) broken.plain += 1;
    }
    expect(broken.weighted / runs).toBeLessThanOrEqual(band(0.1, runs));
    expect(broken.plain / runs).toBeGreaterThan(0.9);
  });

  it('needs to know the smallest chance of review, and refuses the binomial tail with weights', () => {
    const curve = classCurve([0.5, 0.6], [1, 5]);
    const targets = { miss: 0.2, falseAlarm: null, delta: 0.1 };
    expect(() => lttThreshold(curve, none, targets)).toThrow('leastProbability must be given');
    expect(() => lttThreshold(curve, none, targets, { leastProbability: 0.5 })).toThrow('is above');
    expect(() => lttThreshold(curve, none, targets, { leastProbability: 0.2, pValue: 'binomial' })).toThrow('hoeffding-bentkus');
    const refused = lttThreshold(curve, none, targets, { leastProbability: 0.2 });
    expect(refused.kind === 'none' && (refused.neededN ?? 0) > 11).toBe(true);
    const enough = Array.from({ length: (refused as NoThreshold).neededN ?? 0 }, (_, i) => i);
    expect(lttThreshold(classCurve(enough, enough.map((i) => (i % 2 === 0 ? 5 : 1))), none, targets, { leastProbability: 0.2 }).kind).toBe('threshold');
  });

  it('refuses no promise at all, and weights that are not', () => {
    expect(() => lttThreshold(none, none, { miss: null, falseAlarm: null, delta: 0.1 })).toThrow('neither');
    expect(() => classCurve([1], [0])).toThrow('weight');
    expect(() => classCurve([1], [])).toThrow('one a score');
    expect(() => classCurve([Infinity], null)).toThrow('finite');
  });

  it('says that unscored calls are what stands in the way', () => {
    const refused = lttThreshold(classCurve(new Float64Array(100).fill(NaN), null), none, { miss: 0.1, falseAlarm: null, delta: 0.05 });
    expect(refused).toMatchObject({ kind: 'none', neededN: null });
  });
});
