import { InputError } from '../../errors.js';
import { clampCount, clampNumber } from './clamp.js';
import { PI_ENVELOPE_TIERS, type PiEnvelopeConfig } from './envelope.js';
import { PI_OCO_TIERS, type PiOcoConfig } from './oco.js';
import { PI_REGIME_TIERS, type PiRegimeParams } from './regime.js';

/** The host's tiers: how soon its budget controller gives way. */
export type PiTier = 'strict' | 'balanced' | 'throughput';

/** Settings of the host's regime detector, by the names of its configuration. */
export type PiRegimeConfig = {
  readonly enabled: boolean;
  readonly cusum_k: number;
  readonly cusum_h: number;
  readonly bocpd_lambda: number;
  readonly bocpd_threshold: number;
  readonly bocpd_max_run_length: number;
};

/** Settings of the host's budget controller, by the names of its configuration. */
export type PiBudgetConfig = {
  readonly enabled: boolean;
  readonly tier: PiTier;
  readonly overload_window_ms: number;
  readonly overload_signals_to_fallback: number;
  readonly recovery_successes_to_exit: number;
  readonly regime_shift: PiRegimeConfig;
  readonly safety_envelope: PiEnvelopeConfig;
  readonly oco_tuner: PiOcoConfig;
};

/** What a configuration file may say; the host takes the rest from the balanced tier, whatever the tier it names. */
export type PiBudgetPartial = Partial<Omit<PiBudgetConfig, 'regime_shift' | 'safety_envelope' | 'oco_tuner'>> & {
  readonly regime_shift?: Partial<PiRegimeConfig>;
  readonly safety_envelope?: Partial<PiEnvelopeConfig>;
  readonly oco_tuner?: Partial<PiOcoConfig>;
};

function regimeConfig({ cusum, bocpd }: PiRegimeParams): PiRegimeConfig {
  return {
    enabled: true,
    cusum_k: cusum.k,
    cusum_h: cusum.h,
    bocpd_lambda: bocpd.lambda,
    bocpd_threshold: bocpd.threshold,
    bocpd_max_run_length: bocpd.maxRunLength,
  };
}

function preset(tier: PiTier, windowMs: number, signals: number, successes: number): PiBudgetConfig {
  return {
    enabled: true,
    tier,
    overload_window_ms: windowMs,
    overload_signals_to_fallback: signals,
    recovery_successes_to_exit: successes,
    regime_shift: regimeConfig(PI_REGIME_TIERS[tier]),
    safety_envelope: PI_ENVELOPE_TIERS[tier],
    oco_tuner: PI_OCO_TIERS[tier],
  };
}

/** The host's three tiers. */
export const PI_BUDGET_TIERS: { readonly [tier in PiTier]: PiBudgetConfig } = {
  strict: preset('strict', 3000, 2, 8),
  balanced: preset('balanced', 8000, 3, 16),
  throughput: preset('throughput', 15_000, 5, 32),
};

/** `x` within limits, a number that is not finite replaced by the tier's. */
const clampOr = (x: number, fallback: number, min: number, max: number): number =>
  Math.min(Math.max(Number.isFinite(x) ? x : fallback, min), max) + 0;

/** `x` if finite and above 0, else the tier's. */
const positiveOr = (x: number, fallback: number): number => (x > 0 && x < Infinity ? x : fallback);

/**
 * Settings of the host's regime detector, clamped as the host clamps them.
 *
 * @param config - complete settings
 * @param tier - whose settings stand in for numbers that are not finite or not above 0
 * @returns settings that the host leaves as they are
 * @throws {@link InputError} BAD_PARAM where a count is no integer
 * @remarks O(1).
 * @example
 * ```ts
 * const { regime_shift } = PI_BUDGET_TIERS.balanced;
 * piRegimeConfig({ ...regime_shift, cusum_h: -1, bocpd_threshold: 5 }, 'strict').cusum_h; // => 3
 * ```
 */
export function piRegimeConfig(config: PiRegimeConfig, tier: PiTier): PiRegimeConfig {
  const own = PI_BUDGET_TIERS[tier].regime_shift;
  return {
    enabled: config.enabled,
    cusum_k: positiveOr(config.cusum_k, own.cusum_k),
    cusum_h: positiveOr(config.cusum_h, own.cusum_h),
    bocpd_lambda: positiveOr(config.bocpd_lambda, own.bocpd_lambda),
    bocpd_threshold: clampOr(config.bocpd_threshold, own.bocpd_threshold, 0.01, 0.99),
    bocpd_max_run_length: clampCount(config.bocpd_max_run_length, 8, 10_000, 'bocpd_max_run_length'),
  };
}

/**
 * Settings of the host's safety envelope, clamped as the host clamps them.
 *
 * @param config - complete settings
 * @returns settings that the host leaves as they are
 * @throws {@link InputError} NOT_FINITE for NaN, which the host would keep; BAD_PARAM where a count is no integer
 * @remarks O(1).
 * @example
 * ```ts
 * piEnvelopeConfig({ ...PI_ENVELOPE_TIERS.strict, conformal_confidence: 1 }).conformal_confidence; // => 0.999
 * ```
 */
export function piEnvelopeConfig(config: PiEnvelopeConfig): PiEnvelopeConfig {
  return {
    enabled: config.enabled,
    conformal_confidence: clampNumber(config.conformal_confidence, 0.5, 0.999, 'conformal_confidence'),
    conformal_calibration_size: clampCount(config.conformal_calibration_size, 16, 10_000, 'conformal_calibration_size'),
    pac_bayes_delta: clampNumber(config.pac_bayes_delta, 1e-6, 0.5, 'pac_bayes_delta'),
    pac_bayes_prior_weight: clampNumber(config.pac_bayes_prior_weight, 0.01, 100, 'pac_bayes_prior_weight'),
    safety_error_threshold: clampNumber(config.safety_error_threshold, 0, 1, 'safety_error_threshold'),
    min_observations: clampCount(config.min_observations, 1, Number.MAX_SAFE_INTEGER, 'min_observations'),
  };
}

/**
 * Settings of the host's budget tuner, clamped as the host clamps them: least budgets first, then the largest, raised to
 * the least where they are below it, then those at the start.
 *
 * @param config - complete settings
 * @param tier - whose settings stand in for numbers that are not finite
 * @returns settings that the host leaves as they are
 * @remarks O(1).
 * @example
 * ```ts
 * piOcoConfig({ ...PI_OCO_TIERS.strict, initial_queue_budget: 1000 }, 'strict').initial_queue_budget; // => 16
 * ```
 */
export function piOcoConfig(config: PiOcoConfig, tier: PiTier): PiOcoConfig {
  const own = PI_OCO_TIERS[tier];
  const least = (min: 'min_queue_budget' | 'min_batch_budget' | 'min_time_slice_ms'): number => positiveOr(config[min], own[min]);
  const most = (max: 'max_queue_budget' | 'max_batch_budget' | 'max_time_slice_ms', min: number): number => clampOr(config[max], own[max], min, Infinity);
  const [minQueue, minBatch, minSlice] = [least('min_queue_budget'), least('min_batch_budget'), least('min_time_slice_ms')];
  const [maxQueue, maxBatch, maxSlice] = [most('max_queue_budget', minQueue), most('max_batch_budget', minBatch), most('max_time_slice_ms', minSlice)];
  return {
    enabled: config.enabled,
    learning_rate: Math.min(Math.max(positiveOr(config.learning_rate, own.learning_rate), 1e-4), 1),
    min_queue_budget: minQueue,
    max_queue_budget: maxQueue,
    min_batch_budget: minBatch,
    max_batch_budget: maxBatch,
    min_time_slice_ms: minSlice,
    max_time_slice_ms: maxSlice,
    initial_queue_budget: clampOr(config.initial_queue_budget, own.initial_queue_budget, minQueue, maxQueue),
    initial_batch_budget: clampOr(config.initial_batch_budget, own.initial_batch_budget, minBatch, maxBatch),
    initial_time_slice_ms: clampOr(config.initial_time_slice_ms, own.initial_time_slice_ms, minSlice, maxSlice),
    rollback_loss_threshold: clampOr(config.rollback_loss_threshold, own.rollback_loss_threshold, 0.1, 10),
  };
}

/**
 * The configuration the host's budget controller runs with, given what a configuration file says.
 *
 * @param partial - any part of a configuration; what is left out comes from the **balanced** tier, even where another
 * tier is named, while numbers the host finds no use for are replaced by those of the tier that is named
 * @returns the configuration after the host's clamping; clamping it again changes nothing
 * @throws {@link InputError} BAD_PARAM for an unknown tier or a count that is no integer; NOT_FINITE for NaN in the
 * envelope's settings, which the host would keep
 * @remarks O(1).
 * @example
 * ```ts
 * piBudgetConfig({ tier: 'strict' }).overload_window_ms; // => 8000
 * piBudgetConfig({ overload_window_ms: 1 }).overload_window_ms; // => 100
 * ```
 */
export function piBudgetConfig(partial: PiBudgetPartial = {}): PiBudgetConfig {
  const base = PI_BUDGET_TIERS.balanced;
  const config = { ...base, ...partial };
  const { tier } = config;
  if (!Object.hasOwn(PI_BUDGET_TIERS, tier)) {
    throw new InputError('BAD_PARAM', `tier must be strict, balanced or throughput, got ${tier as string}`);
  }
  return {
    enabled: config.enabled,
    tier,
    overload_window_ms: clampCount(config.overload_window_ms, 100, Number.MAX_SAFE_INTEGER, 'overload_window_ms'),
    overload_signals_to_fallback: clampCount(config.overload_signals_to_fallback, 1, Number.MAX_SAFE_INTEGER, 'overload_signals_to_fallback'),
    recovery_successes_to_exit: clampCount(config.recovery_successes_to_exit, 1, Number.MAX_SAFE_INTEGER, 'recovery_successes_to_exit'),
    regime_shift: piRegimeConfig({ ...base.regime_shift, ...partial.regime_shift }, tier),
    safety_envelope: piEnvelopeConfig({ ...base.safety_envelope, ...partial.safety_envelope }),
    oco_tuner: piOcoConfig({ ...base.oco_tuner, ...partial.oco_tuner }, tier),
  };
}
