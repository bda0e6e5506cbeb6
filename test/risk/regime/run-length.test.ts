import { test } from 'vitest';
import { exponentialSumLaw, gaussianSumLaw } from '../../../src/risk/regime/continuous-laws.js';
import { latticeLaw } from '../../../src/risk/regime/lattice-chain.js';
import { alarmWithin, meanRunLength, oneSided, settledLaw, twoSided } from '../../../src/risk/regime/run-length.js';
import { siegmundArl } from '../../../src/risk/regime/siegmund.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

test('mean run lengths of the Gaussian scheme agree with the reference values, one- and two-sided, with head start', () => {
  for (const { id, input, expected, tol } of referenceCases('cusum_arl', 'cusumArl')) {
    const { k, h, mu, sided, headstart } = input as { k: number; h: number; mu: number; sided: string; headstart: number };
    const up = gaussianSumLaw(k, h, mu);
    const got = sided === 'one' ? meanRunLength(up, headstart) : twoSided(up, gaussianSumLaw(k, h, -mu), { up: headstart, down: headstart }).mean;
    expectClose(got, expected, tol, id);
  }
});

test("Siegmund's approximation agrees with the reference values", () => {
  for (const { id, input, expected, tol } of referenceCases('arl_extra', 'cusumArlSiegmund')) {
    const { k, h, mu } = input as { k: number; h: number; mu: number };
    expectClose(siegmundArl(k, h, mu), expected, tol, id);
  }
});

test('steady-state delays agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('cusum_arl', 'cusumSteadyStateDelay')) {
    const { k, h, mu1 } = input as { k: number; h: number; mu1: number };
    const settled = settledLaw(gaussianSumLaw(k, h));
    expectClose(gaussianSumLaw(k, h, mu1).meanFrom(settled), expected, tol, id);
  }
});

test('exponential mean run lengths agree with the reference values, and with a finer grid far beyond them', () => {
  for (const { id, input, expected, tol } of referenceCases('arl_extra', 'exponentialCusumArl')) {
    const { rateRatio, h, rateFactor } = input as { rateRatio: number; h: number; rateFactor: number };
    expectClose(meanRunLength(exponentialSumLaw(rateRatio, h, rateFactor)), expected, tol, id);
  }
  // The Markov chain that rounds the sum to one of 120 cells comes within its own error, downwards too.
  for (const ratio of [2, 0.5]) expectClose(meanRunLength(exponentialSumLaw(ratio, 2.2)), brookEvans(ratio, 2.2, 120), { rel: 3e-3, abs: 0 }, String(ratio));
});

/** A plain discretisation: cells of width h / m, the sum kept at their middles. */
function brookEvans(ratio: number, h: number, m: number): number {
  const width = h / (m - 0.5);
  const below = (x: number): number => {
    const y = (Math.log(ratio) - x) / (ratio - 1); // increment <= x
    return ratio > 1 ? Math.exp(-Math.max(0, y)) : 1 - Math.exp(-Math.max(0, y));
  };
  const steps = Array.from({ length: 2 * m + 1 }, (_, i) => i - m).map((step) => ({ step, chance: below((step + 0.5) * width) - (step === -m ? 0 : below((step - 0.5) * width)) }));
  return meanRunLength(latticeLaw(steps, m - 1));
}

test('lattice mean run lengths agree with the reference values', () => {
  for (const { id, input, expected, tol } of referenceCases('arl_extra', 'integerCusumArl')) {
    const { p, up, down, h } = input as { p: number; up: number; down: number; h: number };
    // The reference alarms from h on, so above h - 1.
    const law = latticeLaw([{ step: up, chance: p }, { step: -down, chance: 1 - p }], h - 1);
    expectClose({ fromZero: meanRunLength(law), fromHalf: meanRunLength(law, Math.floor(h / 2)) }, expected, tol, id);
  }
  for (const { id, input, expected, tol } of referenceCases('poisson_cusum_arl', 'poissonCusumArl')) {
    const { mu, k, h, latticeDenominator: m, headstart } = input as { mu: number; k: number; h: number; latticeDenominator: number; headstart: number };
    const steps = Array.from({ length: 80 }, (_, x) => ({ step: m * x - Math.round(m * k), chance: Math.exp(-mu + x * Math.log(mu) - logFactorial(x)) }));
    expectClose(meanRunLength(latticeLaw(steps, Math.round(m * h)), Math.round(m * headstart)), expected, tol, id);
  }
});

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i += 1) sum += Math.log(i);
  return sum;
}

test('the chance of an alarm within N is exact, one- and two-sided', () => {
  const law = gaussianSumLaw(0.5, 4);
  const both = twoSided(law, law, { up: 0, down: 0 });
  const published = { rel: 0, abs: 1e-7 };
  expectClose([50, 100, 1000].map((n) => alarmWithin(both, n)), [0.2446599, 0.4442826, 0.9977835], published, 'both');
  expectClose([100, 1000].map((n) => alarmWithin(oneSided(law, 0), n)), [0.2514648, 0.9507873], published, 'one');
  // The survival function adds up to the mean, also with a head start, and beyond the iterated stretch.
  const started = twoSided(law, law, { up: 2, down: 2 });
  expectClose(started.survival(4000).reduce((sum, x) => sum + x, 0), started.mean, { rel: 1e-8, abs: 0 }, 'head start');
  const rare = oneSided(gaussianSumLaw(0.5, 6), 0);
  const tail = rare.survival(6000);
  expectClose(alarmWithin(rare, 6000), 1 - (tail[6000] ?? NaN), { rel: 1e-10, abs: 0 }, 'beyond');
});
