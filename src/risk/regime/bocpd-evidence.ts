import { InputError } from '../../errors.js';
import { runBocpd } from './bocpd.js';
import { DEFAULT_PRUNING, type Pruning } from './bocpd-prune.js';
import type { ConjugateModel } from './conjugate.js';

/** A constant hazard chosen by the data. */
export interface EvidenceChoice {
  /** The mean run length with the largest evidence, the longest of equals. */
  readonly lambda: number;
  /** ln p(series | lambda) for every lambda tried. */
  readonly tried: readonly { readonly lambda: number; readonly logEvidence: number }[];
}

/** Doubling from 8 to beyond twice the series: from changes too frequent to be told apart to none expected. */
function defaultGrid(n: number): readonly number[] {
  const grid = [8];
  for (let lambda = 16; lambda < 4 * n; lambda *= 2) grid.push(lambda);
  return grid;
}

/**
 * Chooses the mean run length of a constant hazard by the evidence of a series, over a grid.
 *
 * @param params - model with its prior; `lambdas` to try, by default 8, 16, 32, ... up to four times the series' length
 * @param xs - observations in order, at least one
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE, TOO_FEW
 * @remarks Empirical Bayes: the evidence of the chosen one is too large to be compared with that of a fixed one.
 * @see Adams & MacKay (2007), arXiv:0710.3742; Wilson, Nassar & Gold (2010), Neural Computation 22, 2452-2476.
 */
export function hazardByEvidence(
  params: { readonly model: ConjugateModel; readonly lambdas?: readonly number[]; readonly pruning?: Pruning },
  xs: ArrayLike<number>,
): EvidenceChoice {
  const { model, lambdas = defaultGrid(xs.length), pruning = DEFAULT_PRUNING } = params;
  if (lambdas.length === 0) throw new InputError('TOO_FEW', 'lambdas must hold at least one value, got none');
  const tried = lambdas.map((lambda) => {
    const { logEvidence } = runBocpd({ model, hazard: { type: 'constant', lambda }, pruning }, xs);
    return { lambda, logEvidence: logEvidence[xs.length - 1] ?? NaN };
  });
  const best = tried.reduce((a, b) => (b.logEvidence > a.logEvidence || (b.logEvidence === a.logEvidence && b.lambda > a.lambda) ? b : a));
  return { lambda: best.lambda, tried };
}
