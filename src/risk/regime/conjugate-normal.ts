import { logGamma } from '../../stats/gamma.js';
import { finite, positive } from '../../stats/sample.js';
import type { ConjugateKernel } from './conjugate-kernel.js';
import { growing } from './hazard.js';

const HALF_LOG_TWO_PI = 0.918938533204672741780329736406;

/**
 * ln((b + more) / b), more >= 0 < b: the series 2 atanh(more / (2 b + more)) where that is small, as it is for all but
 * young runs. It keeps its digits there, and is faster than a call.
 */
function logOfGrowth(more: number, b: number): number {
  const s = more / (2 * b + more);
  if (!(s < 0.0625)) return Math.log1p(more / b);
  const q = s * s;
  return 2 * s * (1 + q * (1 / 3 + q * (1 / 5 + q * (1 / 7 + q * (1 / 9 + q * (1 / 11 + q * (1 / 13)))))));
}

/**
 * Normal observations, mean and variance unknown. Statistics of a run: posterior mean, beta, ln beta.
 *
 * @remarks The predictive Student t with 2 alpha degrees of freedom and squared scale beta (kappa + 1) / (alpha kappa)
 * has 1 + t^2 / (2 alpha) = beta' / beta, so its log density needs one logarithm, that of a ratio near 1; ln beta is the sum
 * of those, and its rounding, unlike theirs, is not multiplied by alpha.
 */
export function normalInverseGamma(prior: { readonly mu: number; readonly kappa: number; readonly alpha: number; readonly beta: number }): ConjugateKernel {
  const mu0 = finite(prior.mu, 'mu') + 0;
  const [kappa0, alpha0, beta0] = [positive(prior.kappa, 'kappa'), positive(prior.alpha, 'alpha'), positive(prior.beta, 'beta')];
  const logBeta0 = Math.log(beta0);
  const constant = growing((n) => {
    const [alpha, kappa] = [alpha0 + n / 2, kappa0 + n];
    return logGamma(alpha + 0.5) - logGamma(alpha) + 0.5 * Math.log(kappa / (kappa + 1)) - HALF_LOG_TWO_PI;
  });
  const gain = growing((n) => 1 / (kappa0 + n + 1));
  const spread = growing((n) => (kappa0 + n) / (2 * (kappa0 + n + 1)));
  return {
    width: 3,
    check: (x) => finite(x, 'x'),
    open: ({ statistics }, i) => {
      [mu0, beta0, logBeta0].forEach((value, k) => {
        const column = statistics[k];
        if (column) column[i] = value;
      });
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const [mu, beta, logBeta] = statistics as [Float64Array, Float64Array, Float64Array];
      const [c, g, h] = [constant(longest), gain(longest), spread(longest)];
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const n = length[i] ?? 0;
        const d = x - (mu[i] ?? 0);
        const alpha = alpha0 + 0.5 * n;
        const b = beta[i] ?? 0;
        const more = (h[n] as number) * d * d;
        const rise = logOfGrowth(more, b);
        const logWider = (logBeta[i] as number) + rise;
        const weight = (logWeight[i] as number) + ((c[n] as number) - alpha * rise - 0.5 * logWider);
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        mu[i] = (mu[i] ?? 0) + d * (g[n] as number);
        beta[i] = b + more;
        logBeta[i] = logWider;
      }
      return highest;
    },
  };
}

/** Normal observations of known variance, mean unknown. Statistic of a run: posterior mean. */
export function normalKnownVariance(prior: { readonly mu: number; readonly priorVariance: number; readonly variance: number }): ConjugateKernel {
  const mu0 = finite(prior.mu, 'mu') + 0;
  const [wide, noise] = [positive(prior.priorVariance, 'priorVariance'), positive(prior.variance, 'variance')];
  const precision = (n: number): number => 1 / wide + n / noise;
  const variance = growing((n) => noise + 1 / precision(n));
  const constant = growing((n) => -0.5 * Math.log(noise + 1 / precision(n)) - HALF_LOG_TWO_PI);
  const gain = growing((n) => 1 / (noise * precision(n + 1)));
  return {
    width: 1,
    check: (x) => finite(x, 'x'),
    open: ({ statistics: [mu] }, i) => {
      if (mu) mu[i] = mu0;
    },
    judgeAndLearn: ({ count, length, logWeight, statistics }, x, longest) => {
      const [mu] = statistics as [Float64Array];
      const [c, g, v] = [constant(longest), gain(longest), variance(longest)];
      let highest = -Infinity;
      for (let i = 0; i < count; i += 1) {
        const n = length[i] ?? 0;
        const d = x - (mu[i] ?? 0);
        const weight = (logWeight[i] ?? 0) + ((c[n] ?? 0) - (0.5 * d * d) / (v[n] ?? 1));
        logWeight[i] = weight;
        if (weight > highest) highest = weight;
        mu[i] = (mu[i] ?? 0) + d * (g[n] ?? 0);
      }
      return highest;
    },
  };
}
