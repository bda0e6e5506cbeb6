import type { CapabilityDrift, DriftReport } from '../../../baseline/drift.js';
import type { PiAnomaly } from '../../../baseline/pi-drift.js';
import { showRefusals } from './page.js';
import { short } from '../calibrate/page.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** Capabilities in which a test found something. */
export function driftingCapabilities({ capabilities }: DriftReport): string[] {
  return capabilities.filter((row) => row.errorRate?.rejected === true || row.scores?.rejected === true).map((row) => row.capability);
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

/** The tests' verdict first, then what stands beside it. */
function verdictText(report: DriftReport): string {
  const { verdict, newCapabilities, hostAlarms } = report;
  if (verdict === 'drift') return `drift in ${driftingCapabilities(report).join(', ')}`;
  const beside = [newCapabilities.length > 0 ? `new: ${newCapabilities.join(', ')}` : '', hostAlarms.length > 0 ? "the host's thresholds are crossed" : ''].filter((text) => text !== '');
  const found = verdict === 'not enough data' ? 'not enough data to say' : beside.length > 0 ? 'no drift that a test confirms' : 'no drift found';
  return beside.length > 0 ? `${found}, but ${beside.join(', and ')}` : found;
}

function showMissingScores(page: Page, { capabilities }: DriftReport): void {
  const missing = capabilities.filter((row) => row.liveNullScores > 0).map((row) => `${row.capability} ${String(row.liveNullScores)} of ${String(row.liveN)}`);
  if (missing.length > 0) page.row('null scores', `${missing.join(', ')}: in no test of scores`, 'warn');
}

/** Shows one actor's live ledgers against its baseline. */
export function showDrift(page: Page, report: DriftReport): void {
  const { verdict, newCapabilities, hostAlarms } = report;
  const beside = newCapabilities.length > 0 || hostAlarms.length > 0;
  page.verdict(verdict === 'drift' ? 'bad' : verdict === 'no drift found' && !beside ? 'good' : 'warn', `${verdictText(report)}: ${report.actor}`);
  if (report.otherActor) page.row('actor', 'the baseline is of another actor', 'warn');
  if (newCapabilities.length > 0) page.row('new', `${newCapabilities.join(', ')}: new capability, not covered by the false-alarm promise; the host passes over it in silence`, 'bad');
  showMissingScores(page, report);
  if (report.absentLive.length > 0) page.row('not used', `${report.absentLive.join(', ')}: in the baseline, not here`);
  page.gap();
  page.table(
    [{ title: 'capability' }, { title: 'calls', right: true }, { title: 'median score', right: true }, { title: 'p', right: true }, { title: 'errors', right: true }, { title: 'p', right: true }, { title: 'host' }],
    report.capabilities.map(capabilityRow),
  );
  page.text(`  baseline>live; * rejected. ${counted(report.testCount, 'test')}, false alarm at most ${short(report.alpha)} over all of them, if calls within a capability are exchangeable; calls that hang together alarm more often. That promise is of the tests alone: new capabilities and the host's thresholds are not covered by it.`, 'quiet');
  if (report.hostAlarms.length > 0 || report.refusals.length > 0) page.gap();
  showHostAnomalies(page, report);
  showRefusals(page, report.refusals);
}
