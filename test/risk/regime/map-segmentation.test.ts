import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeWithin, conjugateDefault, type ConjugateModel, type Hazard, hazardByEvidence, mapSegmentation, random, runBocpd, seriesModel } from '../../../src/index.js';

const hazardAt = (hazard: Hazard, r: number): number => {
  if (hazard.type === 'constant') return 1 / hazard.lambda;
  if (hazard.type === 'table') return hazard.values[Math.min(r, hazard.values.length - 1)] ?? 0;
  return hazard.scale / (1 + Math.exp(-(hazard.a * r + hazard.b)));
};

/** Every segmentation of a short series with its log joint probability, from the definition. */
function* everySegmentation(model: ConjugateModel, hazard: Hazard, xs: readonly number[]): Generator<{ changes: number[]; logJoint: number }> {
  const n = xs.length;
  const one: Hazard = { type: 'table', values: [0] };
  for (let mask = 0; mask < 2 ** (n - 1); mask += 1) {
    const changes = Array.from({ length: n - 1 }, (_, i) => i + 1).filter((i) => (mask >> (i - 1)) & 1);
    let logJoint = 0;
    [0, ...changes].forEach((from, k) => {
      const to = changes[k] ?? n;
      logJoint += runBocpd({ model, hazard: one }, xs.slice(from, to)).logEvidence.at(-1) ?? NaN;
      for (let r = 0; r < to - from - 1; r += 1) logJoint += Math.log1p(-hazardAt(hazard, r));
      if (to < n) logJoint += Math.log(hazardAt(hazard, to - from - 1));
    });
    yield { changes, logJoint };
  }
}

const CASES: readonly (readonly [ConjugateModel, Hazard, fc.Arbitrary<number>])[] = [
  [{ model: 'normal-inverse-gamma', mu: 0, kappa: 0.5, alpha: 1, beta: 1 }, { type: 'constant', lambda: 5 }, fc.double({ min: -5, max: 5, noNaN: true })],
  [{ model: 'beta-bernoulli', a: 1, b: 2 }, { type: 'logistic', scale: 0.5, a: 0.4, b: -1 }, fc.constantFrom(0, 1)],
  [{ model: 'gamma-poisson', shape: 1, rate: 0.3 }, { type: 'table', values: [0, 0.3, 0.1, 0.6] }, fc.nat(9)],
  [{ model: 'dirichlet-categorical', alpha: [1, 1, 2] }, { type: 'constant', lambda: 3 }, fc.nat(2)],
];

for (const [model, hazard, xs] of CASES) {
  test(`${model.model}: segmentation, chances of change and evidence are those of all segmentations tried one by one`, () => {
    fc.assert(
      fc.property(fc.array(xs, { minLength: 2, maxLength: 7 }), fc.nat(5), fc.nat(5), (series, a, b) => {
        const all = [...everySegmentation(model, hazard, series)];
        const total = all.reduce((sum, { logJoint }) => sum + Math.exp(logJoint), 0);
        const chance = (which: (changes: number[]) => boolean): number =>
          all.filter(({ changes }) => which(changes)).reduce((sum, { logJoint }) => sum + Math.exp(logJoint), 0) / total;
        const map = mapSegmentation({ model, hazard }, series);
        expect(map.logEvidence).toBeCloseTo(Math.log(total), 9);
        expect(map.logEvidence).toBeCloseTo(runBocpd({ model, hazard, pruning: { maxRuns: null, mergeBelow: 0 } }, series).logEvidence.at(-1) ?? NaN, 9);
        expect(map.logJoint).toBeCloseTo(Math.max(...all.map(({ logJoint }) => logJoint)), 9);
        const found = map.changes.map(({ index }) => index);
        expect(all.find(({ changes }) => String(changes) === String(found))?.logJoint).toBeCloseTo(map.logJoint, 9);
        for (let i = 1; i < series.length; i += 1) expect(map.changeProbability[i]).toBeCloseTo(chance((changes) => changes.includes(i)), 9);
        const from = 1 + (Math.min(a, b) % (series.length - 1));
        const to = Math.max(from, Math.min(series.length - 1, Math.max(a, b)));
        expect(changeWithin({ model, hazard }, series, { from, to })).toBeCloseTo(chance((changes) => changes.some((i) => i >= from && i <= to)), 9);
      }),
      { seed: 20260101, numRuns: 25 },
    );
  });
}

test('a level shift is located, with an interval that holds it and the evidence preferring the right run length', () => {
  const source = random(20260101);
  const xs = Array.from({ length: 400 }, (_, t) => 50 + 5 * source.normal() + (t >= 150 && t < 290 ? 12 : 0));
  const model = conjugateDefault('normal-inverse-gamma', xs.slice(0, 100));
  if (!('model' in model)) throw new Error(model.reason);
  const { lambda, tried } = hazardByEvidence({ model }, xs);
  expect(lambda).toBeGreaterThanOrEqual(64);
  expect(lambda).toBeLessThanOrEqual(512);
  expect(tried[0]?.lambda).toBe(8);
  const { changes } = mapSegmentation({ model, hazard: { type: 'constant', lambda } }, xs);
  expect(changes).toHaveLength(2);
  [150, 290].forEach((truth, k) => {
    expect(changes[k]?.lower).toBeLessThanOrEqual(truth);
    expect(changes[k]?.upper).toBeGreaterThanOrEqual(truth);
    expect(changes[k]?.expectedChanges).toBeGreaterThan(0.85);
  });
  expect(changeWithin({ model, hazard: { type: 'constant', lambda } }, xs, { from: 145, to: 155 })).toBeGreaterThan(0.95);
});

test('priors from a baseline follow its units, and are refused where it has no scale or too few values', () => {
  const xs = [3, 5, 4, 8, 2, 4.5, 6, 5.5];
  const [one, other] = [conjugateDefault('normal-inverse-gamma', xs), conjugateDefault('normal-inverse-gamma', xs.map((x) => 1000 * x))];
  if (!('model' in one && one.model === 'normal-inverse-gamma' && 'model' in other && other.model === 'normal-inverse-gamma')) throw new Error('refused');
  expect(other.mu).toBeCloseTo(1000 * one.mu, 6);
  expect(other.beta / one.beta).toBeCloseTo(1e6, 3);
  expect(conjugateDefault('beta-bernoulli', [0, 0, 1, 0, 0, 0, 0, 0, 1])).toEqual({ model: 'beta-bernoulli', a: 0.25, b: 0.75 });
  expect(conjugateDefault('gamma-poisson', [0, 2, 4, 2, 0, 4])).toEqual({ model: 'gamma-poisson', shape: 1, rate: 0.5 });
  expect(conjugateDefault('dirichlet-categorical', [0, 1, 2, 3, 3, 3])).toEqual({ model: 'dirichlet-categorical', alpha: [0.375, 0.375, 0.375, 0.875] });
  expect(conjugateDefault('gamma-poisson', [1, 2, 3])).toMatchObject({ n: 3, neededN: 6 });
  expect(() => conjugateDefault('normal-inverse-gamma', [7, 7, 7, 7, 7, 8])).toThrow('baseline must have a scale that is finite and > 0, got 0');
  expect(() => conjugateDefault('beta-bernoulli', [0, 1, 0.5, 1, 0, 0])).toThrow('a baseline value must be an integer in [0, 1], got 0.5');
});

test('windows and levels that are none are refused', () => {
  const params = { model: { model: 'beta-bernoulli', a: 1, b: 1 }, hazard: { type: 'constant', lambda: 10 } } as const;
  expect(() => mapSegmentation(params, [])).toThrow('xs must hold at least one observation, got none');
  expect(() => mapSegmentation(params, [1, 0], 1)).toThrow('level must be in (0, 1), got 1');
  expect(() => changeWithin(params, [1, 0, 1], { from: 0, to: 1 })).toThrow('from must be an integer in [1, 2], got 0');
  expect(mapSegmentation(params, [1]).changes).toEqual([]);
});

test('the model of a whole series finds a shift in noise with a memory, in any unit, and nothing in noise alone', () => {
  const source = random(20260102);
  let x = 0;
  const noise = Array.from({ length: 300 }, () => (x = 0.4 * x + source.normal()));
  expect(mapSegmentation(seriesModel(noise), noise).changes).toEqual([]);
  const shifted = noise.map((value, t) => 1e6 * (value + (t >= 120 ? 5 : 0)));
  const { changes } = mapSegmentation(seriesModel(shifted), shifted);
  expect(changes).toHaveLength(1);
  expect(Math.abs((changes[0]?.index ?? 0) - 120)).toBeLessThanOrEqual(3);
  expect(() => seriesModel([2, 2, 2])).toThrow('baseline must have a scale that is finite and > 0, got 0');
});
