import { html, outside, type Html, type HtmlPart } from './html.js';
import { bullets, sign, table } from './parts.js';
import type { Report, ReportInput } from './report.js';
import { FINDING_BITS } from './timeline-rows.js';
import type { Tone, Verdict, VerdictLine } from './verdict.js';
import { counted, grouped, timeText } from './words.js';

const TONES: Readonly<Record<Tone, string>> = { good: 'holds', bad: 'found', note: 'noted', open: 'not checked' };

function line({ tone, title, text, href }: VerdictLine): Html {
  return html`<li class="is-${tone}">${sign(tone)}<div><strong>${title}</strong><span class="tone">${TONES[tone]}</span></div><div class="text">${text}</div>${tone === 'open' ? null : html`<a href="${href}" aria-label="evidence for ${title}">evidence</a>`}</li>\n`;
}

function recordsWords({ unreadable, isLedger, verification }: ReportInput): string {
  if (unreadable !== null) return 'cannot be read';
  if (!isLedger) return 'not sealed';
  if (verification.found === null) return 'not checked';
  return verification.found.consistent ? 'whole' : `tampered: ${counted(verification.found.faultCount, 'fault')}`;
}

function decisionWords({ isLedger, replay }: ReportInput): string {
  if (!isLedger) return '\u2013';
  if (replay.found === null) return 'not recomputed';
  const { mismatchCount } = replay.found;
  return mismatchCount === 0 ? 'follow' : counted(mismatchCount, 'mismatch', 'mismatches');
}

/** How many of an input's calls have a finding of their own. */
function foundIn({ rows: { marks, input: inputs } }: Report, input: number): number {
  return marks.reduce((found, mark, row) => found + ((mark & FINDING_BITS) !== 0 && inputs[row] === input ? 1 : 0), 0);
}

function inputTable(report: Report): Html {
  return table('What each input came to', [{ title: 'input' }, { title: 'holds' }, { title: 'calls', number: true }, { title: 'records' }, { title: 'decisions' }, { title: 'calls with findings', number: true }],
    report.inputs.map((input, i) => ({
      cells: [
        outside(input.file.name), input.file.holds, grouped(input.rowCount),
        recordsWords(input), decisionWords(input),
        input.joinedCount > 0 ? html`with the ledger\u2019s` : grouped(foundIn(report, i)),
      ],
    })));
}

/** From when to when the calls are. */
function spanOf({ rows: { tsMs } }: Report): string {
  let [first, last] = [Infinity, -Infinity];
  for (const time of tsMs) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return first > last ? '' : `${timeText(first)} to ${timeText(last)} UTC`;
}

/** The answer, readable at a glance, then what each input came to and what was not looked at. */
export function verdictSection(report: Report, { tone, headline, lines, open }: Verdict): Html {
  const facts = [counted(report.rows.count, 'call'), spanOf(report)].filter((text) => text !== '').join(' \u00b7 ');
  const gaps: HtmlPart = open.length === 0 ? null : html`<h2 id="open">What could not be said</h2>${bullets(open.map((text) => outside(text, 500)))}`;
  return html`<header class="is-${tone}"><p class="eyebrow"><b>Hindcast report</b> \u00b7 ${report.inputs.map(({ file }, i) => html`${i === 0 ? '' : ', '}${outside(file.name, 60)}`)}</p>
<p class="eyebrow">${facts}</p>
<h1>${headline}</h1>
<ul class="verdict" aria-label="Verdict">
${lines.map(line)}</ul>
${inputTable(report)}
${gaps}</header>\n`;
}
