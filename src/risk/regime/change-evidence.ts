import { InputError } from '../../errors.js';
import { sweepSegments } from './bocpd-segments.js';
import { conjugateKernel } from './conjugate.js';
import { hazardTable } from './hazard.js';
import type { SegmentModel } from './map-segmentation.js';

/** How much more likely a series is with changes than without. */
export interface ChangeEvidence {
  /** ln of p(series | at least one change) / p(series | none): the Bayes factor, in which the prior odds of a change have no part. */
  readonly logBayesFactor: number;
  /** ln p(series | no change). */
  readonly logEvidenceNoChange: number;
  /** P(at least one change | series), with the hazard's own odds. */
  readonly probability: number;
}

/** Beyond this the quadratic sweep takes minutes. */
const LONGEST = 50_000;

/**
 * Weighs at least one change in a series against none.
 *
 * @param params - model with its prior, and hazard
 * @param xs - 2 to 50,000 observations in order
 * @param logEvidence - ln p(series), where `mapSegmentation` has told it already
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, TOO_FEW
 * @remarks Exact; O(n^2), O(n) with `logEvidence`. Where the hazard was chosen by the same series' evidence the factor is too large.
 * @see Kass & Raftery (1995), JASA 90, 773-795 (how to read it); Fearnhead (2006), Statistics and Computing 16, 203-213.
 * @example
 * ```ts
 * const params = { model: { model: 'gamma-poisson', shape: 1, rate: 1 }, hazard: { type: 'constant', lambda: 8 } } as const;
 * changeEvidence(params, [1, 0, 2, 1, 9, 8, 11, 7]).probability > 0.99; // => true
 * ```
 */
export function changeEvidence({ model, hazard }: SegmentModel, xs: ArrayLike<number>, logEvidence?: number): ChangeEvidence {
  const n = xs.length;
  if (n < 2) throw new InputError('TOO_FEW', `xs must hold at least two observations, got ${String(n)}`);
  if (n > LONGEST) throw new InputError('BAD_PARAM', `xs must hold at most ${String(LONGEST)} observations, got ${String(n)}`);
  const [kernel, table] = [conjugateKernel(model), hazardTable(hazard)];
  const series = Float64Array.from(xs, (x) => kernel.check(x));
  const sweep = { kernel, hazard: table, combine: 'sum', cutOff: 'last' } as const;
  const all = logEvidence ?? sweepSegments(series, sweep).logTotal;
  const none = sweepSegments(series, { ...sweep, forbidden: () => true }).logTotal;
  const logPriorNone = table.logSurvival(n).subarray(0, n - 1).reduce((sum, log) => sum + log, 0);
  // p(series, changes) over p(series, none), by the prior odds of both.
  const logChanged = all - none > 30 ? all - none : Math.log(Math.max(0, Math.expm1(all - none)));
  return {
    logBayesFactor: logChanged + logPriorNone - Math.log(-Math.expm1(logPriorNone)),
    logEvidenceNoChange: none - logPriorNone,
    probability: Math.max(0, -Math.expm1(none - all)),
  };
}
