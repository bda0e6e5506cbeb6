import { basename } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../../errors.js';
import type { LedgerEntry } from '../../../ledger/entry.js';
import { printArtifact } from '../../../ledger/artifact-text.js';
import { readEntries, readVerified, verifyStream } from '../../../ledger/stream.js';
import { replayHeader, replayStep } from '../../../replay/replay.js';
import { DEFAULT_WINDOW_SIZE, recomputePasses } from '../../../replay/recompute-ledger.js';
import { startRecompute, type RecomputeMismatch, type RecomputeParams, type RecomputeReport } from '../../../replay/recompute.js';
import { withSource } from '../../files.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { showFiles, writeFileList } from '../file-list.js';
import type { Io } from '../io.js';
import { writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { requireConsistent, requireRereadable, withLedger } from '../ledgers.js';
import { addCommonOptions, countArgument, onlyFile, type CommonOptions } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';
import { SHOWN_MISMATCHES, showReplay } from './replay-page.js';

interface ReplayOptions extends CommonOptions, PlotOption {
  readonly windowSize?: number;
}

/** Goes through a ledger once. It must verify: a decision is compared only if it is what was sealed. */
function passThrough(io: Io, path: string, visit: (entry: LedgerEntry) => void): void {
  withLedger(io, path, (source, stream) => {
    requireConsistent(readEntries(source, visit, { ...stream, keepFaults: 3 }));
  });
}

/** Whether a path can be read a second time; pipes cannot. */
const isRereadable = (path: string): boolean => path !== '-' && withSource(path, (_, sizeBytes) => sizeBytes !== null);

/**
 * Recomputes what can be read only once: under the host's default window, if that leaves nothing that another could
 * explain, else without what rests on the window.
 */
function recomputeOnce(io: Io, path: string): RecomputeReport {
  const byDefault = startRecompute({ windowSize: DEFAULT_WINDOW_SIZE });
  const untold = startRecompute();
  passThrough(io, path, (entry) => {
    byDefault.add(entry);
    untold.add(entry);
  });
  const report = byDefault.report();
  return report.windowMismatchCount === 0 ? { ...report, windowSource: 'default' } : untold.report();
}

/** As `recomputeLedger`, from a file of any size; all mismatches are in the report or told. */
export function recomputeFile(io: Io, path: string, params: RecomputeParams): RecomputeReport {
  const { windowSize, onMismatch } = params;
  if (windowSize !== undefined || isRereadable(path)) return recomputePasses((visit) => { passThrough(io, path, visit); }, params);
  const report = recomputeOnce(io, path);
  if (onMismatch !== undefined) report.mismatches.forEach(onMismatch);
  return { ...report, mismatches: report.mismatches.slice(0, params.keepMismatches) };
}

const windowOf = ({ windowSize }: ReplayOptions): RecomputeParams => (windowSize === undefined ? {} : { windowSize });

const codeOf = ({ mismatchCount }: Pick<RecomputeReport, 'mismatchCount'>): ExitCode => (mismatchCount === 0 ? EXIT.holds : EXIT.mismatch);

/** The host's replay artifact, step by step: once through the file for its header, once more for its steps. */
function projectFile(io: Io, path: string, output: Output): void {
  const report = withLedger(io, path, (source, stream) => {
    const found = verifyStream(source, { ...stream, keepFaults: 3 });
    requireConsistent(found);
    return found;
  });
  const start = printArtifact({ ...replayHeader(report), steps: [] }, { pretty: true });
  writeJson(output, start.slice(0, -']\n}'.length));
  const again = withLedger(io, path, (source, stream) => readEntries(source, (entry, i) => {
    const step = printArtifact(replayStep(entry, i), { pretty: true }).replaceAll('\n', '\n    ');
    writeJson(output, `${i === 0 ? '' : ','}\n    ${step}`);
  }, stream));
  if (again.computedDataHash !== report.computedDataHash) throw new InputError('INVALID_LEDGER', `${path}: the file changed while it was read`);
  writeJson(output, `${report.entryCount === 0 ? '' : '\n  '}]\n}${output.toFile ? '' : '\n'}`);
}

/** The timeline of a file whose mismatches are known. */
function addTimeline(io: Io, plots: PlotJob, path: string, mismatches: readonly { readonly index: number; readonly field: string }[]): void {
  if (!plots.wanted) return;
  const { columns } = withLedger(io, path, (source, stream) => readVerified(source, stream));
  plots.add(({ timelineFigure }) => [timelineFigure({ title: `Decisions of ${basename(path)}`, columns, mismatches })]);
}

async function replayFiles(cli: Cli, files: readonly string[], options: ReplayOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): Promise<void> {
  if (options.plot !== undefined) {
    if (options.format === 'pi') throw usageError('--plot draws what was recomputed: --format pi recomputes nothing');
    requireRereadable(files, 'replay --plot');
  }
  if (options.format === 'pi') {
    requireRereadable(files, 'replay --format pi');
    projectFile(cli.io, onlyFile(files, options.format), output);
    return;
  }
  const page = openPage(output.write, output.colour);
  if (options.json !== true) {
    await showFiles(cli, files, output, (path) => {
      const found: RecomputeMismatch[] = [];
      const report = recomputeFile(cli.io, path, { keepMismatches: SHOWN_MISMATCHES, ...(plots.wanted ? { onMismatch: (mismatch: RecomputeMismatch) => found.push(mismatch) } : {}), ...windowOf(options) });
      showReplay(page, path, report);
      addTimeline(cli.io, plots, path, found);
      return codeOf(report);
    });
    return;
  }
  await writeFileList(cli, files, output, {
    schema: 'hindcast.replay.v1',
    listName: 'mismatches',
    report: (path, item: (mismatch: RecomputeMismatch) => void) => {
      const drawn: RecomputeMismatch[] = [];
      const onMismatch = (mismatch: RecomputeMismatch): void => {
        item(mismatch);
        if (plots.wanted) drawn.push(mismatch);
      };
      const found = recomputeFile(cli.io, path, { keepMismatches: 0, onMismatch, ...windowOf(options) });
      addTimeline(cli.io, plots, path, drawn);
      const summary: Record<string, unknown> = { ...found };
      delete summary['mismatches'];
      return { summary, exit: codeOf(found) };
    },
  });
}

const HELP = `
Examples:
  hindcast replay run.ledger.json --plot timeline.svg
  hindcast replay run.ledger.json --format pi --out replay.json

What a ledger lacks the inputs for counts as not checked, never as a mismatch.
What rests on the host's score window counts as a mismatch only if no window
would do, or the one given with --window-size does not. It is assumed that calls
of one actor do not overlap in time, which no ledger shows: calls that did would
look like mismatches that rest on the actor's earlier calls.

Exit codes: 0 no mismatch, 1 a mismatch or a ledger that does not verify,
2 malformed, 3 bad usage.`;

/** Adds `hindcast replay`. */
export function addReplay(program: Command, cli: Cli): void {
  addPlotOption(addCommonOptions(program.command('replay')))
    .summary('recompute every decision')
    .description("Recomputes each decision from the ledger's own evidence and reports every value that differs, field by field. With --format pi: the host's replay artifact, which recomputes nothing.")
    .argument('<file...>', 'ledgers')
    .option('--window-size <n>', "length of the host's score window; no ledger holds it (default: 128, or what the ledger's own figures leave)", countArgument)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReplayOptions) => withPlots(cli, options, files, (plots) => withOutput(cli.io, options.out, files, (output) => replayFiles(cli, files, options, { output, plots }))));
}
