import { ACTIONS, type Action, type ExpectedLoss, type RiskState } from '../../ledger/entry.js';
import { fma } from '../../stats/fma.js';

/** A posterior over the three states whose numbers are all there. */
export interface PiPosterior {
  readonly safe_fast: number;
  readonly suspicious: number;
  readonly unsafe: number;
}

/** Expected losses whose numbers are all there. */
export interface PiExpectedLoss extends ExpectedLoss {
  readonly allow: number;
  readonly harden: number;
  readonly deny: number;
  readonly terminate: number;
}

/**
 * The host's expected loss of each action, bit for bit: fused multiply-adds from the inside out.
 *
 * @param posterior - probabilities; not checked to sum to 1
 * @example
 * ```ts
 * piExpectedLoss({ safe_fast: 0, suspicious: 0, unsafe: 1 }); // => { allow: 120, harden: 35, deny: 2, terminate: 1 }
 * ```
 */
export function piExpectedLoss({ safe_fast: f, suspicious: s, unsafe: u }: PiPosterior): PiExpectedLoss {
  return {
    allow: fma(120, u, 8 * s),
    harden: fma(35, u, fma(3, f, 2 * s)),
    deny: fma(2, u, fma(20, f, 4 * s)),
    terminate: fma(1, u, fma(35, f, 8 * s)),
  };
}

/** The action of least expected loss; of equal ones the mildest. */
function leastLoss(loss: PiExpectedLoss): Action {
  let best: Action = 'allow';
  for (const action of ACTIONS) if (loss[action] < loss[best]) best = action;
  return best;
}

/**
 * The host's action before any timeout: the one of least expected loss, but an alarm never lets a call through as it is.
 *
 * @param alarmed - the e-process is at its threshold or drift was detected
 * @example
 * ```ts
 * piAction({ allow: 1, harden: 2, deny: 3, terminate: 4 }, true); // => 'harden'
 * ```
 */
export function piAction(loss: PiExpectedLoss, alarmed: boolean): Action {
  const action = leastLoss(loss);
  return action === 'allow' && alarmed ? 'harden' : action;
}

/** The host's label of a posterior: `unsafe` from 0.55, else `suspicious` from 0.40, else `safe_fast`. */
export function piState({ suspicious, unsafe }: PiPosterior): RiskState {
  if (unsafe >= 0.55) return 'unsafe';
  return suspicious >= 0.4 ? 'suspicious' : 'safe_fast';
}
