import fc from 'fast-check';
import { expect, test } from 'vitest';
import { designCusum, ewma, olsCusum, pageHinkley, random, scan, selfStartingCusum } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const values = fc.double({ min: -1e6, max: 1e6, noNaN: true });
detectorLaws(selfStartingCusum({ shift: 1, threshold: 4 }), values, 500);
detectorLaws(selfStartingCusum({ shift: 0.5, threshold: 3, afterAlarm: 'latch' }), values, 500);
detectorLaws(ewma({ mean: 1, sd: 2, weight: 0.2, limit: 3 }), values, 100);
detectorLaws(pageHinkley({ delta: 0.1, threshold: 1e6 }), values, 130);

test('self-starting scores and sums agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('sequences', 'selfStartingCusum')) {
    const { x, k } = input as { x: number[]; k: number };
    const outs = [...scan(selfStartingCusum({ shift: 2 * k, threshold: 1e6 }), x)].map(({ out }) => out);
    expectClose({ score: outs.map(({ score }) => score), upper: outs.map(({ up }) => up), lower: outs.map(({ down }) => down) }, expected, tol, id);
  }
});

test('EWMA, Page-Hinkley and OLS-CUSUM agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('sequences', 'ewma')) {
    const { x, lambda, start } = input as { x: number[]; lambda: number; start: number };
    expectClose([...scan(ewma({ mean: 0, sd: 1, weight: lambda, limit: 3, start }), x)].map(({ out }) => out.average), expected, tol, id);
  }
  for (const { id, input, expected, tol } of referenceCases('sequences', 'pageHinkley')) {
    const { x, delta } = input as { x: number[]; delta: number };
    expectClose([...scan(pageHinkley({ delta, threshold: 1e9 }), x)].map(({ out }) => out.statistic), expected, tol, id);
  }
  for (const { id, input, expected, tol } of referenceCases('offline_segmentation', 'olsCusum')) {
    const { process, statistic, pValue } = olsCusum((input as { y: number[] }).y);
    expectClose({ process: [...process], stat: statistic, p: pValue }, expected, tol, id);
  }
});

test('without a baseline the self-starting scheme keeps the promise made for known parameters', () => {
  const { threshold, alarmWithin } = designCusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, target: { arl0: 200 }, within: [100], changes: [] });
  const watch = selfStartingCusum({ shift: 1, threshold: threshold.up });
  const { normal } = random(20260101);
  const streams = 600;
  let alarmed = 0;
  for (let i = 0; i < streams; i += 1) {
    const xs = Array.from({ length: 102 }, () => 40 + 0.003 * normal());
    if ([...scan(watch, xs)].some(({ out }) => out.alarm)) alarmed += 1;
  }
  const p = alarmWithin[0]?.probability ?? NaN;
  expect(Math.abs(alarmed / streams - p)).toBeLessThan(3 * Math.sqrt((p * (1 - p)) / streams));
});

test('equal observations, and observations that are none, do not pass silently', () => {
  const outs = [...scan(selfStartingCusum({ shift: 1, threshold: 4 }), [3, 3, 3, 3, 9, 3])].map(({ out }) => out);
  expect(outs.slice(0, 5).map(({ score }) => score)).toEqual([0, 0, 0, 0, 0]);
  expect(Number.isFinite(outs[5]?.score)).toBe(true);
  const refusal = 'x must be finite, got NaN';
  expect(() => [...scan(selfStartingCusum({ shift: 1, threshold: 4 }), [1, NaN])]).toThrow(refusal);
  expect(() => [...scan(ewma({ mean: 0, sd: 1, weight: 0.1, limit: 3 }), [1, NaN])]).toThrow(refusal);
  expect(() => [...scan(pageHinkley({ delta: 0, threshold: 1 }), [1, NaN])]).toThrow(refusal);
  expect(() => olsCusum([2, 2, 2, 2])).toThrow('series must not be constant');
  expect(() => olsCusum([1, 2])).toThrow('series must hold at least 3 values, got 2');
  expect(() => ewma({ mean: 0, sd: 1, weight: 0, limit: 3 })).toThrow('weight must be in (0, 1], got 0');
});
