import type { CapabilityDrift, DriftReport } from '../../baseline/drift.js';
import type { PiAnomaly } from '../../baseline/pi-drift.js';
import { showRefusals } from './baseline-page.js';
import { short } from './calibrate-page.js';
import type { Page } from './layout.js';
import { counted } from './verify-page.js';

/** What a drift report comes to. */
export type DriftVerdict = 'drift' | 'host only' | 'none' | 'not enough';

/** Drift is what a test rejects or a capability never seen before; the host's thresholds alone are told apart. */
export function driftVerdict(report: DriftReport): DriftVerdict {
  if (report.driftDetected || report.unseenInBaseline.length > 0) return 'drift';
  if (report.hostDriftDetected) return 'host only';
  const tested = report.capabilities.some((row) => row.errorRate !== null || row.scores !== null);
  return tested ? 'none' : 'not enough';
}

/** Capabilities in which a test found something or which are new. */
export function driftingCapabilities({ capabilities, unseenInBaseline }: DriftReport): string[] {
  const tested = capabilities.filter((row) => row.errorRate?.rejected === true || row.scores?.rejected === true);
  return [...new Set([...tested.map((row) => row.capability), ...unseenInBaseline])];
}

function pText(test: { readonly adjustedP: number; readonly rejected: boolean } | null): string {
  if (test === null) return '-';
  return `${test.adjustedP < 1e-4 ? test.adjustedP.toExponential(0) : test.adjustedP.toFixed(4)}${test.rejected ? ' *' : '  '}`;
}

function capabilityRow({ capability, baselineN, liveN, errorRate, scores, host }: CapabilityDrift): readonly string[] {
  const change = (a: string, b: string): string => `${a}>${b}`;
  const score = (x: number | null): string => (x === null ? '?' : x.toFixed(3));
  const rate = (errors: number, n: number): string => ((100 * errors) / n).toFixed(1);
  const median = scores === null ? '-' : change(score(scores.baseline.median), score(scores.live.median));
  const errors = errorRate === null ? '-' : `${change(rate(errorRate.baseline.errors, errorRate.baseline.n), rate(errorRate.live.errors, errorRate.live.n))} %`;
  return [capability, change(String(baselineN), String(liveN)), median, pText(scores), errors, pText(errorRate), host.drift_detected ? 'drift' : '-'];
}

function showHostAnomalies(page: Page, report: DriftReport): void {
  const found: readonly (readonly [string, PiAnomaly])[] = report.capabilities.flatMap(({ capability, host }) => host.anomalies.map((a) => [capability, a] as const));
  found.forEach(([capability, { metric, observed, baseline_median: median, deviation_mads: deviation }], i) => {
    page.row(i === 0 ? "host's alarms" : '', `${capability}: ${metric} ${short(observed, 3)}, was ${short(median ?? NaN, 3)}, ${short(deviation ?? NaN, 3)} of its spreads away`);
  });
  if (report.capabilities.some(({ host }) => host.transition_anomalous)) page.row('', 'the transitions between risk states have changed');
}

const VERDICTS = {
  drift: ['bad', 'drift'],
  'host only': ['warn', "no drift that a test confirms, but the host's thresholds are crossed"],
  none: ['good', 'no drift found'],
  'not enough': ['warn', 'not enough data to say'],
} as const;

/** Shows one actor's live ledgers against its baseline. */
export function showDrift(page: Page, report: DriftReport): void {
  const verdict = driftVerdict(report);
  const [tone, text] = VERDICTS[verdict];
  const where = driftingCapabilities(report);
  page.verdict(tone, `${text}${verdict === 'drift' ? ` in ${where.join(', ')}` : ''}: ${report.actor}`);
  if (report.otherActor) page.row('actor', 'the baseline is of another actor', 'warn');
  if (report.unseenInBaseline.length > 0) page.row('new', `${report.unseenInBaseline.join(', ')}: not in the baseline at all; the host passes over it in silence`, 'bad');
  if (report.absentLive.length > 0) page.row('not used', `${report.absentLive.join(', ')}: in the baseline, not here`);
  page.gap();
  page.table(
    [{ title: 'capability' }, { title: 'calls', right: true }, { title: 'median score', right: true }, { title: 'p', right: true }, { title: 'errors', right: true }, { title: 'p', right: true }, { title: 'host' }],
    report.capabilities.map(capabilityRow),
  );
  page.text(`  baseline>live; * rejected. ${counted(report.testCount, 'test')}, false alarm at most ${short(report.alpha)} over all of them, if calls within a capability are exchangeable; calls that hang together alarm more often.`, 'quiet');
  page.gap();
  showHostAnomalies(page, report);
  showRefusals(page, report.refusals);
}
