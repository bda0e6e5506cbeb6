import type { VerificationReport } from '../ledger/report.js';
import type { FieldValue } from '../replay/finding.js';
import { cut, html, outside, type Html, type HtmlPart } from './html.js';
import { bullets, notThere, rowLink, table } from './parts.js';
import type { Report, ReportInput } from './report.js';
import { counted, grouped, sentence } from './words.js';

/** Faults and mismatches that are listed, a file each; all are counted. */
export const MOST_LISTED = 200;

function valueText(value: FieldValue): string {
  return cut(JSON.stringify(value), 120);
}

/** Row of the timeline that an entry of a ledger is. */
function rowOf({ firstRow, rowCount }: ReportInput, index: number): number | null {
  return index < rowCount ? firstRow + index : null;
}

/** What is no fault and yet weakens what a chain shows. */
function oddities({ possibleCutAtFront, header, ownSpellingCount, reformattedCount, unknownFields }: VerificationReport): string[] {
  return [
    ...(possibleCutAtFront ? ['The first entry names a predecessor: something may have been cut off the front.'] : []),
    ...(header === null ? ['JSON Lines has no header: that no entry is missing at the end, and the count, cannot be checked.'] : []),
    ...(ownSpellingCount > 0 ? [`${counted(ownSpellingCount, 'entry', 'entries')} sealed with number spellings that no known writer has.`] : []),
    ...(reformattedCount > 0 ? [`${counted(reformattedCount, 'entry', 'entries')} laid out anew since sealing; no value has changed.`] : []),
    ...(unknownFields.length > 0 ? [`Fields that no hash covers: ${unknownFields.slice(0, 5).map(({ path, count }) => `${path} (${grouped(count)})`).join(', ')}.`] : []),
  ];
}

function faults(input: ReportInput): HtmlPart {
  const { verification } = input;
  if (verification.found === null) return notThere(verification.why);
  const { found } = verification;
  const odd = bullets(oddities(found).map((text) => outside(text, 400)));
  const chain = found.entryCount === 0 ? 'It is empty.' : `From ${found.firstHash ?? 'none'} to ${found.lastHash ?? 'none'}.`;
  if (found.consistent) return html`<p>Every link and hash of ${counted(found.entryCount, 'entry', 'entries')} holds.</p><p class="hash quiet">${chain}</p>${odd}`;
  const listed = found.faults.slice(0, MOST_LISTED);
  const more = found.faultCount - listed.length;
  return html`<p class="bad">${counted(found.faultCount, 'fault')}: this is not what was sealed.</p>
${table(`Faults in ${input.file.name}`, [{ title: 'entry' }, { title: 'fault' }, { title: 'what is wrong' }], listed.map(({ index, code, message }) => ({
    cells: [rowLink(rowOf(input, index), index < input.rowCount ? `entry ${grouped(index)}` : 'the whole'), code, outside(message, 300)], found: true,
  })))}${more > 0 ? html`<p class="quiet">and ${counted(more, 'more fault')}; <code>hindcast verify --json</code> lists all.</p>` : null}${odd}`;
}

function mismatches(input: ReportInput): HtmlPart {
  const { replay, firstRow } = input;
  if (replay.found === null) return notThere(replay.why);
  const { found } = replay;
  const checked = Object.values(found.checked).reduce((a, b) => a + b, 0);
  const open = Object.values(found.notCheckable).reduce((sum, reasons) => sum + Object.values(reasons).reduce((a, b) => a + b, 0), 0);
  const said = html`<p class="quiet">${counted(checked, 'value')} of ${counted(Object.keys(found.checked).length, 'field')} recomputed${open > 0 ? `, ${grouped(open)} not checkable` : ''}; score window ${found.windowSize === null ? 'not known' : `of ${String(found.windowSize)} calls (${found.windowSource})`}.</p>${bullets(found.observations.map((text) => outside(text, 300)))}`;
  if (found.mismatchCount === 0) return html`<p>Every decision follows from the ledger\u2019s own evidence.</p>${said}`;
  const listed = found.mismatches.slice(0, MOST_LISTED);
  const more = found.mismatchCount - listed.length;
  return html`<p class="bad">${counted(found.mismatchCount, 'value')} recorded otherwise than the evidence gives.</p>${said}
${table(`Mismatches in ${input.file.name}`, [{ title: 'call' }, { title: 'actor' }, { title: 'field' }, { title: 'recorded' }, { title: 'recomputed' }, { title: 'rests on' }], listed.map((found_) => ({
    cells: [rowLink(firstRow + found_.index), outside(found_.extension_id, 60), outside(found_.field, 80), html`<code>${outside(valueText(found_.recorded), 120)}</code>`, html`<code>${outside(valueText(found_.recomputed), 120)}</code>`, found_.basis], found: true,
  })))}${more > 0 ? html`<p class="quiet">and ${counted(more, 'more mismatch', 'more mismatches')}; <code>hindcast replay --json</code> lists all.</p>` : null}`;
}

function ofInput(input: ReportInput): Html {
  const name = html`<h3>${outside(input.file.name, 120)}</h3>`;
  const rejects = input.rejectCount === 0 ? null : html`<p class="bad">${counted(input.rejectCount, 'record')} cannot be read and ${input.rejectCount === 1 ? 'is' : 'are'} on no list.</p>${bullets(input.firstRejects.map((text) => outside(text, 300)))}`;
  if (input.unreadable !== null) return html`${name}<p class="bad">${outside(input.unreadable, 400)}</p>`;
  if (!input.isLedger) return html`${name}<p>${sentence(`${input.file.holds}, ${counted(input.rowCount, 'call')}: no hash seals them, and they hold no evidence of decisions to replay`)}</p>${rejects}`;
  return html`${name}${rejects}${faults(input)}${mismatches(input)}`;
}

/** Records and decisions, file by file, with every fault and mismatch as evidence. */
export function findingsSection(report: Report): Html {
  return html`<section id="findings" aria-labelledby="findings-title"><h2 id="findings-title">Records and decisions</h2>
<p class="lead">Are the records what was sealed, and does each decision follow from what is in them? A chain has no key: who can write the file can seal it anew, so whole means internally consistent, not genuine.</p>
${report.inputs.map(ofInput)}</section>\n`;
}
