import { expect, it } from 'vitest';
import { conformalPValues, mondrianPValues, mondrianThresholds, random, splitThreshold } from '../../../src/index.js';
import { inBand } from './band.js';

it('every group has the threshold and p-values of its own scores', () => {
  const source = random(20260101);
  const pairs = Array.from({ length: 300 }, () => [`g${String(source.integer(7))}`, source.normal()] as const);
  const thresholds = mondrianThresholds(pairs, { alpha: 0.1 });
  const against = mondrianPValues(pairs);
  for (const [group, threshold] of thresholds.groups) {
    const own = pairs.filter(([key]) => key === group).map(([, score]) => score);
    expect(threshold).toEqual(splitThreshold(own, { alpha: 0.1 }));
    expect(thresholds.thresholdOf(group)).toBe(threshold.threshold);
    expect(against.pValue(group, 0.5)).toBe(conformalPValues(own).pValue(0.5));
    expect(against.smoothed(group, 0.5, 0.3)).toBe(conformalPValues(own).smoothed(0.5, 0.3));
  }
  expect(thresholds.groups.size).toBe(7);
});

it('groups that fall to Infinity are named with what they need', () => {
  const { unbounded, neededPerGroup, thresholdOf } = mondrianThresholds([['a', 1], ['a', 2], ['b', 1], ['constructor', 1]], { alpha: 1 / 3 });
  expect(unbounded).toEqual([{ group: 'a', n: 2, needed: 3 }, { group: 'b', n: 1, needed: 3 }, { group: 'constructor', n: 1, needed: 3 }]);
  expect(neededPerGroup).toBe(3);
  expect(thresholdOf('never seen')).toBe(Infinity);
  expect(mondrianThresholds([], { alpha: 0.1 }).groups.size).toBe(0);
});

it('coverage holds in a small group that differs from the rest, where one threshold for all fails it', () => {
  const source = random(20260101);
  const draw = (group: string): number => (group === 'rare' ? 3 : 1) * source.exponential();
  const calibration = (): [string, number][] => Array.from({ length: 220 }, (_, i) => (i < 20 ? ['rare', draw('rare')] : ['common', draw('common')]));
  const runs = 3000;
  let own = 0;
  let pooled = 0;
  for (let run = 0; run < runs; run += 1) {
    const pairs = calibration();
    const x = draw('rare');
    if (x <= mondrianThresholds(pairs, { alpha: 0.1 }).thresholdOf('rare')) own += 1;
    if (x <= splitThreshold(pairs.map(([, score]) => score), { alpha: 0.1 }).threshold) pooled += 1;
  }
  inBand(own, runs, 19 / 21);
  expect(pooled / runs).toBeLessThan(0.75);
});
