import { orderAxis, wholeView } from './page/axis.js';
import { binCalls } from './page/bins.js';
import { BAR_HEIGHTS, rankOfDecision } from './page/ranks.js';
import { cut, escapeHtml, markup, type Html } from './html.js';
import { laneCodes } from './pack.js';
import { MARKS, type TimelineRows } from './timeline-rows.js';

const [WIDTH, GUTTER, FOUND, LANE, COLUMNS] = [960, 150, 26, 28, 200];

/** Names of the lanes, and which lane each capability has. */
function lanesOf({ capability }: TimelineRows): { readonly names: readonly string[]; readonly laneOf: (code: number) => number } {
  const codes = laneCodes(capability);
  const lanes = new Map(codes.map((code, lane) => [code - 1, lane]));
  const names = codes.map((code) => capability.values[code - 1] ?? '');
  const all = capability.values.length > codes.length ? [...names, 'others'] : names;
  return { names: all, laneOf: (code) => lanes.get(code) ?? Math.max(0, all.length - 1) };
}

/**
 * All calls in one picture: a bar for each stretch and capability, as tall as the severest decision in it, and above them
 * what was found.
 *
 * @param label - the picture in words
 */
export function timelineStrip(rows: TimelineRows, label: string): Html {
  const { names, laneOf } = lanesOf(rows);
  const axis = orderAxis(Uint32Array.from({ length: rows.count }, (_, i) => i));
  const ranks = rows.decision.values.map(rankOfDecision);
  const columns = Math.max(1, Math.min(COLUMNS, rows.count));
  const bins = binCalls(axis, wholeView(axis), columns, {
    laneOf: (row) => laneOf(rows.capability.codes[row] ?? -1),
    laneCount: Math.max(1, names.length),
    rankOf: (row) => ranks[rows.decision.codes[row] ?? -1] ?? 0,
    marks: rows.marks,
    labels: rows.label,
  });
  const step = (WIDTH - GUTTER) / columns;
  const height = FOUND + names.length * LANE + 24;
  const parts: string[] = [];
  names.forEach((name, lane) => {
    const base = FOUND + (lane + 1) * LANE - 1;
    parts.push(`<text class="ink" x="0" y="${String(base - 9)}" font-size="13">${escapeHtml(cut(name, 20))}</text><path class="ink-line" d="M${String(GUTTER)} ${String(base + 0.5)}H${String(WIDTH)}"/>`);
    for (let column = 0; column < columns; column += 1) {
      if ((bins.counts[lane * columns + column] ?? 0) === 0) continue;
      const rank = bins.ranks[lane * columns + column] ?? 0;
      const tall = (LANE - 6) * (BAR_HEIGHTS[rank] ?? 1);
      parts.push(`<rect class="rank-${String(rank)}" x="${fixed(GUTTER + column * step)}" y="${fixed(base - tall)}" width="${fixed(Math.max(1, step - (step > 3 ? 1 : 0)))}" height="${fixed(tall)}"/>`);
    }
  });
  bins.unsafe.forEach((unsafe, column) => {
    if (unsafe === 1) parts.push(`<rect class="ink" x="${fixed(GUTTER + column * step)}" y="${String(FOUND - 5)}" width="${fixed(Math.max(1.5, step - (step > 3 ? 1 : 0)))}" height="4"/>`);
  });
  parts.push(marksText(bins.marks, step, FOUND + names.length * LANE));
  const last = rows.count - 1;
  parts.push(`<text class="ink" x="0" y="18" font-size="13">found</text><text class="ink-quiet" x="${String(GUTTER)}" y="${String(height - 7)}" font-size="12">call 0</text><text class="ink-quiet" x="${String(WIDTH)}" y="${String(height - 7)}" font-size="12" text-anchor="end">call ${last.toLocaleString('en-US')}</text>`);
  return markup(`<svg class="strip" role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="system-ui,sans-serif">${parts.join('')}</svg>`);
}

const fixed = (x: number): string => String(Number(x.toFixed(2)));

function marksText(marks: Uint8Array, step: number, bottom: number): string {
  return Array.from(marks, (mark, column) => {
    const x = GUTTER + (column + 0.5) * step;
    const change = (mark & MARKS.change) === 0 ? '' : `<path class="ink-change" d="M${fixed(x)} 2V${String(bottom)}" stroke-width="1.5" stroke-dasharray="3 3"/>`;
    const fault = (mark & (MARKS.fault | MARKS.mismatch)) === 0 ? '' : `<path stroke="var(--bad)" stroke-width="2" d="M${fixed(x - 4)} 9l8 8m0-8l-8 8"/>`;
    const novel = (mark & (MARKS.novel | MARKS.outside)) === 0 ? '' : `<path class="ink-bad" d="M${fixed(x - 4.5)} 17h9l-4.5-9z"/>`;
    const alarm = (mark & MARKS.alarm) === 0 ? '' : `<circle cx="${fixed(x)}" cy="13" r="5" fill="none" stroke="var(--bad)" stroke-width="2"/>`;
    return change + fault + novel + alarm;
  }).join('');
}
