import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaMixture, betting, eProcess, InputError, random, scan, type Detector, type EProcessStep, type Json, type Random } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
detectorLaws(eProcess({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [1, -1] }, alpha: 0.05 }), anyNumber, 300);
detectorLaws(eProcess({ family: { kind: 'bounded', mean: 0.3, bets: [1, 3] }, alpha: 0.05 }), fc.double({ min: 0, max: 1, noNaN: true }), 300);
detectorLaws(betaMixture({ p0: 0.2, alpha: 0.05 }), fc.constantFrom(0, -0, 1), 200);
detectorLaws(betting({ mean: 0.2, alpha: 0.05 }), fc.double({ min: 0, max: 1, noNaN: true }), 300);

it.each(referenceCases('eprocess', 'betaMixtureEProcess'))('the beta mixture equals reference $id', ({ id, input, expected, tol }) => {
  const { x, p0, a, b } = input as { x: number[]; p0: number; a: number; b: number };
  const logs = (side: 'two-sided' | 'greater'): number[] => [...scan(betaMixture({ p0, a, b, side, alpha: 0.05 }), x)].map(({ out }) => out.logEValue);
  expectClose({ twoSided: logs('two-sided'), greater: logs('greater') }, expected, tol, id);
});

it.each(referenceCases('eprocess', 'bettingMean'))('betting equals reference $id', ({ id, input, expected, tol }) => {
  const { x, m, c } = input as { x: number[]; m: number; c: number };
  const steps = [...scan(betting({ mean: m, cap: c, alpha: 0.05 }), x)];
  expectClose({ lambda: steps.map(({ state }) => state.state.core.bet), logWealth: steps.map(({ out }) => out.logEValue) }, expected, tol, id);
});

it('a mixture is the logarithm of the average product, far beyond what a double holds', () => {
  const detector = eProcess({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [1, 2] }, alpha: 0.05 });
  const out = [...scan(detector, Array<number>(1000).fill(2))].at(-1)?.out;
  expect(out?.logEValue).toBeCloseTo(2000 - Math.log(2), 9);
  expect(out?.alarmIndex).toBe(1);
});

/** Whether at most alpha = 0.1 of clean streams ever alarm, within three standard errors, and some do. */
function expectKept<S extends Json>({ init, step }: Detector<number, S, EProcessStep>, draw: (source: Random) => number): void {
  const source = random(20260101);
  let alarms = 0;
  for (let run = 0; run < 500; run += 1) {
    let state = init();
    let alarmIndex: number | null = null;
    for (let i = 0; i < 200 && alarmIndex === null; i += 1) {
      const next = step(state, draw(source));
      state = next.state;
      alarmIndex = next.out.alarmIndex;
    }
    alarms += alarmIndex === null ? 0 : 1;
  }
  expect(alarms).toBeGreaterThan(0);
  expect(alarms / 500).toBeLessThanOrEqual(0.1 + 3 * Math.sqrt(0.09 / 500));
}

describe('the promise of Ville', () => {
  const rare = (source: Random): number => (source.uniform() < 0.2 ? 1 : 0);
  it('is kept by a mixture', () => {
    expectKept(eProcess({ family: { kind: 'gaussian', mean: 0, sd: 1, shifts: [0.3, -0.3] }, alpha: 0.1 }), (source) => source.normal());
  });
  it('is kept by a beta mixture', () => {
    expectKept(betaMixture({ p0: 0.2, side: 'two-sided', alpha: 0.1 }), rare);
    expectKept(betaMixture({ p0: 0.2, alpha: 0.1 }), rare);
  });
  it('is kept by betting', () => {
    expectKept(betting({ mean: 0.2, alpha: 0.1 }), (source) => 0.4 * source.uniform());
  });
});

it('the p-value only falls, and is at most alpha from the alarm on', () => {
  const outs = [...scan(betaMixture({ p0: 0.1, alpha: 0.05 }), [0, 1, 1, 1, 0, 0, 0, 0, 0, 0])].map(({ out }) => out);
  outs.forEach(({ pValue, alarmIndex }, i) => {
    expect(pValue).toBeLessThanOrEqual(outs[i - 1]?.pValue ?? 1);
    expect(pValue <= 0.05).toBe(alarmIndex !== null);
  });
});

it('bad input is refused', () => {
  expect(() => betaMixture({ p0: 0, alpha: 0.05 })).toThrow('p0 must be in (0, 1)');
  expect(() => betaMixture({ p0: 0.5, a: NaN, alpha: 0.05 })).toThrow('a must be finite and > 0');
  expect(() => betting({ mean: 0.5, cap: 1, alpha: 0.05 })).toThrow('cap must be in (0, 1)');
  expect(() => eProcess({ family: { kind: 'bernoulli', p0: 0.1, alternatives: [1] }, alpha: 0.05 })).toThrow(InputError);
  const detector = betting({ mean: 0.5, alpha: 0.05 });
  for (const x of [NaN, -0.1, 1.1]) expect(() => detector.step(detector.init(), x)).toThrow(InputError);
  const zeroOne = betaMixture({ p0: 0.5, alpha: 0.05 });
  for (const x of [NaN, 0.5, 2]) expect(() => zeroOne.step(zeroOne.init(), x)).toThrow('observation 0 must be');
});
