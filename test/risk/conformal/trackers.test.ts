import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aci, aciErrorBound, quantileTracker, random, scan, splitThreshold, trackerErrorBound } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const seed = 20260101;
const score = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1, 2));

detectorLaws(quantileTracker({ alpha: 0.1, eta: 0.5 }), fc.oneof(score, fc.constantFrom(Infinity, -Infinity)), 60);
detectorLaws(aci({ alpha: 0.1, gamma: 0.02, window: 20, burnIn: 3 }), score, 1200);

it.each(referenceCases('conformal', 'quantileTracker'))('the tracker equals reference $id', ({ id, input, expected, tol }) => {
  const { scores, alpha, eta, start } = input as { scores: number[]; alpha: number; eta: number; start: number };
  const outs = [...scan(quantileTracker({ alpha, eta, start }), scores)].map(({ out }) => out);
  expectClose({ thresholds: outs.map(({ threshold }) => threshold), errors: outs.map(({ error }) => error), next: outs.at(-1)?.next }, expected, tol, id);
});

it.each(referenceCases('conformal', 'aciTrace'))('adaptive inference equals reference $id', ({ id, input, expected, tol }) => {
  const { scores, alpha, gamma, burnIn } = input as { scores: number[]; alpha: number; gamma: number; burnIn: number };
  const outs = [...scan(aci({ alpha, gamma, window: 1000, burnIn }), scores)].slice(burnIn).map(({ out }) => out);
  expectClose({
    alphas: outs.map((out) => out.alpha),
    thresholds: outs.map(({ threshold }) => threshold),
    errors: outs.map(({ error }) => error),
    nextAlpha: outs.at(-1)?.nextAlpha,
  }, expected, tol, id);
});

interface AciRun { readonly errors: number; readonly judged: number }

function runAci(params: { alpha: number; gamma: number; burnIn: number; window?: number }, scores: Iterable<number>): AciRun {
  const last = [...scan(aci({ window: 2000, ...params }), scores)].at(-1)?.state.state;
  return { errors: last?.errors ?? NaN, judged: last?.judged ?? NaN };
}

it.each(referenceCases('monte_carlo', 'aciCoverage'))('coverage over a shift is that of reference $id, within the bound on every stream', ({ input, expected }) => {
  const { alpha, gamma, burnIn, T } = input as { alpha: number; gamma: number; burnIn: number; T: number };
  const { coverage = NaN, se = NaN, deterministicBound = NaN } = expected as Record<string, number>;
  expect(aciErrorBound({ alpha, gamma, steps: T })).toBeCloseTo(deterministicBound, 12);
  const source = random(seed);
  const streams = 60;
  let covered = 0;
  for (let stream = 0; stream < streams; stream += 1) {
    const scores = Array.from({ length: burnIn + T }, (_, i) => source.exponential() * (i >= burnIn + T / 2 ? 3 : 1));
    const { errors, judged } = runAci({ alpha, gamma, burnIn }, scores);
    expect(judged).toBe(T);
    expect(Math.abs(errors / T - alpha)).toBeLessThanOrEqual(deterministicBound);
    covered += 1 - errors / T;
  }
  // The reference ran 300 streams; what is left over the bound on its own error is ours.
  expect(Math.abs(covered / streams - coverage)).toBeLessThan(4 * se * (1 + Math.sqrt(300 / streams)));
});

describe('the bound that holds on every sequence', () => {
  const hostile = fc.array(fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 300 });
  it('is kept by adaptive inference', () => {
    fc.assert(fc.property(hostile, fc.constantFrom(0.01, 0.1, 0.5, 0.9), fc.constantFrom(0.005, 0.1, 2), (scores, alpha, gamma) => {
      const { errors, judged } = runAci({ alpha, gamma, burnIn: 0, window: 30 }, scores);
      expect(Math.abs(errors / judged - alpha)).toBeLessThanOrEqual(aciErrorBound({ alpha, gamma, steps: judged }) * (1 + 1e-12));
    }), { seed });
  });
  it('is kept by the tracker', () => {
    fc.assert(fc.property(hostile, fc.constantFrom(0.01, 0.1, 0.5, 0.9), fc.constantFrom(0.01, 0.3, 5), (scores, alpha, eta) => {
      const last = [...scan(quantileTracker({ alpha, eta, start: 0.5 }), scores)].at(-1)?.state.state;
      expect(Math.abs((last?.errors ?? NaN) / scores.length - alpha)).toBeLessThanOrEqual(trackerErrorBound({ eta, largest: 1, steps: scores.length }) * (1 + 1e-12));
    }), { seed });
  });
});

it('after a change both go quiet again, which is why neither is an alarm', () => {
  const source = random(seed);
  const scores = Array.from({ length: 4000 }, (_, i) => source.exponential() * (i < 2000 ? 1 : 5));
  for (const detector of [quantileTracker({ alpha: 0.1, eta: 0.2, start: 2 }), aci({ alpha: 0.1, gamma: 0.02, window: 200 })]) {
    const late = [...scan<number, never, { error: 0 | 1 | null }>(detector as never, scores)].slice(3000).filter(({ out }) => out.error === 1).length;
    expect(late / 1000).toBeGreaterThan(0.07);
    expect(late / 1000).toBeLessThan(0.13);
  }
});

it('at the level it starts from adaptive inference is split conformal', () => {
  const source = random(seed);
  for (const alpha of [0.05, 0.1, 0.3]) {
    const scores = Array.from({ length: 59 }, source.normal);
    const outs = [...scan(aci({ alpha, gamma: 0.01, window: 59, burnIn: 59 }), [...scores, 0])];
    expect(outs.at(-1)?.out.threshold).toBe(splitThreshold(scores, { alpha }).threshold);
  }
});

it('bad input is refused', () => {
  expect(() => quantileTracker({ alpha: 0, eta: 1 })).toThrow('alpha must be in (0, 1)');
  expect(() => quantileTracker({ alpha: 0.1, eta: 0 })).toThrow('eta must be finite and > 0');
  const tracker = quantileTracker({ alpha: 0.1, eta: 1 });
  expect(() => tracker.step(tracker.init(), NaN)).toThrow('score 0 must not be NaN');
  expect(() => aci({ alpha: 0.1, gamma: 0.1, window: 0 })).toThrow('window must be an integer');
  const adaptive = aci({ alpha: 0.1, gamma: 0.1, window: 5 });
  for (const bad of [NaN, Infinity]) expect(() => adaptive.step(adaptive.init(), bad)).toThrow('score 0 must be finite');
});
