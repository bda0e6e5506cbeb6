import { short } from '../calibrate/page.js';
import type { CheckReport, PlacedGroup } from './check-report.js';
import { boundText, titleOf } from './page.js';
import { labelOf } from './streams.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** Values outside that human output shows of a group. */
const SHOWN = 5;

/** A p-value for people: small ones by their size. */
const pText = (p: number | null): string => (p === null ? '-' : p < 0.0001 ? '< 0.0001' : p.toFixed(4));

function names(groups: readonly PlacedGroup[], by: string): string {
  return groups.map(({ key }) => labelOf(key, by)).join(', ');
}

function showVerdict(page: Page, { groups, envelope }: CheckReport): void {
  const findings = groups.filter(({ finding }) => finding);
  const unknown = groups.filter(({ status }) => status === 'unknown');
  const judged = groups.filter(({ status }) => status === 'judged');
  const lacking = groups.filter(({ status }) => status === 'unbounded');
  const what = titleOf(envelope);
  if (findings.length > 0) page.verdict('bad', `${envelope.measure === 'error' ? 'failures' : 'more outside'} than chance explains in ${names(findings, envelope.by)}`.replace('failures than', 'more failures than'), what);
  else if (judged.length > 0 && lacking.length === 0) page.verdict('good', 'no more outside than chance explains', what);
  else if (judged.length > 0) page.verdict('warn', `no more outside than chance explains in ${names(judged, envelope.by)}; ${names(lacking, envelope.by)} not judged`, what);
  else page.verdict('warn', 'not enough data: no group could be judged', what);
  if (unknown.length > 0) page.row('new', `${names(unknown, envelope.by)}: not in the envelope, so nothing approved is known of it`, 'bad');
  for (const { key, n, calibrationN, needed } of lacking) page.row('not judged', `${labelOf(key, envelope.by)}, ${counted(n, 'value')}: calibrated on ${counted(calibrationN, 'value')}, ${String(needed)} needed for a bound`, 'warn');
}

function groupRow({ key, n, outside, expected, pValue, adjusted, bounds }: PlacedGroup, { sides, by, measure }: CheckReport['envelope']): readonly string[] {
  const range = bounds === null ? '-' : `${boundText(bounds.lower, sides !== 'upper')}..${boundText(bounds.upper, sides !== 'lower')}`;
  return [labelOf(key, by), n.toLocaleString('en-US'), measure === 'error' ? '' : range, String(outside ?? '-'), expected === null ? '-' : short(expected, 3), pText(pValue), pText(adjusted)];
}

function showValues(page: Page, { key, values, finding }: PlacedGroup, { by }: CheckReport['envelope']): void {
  if (!finding || values.length === 0) return;
  page.gap();
  page.text(`${labelOf(key, by)}, ${values.length > SHOWN ? `the first ${String(SHOWN)} of ${String(values.length)} outside (--json lists all)` : 'outside'}:`, 'strong');
  for (const { record, time, value, pValue } of values.slice(0, SHOWN)) page.text(`  record ${String(record)}${time === null ? '' : `, ${time}`}: ${short(value, 5)}, p ${pText(pValue)}`);
}

/** Shows what comparing files with an envelope came to. */
export function showCheck(page: Page, report: CheckReport): void {
  const { groups, envelope, calibratedOn } = report;
  showVerdict(page, report);
  for (const path of calibratedOn) page.row('no evidence', `${path} is among the calibration traces`, 'bad');
  const judged = groups.filter(({ status }) => status === 'judged');
  if (judged.length === 0) return;
  page.gap();
  const failures = envelope.measure === 'error';
  page.table(
    [{ title: envelope.by === 'none' ? '' : envelope.by }, { title: failures ? 'calls' : 'values', right: true }, { title: failures ? '' : 'bounds' }, { title: failures ? 'failed' : 'outside', right: true }, { title: 'by chance', right: true }, { title: 'p', right: true }, { title: `${report.correction} p`, right: true }],
    judged.map((group) => groupRow(group, envelope)),
  );
  for (const group of judged) showValues(page, group, envelope);
  page.gap();
  page.row('findings', report.guarantee);
  if (!failures) page.row('outside', 'by chance alone some values are; the table says how many are expected', 'quiet');
  for (const each of envelope.assumes) page.row('assumes', each, 'quiet');
}
