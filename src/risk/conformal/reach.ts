import { InputError } from '../../errors.js';
import { decimalOf } from '../../stats/decimal.js';
import { insideUnit, integerIn } from '../../stats/sample.js';

/** Whether conformal p-values can be small enough for a test to be rejected among many. */
export interface ConformalReach {
  readonly reachable: boolean;
  /** Calibration scores at hand. */
  readonly n: number;
  /** The fewest with which a rejection is possible. */
  readonly needed: number;
  /** Why that many: one sentence. */
  readonly reason: string;
}

/**
 * Whether conformal p-values, none of which is below 1 / (n + 1), can be rejected among `tests` at all.
 *
 * @param params - tests: how many are judged together; alpha: in (0, 1); n: calibration scores of each; procedure:
 * default `bh`; together: how many should be rejectable only in company, default 1, one test alone
 * @returns the verdict and the number needed: tests / (alpha together) - 1 for `bh`, rounded up; `by` multiplies the
 * number of tests by 1 + 1/2 + ... + 1/tests; `holm` needs what `bh` does for one test, less for those behind it
 * @throws {@link InputError} BAD_PARAM
 * @remarks Below that n nothing can ever be found, whatever happens: a silence that means nothing. Exact, alpha read as
 * a decimal.
 * @see Bates et al. (2023), Annals of Statistics 51, 149-178.
 * @example
 * ```ts
 * conformalReach({ tests: 20, alpha: 0.1, n: 100 }).needed; // => 199
 * conformalReach({ tests: 20, alpha: 0.1, n: 100, together: 2 }).reachable; // => true
 * ```
 */
export function conformalReach(params: { readonly tests: number; readonly alpha: number; readonly n: number; readonly procedure?: 'bh' | 'by' | 'holm'; readonly together?: number }): ConformalReach {
  const { procedure = 'bh', together = 1 } = params;
  const tests = integerIn(params.tests, 1, 1e6, 'tests');
  const n = integerIn(params.n, 0, Number.MAX_SAFE_INTEGER, 'n');
  integerIn(together, 1, tests, 'together');
  if (!['bh', 'by', 'holm'].includes(procedure)) throw new InputError('BAD_PARAM', `procedure must be bh, by or holm, got ${procedure}`);
  const { numerator, denominator } = decimalOf(insideUnit(params.alpha, 'alpha'));
  // Holm's first test must pass alpha / tests, in company or not.
  const rank = BigInt(procedure === 'holm' ? 1 : together);
  const [top, bottom] = procedure === 'by' ? harmonic(tests) : [1n, 1n];
  const [over, under] = [BigInt(tests) * denominator * top, numerator * rank * bottom];
  const needed = Number((over + under - 1n) / under) - 1;
  const company = together === 1 ? 'one of' : `${String(together)} of`;
  const reason = `to find ${company} ${String(tests)} at ${String(params.alpha)} a p-value must be at most ${String(Number(under) / Number(over))}, and none is below 1 / (n + 1)`;
  return { reachable: n >= needed, n, needed, reason };
}

/** 1 + 1/2 + ... + 1/m as a fraction. Beyond 200 terms its digits no longer matter: rounded up at the fortieth. */
function harmonic(m: number): [bigint, bigint] {
  if (m > 200) {
    const scale = 10n ** 40n;
    let sum = 0n;
    for (let i = 1n; i <= BigInt(m); i += 1n) sum += scale / i + 1n;
    return [sum, scale];
  }
  let [top, bottom] = [0n, 1n];
  for (let i = 1n; i <= BigInt(m); i += 1n) [top, bottom] = [top * i + bottom, bottom * i];
  return [top, bottom];
}
