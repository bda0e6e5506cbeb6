import type { Refusal } from '../../baseline/refusal.js';
import { InputError } from '../../errors.js';
import { GAUSSIAN_MAD_FACTOR, median, medianAbsoluteDeviation } from '../../stats/robust.js';
import { integerIn } from '../../stats/sample.js';
import type { ConjugateModel } from './conjugate.js';
import type { SegmentModel } from './map-segmentation.js';
import { defaultPenalty, independentPenalty } from './penalty.js';

/** With fewer values than these not even the whole sample's range is a 95 % interval of the median: 2 (1/2)^6 < 0.05. */
const FEWEST = 6;

/** The prior mean of a segment may lie about three standard deviations from the baseline's: 1 / sqrt(0.1). */
const KAPPA = 0.1;

/**
 * A model whose prior is what an approved baseline shows, in the units of the data, and worth one observation.
 *
 * @param model - the family
 * @param baseline - approved observations; for a categorical model all categories up to the largest seen count
 * @returns the model, or a refusal saying how many values are needed
 * @throws {@link InputError} BAD_PARAM where more than half of the values are equal, so that there is no scale;
 * NOT_FINITE, or what the family cannot have drawn
 * @remarks Normal: mu = median, beta = alpha s^2 with s = 1.4826 MAD, alpha = 1 (the predictive law is a Student t with
 * 2 degrees of freedom: one outlier is no change), kappa = 0.1. Waiting times: shape 1, rate = median, whose
 * predictive law has the baseline's median. Counts: shape 1, rate 1 / mean. Ones and categories: their shares, half a
 * count added to each, worth as many observations as there are categories, halved.
 * @example
 * ```ts
 * conjugateDefault('gamma-exponential', [12, 3, 25, 9, 8, 14]); // => { model: 'gamma-exponential', shape: 1, rate: 10.5 }
 * ```
 */
export function conjugateDefault(model: Exclude<ConjugateModel['model'], 'normal-known-variance'>, baseline: ArrayLike<number>): ConjugateModel | Refusal {
  const n = baseline.length;
  if (n < FEWEST) {
    const reason = 'with fewer values no two of them bound the median with 95 % confidence';
    return { what: `a prior from ${String(n)} values`, capability: null, n, neededN: FEWEST, reason };
  }
  const centre = median(baseline);
  const mean = Array.from(baseline).reduce((sum, x) => sum + x, 0) / n;
  switch (model) {
    case 'normal-inverse-gamma': {
      const scale = GAUSSIAN_MAD_FACTOR * medianAbsoluteDeviation(baseline);
      return { model, mu: centre, kappa: KAPPA, alpha: 1, beta: scaled(scale * scale) };
    }
    case 'gamma-exponential':
      return { model, shape: 1, rate: scaled(centre) };
    case 'gamma-poisson':
      return { model, shape: 1, rate: 1 / scaled(mean) };
    case 'beta-bernoulli': {
      const [b, a] = shares(baseline, 2);
      return { model, a: a ?? NaN, b: b ?? NaN };
    }
    case 'dirichlet-categorical':
      return { model, alpha: shares(baseline, Math.max(2, 1 + Array.from(baseline).reduce((a, b) => Math.max(a, b)))) };
  }
}

/**
 * A model for the most probable changes in the mean of a whole series whose noise may have a memory.
 *
 * @param xs - finite, at least two
 * @remarks The argument of {@link defaultPenalty} in Bayesian words. The noise has the whole series' variance, so that
 * slow noise is not cut to pieces, times the factor by which memory makes a change dearer there; a segment's mean is
 * vague on that scale, as if known from a tenth of an observation; one change in all is expected: lambda = n.
 * @throws {@link InputError} BAD_PARAM where all values are equal
 */
export function seriesModel(xs: ArrayLike<number>): SegmentModel {
  const { scale, penalty } = defaultPenalty(xs);
  const variance = scaled(scale * scale);
  const dearer = penalty / independentPenalty({ parameters: 1 }, xs.length);
  const model = { model: 'normal-known-variance', mu: median(xs), priorVariance: variance / KAPPA, variance: variance * dearer } as const;
  return { model, hazard: { type: 'constant', lambda: Math.max(2, xs.length) } };
}

function scaled(scale: number): number {
  if (!(scale > 0 && scale < Infinity)) {
    throw new InputError('BAD_PARAM', `baseline must have a scale that is finite and > 0, got ${String(scale)}: too many of its values are equal`);
  }
  return scale;
}

/** Shares of the categories 0 .. k - 1, half a count added to each; they sum to k / 2. */
function shares(values: ArrayLike<number>, k: number): readonly number[] {
  integerIn(k, 2, 1_000_000, 'number of categories');
  const counts = new Float64Array(k).fill(0.5);
  for (const x of Array.from(values)) {
    const category = integerIn(x, 0, k - 1, 'a baseline value');
    counts[category] = (counts[category] ?? 0) + 1;
  }
  return Array.from(counts, (count) => ((count / (values.length + k / 2)) * k) / 2);
}
