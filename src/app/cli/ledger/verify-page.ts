import type { HostDiagnosis } from '../../../ledger/diagnose-host.js';
import type { VerificationReport, Writer } from '../../../ledger/report.js';
import type { Page } from '../layout.js';

/** Faults that human output shows; the rest are counted. */
export const SHOWN_FAULTS = 20;

const WRITERS: Record<Writer, string> = {
  newer: 'newer host (1e+16)',
  older: 'older host (1e16)',
  'newer or older': 'either host version: no number is large enough to tell',
  both: 'entries of both newer and older hosts',
  neither: 'neither known writer: number spellings no host produces',
};

/** A count and its noun. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${n.toLocaleString('en-US')} ${n === 1 ? noun : plural}`;
}

function describeChain(page: Page, report: VerificationReport): void {
  const { header } = report;
  page.row('entries', report.entryCount.toLocaleString('en-US'));
  page.row('form', header === null ? 'JSON Lines' : 'artifact');
  page.row('first hash', report.firstHash ?? 'none');
  page.row('last hash', report.lastHash ?? 'none');
  page.row('data hash', report.computedDataHash);
  if (header === null) page.row('not checked', 'count, head, tail and data hash are not there to check: JSON Lines has no header', 'warn');
  else page.row('not covered', `generated_at_ms ${String(header.generatedAtMs)} is covered by no hash`);
  if (report.entryCount > 0) page.row('sealed by', WRITERS[report.writer], report.writer === 'neither' ? 'warn' : 'plain');
}

function describeOddities(page: Page, report: VerificationReport): void {
  if (report.possibleCutAtFront) page.row('front', 'the first entry names a predecessor: a possible cut at the front', 'warn');
  if (report.ownSpellingCount > 0) page.row('spelling', `${counted(report.ownSpellingCount, 'entry', 'entries')} sealed by neither known writer`, 'warn');
  if (report.reformattedCount > 0) page.row('layout', `${counted(report.reformattedCount, 'entry', 'entries')} laid out anew since sealing, no value changed`);
  if (report.unknownFields.length === 0) return;
  const named = report.unknownFields.slice(0, 5).map(({ path, count }) => `${path} (${String(count)})`).join(', ');
  page.row('unknown', `${named}${report.unknownFields.length > 5 ? ', ...' : ''}: covered by no hash`, 'warn');
}

function describeFaults(page: Page, report: VerificationReport): void {
  page.gap();
  for (const f of report.faults.slice(0, SHOWN_FAULTS)) page.row(`[${String(f.index)}]`, `${f.code}: ${f.message}`);
  const more = report.faultCount - Math.min(report.faults.length, SHOWN_FAULTS);
  if (more > 0) page.text(`  and ${counted(more, 'more fault')}; --json lists all`, 'quiet');
}

function describeHost(page: Page, host: HostDiagnosis): void {
  const valid = host.valid ? 'would accept it too' : `would reject it: ${String(host.hashMismatches)} of ${counted(host.entries, 'hash', 'hashes')} seem wrong to it`;
  page.row("host reader", host.parses ? valid : `cannot read it: ${host.reason ?? ''}`, host.valid ? 'plain' : 'warn');
  if (host.parses && !host.valid && host.hashMismatches > 0) page.row('', 'it rounds 17-digit numbers wrongly: it rejects most files of its own', 'quiet');
}

/** Shows what verification found in one file. */
export function showVerification(page: Page, path: string, report: VerificationReport, host: HostDiagnosis | null): void {
  if (report.consistent) page.verdict('good', 'internally consistent', path);
  else page.verdict('bad', `NOT consistent: ${counted(report.faultCount, 'fault')}`, path);
  describeChain(page, report);
  describeOddities(page, report);
  if (host !== null) describeHost(page, host);
  if (!report.consistent) describeFaults(page, report);
  else if (report.entryCount > 0) page.row('note', 'a chain has no key: whoever can write the file can seal it anew', 'quiet');
}
