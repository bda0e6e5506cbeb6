import { Command, CommanderError } from 'commander';
import { InputError } from '../../errors.js';
import { fileTrouble } from '../files.js';
import { escapeForTerminal } from '../terminal.js';
import { addApprove } from './policy/approve.js';
import { addBaseline } from './baseline/baseline.js';
import { addCalibrate } from './calibrate/calibrate.js';
import { addClickhouse } from './clickhouse/clickhouse.js';
import { addCompletion } from './completion/completion.js';
import type { Cli } from './cli.js';
import { addConvert } from './trace/convert.js';
import { addDetect } from './detect/detect.js';
import { addDrift } from './baseline/drift.js';
import { addEnvelope } from './envelope/envelope.js';
import { addImport } from './trace/import.js';
import { addRecord } from './trace/record.js';
import { addHead } from './trace/head.js';
import { EXIT, EXIT_CODE_HELP, exitCodeOf, worse, type ExitCode } from './exit.js';
import { addGenerate } from './ledger/generate.js';
import { say, type Io } from './io.js';
import { addDemo } from './demo/demo.js';
import { addMerge } from './shard/merge.js';
import { addNovel } from './trace/novel.js';
import { addPolicy } from './policy/policy.js';
import { addReport } from './report/report.js';
import { addReplay } from './ledger/replay.js';
import { addSeal } from './ledger/seal.js';
import { addSegment } from './segment/segment.js';
import { addStats } from './trace/stats.js';
import { addVerify } from './ledger/verify.js';

const HELP = `
Examples:
  hindcast demo                             see it at work on recorded runs
  hindcast verify run.ledger.json           check structure, links and hashes
  hindcast replay run.ledger.json           recompute every decision
  hindcast baseline good.json --json --out base.json
  hindcast drift base.json new.json         does it still behave so?
  hindcast segment incident.json            where did it change?
  hindcast calibrate run.json --labels run.labels.csv
  hindcast detect new.jsonl --baseline good.jsonl
  hindcast stats run.arrows                 what does a trace hold?
${EXIT_CODE_HELP}`;

/** Text from commander may quote an argument; its line feeds are its own. */
function shown(text: string): string {
  return text.split('\n').map(escapeForTerminal).join('\n');
}

/** The program and its commands, as commander knows them. */
export function buildProgram(cli: Cli, version: string): Command {
  const program = new Command('hindcast')
    .description('Statistical risk analytics and replay for hash-chained risk ledgers.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'show help for a command')
    .addHelpText('after', HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => { cli.io.stdout.write(text); },
      writeErr: (text) => { cli.io.stderr.write(shown(text)); },
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const add of [addVerify, addReplay, addBaseline, addDrift, addDetect, addCalibrate, addEnvelope, addSegment, addNovel, addApprove, addPolicy, addImport, addRecord, addConvert, addHead, addStats, addGenerate, addSeal, addMerge, addReport, addClickhouse, addDemo, addCompletion]) add(program, cli);
  return program;
}

/** Says what went wrong in one sentence and gives the exit code for it. */
function reportError(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.holds;
    if (error.code === 'hindcast.usage') say(io, error.message);
    return EXIT.usage;
  }
  if (error instanceof InputError) {
    say(io, error.message);
    return exitCodeOf(error);
  }
  const trouble = fileTrouble(error);
  if (trouble !== null) {
    say(io, trouble);
    return EXIT.usage;
  }
  say(io, `a mistake in hindcast itself: ${error instanceof Error ? (error.stack ?? error.message).replaceAll('\n', ' | ') : String(error)}`);
  return EXIT.internal;
}

/**
 * Runs the command line.
 *
 * @param argv - arguments after the program's name
 * @param io - output, environment and clock
 * @param version - version to print for `--version`
 * @returns the exit code; see {@link EXIT}
 */
export async function run(argv: readonly string[], io: Io, version = '0.0.0'): Promise<ExitCode> {
  let code: ExitCode = EXIT.holds;
  const cli: Cli = { io, exit: (next) => { code = worse(code, next); } };
  try {
    await buildProgram(cli, version).parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    return worse(code, reportError(error, io));
  }
}
