import { escapeForTerminal, truncate, widthOf, wrap } from '../terminal.js';

/** Columns that human output never goes beyond. */
const COLUMNS = 80;

/** Columns of a label and the space around it; what is left is as wide as a hash. */
const LABEL = 16;

/** How a piece of text is meant. */
type Tone = 'good' | 'bad' | 'warn' | 'quiet' | 'strong' | 'plain';

/** ANSI codes: bold 1, dim 2, red 31, green 32, yellow 33. */
const STYLES = { good: '1;32', bad: '1;31', warn: '33', quiet: '2', strong: '1' } as const;

/** A column of a table. Numbers go to the right. */
interface TableColumn {
  readonly title: string;
  readonly right?: boolean;
}

/** Lays out human output line by line; text from outside is escaped and nothing is wider than 80 columns. */
export interface Page {
  /** The answer, before all else. `about` is what it is the answer for, such as a file. */
  readonly verdict: (tone: Tone, text: string, about?: string) => void;
  /** A label and what it stands for, wrapped. */
  readonly row: (label: string, text: string, tone?: Tone) => void;
  /** A paragraph; spaces before it indent all of it. */
  readonly text: (text: string, tone?: Tone) => void;
  readonly table: (columns: readonly TableColumn[], rows: readonly (readonly string[])[]) => void;
  readonly gap: () => void;
}

function painter(colour: boolean): (tone: Tone, text: string) => string {
  return (tone, text) => (!colour || tone === 'plain' || text === '' ? text : `\u001b[${STYLES[tone]}m${text}\u001b[0m`);
}

function padded(text: string, width: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** Widths of columns, the widest cut down until all fit. */
function fitted(cells: readonly (readonly string[])[], count: number): number[] {
  const widths = Array.from({ length: count }, (_, i) => Math.max(...cells.map((row) => widthOf(row[i] ?? ''))));
  const room = COLUMNS - 2 - 2 * (count - 1);
  for (let excess = widths.reduce((a, b) => a + b, 0) - room; excess > 0; excess -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 1) - 1;
  }
  return widths;
}

/**
 * Opens a page.
 *
 * @param write - gets each line with its line feed
 * @param colour - whether to colour
 */
export function openPage(write: (line: string) => void, colour: boolean): Page {
  const paint = painter(colour);
  const line = (text: string): void => { write(`${text}\n`); };
  const labelled = (label: string, lines: readonly string[], tone: Tone): void => {
    lines.forEach((part, i) => { line(`  ${paint('quiet', padded(i === 0 ? label : '', LABEL - 4, false))}  ${paint(tone, part)}`); });
  };
  return {
    verdict: (tone, text, about) => {
      const shown = escapeForTerminal(text);
      const [first = '', ...more] = wrap(shown, COLUMNS);
      const room = COLUMNS - widthOf(first) - 2;
      const place = about === undefined ? '' : escapeForTerminal(about);
      const beside = place !== '' && more.length === 0 && room >= Math.min(widthOf(place), 20);
      line(paint(tone, first) + (beside ? `  ${truncate(place, room)}` : ''));
      for (const part of more) line(paint(tone, part));
      if (place !== '' && !beside) line(truncate(place, COLUMNS));
    },
    row: (label, text, tone = 'plain') => { labelled(label, wrap(escapeForTerminal(text), COLUMNS - LABEL), tone); },
    text: (text, tone = 'plain') => {
      const indent = ' '.repeat(text.length - text.trimStart().length);
      for (const part of wrap(escapeForTerminal(text.trimStart()), COLUMNS - indent.length)) line(indent + paint(tone, part));
    },
    table: (columns, rows) => {
      const cells = [columns.map((c) => c.title), ...rows.map((row) => row.map(escapeForTerminal))];
      const widths = fitted(cells, columns.length);
      cells.forEach((row, at) => {
        const parts = row.map((cell, i) => padded(truncate(cell, widths[i] ?? 0), widths[i] ?? 0, columns[i]?.right ?? false));
        line(`  ${paint(at === 0 ? 'quiet' : 'plain', parts.join('  ').trimEnd())}`);
      });
    },
    gap: () => { line(''); },
  };
}
