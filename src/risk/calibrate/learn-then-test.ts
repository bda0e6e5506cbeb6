import { InputError } from '../../errors.js';
import { binomialCdf } from '../../stats/binomial.js';
import { hoeffdingBentkusP } from '../../stats/hoeffding-bentkus.js';
import { insideUnit, integerIn } from '../../stats/sample.js';
import { toleranceSize } from '../../stats/tolerance-rank.js';
import { percentText } from './level.js';

/** One risk of every candidate, and the bound it is to stay below. */
export interface CandidateRisk {
  /** Sum of the losses of each candidate over the same `n` cases; for losses of 0 and 1 the number of errors. */
  readonly errors: ArrayLike<number>;
  /** Cases, integer >= 1. */
  readonly n: number;
  /** The risk (mean loss) not to be exceeded, in (0, 1). */
  readonly alpha: number;
}

/** How candidates are tested. */
export interface TestingPlan {
  /** Chance that any accepted candidate breaks any of its bounds, in (0, 1). */
  readonly delta: number;
  /** `fixed-sequence` (default) tests in the given order, each at delta, and stops at the first that fails; `bonferroni` tests each at delta over their number. */
  readonly procedure?: 'fixed-sequence' | 'bonferroni';
  /** `binomial` (default) is exact for losses of 0 and 1; `hoeffding-bentkus` holds for any losses in [0, 1]. */
  readonly pValue?: 'binomial' | 'hoeffding-bentkus';
}

/** Which candidates keep their bounds. "None" is an answer: `accepted` is empty and `reason` says why. */
export interface LearnThenTest {
  /** One a candidate: the largest over its risks. */
  readonly pValues: Float64Array;
  /** Positions of the candidates that keep every bound, ascending. */
  readonly accepted: readonly number[];
  /** The p-value that was asked of each candidate. */
  readonly level: number;
  /** Why none is accepted; null where one is. */
  readonly reason: string | null;
  /** Cases of each risk without which not even a candidate that makes no error passes; null where there are as many. */
  readonly neededN: readonly number[] | null;
}

function pValueOf({ n, alpha }: CandidateRisk, errors: number, kind: 'binomial' | 'hoeffding-bentkus'): number {
  if (!(errors >= 0 && errors <= n)) throw new InputError('BAD_PARAM', `errors must be in [0, n], got ${String(errors)} of ${String(n)}`);
  return kind === 'binomial' ? binomialCdf(errors, n, alpha) : hoeffdingBentkusP(n, errors / n, alpha);
}

/**
 * Tests fixed candidates, such as thresholds, and keeps those whose every risk is below its bound, all of them at once
 * with confidence: Learn then Test.
 *
 * @param risks - one or more risks of the same candidates; a candidate's p-value is the largest of theirs
 * @param plan - see {@link TestingPlan}
 * @returns p-values and the accepted candidates; any of them may be picked, by any rule, after looking
 * @throws {@link InputError} BAD_PARAM
 * @remarks Guarantee: P(an accepted candidate has a risk above its bound) <= delta, without any shape of the risks.
 * Assumptions: the cases are independent draws of those to come, and neither the candidates nor their order were chosen
 * on them. Put the safest first: a fixed sequence ends at its first failure. O(candidates).
 * @see Angelopoulos, Bates, Candes, Jordan & Lei (2021), Learn then Test, arXiv:2110.01052; for the largest p-value
 * Berger (1982), Technometrics 24, 295-300.
 * @example
 * ```ts
 * learnThenTest([{ errors: [2, 3, 5, 4, 8], n: 100, alpha: 0.1 }], { delta: 0.1 }).accepted; // => [0, 1, 2, 3]
 * learnThenTest([{ errors: [2], n: 20, alpha: 0.1 }], { delta: 0.05 }).neededN; // => [29]
 * ```
 */
export function learnThenTest(risks: readonly CandidateRisk[], plan: TestingPlan): LearnThenTest {
  const { procedure = 'fixed-sequence', pValue = 'binomial' } = plan;
  const count = checkedCount(risks);
  const level = insideUnit(plan.delta, 'delta') / (procedure === 'bonferroni' ? Math.max(1, count) : 1);
  const pValues = Float64Array.from({ length: count }, (_, i) => Math.max(...risks.map((risk) => pValueOf(risk, risk.errors[i] ?? NaN, pValue))));
  const passing = Array.from(pValues.keys()).filter((i) => (pValues[i] ?? 1) <= level);
  const accepted = procedure === 'bonferroni' ? passing : passing.filter((i, at) => i === at);
  return { pValues, accepted, level, ...(accepted.length > 0 ? { reason: null, neededN: null } : whyNone(risks, procedure === 'bonferroni' ? pValues : pValues.slice(0, 1), level)) };
}

function checkedCount(risks: readonly CandidateRisk[]): number {
  const [first] = risks;
  if (first === undefined) throw new InputError('BAD_PARAM', 'risks must hold at least one, got none');
  for (const { errors, n, alpha } of risks) {
    integerIn(n, 1, Number.MAX_SAFE_INTEGER, 'n');
    insideUnit(alpha, 'alpha');
    if (errors.length !== first.errors.length) throw new InputError('BAD_PARAM', `every risk must have one sum of losses a candidate, got ${String(errors.length)} and ${String(first.errors.length)}`);
  }
  return first.errors.length;
}

function whyNone(risks: readonly CandidateRisk[], pValues: Float64Array, level: number): { reason: string; neededN: readonly number[] | null } {
  const sizes = risks.map(({ alpha }) => toleranceSize(alpha, level));
  const short = risks.findIndex(({ n }, i) => n < (sizes[i] ?? 0));
  const risk = risks[short];
  if (risk !== undefined) {
    const reason = `${String(sizes[short])} labelled events are needed for ${percentText(risk.alpha)} at ${percentText(1 - level)} confidence, ${String(risk.n)} at hand`;
    return { reason, neededN: sizes };
  }
  if (pValues.length === 0) return { reason: 'there is no candidate', neededN: null };
  const lowest = pValues.reduce((a, b) => Math.min(a, b), 1);
  return { reason: `${pValues.length === 1 ? 'the first candidate fails: its p-value is' : 'no candidate passes: the smallest p-value is'} ${String(Number(lowest.toPrecision(3)))}, at most ${String(Number(level.toPrecision(3)))} is asked`, neededN: null };
}
