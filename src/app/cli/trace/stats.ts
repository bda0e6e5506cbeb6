import { basename } from 'node:path';
import type { Command } from 'commander';
import type { Shard } from '../../shard.js';
import { DRAWN_LEVEL } from '../../trace-files/drawn-measures.js';
import type { LatencyStats, StatsResult } from '../../trace-files/task.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { showFiles, writeFileList, type FileListReport } from '../file-list.js';
import { writeFileShard } from '../shard/file-shard.js';
import { openPage, type Page } from '../layout.js';
import { requireRereadable } from '../ledgers.js';
import { withOutput } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';
import { SHARD_HELP, shardArgument } from '../shard/option.js';
import { addReadingOptions, READING_HELP, readTrace, withReaders, type TraceReadingOptions } from './reading.js';
import { FORM_WORDS, rowWords, showLoss, showTrust, sizeWords, timeWords } from './words.js';

interface StatsOptions extends TraceReadingOptions, PlotOption {
  readonly json?: boolean;
  readonly out?: string;
  readonly shard?: Shard;
}

/** Schema text of a report on traces. */
export const STATS_SCHEMA = 'hindcast.stats.v1';

const count = (value: number): string => value.toLocaleString('en-US');
const micros = (value: number | null | undefined): string => (value === null || value === undefined ? '-' : value.toLocaleString('en-US', { maximumFractionDigits: 1 }));

function showCounts(page: Page, { counts }: StatsResult): void {
  for (const { column, words } of counts) {
    if (column === 'capability' || (words.length === 1 && words[0]?.word === null)) continue;
    page.row(column, words.map(({ word, rows }) => `${word ?? 'not said'} ${count(rows)}`).join(', '));
  }
}

function latencyCells(latency: LatencyStats | undefined): readonly string[] {
  if (latency === undefined) return ['-', '0', '-', '-', '-', '-'];
  const [p5, p95] = latency.quantiles;
  return [latency.kind ?? 'not said', count(latency.n), ...[latency.median, latency.mad, p5, p95].map(micros)];
}

/** One line a capability and kind of latency; the first says how many rows the capability has. */
function showCapabilities(page: Page, { counts, latencies }: StatsResult): void {
  const words = counts.find(({ column }) => column === 'capability')?.words ?? [];
  if (words.length === 0) return;
  page.gap();
  page.table(
    [{ title: 'capability' }, { title: 'rows', right: true }, { title: 'latency' }, { title: 'n', right: true }, { title: 'median us', right: true }, { title: 'MAD', right: true }, { title: 'p5', right: true }, { title: 'p95', right: true }],
    words.flatMap(({ word, rows }) => {
      const own = latencies.filter(({ capability }) => capability === word);
      return (own.length === 0 ? [undefined] : own).map((latency, i) => [i === 0 ? (word ?? 'not said') : '', i === 0 ? count(rows) : '', ...latencyCells(latency)]);
    }),
  );
}

function showColumns(page: Page, { perColumn, rows }: StatsResult): void {
  page.gap();
  page.table(
    [{ title: 'column' }, { title: 'bytes a row', right: true }, { title: 'nulls', right: true }, { title: 'of rows', right: true }, { title: 'values', right: true }],
    perColumn.map(({ name, bytesPerRow, nulls, values }) => [name, bytesPerRow.toFixed(1), count(nulls), rows === 0 ? '-' : `${((100 * nulls) / rows).toFixed(1)} %`, values === null ? '-' : count(values)]),
  );
}

function showStats(page: Page, result: StatsResult, path: string): void {
  const { form, sizeBytes, rows, metadata: { adapter, clock, coverage }, span, perColumn } = result;
  const perRow = perColumn.reduce((sum, { bytesPerRow }) => sum + bytesPerRow, 0);
  page.verdict(result.lostBytes > 0 ? 'bad' : 'good', rowWords(result), path);
  page.row('form', `${FORM_WORDS[form]}, ${sizeWords(sizeBytes)}${rows === 0 ? '' : `, ${(sizeBytes / rows).toFixed(1)} bytes a row; ${perRow.toFixed(1)} in memory`}`);
  showTrust(page, result);
  showLoss(page, result, sizeBytes);
  page.row('time', span === null ? 'no row has one' : `${timeWords(span.first)} to ${timeWords(span.last)} UTC (${clock === 'none' ? 'no clock' : `${clock} clock`})`);
  page.row('made by', adapter);
  page.row('shows', `executed ${coverage.executed}, policy denied ${coverage.policy_denied}, gate denied ${coverage.gate_denied}, bad calls ${coverage.bad_call}, nested ${coverage.nested}`.replaceAll('_', ' '));
  if (coverage.cannot_show.length > 0) page.row('cannot show', coverage.cannot_show.join('; '));
  showCounts(page, result);
  showCapabilities(page, result);
  showColumns(page, result);
  page.gap();
  page.text('  Medians, MADs and quantiles (Hyndman-Fan type 8) are exact; kinds of latency are never pooled.', 'quiet');
}

const exitOf = ({ lostBytes }: Pick<StatsResult, 'lostBytes'>): ExitCode => (lostBytes > 0 ? EXIT.mismatch : EXIT.holds);

/** Figures of a trace: one for each kind of latency, which are never pooled, and one of response sizes. */
function addDistributions(plots: PlotJob, path: string, { drawn }: StatsResult): void {
  plots.add(({ distributionFigure }) => drawn.map(({ measure, kind, rows, left }) => {
    const [what, unit] = measure === 'latency_us' ? [`${kind === null ? '' : `${kind} `}latency`, '\u00b5s'] : ['response size', 'bytes'];
    return distributionFigure({ title: `${what.charAt(0).toUpperCase()}${what.slice(1)} by capability: ${basename(path)}`, measure: what, unit, level: DRAWN_LEVEL, rows, left });
  }));
}

async function statsFiles(cli: Cli, files: readonly string[], options: StatsOptions, plots: PlotJob): Promise<void> {
  requireRereadable(files, 'stats');
  if (plots.wanted && options.shard !== undefined) throw usageError('--plot draws whole answers: it does not go with --shard');
  await withReaders(options, async (readers) => withOutput(cli.io, options.out, files, async (output) => {
    const stats = async (path: string): Promise<StatsResult> => {
      const result = await readTrace<'stats'>(cli.io, readers, { kind: 'stats', path, plot: plots.wanted }, options);
      addDistributions(plots, path, result);
      return result;
    };
    const list: FileListReport = {
      schema: STATS_SCHEMA,
      listName: 'latencies',
      report: async (path, item) => {
        const { latencies, ...summary } = await stats(path);
        latencies.forEach(item);
        return { summary: { ...summary, drawn: undefined, quantiles: { probabilities: [0.05, 0.95], type: 8 } }, exit: exitOf(summary) };
      },
    };
    const { shard } = options;
    if (shard !== undefined) return writeFileShard(cli, files, { command: 'stats', shard, asked: {}, list }, output);
    if (options.json === true) return writeFileList(cli, files, output, list);
    return showFiles(cli, files, output, async (path) => {
      const result = await stats(path);
      showStats(openPage(output.write, output.colour), result, path);
      return exitOf(result);
    });
  }));
}

const HELP = `${READING_HELP}

Examples:
  hindcast stats run.arrows
  hindcast stats march.parquet april.parquet --json --out stats.json
  hindcast stats run.arrows --plot latencies.svg

Exact medians need several passes over a file, so a pipe is refused. Memory
grows with the number of distinct dictionary values, not with the rows.

Exit codes: 0 whole, 1 cut off (what is complete is shown) or bytes that do not
have the hash that is known, 2 malformed, 3 bad usage.`;

/** Adds `hindcast stats`. */
export function addStats(program: Command, cli: Cli): void {
  addPlotOption(addReadingOptions(program.command('stats')))
    .summary('say what a trace holds')
    .description('Rows, sizes, nulls, times and words of traces, and exact medians of latencies by capability.')
    .argument('<file...>', 'traces, in whatever form')
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .option('--shard <i/n>', SHARD_HELP, shardArgument)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: StatsOptions) => { await withPlots(cli, options, files, (plots) => statsFiles(cli, files, options, plots)); });
}
