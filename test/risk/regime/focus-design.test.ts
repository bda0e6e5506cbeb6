import { describe, expect, it } from 'vitest';
import { designFocus, focus, InputError, random, type GlrFamily, type Random } from '../../../src/index.js';

const cases: readonly (readonly [GlrFamily, (source: Random) => number])[] = [
  [{ kind: 'gaussian', mean: 5, sd: 2 }, (source) => 5 + 2 * source.normal()],
  [{ kind: 'gaussian', mean: null, sd: 2 }, (source) => 70 + 2 * source.normal()],
  [{ kind: 'exponential', mean: 0.01 }, (source) => 0.01 * source.exponential()],
  [{ kind: 'bernoulli', p0: 0.3 }, (source) => (source.uniform() < 0.3 ? 1 : 0)],
];

/** Run lengths to the first alarm of fresh streams, at most `most` long. */
function runLengths(family: GlrFamily, draw: (source: Random) => number, threshold: number, most: number): number[] {
  const source = random(777);
  const detector = focus({ family, threshold, afterAlarm: 'latch' });
  return Array.from({ length: 400 }, () => {
    let state = detector.init();
    while (state.latched === null && state.seen < most) state = detector.bulk(Float64Array.from({ length: 50 }, () => draw(source)), state).state;
    return (state.latched?.index ?? most) + 1;
  });
}

describe('a simulated threshold', () => {
  it.each(cases)('keeps its ARL0 on other streams, in any unit: %o', (family, draw) => {
    const design = designFocus({ family, target: { arl0: 150 }, seed: 20260101, repetitions: 400 });
    expect(design.arl0?.estimate).toBeGreaterThanOrEqual(150);
    const lengths = runLengths(family, draw, design.threshold, Infinity);
    const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
    const se = Math.sqrt(lengths.reduce((a, b) => a + (b - mean) ** 2, 0) / lengths.length ** 2);
    expect(Math.abs(mean - (design.arl0?.estimate ?? NaN))).toBeLessThanOrEqual(3 * Math.hypot(se, design.arl0?.standardError ?? NaN));
  });

  it('keeps its chance of an alarm within N', () => {
    const [family, draw] = cases[0] ?? [];
    if (family === undefined || draw === undefined) throw new Error('no case');
    const { threshold, alarmWithin, arl0 } = designFocus({ family, target: { within: 200, probability: 0.1 }, seed: 20260101, repetitions: 500 });
    expect(arl0).toBeNull();
    expect(alarmWithin.estimate).toBeLessThanOrEqual(0.1);
    const share = runLengths(family, draw, threshold, 200).filter((length) => length <= 200).length / 400;
    expect(Math.abs(share - 0.1)).toBeLessThanOrEqual(3 * Math.hypot(Math.sqrt(0.09 / 400), alarmWithin.standardError));
  });

  it('is the same for the same seed, names it, and watches one side where told', () => {
    const family: GlrFamily = { kind: 'poisson', mean: 2 };
    const params = { family, target: { arl0: 60 }, seed: 3, repetitions: 100 };
    const design = designFocus(params);
    expect(designFocus(params)).toEqual(design);
    expect(design).toMatchObject({ how: 'simulated', seed: 3, repetitions: 100, alarmWithin: { n: 60 } });
    expect(designFocus({ ...params, sides: 'up' }).threshold).toBeLessThan(design.threshold);
  });
});

it.each([
  [{ arl0: 1 }, 'arl0 must be > 1'],
  [{ arl0: NaN }, 'arl0 must be > 1'],
  [{ arl0: 1e9 }, 'at most 1e9 simulated observations'],
  [{ within: 1.5, probability: 0.1 }, 'within must be a whole number'],
  [{ within: 100, probability: 0 }, 'probability must be in [1 / repetitions, 1)'],
  [{ within: 100, probability: NaN }, 'probability must be in [1 / repetitions, 1)'],
] as const)('the impossible target %o is refused', (target, message) => {
  const params = { family: { kind: 'gaussian', mean: 0, sd: 1 }, target, seed: 1 } as const;
  expect(() => designFocus(params)).toThrow(InputError);
  expect(() => designFocus(params)).toThrow(message);
});
