import { InputError } from '../../errors.js';
import { unit } from '../../stats/sample.js';

/** How well scores serve as probabilities of being unsafe. */
export interface ProperScores {
  /** Mean squared distance of score and label; 0 is best. */
  readonly brier: number;
  /** Mean of -ln of the probability given to what happened, in nats; 0 is best. */
  readonly logLoss: number;
}

/** Probabilities of 0 and 1 are taken this far inside, or one of them could make the log loss infinite. */
const CLIP = 1e-15;

/**
 * Brier score and log loss, for comparison only: the risk score is not a probability, and no threshold follows from them.
 *
 * @param scores - one a call, in [0, 1]
 * @param unsafe - 1 for an unsafe call, 0 for a safe one; as many
 * @throws {@link InputError} BAD_PARAM, TOO_FEW
 * @see Brier (1950), Monthly Weather Review 78, 1-3; Good (1952), Journal of the Royal Statistical Society B 14, 107-114.
 * @example
 * ```ts
 * properScores([0.5, 1], [0, 1]).brier; // => 0.125
 * ```
 */
export function properScores(scores: ArrayLike<number>, unsafe: ArrayLike<number>): ProperScores {
  const n = scores.length;
  if (n === 0) throw new InputError('TOO_FEW', 'scores must hold at least one, got none');
  if (unsafe.length !== n) throw new InputError('BAD_PARAM', `unsafe must have one label a score, got ${String(unsafe.length)} for ${String(n)}`);
  let [squares, logs] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const label = unsafe[i] ?? NaN;
    if (label !== 0 && label !== 1) throw new InputError('BAD_PARAM', `unsafe must hold 0 or 1, got ${String(label)} at ${String(i)}`);
    const score = unit(scores[i] ?? NaN, 'a score');
    squares += (score - label) ** 2;
    logs -= Math.log(Math.max(CLIP, label === 1 ? score : 1 - score));
  }
  return { brier: squares / n, logLoss: logs / n };
}
