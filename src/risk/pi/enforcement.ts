import type { Detector } from '../../detector.js';
import type { Action } from '../../ledger/entry.js';
import { finite, integerIn } from '../../stats/sample.js';

/** The host's five answers to a call, the mildest first. */
export const PI_BANDS = ['allow', 'harden', 'prompt', 'deny', 'terminate'] as const;

/** One of the host's five answers. */
export type PiBand = (typeof PI_BANDS)[number];

/** Score from which each answer holds; the host does not check that they ascend. */
export type PiScoreBands = { readonly [band in PiBand]: number };

/** How slowly the host comes down, by the names of its configuration. */
export type PiHysteresis = {
  /** How far below its own entry a score must be to count towards coming down. */
  readonly de_escalation_margin: number;
  /** Such scores in a row for one level down. */
  readonly cooldown_calls: number;
};

const BALANCED: PiScoreBands = { allow: 0, harden: 0.4, prompt: 0.6, deny: 0.75, terminate: 0.9 };
const SAFE: PiScoreBands = { allow: 0, harden: 0.3, prompt: 0.5, deny: 0.65, terminate: 0.8 };
const PERMISSIVE: PiScoreBands = { allow: 0, harden: 0.55, prompt: 0.7, deny: 0.85, terminate: 0.95 };

/** The host's hysteresis where nothing else is set. */
export const PI_HYSTERESIS: PiHysteresis = { de_escalation_margin: 0.1, cooldown_calls: 3 };

/**
 * The host's score bands of a profile.
 *
 * @param profile - `safe` or `strict`, `permissive`; every other name, known or not, means balanced
 * @returns the score from which each answer holds
 * @remarks O(1).
 * @example
 * ```ts
 * piScoreBands('strict').deny; // => 0.65
 * ```
 */
export function piScoreBands(profile: string): PiScoreBands {
  if (profile === 'safe' || profile === 'strict') return SAFE;
  return profile === 'permissive' ? PERMISSIVE : BALANCED;
}

/** State of the host's enforcement machine. */
export type PiEnforcementState = {
  readonly band: PiBand;
  /** Scores in a row that count towards coming down. */
  readonly cooldownCounter: number;
  readonly evaluationCount: number;
};

/** One step of the host's enforcement machine. */
export interface PiTransition {
  readonly from: PiBand;
  readonly to: PiBand;
  /** Whether the machine stayed where it is although the score alone would have come down. */
  readonly hysteresisActive: boolean;
  /** What the score alone means. */
  readonly rawBand: PiBand;
  readonly score: number;
  readonly cooldownCounter: number;
}

/**
 * What a score means in the host's bands, the severest first.
 *
 * @param score - any number; NaN is allowed through, as in the host
 * @param bands - thresholds, inclusive
 * @remarks O(1).
 * @example
 * ```ts
 * piBandOf(0.75, piScoreBands('balanced')); // => 'deny'
 * piBandOf(NaN, piScoreBands('balanced')); // => 'allow'
 * ```
 */
export function piBandOf(score: number, bands: PiScoreBands): PiBand {
  return (['terminate', 'deny', 'prompt', 'harden'] as const).find((band) => score >= bands[band]) ?? 'allow';
}

const severity = (band: PiBand): number => PI_BANDS.indexOf(band);

/**
 * The severer of the machine's answer and the policy's.
 *
 * @param band - where the machine stands
 * @param policy - what the host's policy said of the call
 * @remarks O(1).
 * @example
 * ```ts
 * piMergePolicy('harden', 'prompt'); // => 'prompt'
 * ```
 */
export function piMergePolicy(band: PiBand, policy: 'allow' | 'prompt' | 'deny'): PiBand {
  return severity(policy) > severity(band) ? policy : band;
}

/**
 * The host's answer in its four actions, which know no prompt: it hardens instead.
 *
 * @param band - one of the five answers
 * @remarks O(1). The four actions are answers as they are.
 * @example
 * ```ts
 * piActionOfBand('prompt'); // => 'harden'
 * ```
 */
export function piActionOfBand(band: PiBand): Action {
  return band === 'prompt' ? 'harden' : band;
}

/** What follows from a score below the band the machine is in. */
function comeDown(state: PiEnforcementState, score: number, bands: PiScoreBands, hysteresis: PiHysteresis): Pick<PiTransition, 'to' | 'cooldownCounter' | 'hysteresisActive'> {
  const { band } = state;
  if (!(score < bands[band] - hysteresis.de_escalation_margin)) return { to: band, cooldownCounter: 0, hysteresisActive: true };
  const cooldownCounter = state.cooldownCounter + 1;
  if (cooldownCounter < hysteresis.cooldown_calls) return { to: band, cooldownCounter, hysteresisActive: true };
  return { to: PI_BANDS[severity(band) - 1] ?? 'allow', cooldownCounter: 0, hysteresisActive: false };
}

/**
 * The host's own enforcement machine: up at once, down one level at a time, never out of terminate. For replaying it;
 * the host's online controller does not use it.
 *
 * @param bands - thresholds on the score, of {@link piScoreBands} or one's own, taken as they are
 * @param hysteresis - how slowly it comes down
 * @returns a detector of scores; NaN counts as a score that is neither high nor low
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM for a setting
 * @remarks No guarantee: the bands are constants of the host's code, set from no data, so that neither the share of
 * unsafe calls that pass nor that of safe calls stopped is known. O(1).
 * @example
 * ```ts
 * const scores = [0.65, 0.45, 0.45, 0.45];
 * [...scan(piEnforcement(piScoreBands('balanced')), scores)].map(({ out }) => out.to); // => ['prompt', 'prompt', 'prompt', 'harden']
 * ```
 */
export function piEnforcement(bands: PiScoreBands, hysteresis: PiHysteresis = PI_HYSTERESIS): Detector<number, PiEnforcementState, PiTransition> {
  const limits = Object.fromEntries(PI_BANDS.map((band) => [band, finite(bands[band], band)])) as PiScoreBands;
  const slowness = {
    de_escalation_margin: finite(hysteresis.de_escalation_margin, 'de_escalation_margin'),
    cooldown_calls: integerIn(hysteresis.cooldown_calls, 0, Number.MAX_SAFE_INTEGER, 'cooldown_calls'),
  };
  return {
    kind: 'pi-enforcement',
    version: 1,
    params: { bands: limits, hysteresis: slowness },
    init: () => ({ band: 'allow', cooldownCounter: 0, evaluationCount: 0 }),
    step(state, score) {
      const { band: from } = state;
      const rawBand = piBandOf(score, limits);
      const stays = from === 'terminate';
      const lower = severity(rawBand) < severity(from);
      const next = !stays && lower
        ? comeDown(state, score, limits, slowness)
        : { to: stays ? from : rawBand, cooldownCounter: 0, hysteresisActive: false };
      return {
        state: { band: next.to, cooldownCounter: next.cooldownCounter, evaluationCount: state.evaluationCount + 1 },
        out: { from, to: next.to, hysteresisActive: next.hysteresisActive, rawBand, score, cooldownCounter: next.cooldownCounter },
      };
    },
  };
}
