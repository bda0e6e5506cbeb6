import fc from 'fast-check';
import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { bocpd, type BocpdOutput, type BocpdParams, type ConjugateModel, type Hazard, type Pruning, random, runBocpd, RUN_LENGTH_CONVENTION, scan } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const KEPT = { maxRuns: null, mergeBelow: 0 };
const NAMES: Readonly<Record<string, string>> = {
  normalInverseGamma: 'normal-inverse-gamma',
  normalKnownVariance: 'normal-known-variance',
  betaBernoulli: 'beta-bernoulli',
  gammaPoisson: 'gamma-poisson',
  gammaExponential: 'gamma-exponential',
  dirichletCategorical: 'dirichlet-categorical',
};

const NIG: ConjugateModel = { model: 'normal-inverse-gamma', mu: 0, kappa: 1, alpha: 1, beta: 1 };
const RARE: Hazard = { type: 'constant', lambda: 100 };

const outputs = (params: BocpdParams, xs: Iterable<number>): BocpdOutput[] => [...scan(bocpd(params), xs)].map(({ out }) => out);

test('the run-length posterior agrees with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('bocpd', 'bocpd')) {
    const { model, prior, hazard, x } = input as { model: string; prior: object; hazard: Hazard; x: number[] };
    const params: BocpdParams = { model: { model: NAMES[model], ...prior } as ConjugateModel, hazard, pruning: KEPT };
    const seen = outputs(params, x);
    const want = expected as Record<'posterior' | 'logEvidence' | 'mapRunLength' | 'expectedRunLength', unknown>;
    expectClose(seen.map(({ posterior }) => posterior.probability), want.posterior, tol, `${id} posterior`);
    expectClose(seen.map(({ logEvidence }) => logEvidence), want.logEvidence, tol, `${id} evidence`);
    expectClose(seen.map(({ expectedRunLength }) => expectedRunLength), want.expectedRunLength, tol, `${id} mean`);
    expect(seen.map(({ mapRunLength }) => mapRunLength), id).toEqual(want.mapRunLength);
    expect(new Set(seen.flatMap(({ convention, posterior }) => [convention, posterior.convention]))).toEqual(new Set([RUN_LENGTH_CONVENTION]));
  }
});

const draws = (seed: number, n: number): number[] => {
  const source = random(seed);
  return Array.from({ length: n }, () => source.normal());
};

/** Noise, noise with a shift every 200 observations, noise with one small late shift. */
const seriesOf = (seed: number): readonly number[][] => {
  const noise = draws(seed, 1200);
  return [noise, noise.map((x, t) => x + 3 * (Math.floor(t / 200) % 2)), noise.map((x, t) => x + (t >= 900 ? 1 : 0))];
};

/** Largest differences of P(r <= 30) and of the log evidence from those of the whole posterior. */
function pruningError(xs: readonly number[], pruning: Pruning): { readonly recent: number; readonly evidence: number } {
  const alarm = { window: 30, above: 0.5, then: 'continue' } as const;
  const [whole, pruned] = [runBocpd({ model: NIG, hazard: RARE, pruning: KEPT, alarm }, xs), runBocpd({ model: NIG, hazard: RARE, pruning, alarm }, xs)];
  const largest = (a: Float64Array, b: Float64Array): number => a.reduce((most, x, t) => Math.max(most, Math.abs(x - (b[t] ?? NaN))), 0);
  return { recent: largest(whole.recentChange, pruned.recentChange), evidence: largest(whole.logEvidence, pruned.logEvidence) };
}

test('merging runs below 1e-6 keeps the recent past within 1e-4 and the evidence within 1e-3', () => {
  for (const xs of [1, 2, 3].flatMap(seriesOf)) {
    const { recent, evidence } = pruningError(xs, { maxRuns: null, mergeBelow: 1e-6 });
    expect(recent).toBeLessThan(1e-4);
    expect(evidence).toBeLessThan(1e-3);
  }
});

test('a cap of 300 runs keeps the recent past within 0.05, and far closer', () => {
  // Merging the two oldest instead moves seed 4 by 0.13.
  for (const xs of [1, 2, 4].flatMap(seriesOf)) expect(pruningError(xs, { maxRuns: 300, mergeBelow: 0 }).recent).toBeLessThan(0.005);
});

const MODELS: readonly (readonly [ConjugateModel, fc.Arbitrary<number>])[] = [
  [NIG, fc.double({ min: -1e6, max: 1e6, noNaN: true })],
  [{ model: 'normal-known-variance', mu: 1, priorVariance: 4, variance: 2 }, fc.double({ min: -50, max: 50, noNaN: true })],
  [{ model: 'beta-bernoulli', a: 0.5, b: 2 }, fc.constantFrom(0, 1)],
  [{ model: 'gamma-poisson', shape: 2, rate: 0.5 }, fc.nat(300)],
  [{ model: 'gamma-exponential', shape: 1, rate: 10 }, fc.double({ min: 0, max: 1e5, noNaN: true })],
  [{ model: 'dirichlet-categorical', alpha: [1, 2, 0.5] }, fc.nat(2)],
];
const HAZARDS: readonly Hazard[] = [RARE, { type: 'logistic', scale: 0.3, a: 0.02, b: -3 }, { type: 'table', values: [0, 0.1, 1, 0.02] }];

MODELS.forEach(([model, xs], k) => {
  const params: BocpdParams = {
    model,
    hazard: HAZARDS[k % HAZARDS.length] ?? RARE,
    pruning: { maxRuns: 40, mergeBelow: k % 2 === 0 ? 1e-4 : 0 },
    alarm: { window: 10, above: 0.5, then: k % 2 === 0 ? 'restart' : 'continue' },
  };
  detectorLaws(bocpd(params), xs, 20_000);

  test(`${model.model}: the bulk form gives the bits of the stream`, () => {
    fc.assert(
      fc.property(fc.array(xs, { minLength: 1, maxLength: 300 }), (series) => {
        const stream = outputs(params, series);
        const bulk = runBocpd(params, series);
        assert.deepStrictEqual(Array.from(bulk.logEvidence), stream.map((out) => out.logEvidence));
        assert.deepStrictEqual(Array.from(bulk.mapRunLength), stream.map((out) => out.mapRunLength));
        assert.deepStrictEqual(Array.from(bulk.expectedRunLength), stream.map((out) => out.expectedRunLength));
        assert.deepStrictEqual(Array.from(bulk.recentChange), stream.map((out) => out.recentChange));
        assert.deepStrictEqual(Array.from(bulk.alarm), stream.map((out) => (out.alarm ? 1 : 0)));
        assert.deepStrictEqual(Array.from(bulk.survivors), stream.map((out) => out.posterior.length.length));
        assert.deepStrictEqual(bulk.posterior, stream.at(-1)?.posterior);
      }),
      { seed: 20260101, numRuns: 30 },
    );
  });

  test(`${model.model}: probabilities sum to one`, () => {
    fc.assert(
      fc.property(fc.array(xs, { minLength: 1, maxLength: 100 }), (series) => {
        for (const { posterior } of outputs(params, series)) expect(Math.abs(posterior.probability.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-9);
      }),
      { seed: 20260101, numRuns: 20 },
    );
  });
});

test('under a constant hazard the youngest run always has the hazard for its mass, so a change is read from a window', () => {
  const xs = draws(5, 300).map((x, t) => x + (t >= 200 ? 4 : 0));
  const seen = outputs({ model: NIG, hazard: RARE, pruning: KEPT }, xs);
  for (const { posterior } of seen) expect(posterior.probability[0]).toBeCloseTo(0.01, 12);
  expect(seen.findIndex(({ alarm }) => alarm)).toBeGreaterThanOrEqual(200);
  expect(seen.findIndex(({ alarm }) => alarm)).toBeLessThan(210);
});

test('constant data neither break the arithmetic nor look like a change', () => {
  const seen = outputs({ model: NIG, hazard: RARE }, Array.from({ length: 500 }, () => 3));
  expect(seen.every(({ logEvidence }) => Number.isFinite(logEvidence))).toBe(true);
  expect(seen.at(-1)?.mapRunLength).toBe(500);
});

test('improper priors, impossible hazards and observations that a model cannot have drawn are refused', () => {
  const make = (model: ConjugateModel, hazard: Hazard = RARE) => bocpd({ model, hazard });
  const step = (model: ConjugateModel, x: number) => () => { const d = make(model); d.step(d.init(), x); };
  expect(() => make({ ...NIG, beta: 0 })).toThrow('beta must be finite and > 0, got 0');
  expect(() => make({ ...NIG, mu: NaN })).toThrow('mu must be finite, got NaN');
  expect(() => make(NIG, { type: 'constant', lambda: 1 })).toThrow('hazard.lambda must be finite and > 1, got 1');
  expect(() => make(NIG, { type: 'table', values: [] })).toThrow('hazard.values must hold at least one value');
  expect(() => make(NIG, { type: 'table', values: [0.1, 1.5] })).toThrow('hazard.values[1] must be in [0, 1], got 1.5');
  expect(() => make({ model: 'dirichlet-categorical', alpha: [1] })).toThrow('alpha must hold at least two values, got 1');
  expect(step(NIG, NaN)).toThrow('x must be finite, got NaN');
  expect(step(NIG, 1e300)).toThrow("x is too far out for the model's arithmetic");
  expect(step({ model: 'gamma-poisson', shape: 1, rate: 1 }, 1.5)).toThrow('x must be a count');
  expect(step({ model: 'gamma-exponential', shape: 1, rate: 1 }, -1)).toThrow('x must be finite and >= 0, got -1');
  expect(step({ model: 'beta-bernoulli', a: 1, b: 1 }, 2)).toThrow('x must be 0 or 1, got 2');
  expect(step({ model: 'dirichlet-categorical', alpha: [1, 1] }, 2)).toThrow('x must be a category');
  expect(() => runBocpd({ model: NIG, hazard: RARE }, [])).toThrow('xs must hold at least one observation, got none');
});
