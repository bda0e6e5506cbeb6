import { html, markup, outside, type Html } from './html.js';
import type { KeptRows } from './pack.js';
import { table, type TableRow } from './parts.js';
import type { Report } from './report.js';
import { timelineStrip } from './timeline-strip.js';
import { FINDING_BITS, MARKS, type TimelineRows } from './timeline-rows.js';
import { counted, grouped } from './words.js';

/** Capabilities and decisions that the summary names; the rest is counted together. */
const [MOST_ROWS, MOST_DECISIONS] = [30, 8];

/** Calls by capability and decision. */
function summary(rows: TimelineRows): Html {
  const { capability, decision, marks, count } = rows;
  const width = decision.values.length + 1;
  const cells = new Map<number, number>();
  const [total, found, failed] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  const add = (counts: Map<number, number>, key: number): void => { counts.set(key, (counts.get(key) ?? 0) + 1); };
  for (let row = 0; row < count; row += 1) {
    const code = capability.codes[row] ?? -1;
    add(total, code);
    add(cells, code * width + (decision.codes[row] ?? -1));
    if (((marks[row] ?? 0) & FINDING_BITS) !== 0) add(found, code);
    if (((marks[row] ?? 0) & MARKS.failed) !== 0) add(failed, code);
  }
  const ranked = [...total].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  const decisions = decision.values.slice(0, MOST_DECISIONS);
  const lines: TableRow[] = ranked.slice(0, MOST_ROWS).map(([code, calls]) => ({
    cells: [outside(capability.values[code] ?? 'unknown', 60), grouped(calls), ...decisions.map((_, at) => grouped(cells.get(code * width + at) ?? 0)), grouped(failed.get(code) ?? 0), grouped(found.get(code) ?? 0)],
    found: (found.get(code) ?? 0) > 0,
  }));
  const more = ranked.length > MOST_ROWS ? html`<p class="quiet">and ${counted(ranked.length - MOST_ROWS, 'more capability', 'more capabilities')}</p>` : null;
  return html`${table('Calls by capability and decision', [{ title: 'capability' }, { title: 'calls', number: true }, ...decisions.map((name) => ({ title: name, number: true })), { title: 'failed', number: true }, { title: 'with findings', number: true }], lines)}${more}`;
}

const LEGEND: readonly (readonly [sign: string, words: string])[] = [
  ['<path class="ink-bad" d="M3 13h10L8 3z"/>', 'touches something new, or outside its envelope'],
  ['<circle cx="8" cy="8" r="5" fill="none" stroke="var(--bad)" stroke-width="2"/>', 'alarm'],
  ['<path stroke="var(--bad)" stroke-width="2" d="M4 4l8 8m0-8l-8 8"/>', 'fault or mismatch'],
  ['<path class="ink-change" stroke-width="2" stroke-dasharray="3 3" d="M8 1v14"/>', 'change of regime'],
  ['<rect class="ink" x="2" y="4" width="12" height="8"/>', 'labelled unsafe'],
  ['<rect class="rank-1" x="1" y="9" width="4" height="6"/><rect class="rank-2" x="6" y="6" width="4" height="9"/><rect class="rank-3" x="11" y="2" width="4" height="13"/>', 'a taller bar is a severer decision: none, allow, harden, deny, terminate'],
];

const KEYS = markup('<kbd>\u2190</kbd> <kbd>\u2192</kbd> step, <kbd>Page Up</kbd> <kbd>Page Down</kbd> ten, <kbd>Home</kbd> <kbd>End</kbd> ends, <kbd>n</kbd> <kbd>p</kbd> next and previous finding, <kbd>+</kbd> <kbd>\u2212</kbd> zoom, <kbd>0</kbd> all. Click to choose a call, drag to zoom into a stretch.');

const LIST = (name: string, label: string): Html => html`<label>${label}<select id="only-${name}"><option value="">all</option></select></label>`;

/** What the page's script brings to life; without it none of this is shown. */
function live(): Html {
  return html`<div id="live" hidden>
<div class="controls" role="group" aria-label="Filter and zoom">
${LIST('input', 'input')}${LIST('actor', 'actor')}${LIST('capability', 'capability')}${LIST('decision', 'decision')}
<label>show<select id="only-show"><option value="">every call</option><option value="found">calls with findings</option><option value="failed">failed calls</option><option value="unsafe">calls labelled unsafe</option></select></label>
<label>call id or resource holds<input id="only-text" type="search" autocomplete="off" spellcheck="false"></label>
<label class="tick"><input id="by-time" type="checkbox">by time</label>
<div class="buttons"><button type="button" id="clear">Clear filters</button><button type="button" id="zoom-in">Zoom in</button><button type="button" id="zoom-out">Zoom out</button><button type="button" id="zoom-all">Show all</button><button type="button" id="found-before">Previous finding</button><button type="button" id="found-next">Next finding</button></div>
</div>
<p id="status" role="status"></p>
<div id="slider" role="slider" tabindex="0" aria-label="Timeline of calls" aria-describedby="keys" aria-valuemin="1" aria-valuemax="1" aria-valuenow="1"><canvas id="canvas" height="120" aria-hidden="true"></canvas></div>
<p id="keys" class="quiet">${KEYS}</p>
<h3 id="call-title">Call</h3>
<dl id="call-facts" class="facts"></dl>
<h3>Calls around it</h3>
<div class="scroll" role="region" tabindex="0" aria-label="Calls around the chosen one"><table id="window"><thead><tr><th scope="col" class="number">call</th><th scope="col">time (UTC)</th><th scope="col">capability</th><th scope="col">touched</th><th scope="col">decision</th><th scope="col" class="number">score</th><th scope="col">outcome</th><th scope="col">found</th></tr></thead><tbody></tbody></table></div>
</div>\n`;
}

function stripWords(rows: TimelineRows): string {
  let found = 0;
  for (const mark of rows.marks) if ((mark & FINDING_BITS) !== 0) found += 1;
  return `Timeline of ${counted(rows.count, 'call')} in ${counted(rows.capability.values.length, 'capability', 'capabilities')}; ${counted(found, 'call')} with findings. The table below has the counts.`;
}

/** The calls one after another: a picture and a table that need no script, and the live timeline that does. */
export function timelineSection(report: Report, { rows: kept, oneIn }: KeptRows): Html {
  const { rows } = report;
  if (rows.count === 0) return html`<section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2><p class="quiet">There are no calls to show.</p></section>\n`;
  const thinned = oneIn === 1 ? null : html`<p class="quiet">The page holds ${grouped(kept.length)} of the ${grouped(rows.count)} calls: all with a finding or labelled unsafe, and one in ${grouped(oneIn)} of the others.</p>`;
  return html`<section id="timeline" aria-labelledby="timeline-title"><h2 id="timeline-title">Timeline</h2>
<p class="lead">Every call in the order of its record, numbered from 0.</p>${thinned}
<ul class="legend" aria-label="Legend">${LEGEND.map(([sign, words]) => html`<li><svg viewBox="0 0 16 16" aria-hidden="true">${markup(sign)}</svg>${words}</li>`)}</ul>
<div id="still">${timelineStrip(rows, stripWords(rows))}</div>
${live()}
${summary(rows)}</section>\n`;
}
