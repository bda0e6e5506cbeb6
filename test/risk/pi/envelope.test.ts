import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError, PI_ENVELOPE_TIERS, piConformal, piEnvelope, piEnvelopeSnapshot, piPacBayes, random, resume, scan, start } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';

const latency = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, -0, 100, 1e150, -1e150, 1e-300));
const call = fc.record({ latencyMs: latency, success: fc.boolean() });
const small = { ...PI_ENVELOPE_TIERS.strict, conformal_calibration_size: 16, min_observations: 3 };

detectorLaws(piConformal({ confidence: 0.9, maxCalibration: 10 }), latency, 700);
detectorLaws(piConformal({ confidence: 2, maxCalibration: 0 }), latency, 300);
detectorLaws(piEnvelope(small), fc.oneof(call, fc.constant('reset' as const)), 1400);
detectorLaws(piEnvelope({ ...small, enabled: false }), call, 200);

test('of 20 scores, the 99 % interval covers no more than 20 of 21 clean latencies', () => {
  const detector = piConformal({ confidence: 0.99, maxCalibration: 20 });
  const stream = random(20260101);
  let state = detector.init();
  let covered = 0;
  for (let i = -200; i < 20_000; i += 1) {
    const { state: next, out } = detector.step(state, stream.normal());
    state = next;
    if (i >= 0 && !out.anomaly) covered += 1;
  }
  // 5 standard errors of a proportion about 20/21 = 0.9524, widened for the overlap of neighbouring windows.
  expect(Math.abs(covered / 20_000 - 20 / 21)).toBeLessThan(0.01);
});

test('a burst of short latencies raises the coverage where an alarm is due', () => {
  const detector = piConformal({ confidence: 0.9, maxCalibration: 200 });
  const stream = random(20260101);
  const values = Array.from({ length: 600 }, (_, i) => stream.exponential() * (i < 400 ? 10 : 5));
  const anomalies = [...scan(detector, values)].map(({ out }) => out.anomaly);
  const rate = (from: number, to: number): number => anomalies.slice(from, to).filter(Boolean).length / (to - from);
  expect(rate(200, 400)).toBeGreaterThan(0.05);
  expect(rate(400, 450)).toBeLessThan(0.05);
});

test('a stream without errors is vetoed until the bound has come down to the tier', () => {
  for (const [tier, first, last] of [['strict', 10, 152], ['balanced', 20, 33], ['throughput', 30, -1]] as const) {
    const calls = Array.from({ length: 200 }, () => ({ latencyMs: 20, success: true }));
    const steps = [...scan(piEnvelope(PI_ENVELOPE_TIERS[tier]), calls)].map(({ out }) => out);
    const vetoed = steps.flatMap(({ veto }, i) => (veto ? [i + 1] : []));
    expect(vetoed).toEqual(Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i));
  }
});

test('the figure is 1 before any call and never below the empirical rate', () => {
  expect(piPacBayes({ successes: 0, failures: 0, delta: 0.05, priorWeight: 1, priorErrorRate: 0.3 })).toEqual({ empirical: 0.3, bound: 1 });
  const counts = fc.nat(5000);
  fc.assert(
    fc.property(counts, counts, fc.double({ min: 0, max: 0.5, noNaN: true }), (successes, failures, delta) => {
      const { empirical, bound } = piPacBayes({ successes, failures, delta, priorWeight: 1 });
      expect(bound).toBeGreaterThanOrEqual(empirical);
      expect(bound).toBeLessThanOrEqual(1);
    }),
    { seed: 20260101 },
  );
});

test('a reset keeps the count of vetoes and the prior, and starts all else afresh', () => {
  const detector = piEnvelope(small, 0.25);
  const steps = [...scan(detector, [{ latencyMs: 1, success: false }, { latencyMs: 1, success: false }, { latencyMs: 1, success: false }, 'reset'])];
  expect(steps.at(-1)?.out).toEqual({ veto: false, snapshot: { ...piEnvelopeSnapshot(detector.init(), small, 0.25), vetoCount: 1 } });
  expect(steps.at(-1)?.out.snapshot.pacBayesEmpiricalError).toBe(0.25);
});

test('what is no call, number or count is refused, not absorbed', () => {
  const detector = piEnvelope(small);
  expect(() => detector.step(detector.init(), { latencyMs: NaN, success: true })).toThrow('latency must be finite');
  expect(() => detector.step(detector.init(), 'stop' as 'reset')).toThrow('expected a call or the word reset');
  expect(() => piEnvelope({ ...small, pac_bayes_delta: NaN })).toThrow('pac_bayes_delta must be finite');
  expect(() => piEnvelope({ ...small, min_observations: 1.5 })).toThrow('min_observations must be an integer');
  expect(() => piConformal({ confidence: 0.9, maxCalibration: -1 })).toThrow(InputError);
  expect(() => piPacBayes({ successes: -1, failures: 0, delta: 0.05, priorWeight: 1 })).toThrow('successes must be an integer');
  expect(() => resume(piEnvelope(small), start(piEnvelope(small, 0.1)))).toThrow(InputError);
});
