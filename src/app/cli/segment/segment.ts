import { type Command, InvalidArgumentError, Option } from 'commander';
import type { StreamKind } from '../../series/record.js';
import { collectSeries, streamKey, type CollectedSeries, type CollectedStream } from '../../series/streams.js';
import { withOpen } from '../../files.js';
import { insideUnit } from '../../../stats/sample.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { showFiles, writeFileList } from '../file-list.js';
import { openPage } from '../layout.js';
import { say, type Io } from '../io.js';
import { naming, TRACE_HELP, withTraces } from '../ledgers.js';
import { countArgument, numberArgument } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';
import { addRegimes } from './figures.js';
import { BOTH_MAX, EXACT_MAX, type SegmentMethod } from './report.js';
import { streamJson } from './json.js';
import { COSTS, costNameOf, type PlanOptions } from './plan.js';
import { showLegend, showStream } from './page.js';
import { segmentStream, type StreamReport } from './stream.js';
import { windowArgument, type SegmentWindow } from './window.js';
import { addSeriesOptions, columnsOf, type SeriesOptions } from '../series-options.js';

interface SegmentOptions extends SeriesOptions, PlanOptions, PlotOption {
  readonly json?: boolean;
  readonly out?: string;
  readonly method?: SegmentMethod;
  readonly most?: number;
  readonly level: number;
  readonly prior?: string;
  readonly window?: SegmentWindow;
}

const STREAMS: readonly StreamKind[] = ['interval', 'latency', 'score', 'error', 'value', 'capability'];

/** Longest series for which every number of changes is tried. */
const MOST_MAX = 20_000;

/** The method asked for: a largest number of changes is PELT's alone. */
function methodOf({ method, most, window }: SegmentOptions): SegmentMethod {
  if (most !== undefined && method !== undefined && method !== 'pelt') throw usageError(`--most goes with --method pelt, got ${method}`);
  const chosen = method ?? (most === undefined ? 'both' : 'pelt');
  if (window !== undefined && chosen === 'pelt') throw usageError('--window asks the posterior, which --method pelt has not');
  return chosen;
}

function collect(io: Io, path: string, options: SegmentOptions, stream?: StreamKind): CollectedSeries {
  const columns = { ...columnsOf(options), ...(stream === undefined ? {} : { stream }) };
  return withOpen(naming(path, () => io.open(path)), ({ source }) => naming(path, () => collectSeries(source, columns, { by: options.by, sort: options.sort ?? false })));
}

function refuseLong({ values }: CollectedStream, { most }: SegmentOptions, method: SegmentMethod): void {
  if (most !== undefined && values.length > MOST_MAX) throw usageError(`--most tries every pair of places, for at most ${String(MOST_MAX)} observations; the stream has ${String(values.length)}`);
  if (method === 'bocpd' && values.length > EXACT_MAX) throw usageError(`--method bocpd takes at most ${String(EXACT_MAX)} observations, whose square its time grows with; the stream has ${String(values.length)}: use --method pelt`);
}

function announceLong({ values: { length } }: CollectedStream, io: Io, method: SegmentMethod): void {
  if (method === 'bocpd' && length > BOTH_MAX) say(io, `the exact posterior of ${String(length)} observations takes a while; --method pelt does without`);
}

/** Segments every stream of a file, one after another. */
function segmentFile({ path, io, method, plots }: { readonly path: string; readonly io: Io; readonly method: SegmentMethod; readonly plots: PlotJob }, options: SegmentOptions, onReport: (report: StreamReport) => void): ExitCode {
  const { about, streams } = collect(io, path, options);
  costNameOf(about.stream, options.cost);
  const approved = options.prior === undefined ? null : new Map(collect(io, options.prior, options, about.stream).streams.map((stream) => [streamKey(stream), stream]));
  let [changed, segmented] = [false, false];
  for (const stream of streams) {
    refuseLong(stream, options, method);
    announceLong(stream, io, method);
    const report = naming(path, () => segmentStream(stream, approved === null ? undefined : (approved.get(streamKey(stream)) ?? null), { ...options, kind: about.stream, method }));
    if (report.status !== 'too few') segmented = true;
    if (report.status === 'segmented' && report.found.changes.length + report.found.peltOnly.length > 0) changed = true;
    onReport(report);
    addRegimes(io, plots, report, stream.values);
  }
  if (changed) return EXIT.mismatch;
  return segmented ? EXIT.holds : EXIT.notEnough;
}

async function segmentFiles(cli: Cli, files: readonly string[], options: SegmentOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): Promise<void> {
  const method = methodOf(options);
  insideUnit(options.level, '--level');
  if (options.json === true) {
    await writeFileList(cli, files, output, {
      schema: 'hindcast.segment.v1',
      listName: 'streams',
      report: (path, item) => ({ exit: segmentFile({ path, io: cli.io, method, plots }, options, (report) => { item(streamJson(report)); }), summary: { level: options.level, method, by: options.by } }),
    });
    return;
  }
  await showFiles(cli, files, output, (path) => {
    const page = openPage(output.write, output.colour);
    if (files.length > 1) page.text(path, 'strong');
    let [count, shown] = [0, false];
    const code = segmentFile({ path, io: cli.io, method, plots }, options, (report) => {
      if (count > 0) page.gap();
      count += 1;
      showStream(page, report);
      shown ||= report.status === 'segmented';
    });
    if (shown) showLegend(page, options.level, method !== 'pelt');
    if (count === 0) page.verdict('warn', 'not enough data: there is no observation', path);
    return code;
  });
}

function penaltyArgument(text: string): number | 'auto' {
  return text === 'auto' ? text : numberArgument(text);
}

function lambdaArgument(text: string): number | 'evidence' | 'length' {
  if (text === 'evidence' || text === 'length') return text;
  const lambda = numberArgument(text);
  if (!(lambda > 1)) throw new InvalidArgumentError('It must be above 1.');
  return lambda;
}

const HELP = `
Examples:
  hindcast segment incident.ledger.json --plot regimes.png
  hindcast segment incident.ledger.json --stream capability --plot calls.svg
  hindcast segment incident.ledger.json --stream error --by capability
  hindcast segment cpu.csv --time when --value load --prior good.csv
  hindcast segment run.json --window 2026-01-31T12:00:00Z:2026-01-31T12:05:00Z

Finds afterwards where a recorded series changed. The table shows the most
probable segmentation (BOCPD: exact, with the posterior of every place of a
change); PELT's, the cheapest under a penalty, is put beside it. Costs and
models: waits exponential, errors 0 or 1, capabilities as categories, all else
normal with a changing mean. While a run goes on, use "hindcast detect".

No rate of false changes is promised: neither by PELT's penalty nor by the
posterior, which is as right as its model, prior and hazard are.
${TRACE_HELP}

Exit codes: 0 no change, 1 a change (by either method) or a ledger that does not
verify, 2 malformed, 3 bad usage, 5 too few observations in every stream.`;

/** Adds `hindcast segment`. */
export function addSegment(program: Command, cli: Cli): void {
  const command = program.command('segment')
    .summary('find where a recorded series changed')
    .description('Cuts a recorded series into regimes and says how sure each change is.')
    .argument('<file...>', 'ledgers, traces, calls, telemetry or CSV; - is the standard input');
  addPlotOption(addSeriesOptions(command, STREAMS))
    .addOption(new Option('--method <name>', 'which tools: both unless --most is given').choices(['pelt', 'bocpd', 'both']))
    .addOption(new Option('--cost <name>', 'law of a regime (default: by the stream)').choices(COSTS))
    .option('--penalty <x>', 'cost that a change must save, for PELT', penaltyArgument, 'auto')
    .option('--shortest <n>', 'fewest observations of a regime, for PELT (default: 2, or 5 for waits, errors and counts)', countArgument)
    .option('--most <n>', 'at most n changes, by PELT alone; shows the cost for each number', countArgument)
    .option('--hazard-lambda <n>', 'mean length of a regime, for BOCPD; "length" of the series, or by "evidence"', lambdaArgument, 'length')
    .option('--prior <file>', 'approved data of the same kind: scale and prior come from there')
    .option('--level <x>', 'what credible and confidence intervals hold', numberArgument, 0.9)
    .option('--window <from:to>', 'P(a change there): two indices, or two times', windowArgument)
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: SegmentOptions) => {
      const inputs = options.prior === undefined ? files : [...files, options.prior];
      await withPlots(cli, options, inputs, (plots) => withOutput(cli.io, options.out, inputs, async (output) => withTraces(cli, inputs, (own) => segmentFiles(own, files, options, { output, plots }))));
    });
}
