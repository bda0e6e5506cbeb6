import { roundedLog } from '../../stats/rounded-log.js';
import { finite, integerIn } from '../../stats/sample.js';

/** What the host's error bound rests on. */
export interface PiPacBayesInput {
  readonly successes: number;
  readonly failures: number;
  /** What the host calls the chance that its bound fails; counts as at least 1e-10. */
  readonly delta: number;
  /** Weight of the host's stand-in for a divergence from the prior. */
  readonly priorWeight: number;
  /** The host never sets it: 0, the default, counts as 0.01. */
  readonly priorErrorRate?: number;
}

/** The host's error figures. */
export interface PiPacBayes {
  /** Failures per observation; the prior's rate where there is no observation. */
  readonly empirical: number;
  /** What the host takes for an upper bound on the error rate; 1 where there is no observation. */
  readonly bound: number;
}

const EDGE = 1e-10;
const STEPS = 64;

const clamped = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high);

/** The two terms of the host's Bernoulli divergence, both arguments kept away from 0 and 1. */
function klTerms(rate: number, other: number, log: (x: number) => number): readonly [number, number] {
  const p = clamped(rate, EDGE, 1 - EDGE);
  const q = clamped(other, EDGE, 1 - EDGE);
  return [p * log(p / q), (1 - p) * log((1 - p) / (1 - q))];
}

/** Whether the divergence is at most `limit`, as exact logarithms decide; they are taken only where it is close. */
function klAtMost(rate: number, other: number, limit: number): boolean {
  const [near, far] = klTerms(rate, other, Math.log);
  const doubt = 32 * Number.EPSILON * (Math.abs(near) + Math.abs(far));
  if (Math.abs(near + far - limit) > doubt) return near + far <= limit;
  const [first, second] = klTerms(rate, other, roundedLog);
  return first + second <= limit;
}

/**
 * The host's own "PAC-Bayes" figure for an error rate, bit for bit. For replaying what the host did, not for bounding.
 *
 * @param input - counts and the host's settings; its tiers are in {@link PI_ENVELOPE_TIERS}
 * @returns the empirical rate and the figure, both in [0, 1]
 * @throws {@link InputError} BAD_PARAM unless counts are integers of at least 0; NOT_FINITE for a setting
 * @remarks No guarantee. There is no posterior and no prior over rules in it: for the best of 1000 rules at n = 100 to
 * 500 its 5 % bound fails 14 to 28 % of the time, for 100 000 rules always. For one fixed rule it holds and is loose:
 * 0 errors in 100 give 0.0582 where Clopper-Pearson gives 0.0295. O(1).
 * @see Maurer (2004), arXiv:cs/0411099, for the bound it departs from.
 * @example
 * ```ts
 * piPacBayes({ successes: 100, failures: 0, delta: 0.05, priorWeight: 1 }).bound.toFixed(4); // => '0.0582'
 * ```
 */
export function piPacBayes({ successes, failures, delta, priorWeight, priorErrorRate = 0 }: PiPacBayesInput): PiPacBayes {
  integerIn(successes, 0, Number.MAX_SAFE_INTEGER, 'successes');
  integerIn(failures, 0, Number.MAX_SAFE_INTEGER, 'failures');
  finite(delta, 'delta');
  finite(priorWeight, 'priorWeight');
  finite(priorErrorRate, 'priorErrorRate');
  const n = successes + failures;
  if (n === 0) return { empirical: priorErrorRate, bound: 1 };
  const empirical = failures / n;
  const [near, far] = klTerms(empirical, clamped(priorErrorRate, 0.01, 0.99), roundedLog);
  const limit = (priorWeight * (near + far) + roundedLog((2 * Math.sqrt(n)) / Math.max(delta, EDGE))) / n;
  let [low, high] = [empirical, 1];
  for (let i = 0; i < STEPS; i += 1) {
    const middle = (low + high) / 2;
    if (klAtMost(empirical, middle, limit)) low = middle;
    else high = middle;
  }
  return { empirical, bound: Math.min(low, 1) };
}
