import { expect, test } from 'vitest';
import { sweepThresholds, type ObservedRate } from '../../src/index.js';
import { rocFigure } from '../../src/plot/index.js';

const seen = (errors: number, n: number): ObservedRate => ({ errors, n, rate: n === 0 ? null : errors / n, lower: n === 0 ? null : 0, upper: n === 0 ? null : 1 });

test('a ROC figure names rates on other calls exactly where it draws them', () => {
  const sweep = sweepThresholds(Float64Array.of(0.1, 0.4, 0.4, 0.8), Uint8Array.of(0, 0, 1, 1), { falsePositive: 1, falseNegative: 1 });
  if (sweep.kind === 'refusal') throw new Error(sweep.reason);
  const named = (unsafeCalls: number): boolean => {
    const confirmed = { miss: seen(0, unsafeCalls), falseAlarm: seen(1, 10), level: 0.95 };
    const { legend } = rocFigure(sweep, { chosen: { threshold: 0.4, promise: 'none', alpha: { miss: null, falseAlarm: null }, confirmed } });
    return legend?.some(({ shape }) => shape === 'ring') === true;
  };
  expect([named(5), named(0)]).toEqual([true, false]);
});
