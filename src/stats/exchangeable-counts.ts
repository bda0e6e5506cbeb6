import { logGamma } from './gamma.js';
import { integerIn } from './sample.js';

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);

/** The sum of weights over k from `from` to `to`, each from its logarithm, stopping once the rest no longer counts. */
function tail(from: number, to: number, logWeight: (k: number) => number): number {
  let sum = 0;
  let before = -Infinity;
  for (let k = from; k <= to; k += 1) {
    const weight = logWeight(k);
    sum += Math.exp(weight);
    // Weights of both laws rise to one peak and fall: past it, nothing that matters follows a negligible one.
    if (weight < before && Math.exp(weight) * (to - k) < 1e-17 * sum) break;
    before = weight;
  }
  return Math.min(1, sum);
}

/**
 * P(at least `successes` of `drawn`) when `drawn` things are drawn without replacement from `all`, of which `marked` are
 * successes.
 *
 * @param successes - integer >= 0
 * @param drawn - integer in [0, all]
 * @param marked - integer in [0, all]
 * @param all - integer >= 0
 * @throws {@link InputError} BAD_PARAM
 * @remarks The tail of Fisher's exact test. Relative error about 1e-15 times `all`. O(drawn).
 * @see Fisher (1922), Journal of the Royal Statistical Society 85, 87-94.
 */
export function hypergeometricTail(successes: number, drawn: number, marked: number, all: number): number {
  integerIn(all, 0, 2 ** 52, 'all');
  integerIn(drawn, 0, all, 'drawn');
  integerIn(marked, 0, all, 'marked');
  integerIn(successes, 0, 2 ** 52, 'successes');
  const least = Math.max(0, drawn + marked - all);
  if (successes <= least) return 1;
  const whole = logChoose(all, drawn);
  return tail(successes, Math.min(drawn, marked), (k) => logChoose(marked, k) + logChoose(all - marked, drawn - k) - whole);
}

/**
 * P(at least `outside` of the next `m` values fall into the given gaps between `n` earlier ones), all being exchangeable
 * and without ties: the beta-binomial law with shapes `gaps` and n + 1 - `gaps`.
 *
 * @param outside - integer >= 0
 * @param m - values to come, integer >= 0
 * @param gaps - how many of the n + 1 gaps, integer in [0, n + 1]
 * @param n - earlier values, integer >= 0
 * @throws {@link InputError} BAD_PARAM
 * @remarks Relative error about 1e-15 times n + m. O(m).
 * @see Vovk (2012), Conditional validity of inductive conformal predictors, ACML, 475-490.
 */
export function exceedanceTail(outside: number, m: number, gaps: number, n: number): number {
  integerIn(n, 0, 2 ** 40, 'n');
  integerIn(m, 0, 2 ** 40, 'm');
  integerIn(gaps, 0, n + 1, 'gaps');
  integerIn(outside, 0, 2 ** 40, 'outside');
  if (outside === 0) return 1;
  if (gaps === 0 || outside > m) return 0;
  if (gaps === n + 1) return 1;
  const inside = n + 1 - gaps;
  const whole = logChoose(n + m, m);
  // The number of orders of m new values among n + 1 gaps with k of them in the gaps outside.
  return tail(outside, m, (k) => logChoose(k + gaps - 1, k) + logChoose(m - k + inside - 1, m - k) - whole);
}
