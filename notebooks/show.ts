import { drawSvg, type Figure } from 'hindcast/plot';
import { drawPng } from 'hindcast/plot/png';

/** Milliseconds in which the kernel sends on what it was given to show: a viewer takes a cell for done once it is idle. */
const SENT = 25;

/** Shows media of one thing; a viewer takes the richest it trusts. */
async function display(media: Readonly<Record<string, string>>): Promise<void> {
  await Deno.jupyter.display(media, { raw: true });
  await new Promise((done) => { setTimeout(done, SENT); });
}

/**
 * Shows a figure: as SVG, as PNG where a viewer strips SVG, and in words where it shows no pictures.
 *
 * @param figure - from one of the figure functions of `hindcast/plot`
 */
export async function show(figure: Figure): Promise<void> {
  await display({ 'image/svg+xml': drawSvg(figure), 'image/png': base64(drawPng(figure, { scale: 1.5 })), 'text/plain': `${figure.title}\n${figure.alternative}` });
}

/** Characters of a line at most: what any page shows without cutting words. */
const WIDE = 100;

/** Breaks a line between words; what follows is indented, by two spaces or as much as the line is. */
function wrapped(text: string): string[] {
  if (text.length <= WIDE) return [text];
  const at = text.lastIndexOf(' ', WIDE);
  const indent = /^ */.exec(text)?.[0] ?? '';
  if (at <= indent.length) return [text];
  return [text.slice(0, at), ...wrapped(`${indent.length === 0 ? '  ' : indent}${text.slice(at + 1)}`)];
}

/**
 * Shows lines of text. Say things so, not by console.log: what the kernel prints may reach the page late or not at all.
 *
 * @param texts - one a line
 */
export async function lines(...texts: readonly string[]): Promise<void> {
  await display({ 'text/plain': texts.flatMap(wrapped).join('\n') });
}

/** A cell of a table: numbers stand to the right, as they are; round them first. */
export type TableCell = string | number | null;

/**
 * Shows a table.
 *
 * @param head - titles of the columns
 * @param rows - one cell a column; null where there is nothing to say
 */
export async function table(head: readonly string[], rows: readonly (readonly TableCell[])[]): Promise<void> {
  const texts = rows.map((row) => row.map((cell) => (cell === null ? '' : typeof cell === 'number' ? cell.toLocaleString('en-US', { maximumFractionDigits: 12 }) : cell)));
  const right = head.map((_, j) => rows.some((row) => isFigure(row[j])) && rows.every((row) => row[j] === null || isFigure(row[j])));
  await display({ 'text/html': htmlTable(head, texts, right), 'text/plain': plainTable(head, texts, right) });
}

function isFigure(cell: TableCell | undefined): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && /^[-+]?[\d.,]+(?: ?%)?(?: (?:of|to) [\d.,]+(?: ?%)?)?$/.test(cell));
}

function htmlTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly boolean[]): string {
  const side = (j: number): string => ` style="text-align:${right[j] === true ? 'right' : 'left'}"`;
  const line = (tag: 'td' | 'th', cells: readonly string[]): string => `<tr>${cells.map((text, j) => `<${tag}${side(j)}>${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  return `<table>\n<thead>${line('th', head)}</thead>\n<tbody>\n${rows.map((row) => line('td', row)).join('\n')}\n</tbody>\n</table>`;
}

function plainTable(head: readonly string[], rows: readonly (readonly string[])[], right: readonly boolean[]): string {
  const widths = head.map((title, j) => Math.max(title.length, ...rows.map((row) => row[j]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((text, j) => (right[j] === true ? text.padStart(widths[j] ?? 0) : text.padEnd(widths[j] ?? 0))).join('  ').trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${String(c.charCodeAt(0))};`);
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
