import type { FieldValue, NotCheckableReason } from '../../../replay/finding.js';
import type { RecomputeReport, WindowSource } from '../../../replay/recompute.js';
import type { Page } from '../layout.js';
import { counted } from './verify-page.js';

/** Mismatches that human output shows; the rest are counted. */
export const SHOWN_MISMATCHES = 20;

const REASONS: Record<NotCheckableReason, string> = {
  history_unknown: 'earlier calls of the actor are not in the ledger',
  window_unknown: "the length of the host's score window is not known",
  arguments_not_recorded: "the call's arguments are not recorded, only their hash",
  times_not_recorded: 'a ledger does not hold the times they rest on',
  call_start_not_recorded: "the call's start is not recorded",
  explanation_exhausted: 'the explanation was cut short by its budget',
  explanation_absent: 'there is no explanation to compare with',
  not_finite: 'a number they rest on is written as null',
  unknown_fallback: 'the fallback is none that the host is known to have',
  inexact_time: 'a timestamp does not fit a double',
};

const SOURCES: Record<WindowSource, string> = {
  given: 'as given',
  inferred: "as the ledger's own figures show",
  default: "the host's default; a ledger does not hold it",
  unknown: 'not known',
};

function valueText(value: FieldValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function showOpen(page: Page, report: RecomputeReport): void {
  const byReason = new Map<NotCheckableReason, number>();
  for (const reasons of Object.values(report.notCheckable)) {
    for (const [reason, n] of Object.entries(reasons) as [NotCheckableReason, number][]) byReason.set(reason, (byReason.get(reason) ?? 0) + n);
  }
  [...byReason].sort(([, a], [, b]) => b - a).forEach(([reason, n], i) => {
    page.row(i === 0 ? 'not checked' : '', `${counted(n, 'value')}: ${REASONS[reason]}`, 'quiet');
  });
}

function showAssumed(page: Page, { windowSize, windowSource, mismatchCount, entryMismatchCount }: RecomputeReport): void {
  if (windowSize === null) page.row('assumed', 'nothing of the score window, which --window-size can give');
  else page.row('assumed', `a score window of ${String(windowSize)} calls (${SOURCES[windowSource]})`);
  if (mismatchCount > entryMismatchCount) page.row('', 'no overlap: calls of one actor that overlapped in time would look like this', 'warn');
}

/** Shows what recomputing one ledger's decisions found. */
export function showReplay(page: Page, path: string, report: RecomputeReport): void {
  const { mismatchCount, entryCount } = report;
  if (mismatchCount === 0) page.verdict('good', entryCount === 0 ? 'nothing to recompute' : 'every decision recomputes', path);
  else page.verdict('bad', `${counted(mismatchCount, 'mismatch', 'mismatches')}: not decided as recorded`, path);
  const checked = Object.values(report.checked);
  page.row('decisions', entryCount.toLocaleString('en-US'));
  page.row('recomputed', `${counted(checked.reduce((a, b) => a + b, 0), 'value')} of ${counted(checked.length, 'field')}`);
  showOpen(page, report);
  if (entryCount > 0) showAssumed(page, report);
  if (report.startsMidChain) page.row('front', 'the chain does not start here: what came before is unknown', 'warn');
  report.observations.forEach((text, i) => { page.row(i === 0 ? 'observed' : '', text, 'warn'); });
  if (mismatchCount === 0) return;
  page.gap();
  for (const m of report.mismatches) page.row(`[${String(m.index)}]`, `${m.field}: recorded ${valueText(m.recorded)}, recomputed ${valueText(m.recomputed)}`);
  const more = mismatchCount - report.mismatches.length;
  if (more > 0) page.text(`  and ${counted(more, 'more mismatch', 'more mismatches')}; --json lists all`, 'quiet');
}
