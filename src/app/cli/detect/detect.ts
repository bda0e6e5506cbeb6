import type { Command } from 'commander';
import { InputError } from '../../../errors.js';
import { isSameFile } from '../../atomic-file.js';
import { readBytes } from '../../files.js';
import type { Cli } from '../cli.js';
import { addDetectOptions, askedOf, type DetectOptions } from './options.js';
import type { WatchDesign } from './promise.js';
import { detectCode, detectJson, writeDetectPart } from './part.js';
import { showAlarm, showPromise, showSummary, showVerdict } from './page.js';
import { detect, type DetectTask } from './run.js';
import type { DetectReport } from './report.js';
import type { DetectEvents } from './engine.js';
import { usageError } from '../exit.js';
import { TRACE_HELP, withTraces } from '../ledgers.js';
import { columnsOf } from '../series-options.js';
import { writeJson } from '../json.js';
import { openPage, type Page } from '../layout.js';
import { streamKey } from '../../series/streams.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob } from '../plot.js';
import { stepRecorder, type StepRecorder } from './figures.js';

function taskOf(file: string, options: DetectOptions, command: Command): DetectTask {
  const { baseline: path, state = null, sort = false, shard = null } = options;
  if (shard !== null) checkShard(file, state);
  checkSort(file, sort);
  const baseline = path === undefined ? null : readBaseline(path);
  if (state !== null) checkState(state, [file, ...(path === undefined ? [] : [path])]);
  return { file, asked: askedOf(options, command, baseline?.bytes ?? null), columns: columnsOf(options), sort, baseline, state, shard };
}

/** Files that are read from their beginning to their end; the standard input is read as it comes. */
function filesOf({ file, baseline }: DetectTask): string[] {
  return [...(file === '-' ? [] : [file]), ...(baseline === null ? [] : [baseline.path])];
}

function checkSort(file: string, sort: boolean): void {
  if (sort && file === '-') throw usageError('--sort needs all records at once: save the standard input to a file first');
}

function checkShard(file: string, state: string | null): void {
  if (state !== null || file === '-') throw usageError('--shard reads a whole file in each share: it goes neither with --state nor with the standard input');
}

function readBaseline(path: string): DetectTask['baseline'] {
  if (path === '-') throw usageError('--baseline must be a file, got the standard input');
  return { path, bytes: readBytes(path) };
}

function checkState(state: string, inputs: readonly string[]): void {
  if (state === '' || state === '-') throw usageError('--state must name a file');
  for (const path of inputs) if (path !== '-' && isSameFile(state, path)) throw usageError(`--state ${state} is the input file ${path}; it is not overwritten`);
}

/** Where an answer goes, and who keeps its steps. */
interface Answer {
  readonly output: Output;
  readonly recorder: StepRecorder;
}

/** Writes alarms as they come, then all else. */
async function detectAsJson(cli: Cli, task: DetectTask, { output, recorder }: Answer): Promise<DetectReport> {
  const live = task.file === '-';
  const held: string[] = [];
  const json = detectJson((text) => {
    if (live) writeJson(output, text);
    else held.push(text);
  });
  try {
    const report = await detect(cli.io, task, recorder.listening({ onAlarm: json.alarm }));
    for (const text of held) writeJson(output, text);
    writeJson(output, json.end(report));
    return report;
  } catch (error) {
    if (live && error instanceof InputError) writeJson(output, json.end({ error: { code: error.code, message: error.message } }));
    throw error;
  }
}

/** Alarms, each once it is known; its number in its stream is counted here. */
function shower(page: Page, epochMs: () => boolean): DetectEvents['onAlarm'] {
  const counts = new Map<string, number>();
  return (alarm, line) => {
    const key = streamKey(alarm.stream);
    const at = (counts.get(key) ?? 0) + 1;
    counts.set(key, at);
    showAlarm(page, alarm, { at, line, epochMs: epochMs() });
  };
}

async function detectLive(cli: Cli, task: DetectTask, page: Page, recorder: StepRecorder): Promise<DetectReport> {
  const shown = new Map<WatchDesign, boolean>();
  const onAlarm = shower(page, () => true);
  const report = await detect(cli.io, task, recorder.listening({
    onWatch: (name, design) => {
      if (!shown.has(design)) showPromise(page, design, [name]);
      else page.verdict('strong', `watching ${name.actor ?? ''} ${name.capability ?? ''} in the same way`.replaceAll('  ', ' '));
      shown.set(design, true);
    },
    onAlarm,
  }));
  page.gap();
  showVerdict(page, report);
  showSummary(page, report);
  return report;
}

async function detectWhole(cli: Cli, task: DetectTask, page: Page, recorder: StepRecorder): Promise<DetectReport> {
  const alarms: Parameters<DetectEvents['onAlarm']>[] = [];
  const report = await detect(cli.io, task, recorder.listening({ onAlarm: (...alarm) => alarms.push(alarm) }));
  showVerdict(page, report);
  for (const design of report.designs) {
    if (design.streams.length === 0) continue;
    page.gap();
    showPromise(page, design, design.streams);
  }
  if (alarms.length > 0) page.gap();
  const show = shower(page, () => typeof alarms[0]?.[0].time === 'string');
  for (const alarm of alarms) show(...alarm);
  page.gap();
  showSummary(page, report);
  return report;
}

async function detectFile(cli: Cli, task: DetectTask, options: DetectOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): Promise<void> {
  const { shard } = task;
  if (shard !== null && plots.wanted) throw usageError('--plot draws whole answers: it does not go with --shard');
  if (shard !== null) {
    cli.exit(detectCode(await writeDetectPart(cli.io, { ...task, shard }, output)));
    return;
  }
  const page = openPage(output.write, output.colour);
  const recorder = stepRecorder(plots);
  const report = options.json === true ? await detectAsJson(cli, task, { output, recorder }) : await (task.file === '-' ? detectLive : detectWhole)(cli, task, page, recorder);
  recorder.finish(report.settings.stream);
  cli.exit(detectCode(report));
}

const HELP = `
Examples:
  hindcast detect today.calls.jsonl --baseline approved.calls.jsonl --plot w.svg
  hindcast detect run.ledger.json --stream error --by capability --p0 0.01
  hindcast detect latency.csv --approved 200 --alarm-within 1000:0.05
  tail -f calls.jsonl | hindcast detect - --approved 200 --state watch.json

FILE is a ledger (which must verify), a trace, the host's telemetry, JSON Lines
of calls or of {"time", "value"}, or CSV with a header. With - alarms are
printed as soon as their line has come (of a trace, when it has ended); Ctrl-C
ends it and saves the state.

Every detector but bocpd and host promises how rare false alarms are, in
observations of one stream, and says what it assumes. Where the parameters are
estimated from approved observations the threshold allows for that.

By default intervals are taken as exponential, failures as 0 or 1 of one chance
(more of them alone), latencies and bytes as Gaussian in ln(1 + x), since they
are skewed and change by factors, scores and values as Gaussian (scores with
e-sr as anything in [0, 1]).
${TRACE_HELP}

Exit codes: 0 no alarm, 1 alarms or a ledger that does not verify, 2 malformed,
3 bad usage, 5 not enough data: no stream could be watched.`;

/** Adds `hindcast detect`. */
export function addDetect(program: Command, cli: Cli): void {
  const command = program.command('detect')
    .summary('watch a series for changes')
    .description('Watches the streams of a ledger or series for changes of regime, with a computed promise on false alarms.')
    .argument('<file>', 'ledger, trace, telemetry, calls or series; - is standard input')
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output');
  addPlotOption(addDetectOptions(command))
    .addHelpText('after', HELP)
    .action(async (file: string, options: DetectOptions) => {
      const task = taskOf(file, options, command);
      await withPlots(cli, options, [...filesOf(task), ...(task.state === null ? [] : [task.state])], (plots) => withOutput(cli.io, options.out, [file], (output) => withTraces(cli, filesOf(task), (own) => detectFile(own, task, options, { output, plots }))));
    });
}
