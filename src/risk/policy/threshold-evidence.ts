import { InputError } from '../../errors.js';
import { clopperPearson } from '../../stats/binomial.js';
import type { Alternative, CalibratedThreshold, Confirmation } from '../calibrate/calibrated-threshold.js';
import { verdictOf } from '../calibrate/calibrate-threshold.js';
import type { ObservedRate, ObservedRates } from '../calibrate/rates.js';
import { count, hash, list, nullOr, number, oneOf, record, share, text, type Reader } from './artifact-reader.js';

const rate: Reader<ObservedRate> = record<ObservedRate>({ errors: count, n: count, rate: nullOr(number), lower: nullOr(number), upper: nullOr(number) });

/** Reads rates on labelled calls. */
export const rates: Reader<ObservedRates> = record<ObservedRates>({ miss: rate, falseAlarm: rate, level: share });

/** Reads rates on other calls. */
export const confirmation: Reader<Confirmation> = record<Confirmation>({
  miss: rate, falseAlarm: rate, level: share, on: oneOf(['held-out calls', 'other ledgers']), verdict: nullOr(oneOf(['confirms', 'contradicts', 'undecided'])), sourceDataHashes: list(hash),
});

/** Reads another threshold for comparison. */
export const alternative: Reader<Alternative> = record<Alternative>({ name: text, threshold: nullOr(number), promise: text, observed: nullOr(rates) });

/** Last digits of a figure may differ from one machine to another. */
export const near = (a: number | null, b: number | null): boolean => (a === null || b === null ? a === b : Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b)));

const inUnit = (x: number | null): boolean => x !== null && x >= 0 && x <= 1;

/** Refuses a figure that does not follow from others. @throws {@link InputError} NUMBER_OUT_OF_RANGE */
export function requireThat(holds: boolean, at: string, says: string): void {
  if (!holds) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} ${says}`);
}

/** Refuses a rate or limits that are not those of the counts; weighted calls have no limits, and any rate. */
function requireRate({ errors, n, rate: of, lower, upper }: ObservedRate, level: number, weighted: boolean, at: string): void {
  requireThat(errors <= n, `${at}.errors`, `must be at most n, ${String(n)}, got ${String(errors)}`);
  if (weighted && lower === null && upper === null) {
    requireThat(n === 0 ? of === null : inUnit(of), `${at}.rate`, 'must be a share of the calls, and null without any');
    return;
  }
  const limits = clopperPearson(errors, n, level);
  requireThat(near(of, n === 0 ? null : errors / n), `${at}.rate`, `must be that of ${String(errors)} in ${String(n)}, got ${String(of)}`);
  requireThat(near(lower, limits.lower) && near(upper, limits.upper), at, `must have the Clopper-Pearson limits of ${String(errors)} in ${String(n)}, ${String(limits.lower)} and ${String(limits.upper)}, got ${String(lower)} and ${String(upper)}`);
}

function requireRates({ miss, falseAlarm, level }: ObservedRates, weighted: boolean, at: string): void {
  requireRate(miss, level, weighted, `${at}.miss`);
  requireRate(falseAlarm, level, weighted, `${at}.falseAlarm`);
}

/** Refuses counts of calls that cannot all be true. */
function requireCounts({ n: { labelled, used, unscored, sessions }, split: { by } }: CalibratedThreshold, at: string): void {
  for (const what of ['safe', 'unsafe'] as const) {
    requireThat(by === 'none' ? used[what] === labelled[what] : used[what] <= labelled[what], `${at}.n.used.${what}`, `must be ${by === 'none' ? '' : 'at most '}the ${String(labelled[what])} labelled, got ${String(used[what])}`);
    requireThat(unscored[what] <= used[what], `${at}.n.unscored.${what}`, `must be at most the ${String(used[what])} used, got ${String(unscored[what])}`);
    requireThat(sessions === null || (sessions[what] <= used[what] && (sessions[what] > 0) === (used[what] > 0)), `${at}.n.sessions`, 'must be those of the calls used');
  }
}

/** Refuses rates that are not of the calls that `n` counts. */
function requireObserved({ n: { used, unscored }, observed, kind, labels }: CalibratedThreshold, at: string): void {
  requireThat((observed === null) === (kind === 'none'), `${at}.observed`, 'must be there where there is a threshold, and nowhere else');
  if (observed === null) return;
  const { miss, falseAlarm } = observed;
  requireRates(observed, labels.leastProbability !== null, `${at}.observed`);
  requireThat(miss.n === used.unsafe && falseAlarm.n === used.safe, `${at}.observed`, `must be of the ${String(used.unsafe)} unsafe and ${String(used.safe)} safe calls used, got ${String(miss.n)} and ${String(falseAlarm.n)}`);
  requireThat(miss.errors >= unscored.unsafe && falseAlarm.errors <= used.safe - unscored.safe, `${at}.observed`, 'must count calls without a score as not flagged');
  requireThat(kind !== 'flag nothing' || (miss.errors === miss.n && falseAlarm.errors === 0), `${at}.observed`, 'must flag nothing, as kind says');
}

/** Refuses a confirmation that is not on the calls that the split and the ledgers say. */
function requireOtherCalls({ n: { used, labelled }, split: { by }, observed }: CalibratedThreshold, { miss, falseAlarm, level, on, sourceDataHashes }: Confirmation, at: string): void {
  requireThat(observed !== null && level === observed.level, `${at}.level`, 'must be that of what was observed');
  requireThat((on === 'held-out calls') === (by !== 'none') && (on === 'other ledgers') === (sourceDataHashes.length > 0), `${at}.on`, 'must say what the split and the ledgers say');
  const others = miss.n === labelled.unsafe - used.unsafe && falseAlarm.n === labelled.safe - used.safe;
  requireThat(on === 'other ledgers' || others, at, 'must be of the calls held out');
}

function requireConfirmed(threshold: CalibratedThreshold, at: string): void {
  const { confirmed, split: { by }, guarantee, observed, method } = threshold;
  if (confirmed === null) {
    requireThat(by === 'none' || observed === null, at, 'must be there where calls were held out');
    return;
  }
  requireOtherCalls(threshold, confirmed, at);
  // Calls of other ledgers may be weighted where those that chose were not.
  requireRates(confirmed, true, at);
  // Methods that promise nothing may have been given bounds to compare with, which are not kept.
  const free = method === 'cost' || method === 'host';
  requireThat(free || confirmed.verdict === verdictOf(confirmed, guarantee.alpha), `${at}.verdict`, 'must be what the limits say of the promise');
}

/**
 * Refuses a threshold whose counts, rates and limits contradict each other.
 *
 * @throws {@link InputError} NUMBER_OUT_OF_RANGE naming the field
 */
export function requireEvidence(threshold: CalibratedThreshold, at: string): void {
  requireCounts(threshold, at);
  requireObserved(threshold, at);
  requireConfirmed(threshold, `${at}.confirmed`);
  threshold.alternatives.forEach(({ observed, threshold: value }, i) => {
    requireThat((observed === null) === (value === null), `${at}.alternatives[${String(i)}].observed`, 'must be there where there is a threshold, and nowhere else');
    if (observed !== null) requireRates(observed, true, `${at}.alternatives[${String(i)}].observed`);
  });
}
