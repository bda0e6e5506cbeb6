import type { Command } from 'commander';
import { printArtifact } from '../../../ledger/artifact-text.js';
import { diagnoseHost, type HostDiagnosis } from '../../../ledger/diagnose-host.js';
import { piVerify } from '../../../ledger/pi-verification.js';
import type { LedgerFault, VerificationReport } from '../../../ledger/report.js';
import { readLedger } from '../../../ledger/stream.js';
import { readBytes, sizeOfFile, withSource } from '../../files.js';
import { startProgress } from '../../progress.js';
import type { Shard } from '../../shard.js';
import { verifyFile } from '../../verify-file.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { showFiles, writeFileList, type FileListReport, type FileReport } from '../file-list.js';
import { writeFileShard } from '../shard/file-shard.js';
import type { Io } from '../io.js';
import { without, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { naming, namingAsync, requireRereadable } from '../ledgers.js';
import { addCommonOptions, onlyFile, type CommonOptions } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { SHARD_HELP, shardArgument } from '../shard/option.js';
import { showVerification, SHOWN_FAULTS } from './verify-page.js';

interface VerifyOptions extends CommonOptions {
  readonly diagnoseHost?: boolean;
  readonly shard?: Shard;
}

/** Schema text of a report on files. */
export const VERIFICATION_SCHEMA = 'hindcast.verification.v1';

const codeOf = (report: VerificationReport): ExitCode => (report.consistent ? EXIT.holds : EXIT.mismatch);

function hostOf(path: string, { diagnoseHost: wanted }: VerifyOptions): HostDiagnosis | null {
  return wanted === true ? naming(path, () => diagnoseHost(readBytes(path))) : null;
}


/** Verifies a file, with a progress bar. */
export async function verifyOne(io: Io, path: string, keepFaults: number, onFault?: (fault: LedgerFault) => void): Promise<VerificationReport> {
  const progress = startProgress(io, 'verifying', sizeOfFile(path));
  try {
    return await namingAsync(path, async () => verifyFile(path, { keepFaults, onProgress: progress.update, ...(onFault === undefined ? {} : { onFault }) }));
  } finally {
    progress.stop();
  }
}

/** The host's verdict and its artifact. The whole ledger is held in memory. */
function verifyAsHost(cli: Cli, path: string, output: Output): void {
  const verdict = naming(path, () => piVerify(withSource(path, readLedger)));
  writeJson(output, printArtifact(verdict, { pretty: true }) + (output.toFile ? '' : '\n'));
  cli.exit(verdict.valid ? EXIT.holds : EXIT.mismatch);
}

const HEADER_CLAIMS = ['entry_count', 'head_ledger_hash', 'tail_ledger_hash', 'data_hash'];

async function verifyAsJson(io: Io, path: string, options: VerifyOptions, item: (fault: unknown) => void): Promise<FileReport> {
  const report = await verifyOne(io, path, 0, item);
  const bare = report.header === null;
  const hostReader = hostOf(path, options);
  return {
    summary: { ...without(report, ['faults']), notCoveredByAnyHash: bare ? [] : ['generated_at_ms'], notThereToCheck: bare ? HEADER_CLAIMS : [], ...(hostReader === null ? {} : { hostReader }) },
    exit: codeOf(report),
  };
}

function fileReport(io: Io, options: VerifyOptions): FileListReport {
  return { schema: VERIFICATION_SCHEMA, listName: 'faults', report: (path, item) => verifyAsJson(io, path, options, item) };
}

async function verifyFiles(cli: Cli, files: readonly string[], options: VerifyOptions, output: Output): Promise<void> {
  // Asking the host's reader takes a second look at the file.
  if (options.diagnoseHost === true) requireRereadable(files, '--diagnose-host');
  if (options.format === 'pi') {
    if (options.shard !== undefined) throw usageError('--shard writes a part of the report of --format hindcast');
    verifyAsHost(cli, onlyFile(files, options.format), output);
    return;
  }
  const { shard } = options;
  if (shard !== undefined) return writeFileShard(cli, files, { command: 'verify', shard, asked: { diagnoseHost: options.diagnoseHost === true }, list: fileReport(cli.io, options) }, output);
  if (options.json === true) return writeFileList(cli, files, output, fileReport(cli.io, options));
  const page = openPage(output.write, output.colour);
  return showFiles(cli, files, output, async (path) => {
    const report = await verifyOne(cli.io, path, SHOWN_FAULTS);
    showVerification(page, path, report, hostOf(path, options));
    return codeOf(report);
  });
}

const HELP = `
Examples:
  hindcast verify run.ledger.json
  hindcast verify --json *.jsonl > faults.json
  hindcast verify --shard 3/8 *.jsonl > part3    one of eight jobs; then merge

Exit codes: 0 internally consistent, 1 faults found, 2 malformed, 3 bad usage.`;

/** Adds `hindcast verify`. */
export function addVerify(program: Command, cli: Cli): void {
  addCommonOptions(program.command('verify'))
    .summary('check structure, links and hashes')
    .description('Checks the structure of risk ledgers, every link and every hash, in one pass over files of any size. All faults are found, not the first only.')
    .argument('<file...>', 'ledgers: artifact JSON, or JSON Lines of entries; - is standard input')
    .option('--diagnose-host', "also say what the host's own, inexact reader would find")
    .option('--shard <i/n>', SHARD_HELP, shardArgument)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: VerifyOptions) => withOutput(cli.io, options.out, files, (output) => verifyFiles(cli, files, options, output)));
}
