import { binomialCdf } from '../../stats/binomial.js';
import { toleranceRank } from '../../stats/tolerance-rank.js';
import type { CalibratedThreshold, Guarantee } from '../calibrate/calibrated-threshold.js';
import { guaranteeOf } from '../calibrate/guarantee.js';
import { complementOf } from '../calibrate/level.js';
import type { ObservedRate } from '../calibrate/rates.js';
import { near, requireThat } from './threshold-evidence.js';

/** A rate that is promised, with what was seen of it. */
interface Promised {
  readonly name: 'miss' | 'falseAlarm';
  readonly alpha: number;
  readonly n: number;
  readonly errors: number;
}

function promisedOf({ guarantee: { alpha }, observed }: CalibratedThreshold): Promised[] {
  if (observed === null) return [];
  const of = (name: Promised['name'], { errors, n }: ObservedRate): Promised[] => (alpha[name] === null ? [] : [{ name, alpha: alpha[name], n, errors }]);
  return [...of('miss', observed.miss), ...of('falseAlarm', observed.falseAlarm)];
}

/** Most errors that a method allows among the calls it chooses on, and the chance that goes with them; null where n is too small. */
interface Allowed {
  readonly most: number | null;
  readonly tail: number | null;
}

function allowedBy(method: CalibratedThreshold['method'], { alpha, n, errors }: Promised, delta: number): Allowed {
  if (method === 'crc') {
    const most = Math.floor(alpha * (n + 1) * (1 + 1e-12)) - 1;
    return { most: most < 0 ? null : most, tail: null };
  }
  if (method === 'ltt') {
    const tail = binomialCdf(errors, n, alpha);
    return { most: tail <= delta * (1 + 1e-9) ? errors : null, tail };
  }
  const fromTop = toleranceRank(n, alpha, delta);
  return fromTop === null ? { most: null, tail: null } : { most: n - fromTop, tail: binomialCdf(n - fromTop, n, alpha) };
}

/** Refuses a promise that the counts do not bear, and a chance of failure that is not theirs. */
function requireBorne(threshold: CalibratedThreshold, at: string): void {
  const { method, guarantee: { delta, attainedDelta }, labels: { leastProbability } } = threshold;
  const promised = promisedOf(threshold);
  // What a weighted test comes to hangs on the weights, which only the label file holds.
  if (leastProbability !== null) return;
  const allowed = promised.map((rate) => ({ ...rate, ...allowedBy(method, rate, (delta ?? 1) / promised.length) }));
  for (const { name, errors, n, most } of allowed) {
    requireThat(most !== null && errors <= most, `${at}.observed.${name}`, `must bear the promise of the method ${method}, and ${String(errors)} errors in ${String(n)} calls do not`);
  }
  const tails = allowed.map(({ tail }) => tail);
  const known = tails.length > 0 && !tails.includes(null) && (method === 'np' || tails.length === 1);
  const attained = known ? tails.reduce<number>((sum, tail) => sum + (tail ?? 0), 0) : null;
  requireThat(near(attainedDelta, attained), `${at}.guarantee.attainedDelta`, `must be ${String(attained)}, as the counts have it, got ${String(attainedDelta)}`);
}

/** How strictly a promise holds, by method. */
function holdsOf({ method, kind, labels: { circular, leastProbability }, guarantee: { alpha } }: CalibratedThreshold): Guarantee['holds'] {
  if (kind === 'none' || circular || method === 'cost' || method === 'host') return 'none';
  if (method === 'crc') return 'in expectation';
  return leastProbability !== null || (alpha.miss !== null && alpha.falseAlarm !== null) ? 'bound' : 'exact';
}

/** Refuses bounds that the method does not promise. */
function requireTargets({ method, guarantee: { alpha, delta }, observed, labels: { leastProbability } }: CalibratedThreshold, at: string): void {
  const rates = Number(alpha.miss !== null) + Number(alpha.falseAlarm !== null);
  const fits = method === 'cost' || method === 'host' ? rates === 0 : method === 'crc' ? rates === 1 : rates > 0;
  requireThat(fits, `${at}.guarantee.alpha`, `must hold the bounds that the method ${method} keeps, got ${String(rates)}`);
  requireThat(observed === null || delta === null || near(delta, complementOf(observed.level, 'level')), `${at}.guarantee.delta`, 'must be one less the level of what was observed');
  requireThat(leastProbability === null || (method !== 'np' && method !== 'crc'), `${at}.method`, `must not be ${method} where calls had unequal chances of being labelled`);
}

/**
 * Refuses a threshold whose promise is not what follows from its method, bounds, labels and counts, to the letter.
 *
 * @throws {@link InputError} NUMBER_OUT_OF_RANGE naming the field
 * @remarks Whether the counts are those of the data, and the threshold the one that the method chooses on them, the file
 * alone cannot show.
 */
export function requirePromise(threshold: CalibratedThreshold, at: string): void {
  const { method, kind, threshold: value, reason, neededN, guarantee, n: { used, sessions }, labels: { circular, leastProbability }, observed } = threshold;
  requireTargets(threshold, at);
  requireBorne(threshold, at);
  const delta = guarantee.delta ?? (observed === null ? 0.05 : complementOf(observed.level, 'level'));
  const chosen = kind === 'none' ? null : (value ?? Infinity);
  const made = guaranteeOf({
    method, circular, leastProbability, used, sessions,
    targets: { ...guarantee.alpha, delta },
    choice: { threshold: chosen, reason, neededN, holds: holdsOf(threshold), attainedDelta: guarantee.attainedDelta },
  });
  for (const name of ['statement', 'holds', 'assumes', 'doubts'] as const) {
    requireThat(JSON.stringify(made[name]) === JSON.stringify(guarantee[name]), `${at}.guarantee.${name}`, `must be ${JSON.stringify(made[name])}, as its numbers have it, got ${JSON.stringify(guarantee[name]).slice(0, 200)}`);
  }
}
