import { InputError } from '../../errors.js';
import { clopperPearson } from '../../stats/binomial.js';
import { gammaQuantile, gammaQuantileUpper } from '../../stats/gamma-inc.js';
import { finite, insideUnit, integerIn, nonNegative } from '../../stats/sample.js';
import { studentTQuantile } from '../../stats/student-t.js';

/** What the observations of a regime are: numbers, waiting times, 0 or 1, or counts. */
export type LevelFamily = 'gaussian' | 'exponential' | 'bernoulli' | 'poisson';

/** The mean of a regime, and how well it is known. */
export interface RegimeLevel {
  readonly n: number;
  /** Mean; for 0 and 1 the share of ones. */
  readonly mean: number;
  /** Ends of the confidence interval of the mean; null where so few observations bound it on no side. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Sample standard deviation; null for one observation. */
  readonly sd: number | null;
}

/**
 * Mean of a regime with its exact confidence interval.
 *
 * @param family - Student's t for numbers; gamma for waiting times; Clopper-Pearson for 0 and 1; Garwood for counts
 * @param xs - the regime's observations, at least one
 * @param level - confidence, in (0, 1)
 * @throws {@link InputError} TOO_FEW, NOT_FINITE, BAD_PARAM
 * @remarks Takes the regime's ends as known, and its observations as independent. Where the ends were found in the same
 * data, levels of neighbours look a little further apart than they are.
 * @see Garwood (1936), Biometrika 28, 437-442; Clopper & Pearson (1934), Biometrika 26, 404-413.
 * @example
 * ```ts
 * const { mean, lower, upper } = regimeLevel('bernoulli', [0, 1, 0, 0, 0, 1, 0, 0, 0, 0], 0.9);
 * [mean, lower?.toFixed(3), upper?.toFixed(3)]; // => [0.2, '0.037', '0.507']
 * ```
 */
export function regimeLevel(family: LevelFamily, xs: ArrayLike<number>, level: number): RegimeLevel {
  insideUnit(level, 'level');
  const n = xs.length;
  if (!Object.hasOwn(CHECKS, family)) throw new InputError('BAD_PARAM', `family must be one of ${Object.keys(CHECKS).join(', ')}, got ${family}`);
  if (n === 0) throw new InputError('TOO_FEW', 'xs must hold at least one observation, got none');
  const values = Float64Array.from(xs, (x) => CHECKS[family](x));
  const sum = values.reduce((total, x) => total + x, 0);
  const mean = sum / n;
  const sd = n < 2 ? null : Math.sqrt(values.reduce((total, x) => total + (x - mean) ** 2, 0) / (n - 1));
  return { n, mean, sd, ...limits(family, { n, sum, mean, sd }, (1 - level) / 2) };
}

const CHECKS: Readonly<Record<LevelFamily, (x: number) => number>> = {
  gaussian: (x) => finite(x, 'x'),
  exponential: (x) => nonNegative(x, 'x'),
  bernoulli: (x) => integerIn(x, 0, 1, 'x'),
  poisson: (x) => integerIn(x, 0, Number.MAX_SAFE_INTEGER, 'x'),
};

interface Sums {
  readonly n: number;
  readonly sum: number;
  readonly mean: number;
  readonly sd: number | null;
}

function limits(family: LevelFamily, { n, sum, mean, sd }: Sums, tail: number): Pick<RegimeLevel, 'lower' | 'upper'> {
  switch (family) {
    case 'gaussian': {
      if (sd === null) return { lower: null, upper: null };
      const half = (-studentTQuantile(tail, n - 1) * sd) / Math.sqrt(n);
      return { lower: mean - half, upper: mean + half };
    }
    case 'exponential':
      return { lower: sum / gammaQuantileUpper(n, tail), upper: sum / gammaQuantile(n, tail) };
    case 'bernoulli': {
      const { lower, upper } = clopperPearson(sum, n, 1 - 2 * tail);
      return { lower, upper };
    }
    case 'poisson':
      return { lower: sum === 0 ? 0 : gammaQuantile(sum, tail) / n, upper: gammaQuantileUpper(sum + 1, tail) / n };
  }
}
