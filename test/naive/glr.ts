type Kind = 'gaussian' | 'exponential' | 'bernoulli' | 'poisson';

/** Largest log-likelihood at the mean m of n values, up to terms without m, divided by n. */
const logLikelihood: Readonly<Record<Kind, (m: number) => number>> = {
  gaussian: (m: number) => (m * m) / 2,
  exponential: (m: number) => -Math.log(m) - 1,
  bernoulli: (m: number) => (m > 0 ? m * Math.log(m) : 0) + (m < 1 ? (1 - m) * Math.log(1 - m) : 0),
  poisson: (m: number) => (m > 0 ? m * Math.log(m) : 0) - m,
};

/** The same at a mean m0 that is not fitted. */
const atFixed: Readonly<Record<Kind, (m: number, m0: number) => number>> = {
  gaussian: (m: number, m0: number) => m * m0 - (m0 * m0) / 2,
  exponential: (m: number, m0: number) => -Math.log(m0) - m / m0,
  bernoulli: (m: number, m0: number) => m * Math.log(m0) + (1 - m) * Math.log(1 - m0),
  poisson: (m: number, m0: number) => m * Math.log(m0) - m0,
};

const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

/**
 * The generalised likelihood ratio by its definition: every start tried.
 *
 * @param before - mean before the change; null: fitted
 * @param sign - 1: only larger means after, -1: only smaller, 0: both
 * @returns the statistic and the latest start that reaches it but for rounding
 */
export function naiveGlr(kind: Kind, xs: readonly number[], before: number | null, sign: -1 | 0 | 1): { statistic: number; start: number | null } {
  let [statistic, start]: [number, number | null] = [0, null];
  for (let k = before === null ? 1 : 0; k < xs.length; k += 1) {
    const after = xs.slice(k);
    const m = mean(after);
    let value = 0;
    if (before !== null) value = after.length * (logLikelihood[kind](m) - atFixed[kind](m, before));
    else value = k * logLikelihood[kind](mean(xs.slice(0, k))) + after.length * logLikelihood[kind](m) - xs.length * logLikelihood[kind](mean(xs));
    if (sign * (m - (before ?? mean(xs.slice(0, k)))) < 0) value = 0;
    if (value >= statistic - 1e-10 * Math.max(1, statistic)) [statistic, start] = [Math.max(value, statistic), k];
  }
  return { statistic, start };
}
