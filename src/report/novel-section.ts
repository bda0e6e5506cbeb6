import { html, outside, type Html, type HtmlPart } from './html.js';
import { notThere, rowLink, table, type TableRow } from './parts.js';
import type { NovelRow, Report } from './report.js';
import { counted, grouped, listed } from './words.js';

/** New resources that are listed, and the calls of each. */
const [MOST_KEYS, MOST_CALLS] = [100, 12];

interface KeyRows {
  readonly key: string;
  readonly nearest: string | null;
  readonly approvedFor: readonly string[];
  readonly capability: string;
  readonly rows: NovelRow[];
}

/** New resources in order of first appearance, each with its calls. */
function byKey(rows: readonly NovelRow[]): KeyRows[] {
  const found = new Map<string, KeyRows>();
  for (const row of rows) {
    for (const key of row.call.keys) {
      const name = JSON.stringify([row.call.capability, key.key]);
      const known = found.get(name);
      if (known === undefined) found.set(name, { ...key, capability: row.call.capability, rows: [row] });
      else known.rows.push(row);
    }
  }
  return [...found.values()];
}

function callPart({ row, call: { file, line, row: at, resource } }: NovelRow, key: string): HtmlPart {
  const place = line === null ? `row ${grouped(at)}` : `${file ?? 'line'}:${String(line)}`;
  return html`<li>${rowLink(row)} ${row === null || resource !== key ? html`<code>${outside(resource, 160)}</code> ` : null}<span class="quiet">${outside(place, 80)}</span></li>`;
}

function keyRow({ key, nearest, approvedFor, capability, rows }: KeyRows): TableRow {
  const near = nearest === null ? html`<span class="quiet">nothing was approved with it</span>` : html`<code>${outside(nearest, 160)}</code>`;
  const also = approvedFor.length === 0 ? null : html` <span class="quiet">(itself approved with ${outside(listed(approvedFor))})</span>`;
  const more = rows.length - MOST_CALLS;
  return { cells: [html`<code class="bad">${outside(key, 200)}</code>`, outside(capability), html`${near}${also}`, html`<ul class="calls">${rows.slice(0, MOST_CALLS).map((row) => callPart(row, key))}${more > 0 ? html`<li class="quiet">and ${counted(more, 'more call')}</li>` : null}</ul>`] };
}

/** Which calls touch what no approved call touched, by what they touch. */
export function novelSection({ novel }: Report): Html {
  const title = html`<h2 id="novel-title">What was touched</h2>
<p class="lead">Paths, addresses and commands that no approved call of the same capability touched, each with the nearest approved one. What approved calls use too can be put to hostile use without showing here.</p>`;
  if (novel.found === null) return html`<section id="novel" aria-labelledby="novel-title">${title}${notThere(novel.why)}</section>\n`;
  const { found } = novel;
  const keys = byKey(found.rows);
  const judged = found.calls - found.withoutResource;
  const more = keys.length - MOST_KEYS;
  return html`<section id="novel" aria-labelledby="novel-title">${title}
<p class="${found.rows.length > 0 ? 'bad' : ''}">${grouped(found.rows.length)} of ${counted(judged, 'call')} touch ${counted(keys.length, 'resource')} that no approved call touched.</p>
<p class="quiet">Compared with ${counted(found.approvedResources, 'resource')} of ${counted(found.approvedCalls, 'approved call')}; ${outside(found.rules, 200)}.${found.withoutResource > 0 ? ` ${counted(found.withoutResource, 'call')} name no resource: nothing is said of them.` : ''}</p>
${keys.length === 0 ? null : table('Resources that no approved call touched', [{ title: 'touched' }, { title: 'with' }, { title: 'nearest approved' }, { title: 'by' }], keys.slice(0, MOST_KEYS).map(keyRow))}${more > 0 ? html`<p class="quiet">and ${counted(more, 'more resource')}; <code>hindcast novel --json</code> lists all.</p>` : null}</section>\n`;
}
