import { InputError } from '../../errors.js';
import { logGamma } from '../../stats/gamma.js';
import { nonNegative, positive } from '../../stats/sample.js';
import type { ConjugateKernel } from './conjugate-kernel.js';
import { growing } from './hazard.js';

/** Counts of a Poisson law with unknown rate; the predictive law is negative binomial. Statistic of a run: its sum. */
export function gammaPoisson(prior: { readonly shape: number; readonly rate: number }): ConjugateKernel {
  const [shape, rate] = [positive(prior.shape, 'shape'), positive(prior.rate, 'rate')];
  const logStay = growing((n) => Math.log((rate + n) / (rate + n + 1)));
  const logMove = growing((n) => Math.log(rate + n + 1));
  return {
    width: 1,
    check: (x) => {
      if (!(Number.isSafeInteger(x) && x >= 0)) throw new InputError('BAD_PARAM', `x must be a count (an integer >= 0), got ${String(x)}`);
      return x;
    },
    open: ({ statistics: [sum] }, i) => {
      if (sum) sum[i] = 0;
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const [sum] = statistics as [Float64Array];
      const [stay, move] = [logStay(longest), logMove(longest)];
      const own = logGamma(x + 1);
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const n = length[i] ?? 0;
        const a = shape + (sum[i] ?? 0);
        const weight = (logWeight[i] ?? 0) + (logGamma(a + x) - logGamma(a) - own + a * (stay[n] ?? 0) - x * (move[n] ?? 0));
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        sum[i] = (sum[i] ?? 0) + x;
      }
      return highest;
    },
  };
}

/** Waiting times of an exponential law with unknown rate; the predictive law is Lomax. Statistic of a run: its sum. */
export function gammaExponential(prior: { readonly shape: number; readonly rate: number }): ConjugateKernel {
  const [shape, rate] = [positive(prior.shape, 'shape'), positive(prior.rate, 'rate')];
  const logShape = growing((n) => Math.log(shape + n));
  return {
    width: 1,
    check: (x) => nonNegative(x, 'x') + 0,
    open: ({ statistics: [sum] }, i) => {
      if (sum) sum[i] = 0;
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const [sum] = statistics as [Float64Array];
      const log = logShape(longest);
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const n = length[i] ?? 0;
        const b = rate + (sum[i] ?? 0);
        const wait = b + x;
        const weight = (logWeight[i] ?? 0) + ((log[n] ?? 0) - (shape + n) * Math.log1p(x / b) - Math.log(wait));
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        sum[i] = (sum[i] ?? 0) + x;
      }
      return highest;
    },
  };
}
