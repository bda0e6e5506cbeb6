import type { AlarmFinding, Detection, RegimeStream } from './changes.js';
import { html, outside, type Html, type HtmlPart } from './html.js';
import { bullets, notThere, picture, rowLink, table } from './parts.js';
import type { Report } from './report.js';
import { counted, grouped, listed, short } from './words.js';

/** Alarms and streams that are listed. */
const [MOST_ALARMS, MOST_STREAMS] = [50, 12];

/** A call by its number on the page, as everywhere else on it; by its place in its file where it has none. */
function callAt(row: number | null, record: number, time: string | null): Html {
  return html`${rowLink(row, row === null ? `entry ${grouped(record)}` : undefined)}${time === null ? null : html` <span class="quiet when">${outside(time, 40)}</span>`}`;
}

function alarmCells({ stream, row, record, time, change, delay, reason }: AlarmFinding): HtmlPart[] {
  const since = change === null ? 'not dated' : callAt(change.row, change.record, change.time);
  return [outside(stream, 60), callAt(row, record, time), since, delay === null ? '\u2013' : grouped(delay), outside(reason, 240)];
}

function notWatched({ notWatched: left }: Detection): HtmlPart {
  return bullets(left.slice(0, MOST_STREAMS).map(({ stream, reason, n, needed }) => html`Not watched: ${outside(stream, 60)}: ${outside(reason, 200)} (n = ${grouped(n)}${needed === null ? '' : `, about ${grouped(needed)} would do`})`));
}

function detection(found: Detection): Html {
  const { input, watches, alarms, streams, observations, expected, promises, assumes, notes, refused } = found;
  const title = html`<h3>${watches} <span class="quiet">in ${outside(input, 80)}</span></h3>`;
  if (refused !== null) return html`${title}${notThere(refused)}`;
  const chance = expected === null ? 'nothing is promised of false alarms' : `${short(expected, 2)} expected by chance`;
  const more = alarms.length - MOST_ALARMS;
  return html`${title}<p class="${alarms.length > 0 ? 'bad' : ''}">${counted(alarms.length, 'alarm')} in ${counted(observations, 'observation')} of ${counted(streams, 'watched stream')}; ${chance}.</p>
${alarms.length === 0 ? null : table(`Alarms: ${watches}`, [{ title: 'stream' }, { title: 'alarm at' }, { title: 'changed since' }, { title: 'delay', number: true }, { title: 'why' }], alarms.slice(0, MOST_ALARMS).map((alarm) => ({ cells: alarmCells(alarm), found: true })))}
${more > 0 ? html`<p class="quiet">and ${counted(more, 'more alarm')}; <code>hindcast detect --json</code> lists all.</p>` : null}
${bullets([...promises.map((text) => html`Promise: ${outside(text, 400)}`), ...assumes.map((text) => html`Assumes: ${outside(text, 400)}`), ...notes.map((text) => outside(text, 400))])}${notWatched(found)}`;
}

function regimes({ input, stream, what, n, regimes: rows, notes, refused, figure }: RegimeStream): Html {
  const title = html`<h3>${what} <span class="quiet">by ${outside(stream, 60)} in ${outside(input, 80)}</span></h3>`;
  if (refused !== null) return html`${title}${notThere(`${refused} (n = ${grouped(n)})`)}`;
  if (rows.length < 2) return html`${title}<p>One regime throughout: no change in ${counted(n, 'observation')}.</p>${bullets(notes)}`;
  return html`${title}${table(`Regimes of ${what}`, [{ title: 'from' }, { title: 'to', number: true }, { title: 'begins' }, { title: 'n', number: true }, { title: 'is like' }, { title: 'what changed' }, { title: 'P(change)', number: true }], rows.map(({ from, to, row, begins, n: size, level, change }) => ({
    cells: [rowLink(row, grouped(from)), grouped(to), begins ?? '', grouped(size), outside(level, 120), change === null ? '' : outside(change.words, 160), change?.probability ?? ''],
  })))}${bullets(notes.map((text) => outside(text, 300)))}${picture(figure)}`;
}

/** Where behaviour changes in time: alarms of detectors designed from approved data, and the regimes of what was recorded. */
export function changesSection(report: Report): Html {
  const { detections, regimes: streams } = report;
  const alarms = detections.found === null ? notThere(detections.why) : detections.found.map(detection);
  const found = streams.found === null ? notThere(streams.why) : streams.found.slice(0, MOST_STREAMS).map(regimes);
  const more = streams.found !== null && streams.found.length > MOST_STREAMS ? html`<p class="quiet">Streams not shown: ${outside(listed(streams.found.slice(MOST_STREAMS).map(({ stream }) => stream)), 300)}.</p>` : null;
  return html`<section id="changes" aria-labelledby="changes-title"><h2 id="changes-title">Changes</h2>
<p class="lead">Alarms come from detectors whose threshold follows from how rare false alarms must be. Regimes cut the recorded series afterwards; no rate of false changes is promised of them.</p>
<h3>Alarms</h3>${alarms}
<h3>Regimes</h3>${found}${more}</section>\n`;
}
