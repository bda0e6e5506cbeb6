import fc from 'fast-check';
import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { type CusumFamily, type CusumOut, type CusumParams, type Detector, type Json, cusum, random, runCusum, scan } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

function outsOf<S extends Json, Y>(detector: Detector<number, S, Y>, xs: Iterable<number>): Y[] {
  return [...scan(detector, xs)].map(({ out }) => out);
}

test('the traces, alarms and change estimates of the Gaussian scheme agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('sequences', 'cusumTrace')) {
    const { x, mean, sd, k, h, headstart } = input as { x: number[]; mean: number; sd: number; k: number; h: number; headstart: number };
    const outs: CusumOut[] = outsOf(cusum({ family: { kind: 'gaussian', mean, sd, shift: 2 * k }, threshold: h, headStart: headstart, afterAlarm: 'head-start' }), x);
    const alarms = outs.flatMap(({ alarm }) => (alarm ? [{ index: alarm.index + 1, side: alarm.side, changeEstimate: alarm.changeIndex + 1 }] : []));
    expectClose({ upper: outs.map(({ up }) => up), lower: outs.map(({ down }) => down), alarms }, expected, tol, id);
  }
});

test('the log-likelihood traces agree with the reference values', () => {
  for (const { id, input, expected, tol } of [...referenceCases('sequences', 'bernoulliSequential'), ...referenceCases('sequences', 'exponentialSequential')]) {
    const { x, p0, p1, mean0, rateRatio } = input as { x: number[]; p0: number; p1: number; mean0: number; rateRatio: number };
    const family: CusumFamily = 'p0' in input ? { kind: 'bernoulli', p0, p1 } : { kind: 'exponential', mean: mean0, rateRatio };
    const outs = outsOf(cusum({ family, sides: 'up', threshold: 1e6 }), x);
    expectClose(outs.map(({ up }) => up), (expected as { llrCusum: number[] }).llrCusum, tol, id);
  }
});

const FAMILIES: readonly (readonly [CusumFamily, fc.Arbitrary<number>])[] = [
  [{ kind: 'gaussian', mean: 3, sd: 2, shift: 1 }, fc.double({ min: -5, max: 11, noNaN: true })],
  [{ kind: 'exponential', mean: 10, rateRatio: 2 }, fc.double({ min: 0, max: 40, noNaN: true })],
  [{ kind: 'bernoulli', p0: 0.3, p1: 0.5, pDown: 0.1 }, fc.constantFrom(0, 1)],
  [{ kind: 'poisson', mean: 2, rateRatio: 1.5 }, fc.nat(6)],
];
const RULES: readonly Omit<CusumParams, 'family'>[] = [
  { threshold: 2 },
  { threshold: { up: 2, down: 3 }, headStart: 1, afterAlarm: 'head-start' },
  { threshold: 1.5, sides: 'down', afterAlarm: 'latch' },
  { threshold: 1.5, sides: 'up' },
];

for (const [i, [family, observations]] of FAMILIES.entries()) detectorLaws(cusum({ family, ...RULES[i] ?? { threshold: 2 } }), observations, 300);

test('the bulk form gives the bits of the streaming form, in one go or in two', () => {
  for (const [family, observations] of FAMILIES) {
    for (const rule of RULES) {
      const detector = cusum({ family, ...rule });
      fc.assert(fc.property(fc.array(observations, { maxLength: 120 }), fc.nat(120), (list, cut) => {
        const xs = Float64Array.from(list);
        const steps = [...scan(detector, xs)];
        const streamed = steps.flatMap(({ out }, i) => (out.alarm?.index === i ? [out.alarm] : []));
        const whole = runCusum(detector, xs);
        assert.deepStrictEqual(whole.alarms, streamed);
        assert.deepStrictEqual(whole.state, steps.at(-1)?.state.state ?? detector.init());
        const first = runCusum(detector, xs.subarray(0, cut));
        const second = runCusum(detector, xs.subarray(cut), first.state);
        assert.deepStrictEqual([[...first.alarms, ...second.alarms], second.state], [whole.alarms, whole.state]);
      }), { seed: 20260101, numRuns: 50 });
    }
  }
});

test('after an alarm the sums start again as asked, or the alarm stands', () => {
  const family: CusumFamily = { kind: 'gaussian', mean: 0, sd: 1, shift: 1 };
  const values = (afterAlarm: 'reset' | 'head-start' | 'latch'): number[] => outsOf(cusum({ family, sides: 'up', threshold: 4, headStart: 2, afterAlarm }), [3, 0.5, 0.5]).map(({ up }) => up);
  expect(values('reset')).toEqual([4.5, 0, 0]);
  expect(values('head-start')).toEqual([4.5, 2, 2]);
  expect(values('latch')).toEqual([4.5, 4.5, 4.5]);
  const standing = outsOf(cusum({ family, threshold: 4, afterAlarm: 'latch' }), [0, 5, -9]).map(({ alarm }) => alarm);
  expect(standing).toEqual([null, { side: 'up', index: 1, changeIndex: 1 }, { side: 'up', index: 1, changeIndex: 1 }]);
});

test('what cannot be an observation or a parameter is refused, in bulk as in a stream', () => {
  for (const [family] of FAMILIES) {
    const watch = cusum({ family, threshold: 2 });
    for (const bad of [NaN, Infinity, -Infinity]) {
      expect(() => outsOf(watch, [1, bad])).toThrow(`x must be finite, got ${String(bad)}`);
      expect(() => runCusum(watch, Float64Array.of(1, bad))).toThrow(`x must be finite, got ${String(bad)}`);
    }
  }
  const exponential: CusumFamily = { kind: 'exponential', mean: 1, rateRatio: 2 };
  expect(() => outsOf(cusum({ family: exponential, threshold: 2 }), [-1])).toThrow('x must be >= 0 for exponential observations, got -1');
  expect(() => runCusum(cusum({ family: { kind: 'bernoulli', p0: 0.1, p1: 0.2 }, sides: 'up', threshold: 2 }), Float64Array.of(0.5))).toThrow('x must be 0 or 1 for bernoulli observations, got 0.5');
  expect(() => cusum({ family: { kind: 'gaussian', mean: 0, sd: 0, shift: 1 }, threshold: 4 })).toThrow('sd must be finite and > 0, got 0');
  expect(() => cusum({ family: { ...exponential, rateRatio: 0.5 }, threshold: 4 })).toThrow('rateRatio must be finite and > 1 (side says which way), got 0.5');
  expect(() => cusum({ family: { kind: 'bernoulli', p0: 0.2, p1: 0.3 }, threshold: 4 })).toThrow('pDown must be given');
  expect(() => cusum({ family: exponential, threshold: NaN })).toThrow('threshold must be finite and > 0, got NaN');
  expect(() => cusum({ family: exponential, threshold: 2, headStart: 3 })).toThrow('headStart must be in [0, threshold]');
});

test('a doubled rate is found where it began', () => {
  const { exponential } = random(20260101);
  const xs = Float64Array.from({ length: 400 }, (_, i) => exponential() * (i < 300 ? 10 : 5));
  const { alarms } = runCusum(cusum({ family: { kind: 'exponential', mean: 10, rateRatio: 2 }, sides: 'up', threshold: 6 }), xs);
  expect(alarms[0]?.index).toBeGreaterThan(300);
  expect(Math.abs((alarms[0]?.changeIndex ?? 0) - 300)).toBeLessThan(20);
});
