import { percent, short } from '../calibrate/page.js';
import { labelOf } from '../envelope/streams.js';
import type { Page } from '../layout.js';
import { contradictedIn, countOf, type PolicyCheckReport } from './check-report.js';
import { showUnconfirmed } from './page.js';
import { counted } from '../ledger/verify-page.js';

/** Streams of a detector that human output shows. */
const SHOWN = 8;

const listed = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ', ...' : ''}`;

function showTraces(page: Page, { traces, strangers }: PolicyCheckReport): void {
  const given = traces.filter((trace) => trace.given !== null);
  for (const path of strangers) page.row('NOT ITS OWN', `${path}: the policy names no trace with its hash`, 'bad');
  if (given.length === 0) {
    page.row('traces', `${counted(traces.length, 'trace')} named, none of them given (--source compares files with them)`, 'quiet');
    return;
  }
  for (const { given: path, usedFor } of given) page.row('trace', `${path ?? ''}: ${usedFor.join('; ')}`);
  for (const { given: path, file, dataHash } of traces) if (path === null) page.row('not given', `${file ?? 'a trace of no name'} (${dataHash.slice(0, 16)}...)`, 'quiet');
}

/** What its own ledgers contradict, and what no file of this kind can show of itself. */
function showUnchecked(page: Page, { kinds, counts }: PolicyCheckReport): void {
  for (const { part, contradiction } of counts) if (contradiction !== null) page.row('CONTRADICTED', `${part}: ${contradiction}`, 'bad');
  const stated = [...(kinds.thresholds > 0 ? ['the labelled calls counted for thresholds'] : []), ...(kinds.envelopes > 0 ? ['the values of envelopes'] : []), ...(kinds.detectors > 0 ? ['the parameters and promises of detectors'] : [])];
  page.row('not checked', `that its numbers are those of the data: ${stated.join(', ')} are taken as stated, and so is who approved`, 'quiet');
}

function showThresholds(page: Page, { thresholds }: PolicyCheckReport): void {
  for (const { part, reason, band, threshold, n, flagged, unscored, circular } of thresholds) {
    if (n === 0) page.row('not judged', `${part}: ${reason ?? 'there is no score'}`, 'warn');
    else page.row(band, `${String(flagged)} of ${counted(n, 'call')} (${percent(flagged, n)})${threshold === null ? ': never' : ` score ${String(threshold)} or more`}${unscored > 0 ? `; ${String(unscored)} without a score` : ''}`, flagged > 0 ? 'strong' : 'plain');
    if (circular) page.row('', "its labels were the controller's own decisions: it repeats them", 'warn');
  }
}

type EnvelopeReport = PolicyCheckReport['envelopes'][number];

function showEnvelope(page: Page, { part, reason, check }: EnvelopeReport): void {
  if (check === null) {
    page.row('not judged', `${part}: ${reason ?? ''}`, 'warn');
    return;
  }
  const { groups, envelope: { by } } = check;
  const names = (chosen: typeof groups): string => chosen.map(({ key }) => labelOf(key, by)).join(', ');
  const judged = groups.filter(({ status }) => status === 'judged');
  const total = (of: (group: (typeof groups)[number]) => number | null): number => judged.reduce((sum, group) => sum + (of(group) ?? 0), 0);
  const [findings, unknown, unbounded] = [judged.filter(({ finding }) => finding), groups.filter(({ status }) => status === 'unknown'), groups.filter(({ status }) => status === 'unbounded')];
  const tone = findings.length + unknown.length > 0 ? 'bad' : 'plain';
  page.row(tone === 'bad' ? 'OUTSIDE' : 'inside', `${part}: ${String(total(({ outside }) => outside))} of ${String(total(({ n }) => n))} ${check.envelope.measure === 'error' ? 'failed' : 'outside'}, ${short(total(({ expected }) => expected), 3)} expected by chance`, tone);
  if (findings.length > 0) page.row('', `more than chance explains in ${names(findings)}`, 'bad');
  if (unknown.length > 0) page.row('', `not in the envelope: ${names(unknown)}`, 'bad');
  if (unbounded.length > 0) page.row('', `not judged for want of calibration values: ${names(unbounded)}`, 'warn');
}

type DetectorReport = PolicyCheckReport['detectors'][number];

/** The streams that alarmed, where there are several. */
function showStreams(page: Page, { streams }: DetectorReport): void {
  const alarmed = streams.length > 1 ? streams.filter(({ alarms }) => alarms > 0) : [];
  for (const { stream, file, alarms } of alarmed.slice(0, SHOWN)) page.row('', `${stream} in ${file}: ${String(alarms)}`);
  if (alarmed.length > SHOWN) page.row('', `and ${String(alarmed.length - SHOWN)} more streams (--json lists all)`);
}

function showDetector(page: Page, report: DetectorReport): void {
  const { part, reason, streams, expected } = report;
  if (streams.length === 0) {
    page.row('not judged', `${part}: ${reason ?? 'there is no stream that it was designed for'}`, 'warn');
    return;
  }
  const alarms = streams.reduce((sum, run) => sum + run.alarms, 0);
  const observations = streams.reduce((sum, run) => sum + run.observations, 0);
  const chance = expected === null ? '; nothing promised' : `, ${short(expected, 2)} expected by chance`;
  page.row(alarms > 0 ? 'ALARM' : 'no alarm', `${part}: ${counted(alarms, 'alarm')} in ${counted(observations, 'observation')}${chance}`, alarms > 0 ? 'bad' : 'plain');
  showStreams(page, report);
}

/** The answer in a line. */
function verdictOf(report: PolicyCheckReport): readonly ['bad' | 'warn' | 'good', string] {
  const { outside, alarmed, silent } = countOf(report);
  if (contradictedIn(report) > 0) return ['bad', 'the policy holds together, but the ledgers that it was made of contradict it'];
  if (report.strangers.length > 0) return ['bad', 'the policy holds together, but was not made of all of these files'];
  if (report.ledgers.length === 0) return ['good', 'holds together: hash, schema, parts, and what follows from their numbers'];
  const found = [...(outside > 0 ? [`${counted(outside, 'envelope')} with more outside than chance explains`] : []), ...(alarmed > 0 ? [`${counted(alarmed, 'detector')} with alarms`] : [])];
  if (found.length > 0) return ['bad', `holds together; ${found.join(', ')}`];
  return silent > 0 ? ['warn', `holds together; nothing found, but ${counted(silent, 'part')} could not judge`] : ['good', 'holds together; no envelope and no detector found anything'];
}

/** Which of the files it was made of, and of which traces a part would not be noticed. */
function showOwn(page: Page, { ownTraces, traces, entriesUnknown }: PolicyCheckReport): void {
  for (const path of ownTraces) page.row('no evidence', `${path} is, or shares entries with, a trace that the policy was made of`, 'warn');
  const names = traces.filter(({ dataHash }) => entriesUnknown.includes(dataHash)).map(({ file: name, dataHash }) => name ?? `${dataHash.slice(0, 16)}...`);
  if (names.length > 0) page.row('', `a part of ${listed(names)} could not be told from another ledger: of ${names.length === 1 ? 'it' : 'them'} not every entry is known here (--source compares them)`, 'quiet');
}

/** Shows what checking a policy came to. */
export function showPolicyCheck(page: Page, report: PolicyCheckReport): void {
  const { file, name, contentHash, ledgers } = report;
  const [tone, text] = verdictOf(report);
  page.verdict(tone, text, file);
  page.row('policy', name);
  page.row('content hash', contentHash, 'quiet');
  showTraces(page, report);
  showUnconfirmed(page, report.unconfirmed);
  showUnchecked(page, report);
  if (ledgers.length === 0) return;
  page.gap();
  page.text(`what it would have said of ${ledgers.length > 3 ? counted(ledgers.length, 'file') : ledgers.join(', ')}`, 'strong');
  showOwn(page, report);
  showThresholds(page, report);
  for (const envelope of report.envelopes) showEnvelope(page, envelope);
  for (const detector of report.detectors) showDetector(page, detector);
  const unwatched = new Set(report.detectors.flatMap(({ notWatched }) => notWatched));
  if (unwatched.size > 0) page.row('not watched', `${listed([...unwatched])}: no detector was designed for ${unwatched.size === 1 ? 'it' : 'them'}`, 'warn');
}
