import type { Command } from 'commander';
import { InputError } from '../../errors.js';
import { printArtifact } from '../../ledger/artifact-text.js';
import { diagnoseHost, type HostDiagnosis } from '../../ledger/diagnose-host.js';
import { piVerification } from '../../ledger/pi-verification.js';
import type { VerificationReport } from '../../ledger/report.js';
import { verifyStream } from '../../ledger/stream.js';
import { fileTrouble, readBytes } from '../files.js';
import type { Cli } from './cli.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit.js';
import { say, type Io } from './io.js';
import { reportJson, writeJson } from './json.js';
import { openPage } from './layout.js';
import { naming, withLedger } from './ledgers.js';
import { addCommonOptions, onlyFile, type CommonOptions } from './options.js';
import { withOutput, type Output } from './output.js';
import { showVerification, SHOWN_FAULTS } from './verify-page.js';

interface VerifyOptions extends CommonOptions {
  readonly diagnoseHost?: boolean;
}

const codeOf = (report: VerificationReport): ExitCode => (report.consistent ? EXIT.holds : EXIT.mismatch);

function hostOf(path: string, { diagnoseHost: wanted }: VerifyOptions): HostDiagnosis | null {
  return wanted === true ? naming(path, () => diagnoseHost(readBytes(path))) : null;
}

function verifyAsHost(io: Io, path: string, output: Output): ExitCode {
  const report = withLedger(io, path, (source, stream) => verifyStream(source, stream));
  writeJson(output, printArtifact(piVerification(report), { pretty: true }) + (output.toFile ? '' : '\n'));
  return codeOf(report);
}

/** Says why one file cannot be read, and goes on to the others. */
function survive(io: Io, error: unknown): { readonly code: string; readonly message: string; readonly offset: number | null; readonly exit: ExitCode } {
  const trouble = error instanceof InputError ? error.message : fileTrouble(error);
  if (trouble === null) throw error;
  say(io, trouble);
  if (error instanceof InputError) return { code: error.code, message: trouble, offset: error.offset, exit: exitCodeOf(error) };
  return { code: 'UNREADABLE', message: trouble, offset: null, exit: EXIT.usage };
}

/** Writes one file's part of the JSON document; faults go out as they are found. */
function verifyAsJson(io: Io, path: string, options: VerifyOptions, output: Output): ExitCode {
  writeJson(output, `    {\n      "file": ${JSON.stringify(path)},\n      "faults": [`);
  let separator = '\n';
  const onFault = (fault: unknown): void => {
    writeJson(output, `${separator}        ${JSON.stringify(fault)}`);
    separator = ',\n';
  };
  const end = (rest: unknown): void => {
    const members = reportJson(rest, '    ');
    writeJson(output, `${separator === '\n' ? '' : '\n      '}],\n      ${members.slice(1).trim()}`);
  };
  try {
    const report = withLedger(io, path, (source, stream) => verifyStream(source, { ...stream, onFault, keepFaults: 0 }));
    const { faults: _, ...summary } = report;
    const host = hostOf(path, options);
    end({ ...summary, notCoveredByAnyHash: report.header === null ? [] : ['generated_at_ms'], notThereToCheck: report.header === null ? ['entry_count', 'head_ledger_hash', 'tail_ledger_hash', 'data_hash'] : [], ...(host === null ? {} : { hostReader: host }) });
    return codeOf(report);
  } catch (error) {
    const { exit, ...told } = survive(io, error);
    end({ error: told });
    return exit;
  }
}

function verifyForReader(io: Io, path: string, options: VerifyOptions, output: Output): ExitCode {
  const page = openPage(output.write, output.colour);
  try {
    const report = withLedger(io, path, (source, stream) => verifyStream(source, { ...stream, keepFaults: SHOWN_FAULTS }));
    showVerification(page, path, report, hostOf(path, options));
    return codeOf(report);
  } catch (error) {
    return survive(io, error).exit;
  }
}

function verifyFiles(cli: Cli, files: readonly string[], options: VerifyOptions, output: Output): void {
  if (options.json !== true) {
    files.forEach((path, i) => {
      if (i > 0) output.write('\n');
      cli.exit(verifyForReader(cli.io, path, options, output));
    });
    return;
  }
  writeJson(output, '{\n  "schema": "hindcast.verification.v1",\n  "files": [\n');
  files.forEach((path, i) => {
    if (i > 0) writeJson(output, ',\n');
    cli.exit(verifyAsJson(cli.io, path, options, output));
  });
  writeJson(output, '\n  ]\n}\n');
}

/** Adds `hindcast verify`. */
export function addVerify(program: Command, cli: Cli): void {
  addCommonOptions(program.command('verify'))
    .summary('check structure, links and hashes of ledgers')
    .description('Checks the structure of risk ledgers, every link and every hash, in one pass over files of any size. All faults are found, not the first only.')
    .argument('<file...>', 'ledgers: artifact JSON, or JSON Lines of entries')
    .option('--diagnose-host', "also say what the host's own, inexact reader would find")
    .addHelpText('after', '\nExamples:\n  hindcast verify run.ledger.json\n  hindcast verify --json *.jsonl > faults.json\n\nExit codes: 0 internally consistent, 1 faults found, 2 malformed, 3 bad usage.')
    .action((files: string[], options: VerifyOptions) => {
      withOutput(cli.io, options.out, files, (output) => {
        if (options.format === 'pi') cli.exit(verifyAsHost(cli.io, onlyFile(files, options.format), output));
        else verifyFiles(cli, files, options, output);
      });
    });
}
