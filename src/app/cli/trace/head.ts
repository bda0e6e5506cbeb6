import type { Command } from 'commander';
import type { HeadResult } from '../../trace-files/task.js';
import type { TraceRow } from '../../../trace/row.js';
import type { Cli } from '../cli.js';
import { usageError } from '../exit.js';
import { writeJson } from '../json.js';
import { openPage, type Page } from '../layout.js';
import { countArgument } from '../options.js';
import { withOutput } from '../output.js';
import { addReadingOptions, READING_HELP, readTrace, withReaders, type TraceReadingOptions } from './reading.js';
import { FORM_WORDS, showTrust, timeWords } from './words.js';
import { counted } from '../ledger/verify-page.js';

interface HeadOptions extends TraceReadingOptions {
  readonly n: number;
  readonly json?: boolean;
  readonly out?: string;
}

const MOST_ROWS = 100_000;

/** What a page shows of a row, if any row has it; the rest is in --json. */
const SHOWN: readonly { readonly name: keyof TraceRow; readonly title: string; readonly right?: boolean }[] = [
  { name: 'seq', title: 'seq', right: true },
  { name: 'ts', title: 'time' },
  { name: 'actor', title: 'actor' },
  { name: 'capability', title: 'capability' },
  { name: 'resource', title: 'resource' },
  { name: 'outcome', title: 'outcome' },
  { name: 'latency_us', title: 'us', right: true },
  { name: 'label', title: 'label' },
];

/** The day that all times fall on; null where there are several. */
function commonDay(rows: readonly TraceRow[]): string | null {
  const days = new Set(rows.flatMap(({ ts }) => (ts === undefined || ts === null ? [] : [timeWords(ts).split(' ')[0]])));
  return days.size === 1 ? ([...days][0] ?? null) : null;
}

function cellOf(row: TraceRow, name: keyof TraceRow, day: string | null): string {
  const value = row[name] ?? null;
  if (value === null) return '-';
  if (name !== 'ts') return String(value);
  return timeWords(value as number).slice(day === null ? 0 : day.length + 1);
}

function showHead(page: Page, { rows, all, form, ...source }: HeadResult, path: string): void {
  page.verdict('strong', rows.length === 0 ? 'no rows' : all ? `all ${counted(rows.length, 'row')}` : `the first ${counted(rows.length, 'row')}`, path);
  page.row('form', `${FORM_WORDS[form]}, made by ${source.metadata.adapter}`);
  showTrust(page, { form, ...source });
  if (rows.length === 0) return;
  const day = commonDay(rows);
  if (day !== null) page.row('day', `${day}, times in UTC`);
  page.gap();
  const shown = SHOWN.filter(({ name }) => rows.some((row) => (row[name] ?? null) !== null));
  page.table(shown, rows.map((row) => shown.map(({ name }) => cellOf(row, name, day))));
}

/** A row as JSON: integers beyond 2^53 as texts, as a trace in JSON Lines has them. */
function rowJson(row: TraceRow): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

async function headFile(cli: Cli, path: string, options: HeadOptions): Promise<void> {
  if (options.n > MOST_ROWS) throw usageError(`-n must be at most ${String(MOST_ROWS)}, got ${String(options.n)}: "hindcast convert FILE -" prints every row`);
  await withOutput(cli.io, options.out, [path], async (output) => {
    const result = await withReaders(options, async (readers) => readTrace<'head'>(cli.io, readers, { kind: 'head', path, rows: options.n }, options));
    if (options.json !== true) {
      showHead(openPage(output.write, output.colour), result, path);
      return;
    }
    const { form, all, verified, metadata } = result;
    const lead = JSON.stringify({ schema: 'hindcast.head.v1', file: path, form, verified, all, metadata }).slice(1, -1);
    writeJson(output, `{${lead}, "rows": [${result.rows.map((row) => `\n  ${rowJson(row)}`).join(',')}\n]}\n`);
  });
}

const HELP = `${READING_HELP}

Examples:
  hindcast head run.arrows
  hindcast head run.parquet -n 1 --json       every column of the first row

Exit codes: 0 shown, 1 the bytes do not have the hash that is known, 2 malformed,
3 bad usage.`;

/** Adds `hindcast head`. */
export function addHead(program: Command, cli: Cli): void {
  addReadingOptions(program.command('head'))
    .summary('show the first rows of a trace')
    .description('Shows the first rows of a trace, in whatever form it is.')
    .argument('<file>', 'the trace; - is the standard input')
    .option('-n <rows>', 'how many', countArgument, 10)
    .option('--json', 'print the rows as JSON, every column')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addHelpText('after', HELP)
    .action(async (path: string, options: HeadOptions) => { await headFile(cli, path, options); });
}
