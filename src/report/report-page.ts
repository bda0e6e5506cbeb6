import { baselineSection } from './baseline-section.js';
import { changesSection } from './changes-section.js';
import { detectorsSection, labelsSection } from './detectors-section.js';
import { findingsSection } from './findings-section.js';
import { embeddedJson, html, htmlText, markup, type Html } from './html.js';
import { novelSection } from './novel-section.js';
import { keptRows, packRows } from './pack.js';
import { provenanceSection } from './provenance-section.js';
import type { Report } from './report.js';
import { STYLE } from './style.js';
import { timelineSection } from './timeline-section.js';
import { verdictOf } from './verdict.js';
import { verdictSection } from './verdict-section.js';

/** The one script of a page, and the name that the page's policy knows it by. */
export interface PageScript {
  readonly text: string;
  /** SHA-256 of the text's UTF-8 bytes, base64. */
  readonly sha256: string;
}

/** What a page may do: show itself and run its one script. Nothing is loaded, sent or embedded. */
export function contentSecurityPolicy({ sha256 }: Pick<PageScript, 'sha256'>): string {
  return `default-src 'none'; script-src 'sha256-${sha256}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

const SECTIONS: readonly (readonly [id: string, title: string])[] = [
  ['timeline', 'Timeline'], ['findings', 'Records and decisions'], ['novel', 'What was touched'], ['changes', 'Changes'], ['labels', 'Labels'],
  ['baseline', 'Baseline and drift'], ['detectors', 'Detectors and envelopes'], ['provenance', 'Data and provenance'],
];

function navigation({ labels }: Report): Html {
  const there = SECTIONS.filter(([id]) => id !== 'labels' || labels.found !== null);
  return html`<nav aria-label="Sections"><ul>${there.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>\n`;
}

function titleOf({ inputs }: Report): string {
  return `Hindcast report: ${inputs.slice(0, 3).map(({ file }) => file.name).join(', ')}${inputs.length > 3 ? ', ...' : ''}`;
}

/**
 * A page that says all of a report: one file, which loads nothing and runs one script, named by its hash. Without the script
 * it says the same but for the live timeline.
 *
 * @returns the page's text
 * @remarks Same report, same bytes. Every text from a file is escaped where it is put in, invisible characters shown as
 * their escapes; the calls' data are base64 and JSON that can end neither a script nor a comment. O(calls).
 */
export function reportPage(report: Report, script: PageScript): string {
  const kept = keptRows(report.rows);
  const data = packRows(report.rows, report.inputs.map(({ file }) => file.name), kept);
  const page = html`<!doctype html>
<html lang="en"><head><meta http-equiv="Content-Security-Policy" content="${markup(contentSecurityPolicy(script))}">
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer">
<title>${titleOf(report)}</title>
<style>${markup(STYLE)}</style></head>
<body><a class="skip" href="#timeline">Skip to the timeline</a>
<main>${verdictSection(report, verdictOf(report))}${navigation(report)}
${timelineSection(report, kept)}${findingsSection(report)}${novelSection(report)}${changesSection(report)}${labelsSection(report)}${baselineSection(report)}${detectorsSection(report)}${provenanceSection(report)}</main>
${report.rows.count === 0 ? null : html`<script type="application/json" id="data">${embeddedJson(data)}</script>
<script>${markup(script.text)}</script>`}
</body></html>
`;
  return htmlText(page);
}
