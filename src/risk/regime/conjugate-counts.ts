import { InputError } from '../../errors.js';
import { positive } from '../../stats/sample.js';
import type { ConjugateKernel } from './conjugate-kernel.js';
import { growing } from './hazard.js';

/** Zeros and ones with an unknown chance of a one. Statistic of a run: its ones. */
export function betaBernoulli(prior: { readonly a: number; readonly b: number }): ConjugateKernel {
  const [a, b] = [positive(prior.a, 'a'), positive(prior.b, 'b')];
  const logTotal = growing((n) => Math.log(a + b + n));
  return {
    width: 1,
    check: (x) => {
      if (x !== 0 && x !== 1) throw new InputError('BAD_PARAM', `x must be 0 or 1, got ${String(x)}`);
      return x + 0;
    },
    open: ({ statistics: [ones] }, i) => {
      if (ones) ones[i] = 0;
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const [ones] = statistics as [Float64Array];
      const total = logTotal(longest);
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const n = length[i] ?? 0;
        const seen = ones[i] ?? 0;
        const weight = (logWeight[i] ?? 0) + (Math.log(x === 1 ? a + seen : b + (n - seen)) - (total[n] ?? 0));
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        ones[i] = seen + x;
      }
      return highest;
    },
  };
}

/** Categories 0 .. K - 1 with unknown chances. Statistics of a run: how often each was seen. */
export function dirichletCategorical(prior: { readonly alpha: readonly number[] }): ConjugateKernel {
  const alpha = prior.alpha.map((value, k) => positive(value, `alpha[${String(k)}]`));
  if (alpha.length < 2) throw new InputError('TOO_FEW', `alpha must hold at least two values, got ${String(alpha.length)}`);
  const sum = alpha.reduce((s, value) => s + value, 0);
  const logTotal = growing((n) => Math.log(sum + n));
  return {
    width: alpha.length,
    check: (x) => {
      if (!(Number.isInteger(x) && x >= 0 && x < alpha.length)) {
        throw new InputError('BAD_PARAM', `x must be a category, an integer in [0, ${String(alpha.length - 1)}], got ${String(x)}`);
      }
      return x + 0;
    },
    open: ({ statistics }, i) => {
      for (const column of statistics) column[i] = 0;
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const times = statistics[x] ?? new Float64Array(count);
      const own = alpha[x] ?? 0;
      const total = logTotal(longest);
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const weight = (logWeight[i] ?? 0) + (Math.log(own + (times[i] ?? 0)) - (total[length[i] ?? 0] ?? 0));
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        times[i] = (times[i] ?? 0) + 1;
      }
      return highest;
    },
  };
}
