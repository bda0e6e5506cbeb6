import { clampCount, clampNumber } from './clamp.js';

/** Settings of the host's online controller, by the names of its configuration. */
export type PiRiskConfig = {
  /** Whether calls are judged at all. */
  readonly enabled: boolean;
  /** Whether judgements are acted on; if not, they are only written down. */
  readonly enforce: boolean;
  /** Error rate; 1 / alpha is the e-process threshold. */
  readonly alpha: number;
  /** Scores remembered. */
  readonly window_size: number;
  /** Ledger entries kept. */
  readonly ledger_limit: number;
  readonly decision_timeout_ms: number;
  /** Whether a decision out of time hardens the call (else it lets it through). */
  readonly fail_closed: boolean;
};

const DEFAULTS: PiRiskConfig = {
  enabled: false,
  enforce: true,
  alpha: 0.01,
  window_size: 128,
  ledger_limit: 2048,
  decision_timeout_ms: 50,
  fail_closed: true,
};

/**
 * The configuration the host's online controller runs with, given what a configuration says.
 *
 * @param partial - any part of a configuration; the rest is the host's default
 * @returns the configuration after the host's clamping; clamping it again changes nothing
 * @throws {@link InputError} NOT_FINITE where alpha is NaN; BAD_PARAM where a count is no integer
 * @remarks The host has **no key for a threshold**: neither one calibrated nor its own score bands can be set from
 * outside; they reach it only through a caller of its library. O(1).
 * @example
 * ```ts
 * piRiskConfig({ alpha: 0.9, window_size: 1 }).window_size; // => 8
 * ```
 */
export function piRiskConfig(partial: Partial<PiRiskConfig> = {}): PiRiskConfig {
  const given = { ...DEFAULTS, ...partial };
  return {
    enabled: given.enabled,
    enforce: given.enforce,
    alpha: clampNumber(given.alpha, 1e-6, 0.5, 'alpha'),
    window_size: clampCount(given.window_size, 8, 4096, 'window_size'),
    ledger_limit: clampCount(given.ledger_limit, 32, 20_000, 'ledger_limit'),
    decision_timeout_ms: clampCount(given.decision_timeout_ms, 1, 2000, 'decision_timeout_ms'),
    fail_closed: given.fail_closed,
  };
}
