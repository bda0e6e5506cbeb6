import { html, outside, type Html } from './html.js';
import { bullets, table } from './parts.js';
import type { Report, ReportFile, ReportInput } from './report.js';
import { grouped, sizeText } from './words.js';

function fileCells({ name, role, holds, sizeBytes, sha256 }: ReportFile): (string | Html)[] {
  return [outside(name, 120), role, outside(holds, 120), sizeBytes === null ? '\u2013' : sizeText(sizeBytes), html`<span class="hash">${sha256}</span>`];
}

function chainCells({ file, verification: { found } }: ReportInput): (string | Html)[] {
  return [outside(file.name, 120), grouped(found?.entryCount ?? 0), html`<span class="hash">${found?.firstHash ?? 'none'}</span>`, html`<span class="hash">${found?.lastHash ?? 'none'}</span>`, html`<span class="hash">${found?.computedDataHash ?? ''}</span>`];
}

/** Which bytes the page rests on, what was asked, and with which program: enough to make it again. */
export function provenanceSection({ inputs, others, options, version }: Report): Html {
  const chains = inputs.filter(({ verification: { found } }) => found !== null);
  const joined = inputs.filter(({ joinedCount }) => joinedCount > 0).map(({ file, joinedCount }) => html`${outside(file.name, 120)}: ${grouped(joinedCount)} of its calls are, by call id, those of a ledger above, and stand beside them on the timeline.`);
  return html`<section id="provenance" aria-labelledby="provenance-title"><h2 id="provenance-title">Data and provenance</h2>
<p class="lead">The same bytes, options and version give the same page, byte for byte. There is no clock in it.</p>
${table('Files', [{ title: 'file' }, { title: 'given as' }, { title: 'holds' }, { title: 'size', number: true }, { title: 'SHA-256 of its bytes' }], [...inputs.map(({ file }) => file), ...others].map((file) => ({ cells: fileCells(file) })))}
${bullets(joined)}
${chains.length === 0 ? null : table('Hash chains', [{ title: 'ledger' }, { title: 'entries', number: true }, { title: 'first hash' }, { title: 'last hash' }, { title: 'hash over all entry hashes' }], chains.map((input) => ({ cells: chainCells(input) })))}
<dl class="facts"><div><dt>made with</dt><dd>hindcast ${version}</dd></div>${options.map(([name, value]) => html`<div><dt>${name}</dt><dd>${outside(value, 200)}</dd></div>`)}</dl></section>\n`;
}
