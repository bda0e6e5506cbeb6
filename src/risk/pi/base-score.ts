import { clamp01 } from './clamp.js';

const BY_CAPABILITY: ReadonlyMap<string, number> = new Map([
  ['exec', 0.48],
  ['env', 0.4],
  ['http', 0.32],
  ['write', 0.28],
  ['tool', 0.24],
  ['session', 0.18],
  ['events', 0.11],
  ['ui', 0.08],
  ['read', 0.06],
]);
const OTHER_CAPABILITY = 0.12;
const BY_METHOD: ReadonlyMap<string, number> = new Map([
  ['exec', 0.1],
  ['http', 0.08],
  ['tool', 0.04],
]);

/** Limits of what the arguments of a call can add to its base score. */
export const ARGUMENT_DELTA_RANGE: readonly [number, number] = [-0.3, 0.55];

/** What of a call the base score depends on. All three are compared exactly, case and all. */
export interface PiCallKind {
  readonly capability: string;
  readonly method: string;
  readonly policyReason: string;
}

/** Whether the host counts a capability as dangerous. */
export function isDangerous(capability: string): boolean {
  return capability === 'exec' || capability === 'env' || capability === 'http';
}

/**
 * The host's base score of a call before its arguments are looked at.
 *
 * @param call - capability, method and the policy's reason
 * @returns a score in [0, 1]
 * @example
 * ```ts
 * piBaseScore({ capability: 'read', method: 'tool', policyReason: 'default_caps' }); // => 0.1
 * ```
 */
export function piBaseScore(call: PiCallKind): number {
  const prompted = call.policyReason.startsWith('prompt_user_') ? 0.15 : 0.08;
  const reason = /^prompt_(user|cache)_/.test(call.policyReason) ? prompted : 0;
  return clamp01((BY_CAPABILITY.get(call.capability) ?? OTHER_CAPABILITY) + (BY_METHOD.get(call.method) ?? 0) + reason);
}
