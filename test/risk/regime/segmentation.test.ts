import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultPenalty, random, segment, segmentByCount, type SegmentCost } from '../../../src/index.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

test('the segmentations with the least residual sum of squares are those of the reference', () => {
  for (const { id, input, expected, tol } of referenceCases('offline_segmentation', 'optimalMeanSegmentation')) {
    const { y, minSegment, maxBreaks } = input as { y: number[]; minSegment: number; maxBreaks: number };
    const want = expected as { rss: number[]; bic: number[]; breaks: number[][] };
    const found = segmentByCount(y, { cost: { cost: 'mean', scale: 1 }, most: maxBreaks, shortest: minSegment });
    expectClose(found.map(({ cost }) => cost), want.rss, tol, id);
    // A break is the 1-based index of a segment's last observation: the 0-based index of the next segment's first.
    expect(found.map(({ changes }) => changes), id).toEqual(want.breaks);
    const n = y.length;
    const bic = found.map(({ cost }, m) => n * (Math.log(cost) + 1 - Math.log(n) + Math.log(2 * Math.PI)) + 2 * (m + 1) * Math.log(n));
    expectClose(bic, want.bic, tol, id);
  }
});

/** -2 ln likelihood of one segment from its definition, constants dropped as documented. */
function naiveCost(spec: SegmentCost, xs: readonly number[]): number {
  const n = xs.length;
  const mean = xs.reduce((a, b) => a + b, 0) / n;
  const squares = xs.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  switch (spec.cost) {
    case 'mean':
      return squares / spec.scale ** 2;
    case 'mean-variance':
      return n * (Math.log(Math.max(squares / n, 1 / 12)) - 1) + squares / Math.max(squares / n, 1 / 12);
    case 'exponential':
      return 2 * n * (Math.log(Math.max(mean, 0.5)) + mean / Math.max(mean, 0.5));
    case 'bernoulli':
      return -2 * xs.reduce((sum, x) => sum + Math.log(x === 1 ? mean : 1 - mean), 0);
    case 'poisson':
      return 2 * xs.reduce((sum, x) => sum + mean - (x === 0 ? 0 : x * Math.log(mean)), 0);
    case 'categorical':
      return -2 * xs.reduce((sum, x) => sum + Math.log(xs.filter((y) => y === x).length / n), 0);
  }
}

/** The least penalised cost, over all segmentations one by one. */
function bruteForce(spec: SegmentCost, xs: readonly number[], penalty: number, shortest: number): number {
  const n = xs.length;
  let best = Infinity;
  for (let mask = 0; mask < 2 ** (n - 1); mask += 1) {
    const bounds = [0, ...Array.from({ length: n - 1 }, (_, i) => i + 1).filter((i) => (mask >> (i - 1)) & 1), n];
    const pieces = bounds.slice(1).map((to, k) => xs.slice(bounds[k], to));
    if (pieces.some((piece) => piece.length < shortest)) continue;
    best = Math.min(best, pieces.reduce((sum, piece) => sum + naiveCost(spec, piece), 0) + penalty * (pieces.length - 1));
  }
  return best;
}

const SPECS: readonly (readonly [SegmentCost, fc.Arbitrary<number>])[] = [
  [{ cost: 'mean', scale: 1.5 }, fc.integer({ min: -9, max: 9 })],
  [{ cost: 'mean-variance' }, fc.constantFrom(0, 1, 2, 10, 11, 30)],
  [{ cost: 'exponential' }, fc.constantFrom(0, 1, 2, 5, 40)],
  [{ cost: 'bernoulli' }, fc.constantFrom(0, 1)],
  [{ cost: 'poisson' }, fc.nat(12)],
  [{ cost: 'categorical', categories: 4 }, fc.nat(3)],
];

for (const [cost, value] of SPECS) {
  test(`${cost.cost}: the partition found is as cheap as the best of all`, () => {
    const least = cost.cost === 'mean-variance' ? 2 : 1;
    fc.assert(
      fc.property(fc.array(value, { minLength: 4, maxLength: 9 }), fc.integer({ min: least, max: 3 }), fc.double({ min: 0, max: 12, noNaN: true }), (tail, shortest, penalty) => {
        // Two neighbouring integers, so that the resolution of the data, which bounds variances and means, is 1.
        const xs = cost.cost === 'bernoulli' ? tail : [1, 2, ...tail];
        const found = segment(xs, { cost, penalty, shortest });
        const bounds = [0, ...found.changes, xs.length];
        const naive = bounds.slice(1).reduce((sum, to, k) => sum + naiveCost(cost, xs.slice(bounds[k], to)), 0);
        expect(found.cost).toBeCloseTo(naive, 8);
        expect(found.cost + penalty * found.changes.length).toBeCloseTo(bruteForce(cost, xs, penalty, shortest), 8);
        expect(bounds.slice(1).every((to, k) => to - (bounds[k] ?? 0) >= shortest)).toBe(true);
      }),
      { seed: 20260101, numRuns: 60 },
    );
  });
}

test('the default neither cuts noise, white or with a memory, nor misses a shift, in any unit', () => {
  const source = random(20260101);
  for (const a of [0, 0.5, 0.8]) {
    let cuts = 0;
    for (let run = 0; run < 40; run += 1) {
      let x = 0;
      const noise = Array.from({ length: 400 }, () => (x = a * x + Math.sqrt(1 - a * a) * source.normal()));
      cuts += segment(noise).changes.length;
      const shifted = noise.map((value, t) => 1e9 * (value + (t >= 200 ? 6 : 0)));
      const { changes } = segment(shifted);
      expect(changes.some((at) => Math.abs(at - 200) <= 5)).toBe(true);
    }
    // The promise is for short memory; near 1 a tenth of the variation is the bar, which slow noise can pass.
    if (a <= 0.5) expect(cuts).toBeLessThanOrEqual(2);
  }
});

test('constant series have no change, and unusable input is refused', () => {
  expect(segment([4, 4, 4, 4, 4, 4]).changes).toEqual([]);
  expect(segment([4]).changes).toEqual([]);
  expect(defaultPenalty([4, 4, 4, 4, 4]).autocorrelation).toBe(1);
  expect(() => segment([])).toThrow('xs must hold at least one observation, got none');
  expect(() => segment([1, NaN, 2])).toThrow('must be finite, got NaN');
  expect(() => segment([1, 2, 3], { shortest: 4 })).toThrow('xs must hold at least 4 observations, got 3');
  expect(() => segment([1, 2, 3], { penalty: NaN })).toThrow('penalty must be finite and >= 0, got NaN');
  expect(() => segment([1, 2, 3], { cost: { cost: 'mean', scale: 0 } })).toThrow('scale must be finite and > 0, got 0');
  expect(() => segment([1, 2.5], { cost: { cost: 'poisson' } })).toThrow('x must be a count');
  expect(() => segment([1, 2], { cost: { cost: 'bernoulli' } })).toThrow('x must be 0 or 1, got 2');
  expect(() => segment([1, 2], { cost: { cost: 'mean-variance' }, shortest: 1 })).toThrow('shortest must be an integer in [2,');
});

test('waits of 0 are ties of a clock, not evidence without end', () => {
  const rng = random(20260101);
  const waits = Array.from({ length: 400 }, () => Math.floor(50 * rng.exponential()));
  const burst = [...waits.slice(0, 200), ...Array<number>(40).fill(0), ...waits.slice(200)];
  const { changes, cost } = segment(burst, { cost: { cost: 'exponential' }, shortest: 5 });
  expect(cost).toBeGreaterThan(0);
  expect(changes).toHaveLength(2);
  expect(Math.abs((changes[0] ?? 0) - 200) + Math.abs((changes[1] ?? 0) - 240)).toBeLessThan(4);
  expect(segment(Array<number>(50).fill(0), { cost: { cost: 'exponential' } }).changes).toEqual([]);
  // A tenth of ties scattered through a steady stream makes no change.
  expect(segment(waits.map((x, i) => (i % 10 === 3 ? 0 : x)), { cost: { cost: 'exponential' }, shortest: 5 }).changes).toEqual([]);
});

test('categories beyond those named are refused', () => {
  expect(() => segment([0, 1, 2], { cost: { cost: 'categorical', categories: 2 } })).toThrow('x must be an integer in [0, 1], got 2');
  expect(() => segment([0, 0, 0], { cost: { cost: 'categorical', categories: 1 } })).toThrow('categories must be an integer in [2, 256], got 1');
});

test('a long series cut by blocks first has the changes of the global minimum, where regimes are long', () => {
  const source = random(20260101);
  for (const every of [3, 10, 64]) {
    const bounds = [0, 700, 1501, 1900, 3000];
    const xs = Float64Array.from({ length: 3000 }, (_, i) => source.normal() + 3 * (bounds.findLastIndex((bound) => bound <= i) % 2));
    const [exact, coarse] = [segment(xs, { shortest: 130 }), segment(xs, { every, shortest: 130 })];
    expect(exact.changes).toHaveLength(3);
    expect(coarse.changes).toEqual(exact.changes);
    expect(coarse.cost).toBeCloseTo(exact.cost, 6);
  }
  expect(segment(Float64Array.from({ length: 1000 }, () => source.normal()), { every: 7 }).changes).toEqual([]);
  expect(segment([1, 2, 1, 2, 1], { every: 2, shortest: 5 }).changes).toEqual([]);
  expect(() => segment([1, 2, 3], { every: 4 })).toThrow('every must be an integer in [1, 3], got 4');
});
