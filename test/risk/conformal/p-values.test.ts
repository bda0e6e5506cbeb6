import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conformalPValues, random, splitThreshold } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';
import { inBand } from './band.js';

const seed = 20260101;

it.each(referenceCases('conformal', 'conformalPValue'))('p-values equal reference $id', ({ id, input, expected, tol }) => {
  const { scores, score, u } = input as { scores: number[]; score: number; u: number };
  const against = conformalPValues(scores);
  expectClose({ p: against.pValue(score), smoothed: against.smoothed(score, u) }, expected, tol, id);
  expect(against.bulk(Float64Array.of(score))[0]).toBe(against.pValue(score));
});

const wild = fc.oneof(
  fc.double({ noNaN: true }),
  fc.constantFrom(0, -0, 1, 1 + Number.EPSILON, 5e-324, -5e-324, 1e-310, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity),
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: 1, max: 1 + 1e-9, noNaN: true }),
);

function expectCounted(scores: readonly number[], xs: readonly number[]): void {
  const against = conformalPValues(scores);
  const bulk = against.bulk(Float64Array.from(xs));
  const last = against.smoothedBulk(Float64Array.from(xs), { ...random(1), uniform: () => 0 });
  for (const [i, x] of xs.entries()) {
    const [notLess, above] = [scores.filter((s) => s >= x).length, scores.filter((s) => s > x).length];
    expect(bulk[i]).toBe((1 + notLess) / (scores.length + 1));
    expect(against.pValue(x)).toBe(bulk[i]);
    expect(against.smoothed(x, 0)).toBe(above / (scores.length + 1));
    expect(last[i]).toBe(bulk[i]);
  }
}

it('a p-value is the count it is defined as, for every kind of double and with ties', () => {
  fc.assert(fc.property(fc.array(wild, { maxLength: 80 }), fc.array(wild, { minLength: 1, maxLength: 40 }), (scores, xs) => {
    expectCounted(scores, [...xs, ...scores]);
  }), { seed, numRuns: 400 });
});

it('crowded scores with heavy tails are counted as well', () => {
  const source = random(seed);
  const laws = [() => Math.exp(4 * source.normal()), () => source.normal() / source.normal(), () => 1e6 + 1e-7 * source.normal() ** 9];
  for (const law of laws) expectCounted(Array.from({ length: 2000 }, law), Array.from({ length: 300 }, law));
});

it('a p-value is at most alpha exactly where the score exceeds the threshold, without ties', () => {
  const source = random(seed);
  for (const alpha of [0.05, 0.1, 0.25]) {
    const scores = Float64Array.from({ length: 99 }, source.normal);
    const { threshold } = splitThreshold(scores, { alpha });
    const against = conformalPValues(scores);
    for (let i = 0; i < 1000; i += 1) {
      const x = 2 * source.normal();
      expect(against.pValue(x) <= alpha).toBe(x > threshold);
    }
  }
});

it('smoothed p-values are uniform, ties or not, and the same for the same seed', () => {
  const source = random(seed);
  const counts = [0, 0, 0];
  for (let run = 0; run < 4000; run += 1) {
    const against = conformalPValues(Float64Array.from({ length: 9 }, () => source.integer(3)));
    const [p = NaN] = against.smoothedBulk(Float64Array.of(source.integer(3)), source);
    expect(p).toBeGreaterThan(0);
    [0.03, 0.3, 0.7].forEach((alpha, i) => { if (p <= alpha) counts[i] = (counts[i] ?? 0) + 1; });
  }
  [0.03, 0.3, 0.7].forEach((alpha, i) => { inBand(counts[i] ?? 0, 4000, alpha); });
  const against = conformalPValues([1, 1, 2]);
  const draw = (): Float64Array => against.smoothedBulk(Float64Array.of(1, 2, 3), random(5));
  expect(draw()).toEqual(draw());
});

it('NaN is refused wherever it comes from', () => {
  expect(() => conformalPValues([1, NaN])).toThrow('scores must not hold NaN');
  const against = conformalPValues([1, 2]);
  expect(() => against.pValue(NaN)).toThrow('a score must not be NaN');
  expect(() => against.bulk(Float64Array.of(1, NaN))).toThrow('score 1 must not be NaN');
  expect(() => against.smoothed(1, 2)).toThrow('u must be in [0, 1]');
  expect(() => against.bulk(Float64Array.of(1, 2), new Float64Array(1))).toThrow('out must hold 2 values');
});

it('without calibration scores nothing is strange', () => {
  expect(conformalPValues([]).pValue(7)).toBe(1);
});
