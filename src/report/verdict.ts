import type { Report, ReportInput } from './report.js';
import { counted, grouped, listed, percent, sentence } from './words.js';

/** How a question came out: as it should, something was found, something is worth knowing, or it could not be asked. */
export type Tone = 'good' | 'bad' | 'note' | 'open';

/** One line of the verdict. */
export interface VerdictLine {
  readonly tone: Tone;
  /** What was asked, in two or three words. */
  readonly title: string;
  readonly text: string;
  /** Section of the page with the evidence. */
  readonly href: string;
}

/** The answer of a page. */
export interface Verdict {
  readonly tone: Tone;
  readonly headline: string;
  readonly lines: readonly VerdictLine[];
  /** What could not be asked, a sentence each. */
  readonly open: readonly string[];
}

const ledgersOf = ({ inputs }: Report): ReportInput[] => inputs.filter(({ isLedger }) => isLedger);

function tamperedIn(report: Report): ReportInput[] {
  return ledgersOf(report).filter(({ verification: { found } }) => found?.consistent === false);
}

function alteredWords(tampered: readonly ReportInput[]): string[] {
  if (tampered.length === 0) return [];
  const faults = tampered.reduce((sum, { verification: { found } }) => sum + (found?.faultCount ?? 0), 0);
  return [`Altered after sealing: ${counted(faults, 'fault')} in ${listed(tampered.map(({ file }) => file.name), 3)}.`];
}

function unreadableWords(unreadable: readonly ReportInput[]): string[] {
  return unreadable.length === 0 ? [] : [`${listed(unreadable.map(({ file }) => file.name), 3)} cannot be read as ${unreadable.length === 1 ? 'it stands' : 'they stand'}.`];
}

function recordsLine(report: Report): VerdictLine {
  const base = { title: 'Records', href: '#findings' };
  const ledgers = ledgersOf(report);
  const unreadable = report.inputs.filter((input) => input.unreadable !== null);
  const tampered = tamperedIn(report);
  if (unreadable.length + tampered.length > 0) return { ...base, tone: 'bad', text: [...alteredWords(tampered), ...unreadableWords(unreadable)].join(' ') };
  const verified = ledgers.filter(({ verification: { found } }) => found !== null);
  if (verified.length === 0) return { ...base, tone: 'open', text: 'No ledger among the inputs: nothing seals these records, so nothing shows whether they are whole.' };
  const entries = verified.reduce((sum, { verification: { found } }) => sum + (found?.entryCount ?? 0), 0);
  const cut = verified.filter(({ verification: { found } }) => found?.possibleCutAtFront === true).map(({ file }) => file.name);
  const front = cut.length === 0 ? '' : ` The first entry of ${listed(cut, 3)} names a predecessor: something may have been cut off the front.`;
  return { ...base, tone: 'good', text: `${verified.length === 1 ? 'The ledger is' : `All ${String(verified.length)} ledgers are`} internally consistent: every link and hash of ${counted(entries, 'entry', 'entries')} holds.${front}` };
}

function decisionsLine(report: Report): VerdictLine {
  const base = { title: 'Decisions', href: '#findings' };
  const replayed = ledgersOf(report).flatMap(({ replay: { found } }) => (found === null ? [] : [found]));
  const checked = replayed.reduce((sum, { checked: fields }) => sum + Object.values(fields).reduce((a, b) => a + b, 0), 0);
  const mismatches = replayed.reduce((sum, { mismatchCount }) => sum + mismatchCount, 0);
  if (mismatches > 0) return { ...base, tone: 'bad', text: `${counted(mismatches, 'value')} of ${grouped(checked)} recomputed ${mismatches === 1 ? 'is' : 'are'} not what the ledger\u2019s own evidence gives.` };
  if (checked === 0) return { ...base, tone: 'open', text: tamperedIn(report).length > 0 ? 'Not recomputed: a ledger that does not verify is no evidence of what was decided.' : 'Nothing to recompute: only a ledger holds what its decisions rest on.' };
  return { ...base, tone: 'good', text: `Every decision follows from the ledger\u2019s own evidence: ${counted(checked, 'value')} recomputed, none differs.` };
}

function novelLine({ novel }: Report): VerdictLine {
  const base = { title: 'What was touched', href: '#novel' };
  if (novel.found === null) return { ...base, tone: 'open', text: sentence(novel.why) };
  const { calls, withoutResource, rows } = novel.found;
  const judged = calls - withoutResource;
  if (rows.length === 0) return { ...base, tone: 'good', text: `${counted(judged, 'call')} touch only what approved calls touched.` };
  return { ...base, tone: 'bad', text: `${grouped(rows.length)} of ${counted(judged, 'call')} touch what no approved call touched.` };
}

function driftLine({ drift }: Report): VerdictLine {
  const base = { title: 'Behaviour', href: '#baseline' };
  if (drift.found === null) return { ...base, tone: 'open', text: sentence(drift.why) };
  const drifting = drift.found.flatMap(({ capabilities }) => capabilities.filter((row) => row.errorRate?.rejected === true || row.scores?.rejected === true).map(({ capability }) => capability));
  const fresh = drift.found.flatMap(({ newCapabilities }) => newCapabilities);
  const more = fresh.length === 0 ? '' : ` ${listed(fresh)} ${fresh.length === 1 ? 'is' : 'are'} new.`;
  if (drifting.length > 0) return { ...base, tone: 'bad', text: `Scores or failures have changed against the baseline in ${listed([...new Set(drifting)])}.${more}` };
  if (fresh.length > 0) return { ...base, tone: 'bad', text: `No test finds drift, but there are capabilities that the baseline has never seen: ${listed(fresh)}.` };
  if (drift.found.every(({ verdict }) => verdict === 'not enough data')) return { ...base, tone: 'open', text: 'Not enough calls to compare with the baseline.' };
  return { ...base, tone: 'good', text: 'No drift against the baseline that a test can find.' };
}

const NO_CHANGE = { tone: 'good', text: 'No change of regime was found.' } as const;

/** What is said where no regime changes. */
function unchangedWords(regimes: Report['regimes']): Pick<VerdictLine, 'tone' | 'text'> {
  if (regimes.found === null) return { tone: 'open', text: sentence(regimes.why) };
  return regimes.found.some(({ refused }) => refused === null) ? NO_CHANGE : { tone: 'open', text: 'Too few observations to look for changes of regime.' };
}

function changesLine({ detections, regimes }: Report): VerdictLine {
  const base = { title: 'Changes', href: '#changes' };
  const alarms = (detections.found ?? []).reduce((sum, detection) => sum + detection.alarms.length, 0);
  const streams = (regimes.found ?? []).filter((stream) => stream.regimes.length > 1);
  const changes = streams.reduce((sum, stream) => sum + stream.regimes.length - 1, 0);
  const watched = (detections.found ?? []).some((detection) => detection.streams > 0);
  if (alarms + changes === 0) return { ...base, ...(watched ? NO_CHANGE : unchangedWords(regimes)) };
  const what = [...(alarms > 0 ? [`${counted(alarms, 'alarm')} of detectors designed from approved data`] : []), ...(changes > 0 ? [`${counted(changes, 'change')} of regime in the recorded order of calls`] : [])];
  return { ...base, tone: alarms > 0 ? 'bad' : 'note', text: `${what.join('; ')}.` };
}

function policyLine({ policy }: Report): VerdictLine | null {
  const base = { title: 'Policy', href: '#detectors' };
  if (policy.found === null) return null;
  const findings = policy.found.parts.filter(({ finding }) => finding);
  if (policy.found.contradicted) return { ...base, tone: 'bad', text: `The ledgers that ${policy.found.name} was made of contradict it.` };
  if (findings.length > 0) return { ...base, tone: 'bad', text: `${counted(findings.length, 'part')} of ${policy.found.name} find${findings.length === 1 ? 's' : ''} more than chance explains.` };
  const silent = policy.found.parts.filter(({ judged }) => !judged).length;
  return { ...base, tone: silent > 0 ? 'open' : 'good', text: `No part of ${policy.found.name} finds more than chance explains${silent > 0 ? `; ${counted(silent, 'part')} could not judge` : ''}.` };
}

function labelsLine({ labels }: Report): VerdictLine | null {
  if (labels.found === null) return null;
  const { unsafe, safe, missed, ways } = labels.found;
  const stopped = ways[0];
  const base = { title: 'Labels', href: '#labels' };
  if (unsafe === 0) return { ...base, tone: 'good', text: `None of ${counted(safe, 'labelled call')} is labelled unsafe.` };
  const controller = stopped === undefined ? '' : ` The controller stopped ${stopped.caught === 0 ? 'none of them' : grouped(stopped.caught)}.`;
  return { ...base, tone: 'bad', text: `${grouped(unsafe)} of ${counted(safe + unsafe, 'labelled call')} (${percent(unsafe / (safe + unsafe), 0)}) are unsafe.${controller} A finding of this page is at ${grouped(unsafe - missed.length)} of them, none at ${grouped(missed.length)}.` };
}

/** What the records are, as the beginning of a sentence. */
function wholeWords(records: Tone | undefined, decisions: Tone | undefined): string {
  if (records !== 'good') return 'Nothing seals these records';
  return decisions === 'good' ? 'The records are whole and every decision follows from them' : 'The records are whole';
}

function headlineOf(report: Report, lines: readonly VerdictLine[]): string {
  const tone = (title: string): Tone | undefined => lines.find((line) => line.title === title)?.tone;
  const [records, decisions] = [tone('Records'), tone('Decisions')];
  if (records === 'bad') return tamperedIn(report).length > 0 ? 'The records were altered. Nothing that rests on them can be trusted.' : 'Not every record can be read.';
  if (decisions === 'bad') return 'The records are whole, but the decisions in them do not follow from their evidence.';
  const whole = wholeWords(records, decisions);
  const others = lines.filter(({ title }) => title !== 'Records' && title !== 'Decisions');
  const compared = report.novel.found !== null || report.drift.found !== null || report.policy.found !== null;
  if (others.some((line) => line.tone === 'bad')) return `${whole}, but ${compared ? 'what they show is not what was approved' : 'not every call in them is safe, by the labels'}.`;
  if (others.some((line) => line.tone === 'note')) return `${whole}. What happens in them changes on the way.`;
  return others.some((line) => line.tone === 'good') ? `${whole}, and nothing out of the ordinary was found.` : `${whole}.`;
}

/** Why things were not looked at, a sentence each. */
function openOf(report: Report): string[] {
  const asked = ([['Drift from a baseline', report.drift], ['New resources', report.novel], ['Baseline', report.baselines], ['Policy', report.policy], ['Labels', report.labels], ['Detectors', report.detections]] as const)
    .flatMap(([name, answer]) => (answer.found === null && !(name === 'Baseline' && report.drift.found === null) ? [sentence(`${name}: ${answer.why}`)] : []));
  const inputs = report.inputs.flatMap(({ file, verification, replay, rejectCount }) => [
    ...(verification.found === null ? [sentence(`${file.name}: ${verification.why}`)] : []),
    ...(replay.found === null && verification.found !== null ? [sentence(`${file.name}: ${replay.why}`)] : []),
    ...(rejectCount > 0 ? [`${file.name}: ${counted(rejectCount, 'record')} could not be read and ${rejectCount === 1 ? 'is' : 'are'} on no list.`] : []),
  ]);
  return [...inputs, ...asked];
}

/** What a page says first. */
export function verdictOf(report: Report): Verdict {
  const lines = [recordsLine(report), decisionsLine(report), novelLine(report), driftLine(report), changesLine(report), policyLine(report), labelsLine(report)].filter((line) => line !== null);
  const tone = lines.some((line) => line.tone === 'bad') ? 'bad' : lines.every((line) => line.tone === 'open' || line.tone === 'note') ? 'open' : 'good';
  return { tone, headline: headlineOf(report, lines), lines, open: openOf(report) };
}
