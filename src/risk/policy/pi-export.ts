import type { Json } from '../../detector.js';
import { PI_BANDS, piScoreBands, type PiBand, type PiScoreBands } from '../pi/enforcement.js';
import { piRiskConfig } from '../pi/risk-config.js';
import { detectorName, envelopeName, thresholdName } from './part-names.js';
import { budgetExport } from './pi-export-budget.js';
import { POLICY_BANDS, type Policy, type PolicyPromise } from './policy.js';

/** What a policy can be turned into for the host. */
export type PiTarget = 'pi-bands' | 'pi-risk-config' | 'pi-budget';

/** A number that the host does not take as it was asked for. */
export interface ClampedSetting {
  readonly key: string;
  readonly asked: number;
  readonly got: number;
}

/** A policy as the host's configuration, and all that is lost on the way. */
export interface PiExport {
  readonly target: PiTarget;
  /** By the names of the host's configuration, as the host has it after its clamping. */
  readonly config: Json;
  /** What of the policy is in it, a sentence each. */
  readonly carried: readonly string[];
  readonly clamped: readonly ClampedSetting[];
  /** What of the policy is not in it, or means something else there, a sentence each. */
  readonly notExpressible: readonly string[];
}

/** What every export leaves out: nothing of the host's keeps a promise of the policy's. */
const NO_PROMISE = "the host's configuration holds no promise, no evidence and no provenance: keep the policy beside it";

/** One sentence for all parts that the target has no place for, if there are any. */
const stranded = (names: readonly string[], why: string): string[] => (names.length === 0 ? [] : [`${names.join(', ')}: ${why}`]);

const strandedThresholds = ({ thresholds }: Policy): string[] => stranded(thresholds.map(thresholdName), 'the host has no configuration key for a threshold; it reaches the host only through a caller of its library');

const strandedEnvelopes = ({ envelopes }: Policy): string[] => stranded(envelopes.map(envelopeName), 'the host has no place for bounds by group');

const strandedDetectors = ({ detectors }: Policy): string[] => stranded(detectors.map(detectorName), 'no place in this configuration');

/** Above every score: an answer that is never given. */
const NEVER = 2;

/** What calibration says of each band: from where it holds, or that it never does; null where it was not asked. */
function calibratedBands({ thresholds }: Policy): { readonly [band in PiBand]?: number } {
  return Object.fromEntries(thresholds.map(({ band, threshold: { threshold } }) => [band, threshold ?? NEVER]));
}

/** A preset band next to calibrated ones: never milder answers from higher scores on. */
function fittedBand(band: PiBand, preset: PiScoreBands, calibrated: ReturnType<typeof calibratedBands>): number {
  const at = PI_BANDS.indexOf(band);
  const of = (bands: readonly PiBand[]): number[] => bands.flatMap((each) => calibrated[each] ?? []);
  return Math.min(Math.max(preset[band], ...of(PI_BANDS.slice(0, at))), ...of(PI_BANDS.slice(at + 1)));
}

/** What has to be said wherever a threshold is. */
function calibratedOn(circular: boolean, holds: PolicyPromise['holds']): string {
  if (circular) return " on the controller's own labels: it repeats their judgement and promises nothing";
  return holds === 'none' ? '; it promises nothing' : '';
}

function bandsExport(policy: Policy): PiExport {
  const preset = piScoreBands('balanced');
  const calibrated = calibratedBands(policy);
  const config = Object.fromEntries(PI_BANDS.map((band) => [band, band === 'allow' ? 0 : (calibrated[band] ?? fittedBand(band, preset, calibrated))])) as PiScoreBands;
  const others = POLICY_BANDS.filter((band) => calibrated[band] === undefined);
  return {
    target: 'pi-bands',
    config,
    carried: policy.thresholds.map(({ band, threshold: { threshold, labels, guarantee } }) => `${band} ${threshold === null ? `never (${String(NEVER)}: scores end at 1)` : `from ${String(threshold)} on`}, as calibrated${calibratedOn(labels.circular, guarantee.holds)}`),
    clamped: others.filter((band) => config[band] !== preset[band]).map((band) => ({ key: band, asked: preset[band], got: config[band] })),
    notExpressible: [
      'score bands cannot be configured: the policy profile (safe, balanced, permissive) picks one of three presets; these bands reach the host only through a caller of its library',
      "the host's online controller does not use its bands at all: it takes the action of least expected loss",
      ...others.map((band) => `${band}: not calibrated; ${String(config[band])} comes from the host's preset balanced${config[band] === preset[band] ? '' : ', moved so that answers grow severer with the score,'} and promises nothing`),
      ...strandedEnvelopes(policy),
      ...strandedDetectors(policy),
      NO_PROMISE,
    ],
  };
}

function riskExport(policy: Policy): PiExport {
  // The alpha of failure rates is the chance that limits miss, no share outside.
  const alphas = policy.envelopes.flatMap(({ measure, alpha }) => (measure === 'error' ? [] : [alpha]));
  const asked = alphas.length === 0 ? null : Math.min(...alphas);
  const config = piRiskConfig({ enabled: true, ...(asked === null ? {} : { alpha: asked }) });
  return {
    target: 'pi-risk-config',
    config,
    carried: ['enabled, since a policy is there to be applied', ...(asked === null ? [] : [`alpha ${String(asked)}, the smallest of the policy's envelopes`])],
    clamped: asked === null || asked === config.alpha ? [] : [{ key: 'alpha', asked, got: config.alpha }],
    notExpressible: [
      ...(asked === null ? ['alpha: the policy has no envelope of values to take it from; the host\'s default stands'] : ["alpha as a share outside: it is the rate of the host's own e-process and residual quantile there, which keep no coverage"]),
      'window_size, ledger_limit, decision_timeout_ms, enforce, fail_closed: the policy does not speak of them; the host\'s defaults stand',
      ...strandedThresholds(policy),
      ...strandedEnvelopes(policy),
      ...strandedDetectors(policy),
      NO_PROMISE,
    ],
  };
}

/**
 * A policy as one of the host's configurations, clamped as the host clamps it, with all that is lost said.
 *
 * @param policy - as made or read
 * @param target - `pi-bands`: the score from which each of the host's answers holds; `pi-risk-config`: its online
 * controller; `pi-budget`: its budget controller
 * @returns the configuration; applying the host's clamping again changes nothing
 * @remarks No promise of the policy survives: the host's methods are others, and it has no key for a calibrated threshold.
 * @example
 * ```ts
 * const envelope = fitEnvelope([['read', [1, 2, 3]]], { measure: 'latency', alpha: 0.6 });
 * const policy = makePolicy({ name: 'npm', madeBy: 'me', thresholds: [], envelopes: [envelope], detectors: [], approvals: [] });
 * piExport(policy, 'pi-risk-config').clamped; // => [{ key: 'alpha', asked: 0.6, got: 0.5 }]
 * ```
 */
export function piExport(policy: Policy, target: PiTarget): PiExport {
  if (target === 'pi-bands') return bandsExport(policy);
  if (target === 'pi-risk-config') return riskExport(policy);
  const { config, carried, clamped, notes } = budgetExport(policy);
  return { target, config, carried, clamped, notExpressible: [...notes, ...strandedThresholds(policy), NO_PROMISE] };
}
