import type { Command } from 'commander';
import { InputError } from '../../errors.js';
import { printArtifact } from '../../ledger/artifact-text.js';
import { readEntries, readLedger } from '../../ledger/stream.js';
import { verifyStream } from '../../ledger/stream.js';
import { replayHeader, replayStep } from '../../replay/replay.js';
import { recomputeLedger, startRecompute, type RecomputeMismatch, type RecomputeParams, type RecomputeReport } from '../../replay/recompute.js';
import { withSource } from '../files.js';
import type { Cli } from './cli.js';
import { EXIT, type ExitCode } from './exit.js';
import { showFiles, writeFileList } from './file-list.js';
import type { Io } from './io.js';
import { writeJson } from './json.js';
import { openPage } from './layout.js';
import { requireConsistent, withLedger } from './ledgers.js';
import { addCommonOptions, countArgument, onlyFile, type CommonOptions } from './options.js';
import { withOutput, type Output } from './output.js';
import { SHOWN_MISMATCHES, showReplay } from './replay-page.js';

interface ReplayOptions extends CommonOptions {
  readonly windowSize?: number;
}

/** Files up to this size are taken into memory to find the score window that their own figures show. */
const INFER_BYTES = 1 << 28;

/** Recomputes a ledger as it streams by. It must verify: a decision is compared only if it is what was sealed. */
function recomputeFile(io: Io, path: string, params: RecomputeParams): RecomputeReport {
  return withLedger(io, path, (source, stream) => {
    const recompute = startRecompute(params);
    requireConsistent(readEntries(source, (entry) => void recompute.add(entry), { ...stream, keepFaults: 3 }));
    return recompute.report();
  });
}

/** As `recomputeLedger`: the default window, or the one that the ledger shows if that leaves fewer mismatches. */
function recomputeShown(io: Io, path: string, windowSize: number | undefined): RecomputeReport {
  const report = recomputeFile(io, path, { keepMismatches: SHOWN_MISMATCHES, ...(windowSize === undefined ? {} : { windowSize }) });
  if (windowSize !== undefined || !report.mismatches.some((m) => m.basis === 'window')) return report;
  if (path === '-' || withSource(path, (_, sizeBytes) => sizeBytes ?? Infinity) > INFER_BYTES) return report;
  return withLedger(io, path, (source) => recomputeLedger(readLedger(source), { keepMismatches: SHOWN_MISMATCHES }));
}

const codeOf = ({ mismatchCount }: RecomputeReport): ExitCode => (mismatchCount === 0 ? EXIT.holds : EXIT.mismatch);

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

async function replayFiles(cli: Cli, files: readonly string[], options: ReplayOptions, output: Output): Promise<void> {
  if (options.format === 'pi') {
    projectFile(cli.io, onlyFile(files, options.format), output);
    return;
  }
  const page = openPage(output.write, output.colour);
  if (options.json !== true) {
    await showFiles(cli, files, output, (path) => {
      const report = recomputeShown(cli.io, path, options.windowSize);
      showReplay(page, path, report);
      return codeOf(report);
    });
    return;
  }
  await writeFileList(cli, files, output, {
    schema: 'hindcast.replay.v1',
    listName: 'mismatches',
    report: (path, item: (mismatch: RecomputeMismatch) => void) => {
      const { mismatches, ...summary } = recomputeShown(cli.io, path, options.windowSize);
      if (summary.mismatchCount <= mismatches.length) mismatches.forEach(item);
      else recomputeFile(cli.io, path, { windowSize: summary.windowSize, keepMismatches: 0, onMismatch: item });
      return { summary, exit: codeOf(summary as RecomputeReport) };
    },
  });
}

const HELP = `
Examples:
  hindcast replay run.ledger.json
  hindcast replay run.ledger.json --format pi --out replay.json

What a ledger lacks the inputs for counts as not checked, never as a mismatch.

Exit codes: 0 no mismatch, 1 a mismatch or a ledger that does not verify,
2 malformed, 3 bad usage.`;

/** Adds `hindcast replay`. */
export function addReplay(program: Command, cli: Cli): void {
  addCommonOptions(program.command('replay'))
    .summary('recompute every decision from the ledger itself')
    .description("Recomputes each decision from the ledger's own evidence and reports every value that differs, field by field. With --format pi: the host's replay artifact, which recomputes nothing.")
    .argument('<file...>', 'ledgers')
    .option('--window-size <n>', "length of the host's score window; no ledger holds it (default: 128, or what the ledger's figures show)", countArgument)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReplayOptions) => withOutput(cli.io, options.out, files, (output) => replayFiles(cli, files, options, output)));
}
