/** Correctly rounded logarithms, spelt out so that no platform's own `log` enters a ledger. */
const LOG_HIGH = 1.5040773967762742; // ln(0.45 / 0.10)
const LOG_LOW = -0.49247648509779407; // ln(0.55 / 0.90)
const LIMIT = 120;

/**
 * One step of the host's e-process, in logs: a likelihood ratio of 45 % against 10 % high scores.
 *
 * @param logE - natural logarithm before the call
 * @param score - the call's risk score; high from 0.65
 * @returns the new logarithm, kept within -120 and 120
 * @see Ramdas et al. (2023), Statistical Science 38(4), 576-601.
 */
export function stepLogE(logE: number, score: number): number {
  const next = logE + (score >= 0.65 ? LOG_HIGH : LOG_LOW);
  return Math.min(Math.max(next, -LIMIT), LIMIT);
}
