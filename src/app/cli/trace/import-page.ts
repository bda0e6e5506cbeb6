import type { ImportedFile } from '../../trace-import.js';
import { REJECTS_SHOWN, totals, type ImportReport } from './import-report.js';
import type { Page } from '../layout.js';

const count = (value: number): string => value.toLocaleString('en-US');

function plural(value: number, one: string): string {
  return `${count(value)} ${one}${value === 1 ? '' : 's'}`;
}

/** A size in the unit that gives it two or three digits. */
function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${power === 0 ? String(bytes) : (bytes / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

function showFiles(page: Page, files: readonly ImportedFile[]): void {
  page.table(
    [{ title: 'file' }, { title: 'importer' }, { title: 'records', right: true }, { title: '= rows', right: true }, { title: '+ rejects', right: true }],
    files.map(({ file, importer, records, rows, rejects }) => [file, importer.name, count(records), count(rows), count(rejects)]),
  );
  for (const { file, findings, notes } of files) {
    for (const finding of findings) page.text(`  ${file}: ${finding}`, 'bad');
    for (const note of notes) page.text(`  ${file}: ${note}`, 'quiet');
  }
}

function showRejects(page: Page, { firstRejects }: ImportReport, rejects: number): void {
  if (rejects === 0) return;
  page.gap();
  page.text('Kept out:', 'strong');
  for (const { file, row, message } of firstRejects) page.text(`  ${file}:${String(row)}  ${message}`, 'bad');
  if (rejects > REJECTS_SHOWN) page.text(`  and ${plural(rejects - REJECTS_SHOWN, 'more record')}: --rejects FILE or --json lists all`, 'quiet');
}

function few(names: readonly string[], total: number): string {
  return total === 0 ? '' : `: ${names.slice(0, 5).join(', ')}${total > 5 ? ', ...' : ''}`;
}

function showLabels(page: Page, { labels, metadata }: ImportReport): void {
  if (labels === null) return;
  const { unmatched, unmatchedIds, labelledRows, unlabelledRows, unlabelled } = labels;
  page.row('labels', `${count(labels.labels)} from ${metadata.label_source ?? ''}, on ${plural(labelledRows, 'row')}`);
  const repeated = labelledRows - (labels.labels - unmatched);
  if (repeated > 0) page.row('', `${plural(repeated, 'row')} with a call_id that another row has too: each has its label`, 'warn');
  if (unmatched > 0) page.row('', `${plural(unmatched, 'label')} for no row${few(unmatchedIds, unmatched)}`, 'warn');
  if (unlabelledRows > 0) page.row('', `${plural(unlabelledRows, 'row')} without a label${few(unlabelled, unlabelledRows)}`, 'warn');
}

/** Shows what an import came to. */
export function showImport(page: Page, report: ImportReport): void {
  const { out, files, table, metadata } = report;
  const { records, rows, rejects } = totals(report);
  const bad = rejects > 0 || files.some(({ findings }) => findings.length > 0);
  page.verdict(bad ? 'bad' : 'good', rejects === 0 ? `${plural(rows, 'row')} imported` : `${plural(rows, 'row')} imported, ${count(rejects)} of ${plural(records, 'record')} kept out`, out);
  page.gap();
  showFiles(page, files);
  showRejects(page, report, rejects);
  page.gap();
  const perRow = table.bytesPerRow === null ? '' : `, ${table.bytesPerRow.toFixed(0)} bytes per row`;
  page.row('table', `${plural(table.columns, 'column')}, ${count(table.batches)} ${table.batches === 1 ? 'batch' : 'batches'}${perRow}, ${sizeText(table.sizeBytes)}`);
  showLabels(page, report);
  page.row('made by', metadata.adapter);
  page.row('cannot show', metadata.coverage.cannot_show.join('; '));
}
