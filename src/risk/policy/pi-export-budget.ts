import type { Json } from '../../detector.js';
import { PI_BUDGET_TIERS, piBudgetConfig, type PiBudgetConfig, type PiRegimeConfig } from '../pi/budget-config.js';
import type { PiEnvelopeConfig } from '../pi/envelope.js';
import type { Envelope } from '../envelope/envelope.js';
import { detectorName, envelopeName } from './part-names.js';
import type { Policy, PolicyDetector } from './policy.js';

/** Settings that a part of a policy asks for, and in what words; a part that cannot ask for any says why. */
interface Asked<T> {
  readonly settings: Partial<T>;
  readonly carried: string;
  /** How it differs from what the part says. */
  readonly note: string;
}

const numberAt = (value: Json, ...path: readonly string[]): number | null => {
  let found: Json | undefined = value;
  for (const name of path) found = typeof found === 'object' && found !== null && !Array.isArray(found) ? (found as Readonly<Record<string, Json>>)[name] : undefined;
  return typeof found === 'number' ? found : null;
};

/** Settings of which every number is there; null where one is missing. */
function complete(settings: { readonly [key in Exclude<keyof PiRegimeConfig, 'enabled'>]?: number | null }): Partial<PiRegimeConfig> | null {
  return Object.values(settings).includes(null) ? null : (settings as Partial<PiRegimeConfig>);
}

function askedByCusum(params: Json): Partial<PiRegimeConfig> | null {
  const shift = numberAt(params, 'family', 'shift');
  const threshold = numberAt(params, 'threshold', 'up') ?? numberAt(params, 'threshold');
  return complete({ cusum_k: shift === null ? null : shift / 2, cusum_h: threshold });
}

function askedByBocpd(params: Json): Partial<PiRegimeConfig> | null {
  return complete({ bocpd_lambda: numberAt(params, 'hazard', 'lambda'), bocpd_threshold: numberAt(params, 'alarm', 'above') });
}

function askedByHost(params: Json): Partial<PiRegimeConfig> | null {
  return complete({
    cusum_k: numberAt(params, 'cusum', 'k'),
    cusum_h: numberAt(params, 'cusum', 'h'),
    bocpd_lambda: numberAt(params, 'bocpd', 'lambda'),
    bocpd_threshold: numberAt(params, 'bocpd', 'threshold'),
    bocpd_max_run_length: numberAt(params, 'bocpd', 'maxRunLength'),
  });
}

const BY_KIND: Readonly<Record<string, (params: Json) => Partial<PiRegimeConfig> | null>> = { cusum: askedByCusum, bocpd: askedByBocpd, host: askedByHost };

function regimeAsked(detector: PolicyDetector): Asked<PiRegimeConfig> | string {
  const name = detectorName(detector);
  const settings = detector.stream === 'interval' ? (BY_KIND[detector.kind]?.(detector.params) ?? null) : null;
  if (settings === null) return `the host's budget controller watches intervals alone, by a Gaussian CUSUM and a BOCPD with a constant hazard`;
  const note = detector.guarantee === null
    ? `${name}: promises nothing there either`
    : `${name}: the host learns mean and scale from its first three intervals, and its other detector alarms beside this one, so the false-alarm rate is not the one designed`;
  return { settings, carried: `${Object.keys(settings).join(', ')} from ${name}`, note };
}

function envelopeAsked(envelope: Envelope): Asked<PiEnvelopeConfig> | string {
  const name = envelopeName(envelope);
  if (envelope.measure === 'error') {
    const limits = envelope.groups.flatMap(({ upper }) => upper ?? []);
    if (limits.length === 0) return 'without an upper limit there is no error threshold to take';
    return { settings: { safety_error_threshold: Math.max(...limits) }, carried: `safety_error_threshold from ${name}, the largest upper limit of its groups`, note: `${name}: one rate for all calls there, compared with a bound of the host's own that promises nothing` };
  }
  if (envelope.measure !== 'latency') return "the host's safety envelope is of latencies and errors alone";
  const largest = Math.max(0, ...envelope.groups.map(({ n }) => n));
  return {
    settings: { conformal_confidence: 1 - envelope.alpha, conformal_calibration_size: largest },
    carried: `conformal_confidence and conformal_calibration_size from ${name}`,
    note: `${name}: the host learns its own interval from the last latencies it saw, around their mean: it covers less than it says and does not see bursts; the calibrated bounds are lost`,
  };
}

/** Parts that ask for settings, and what is said of those that cannot. */
function gathered<P, T>(parts: readonly P[], nameOf: (part: P) => string, ask: (part: P) => Asked<T> | string): { readonly asked: readonly Asked<T>[]; readonly notes: readonly string[] } {
  const all = parts.map((part) => ({ name: nameOf(part), said: ask(part) }));
  const asked = all.flatMap(({ said }) => (typeof said === 'string' ? [] : [said]));
  const reasons = new Set(all.flatMap(({ said }) => (typeof said === 'string' ? [said] : [])));
  const refused = [...reasons].map((reason) => `${all.filter(({ said }) => said === reason).map(({ name }) => name).join(', ')}: ${reason}`);
  return { asked, notes: [...asked.map(({ note }) => note), ...refused] };
}

const merged = <T>(asked: readonly Asked<T>[]): Partial<T> => Object.assign({}, ...asked.map(({ settings }) => settings)) as Partial<T>;

/** Settings that two parts ask for differently. */
function contested<T>(asked: readonly Asked<T>[]): string[] {
  const final = merged(asked);
  return [...new Set(asked.flatMap(({ settings }) => (Object.keys(settings) as (keyof T & string)[]).filter((key) => settings[key] !== final[key])))]
    .map((key) => `${key}: several parts ask for it; the last one's value stands`);
}

function clampedOf<T extends object>(asked: Partial<T>, got: T, under: string): { readonly key: string; readonly asked: number; readonly got: number }[] {
  return (Object.keys(asked) as (keyof T & string)[]).filter((key) => asked[key] !== got[key]).map((key) => ({ key: `${under}.${key}`, asked: Number(asked[key]), got: Number(got[key]) }));
}

/** A policy as the settings of the host's budget controller: what it asks for, over the balanced tier. */
export function budgetExport({ detectors, envelopes }: Policy): { readonly config: PiBudgetConfig; readonly carried: readonly string[]; readonly clamped: readonly { readonly key: string; readonly asked: number; readonly got: number }[]; readonly notes: readonly string[] } {
  const [regime, envelope] = [gathered(detectors, detectorName, regimeAsked), gathered(envelopes, envelopeName, envelopeAsked)];
  const [regimeSettings, envelopeSettings] = [merged(regime.asked), merged(envelope.asked)];
  const { tier } = PI_BUDGET_TIERS.balanced;
  const config = piBudgetConfig({ tier, regime_shift: regimeSettings, safety_envelope: envelopeSettings });
  return {
    config,
    carried: [...regime.asked, ...envelope.asked].map(({ carried }) => carried),
    clamped: [...clampedOf(regimeSettings, config.regime_shift, 'regime_shift'), ...clampedOf(envelopeSettings, config.safety_envelope, 'safety_envelope')],
    notes: [
      ...regime.notes,
      ...envelope.notes,
      ...contested(regime.asked),
      ...contested(envelope.asked),
      "all other settings: the policy does not speak of them; the host's tier balanced stands",
    ],
  };
}
