import { html, outside, type Html, type HtmlPart } from './html.js';
import { bullets, notThere, picture, rowLink, table } from './parts.js';
import type { PolicyPart } from './policy.js';
import type { Report } from './report.js';
import { counted, grouped, percent, sentence, short } from './words.js';

/** Missed calls that are named. */
const MOST_MISSED = 40;

const FLAGS: Readonly<Record<PolicyPart['kind'], string>> = { threshold: 'flagged', envelope: 'outside', detector: 'alarms' };

function cellsOf({ kind, name, n, flagged, expected, notes, finding, judged }: PolicyPart): HtmlPart[] {
  const verdict = !judged ? 'could not judge' : finding ? html`<b class="bad">more than chance</b>` : kind === 'threshold' ? 'an answer, no finding' : 'within chance';
  return [outside(name, 120), kind, grouped(n), judged ? `${grouped(flagged)} ${FLAGS[kind]}` : '\u2013', expected === null ? '\u2013' : short(expected, 3), verdict, outside(notes.join('; '), 300)];
}

/** What each part of a policy would have flagged, beside chance. */
export function detectorsSection(report: Report): Html {
  const { policy } = report;
  const title = html`<h2 id="detectors-title">Detectors and envelopes</h2>
<p class="lead">What the parts of a policy would have flagged in these calls, beside what chance alone gives.</p>`;
  const body = policy.found === null
    ? notThere(policy.why)
    : html`<p>Policy <b>${outside(policy.found.name, 120)}</b> <span class="hash quiet">${policy.found.contentHash}</span></p>
${table('Parts of the policy', [{ title: 'part' }, { title: 'kind' }, { title: 'n', number: true }, { title: 'found', number: true }, { title: 'by chance', number: true }, { title: 'verdict' }, { title: 'to know' }], policy.found.parts.map((part) => ({ cells: cellsOf(part), found: part.finding })))}
${bullets(policy.found.cautions.map((text) => outside(sentence(text), 300)))}`;
  return html`<section id="detectors" aria-labelledby="detectors-title">${title}${body}</section>\n`;
}

/** What independent labels say of all that was found. */
export function labelsSection({ labels }: Report): HtmlPart {
  if (labels.found === null) return null;
  const { source, safe, unsafe, unlabelled, ways, missed, figure } = labels.found;
  const rest = missed.length - MOST_MISSED;
  return html`<section id="labels" aria-labelledby="labels-title"><h2 id="labels-title">Against the labels</h2>
<p class="lead">${counted(unsafe, 'call')} labelled unsafe, ${grouped(safe)} safe${unlabelled > 0 ? `, ${grouped(unlabelled)} without a label` : ''}, by ${outside(source, 120)}. Labels know what the records do not; nothing above rests on them.</p>
${table('What each way of looking catches', [{ title: 'way of looking' }, { title: 'caught', number: true }, { title: 'of unsafe', number: true }, { title: 'missed', number: true }, { title: 'false alarms', number: true }, { title: 'of safe', number: true }], ways.map(({ name, caught, falseAlarms }) => ({
    cells: [name, grouped(caught), percent(caught / unsafe), grouped(unsafe - caught), grouped(falseAlarms), percent(falseAlarms / safe)],
  })))}
${missed.length === 0 ? null : html`<p>Unsafe calls at which nothing was found: ${missed.slice(0, MOST_MISSED).map((row, i) => html`${i === 0 ? '' : ', '}${rowLink(row)}`)}${rest > 0 ? ` and ${grouped(rest)} more` : ''}.</p>`}
${picture(figure)}</section>\n`;
}
