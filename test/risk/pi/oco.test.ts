import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PI_OCO_TIERS, piAdaptiveThreshold, piOco, scan } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';

const depth = fc.option(fc.nat(100));
const update = fc.record({ overloaded: fc.boolean(), queueDepth: depth, queueCapacity: depth });

for (const config of Object.values(PI_OCO_TIERS)) detectorLaws(piOco(config), update, 300);

test('an overload raises the budgets up to their largest, and a loss above the limit puts them back', () => {
  const tuner = piOco(PI_OCO_TIERS.balanced);
  const rounds = [...scan(tuner, [...Array.from({ length: 1000 }, () => ({ overloaded: true })), { overloaded: true, queueDepth: 9, queueCapacity: 10 }])];
  expect(rounds.at(-2)?.state.state).toMatchObject({ queueBudget: 32, batchBudget: 16, timeSliceMs: 20, guardrailRollbacks: 0, cumulativeLoss: 1000, cumulativeRegret: 0 });
  expect(rounds.at(-1)?.out).toEqual({ loss: 1.9, rolledBack: true });
  expect(rounds.at(-1)?.state.state).toMatchObject({ queueBudget: 8, batchBudget: 4, timeSliceMs: 8, guardrailRollbacks: 1, rounds: 1001 });
});

test('the budgets at the start halve a base threshold, halves rounded up', () => {
  for (const config of Object.values(PI_OCO_TIERS)) {
    expect([0, 1, 2, 3, 4, 5, 25].map((base) => piAdaptiveThreshold(piOco(config).init(), base))).toEqual([1, 1, 1, 2, 2, 3, 13]);
  }
});

test('a queue without room, or half known, counts as empty', () => {
  const tuner = piOco(PI_OCO_TIERS.strict);
  for (const queue of [{ queueDepth: 5, queueCapacity: 0 }, { queueDepth: 5 }, { queueCapacity: 5 }, { queueDepth: null, queueCapacity: 5 }]) {
    expect(tuner.step(tuner.init(), { overloaded: true, ...queue }).out.loss).toBe(1);
  }
});

test('limits that contradict each other and counts that are none are refused', () => {
  expect(() => piOco({ ...PI_OCO_TIERS.strict, min_batch_budget: 9 })).toThrow('min_batch_budget must be at most max_batch_budget, got 9 and 8');
  expect(() => piOco({ ...PI_OCO_TIERS.strict, learning_rate: NaN })).toThrow('learning_rate must be finite');
  const tuner = piOco(PI_OCO_TIERS.strict);
  expect(() => tuner.step(tuner.init(), { overloaded: true, queueDepth: -1, queueCapacity: 4 })).toThrow('queueDepth must be an integer');
});
