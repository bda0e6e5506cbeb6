import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../../../errors.js';
import { RECORDED_CALLS } from '../../../trace/import/strace/recording.js';
import { straceImporter } from '../../../trace/import/strace.js';
import { importTrace } from '../../trace-import.js';
import { wantsColour } from '../../terminal.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { openPage } from '../layout.js';
import { openTraceOutput } from './import-output.js';

interface RecordOptions {
  readonly out: string;
  readonly resource: boolean;
}

/** Characters of an argument that are kept; paths are kept whole. */
const STRING_MAX = '512';

/** Runs a program under strace, which writes what it sees into a file. Returns how the program ended. */
function runTraced(file: string, command: readonly string[]): number {
  const { error, status, signal } = spawnSync('strace', ['-f', '-ttt', '-T', '-y', '-s', STRING_MAX, '-e', `trace=${RECORDED_CALLS.map((name) => `?${name}`).join(',')}`, '-o', file, '--', ...command], { stdio: 'inherit' });
  if (error !== undefined) throw new InputError('BAD_PARAM', 'code' in error && error.code === 'ENOENT' ? 'strace is not installed: on Debian, apt-get install strace' : `strace could not be started: ${error.message}`);
  return status ?? (signal === null ? 1 : 128);
}

/** Records a program, and writes the trace whole or not at all. */
async function recordProgram(cli: Cli, command: readonly string[], options: RecordOptions): Promise<void> {
  const output = openTraceOutput(options.out);
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  try {
    const seen = join(folder, `${basename(options.out).replace(/\.[a-z]+$/, '')}.strace`);
    const status = runTraced(seen, command);
    const rejects: string[] = [];
    const { files } = await importTrace([seen], { importer: straceImporter, resource: options.resource ? 'keep' : 'drop' }, {
      onStart: output.start,
      onChunk: output.write,
      onReject: ({ row, message }) => rejects.push(`${String(row)}: ${message}`),
    });
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    if (rows === 0) throw new InputError('EMPTY_INPUT', `nothing was recorded: strace ended with ${String(status)}; what it says stands above, and if it says nothing, ptrace may be forbidden here`);
    output.commit();
    const { stdout, env } = cli.io;
    const page = openPage(stdout.write, wantsColour(stdout.isTTY, env));
    page.verdict(rejects.length === 0 ? 'good' : 'bad', `${rows.toLocaleString('en-US')} calls recorded`, options.out);
    page.row('program', `${command.join(' ')}, which ended with ${String(status)}`);
    for (const note of files.flatMap(({ notes }) => notes)) page.row('', note, 'quiet');
    for (const reject of rejects.slice(0, 5)) page.text(`  strace line ${reject}`, 'bad');
    cli.exit(rejects.length === 0 ? EXIT.holds : EXIT.mismatch);
  } finally {
    output.abandon();
    rmSync(folder, { recursive: true, force: true });
  }
}

const HELP = `
Examples:
  hindcast record -o first.arrows -- npm --version
  hindcast record -o second.arrows -- npm --version
  hindcast novel second.arrows --baseline first.arrows

Needs strace, and leave to use ptrace. Records what the program and its children
start, open, change, remove and connect to: when, for how long, how many bytes
went each way, and why it failed. The id of a call begins with its process: 1 is
the program, 1.2 its second child. What is read and written is not kept; paths
and command lines are, unless --no-resource is given. A program under strace is
several times slower.

"hindcast import --from strace" reads what strace -f -ttt -T -y -o FILE wrote
elsewhere.

Exit codes: 0 recorded, whatever the program ended with, 1 some lines could not
be read, 2 nothing could be recorded, 3 bad usage or no strace.`;

/** Adds `hindcast record`. */
export function addRecord(program: Command, cli: Cli): void {
  program.command('record')
    .summary('record what a program does, with strace')
    .description('Runs a program under strace and writes its calls as a trace.')
    .argument('<command...>', 'program and its arguments, after --')
    .requiredOption('-o, --out <file>', 'trace to write, whole or not at all: *.arrows, *.arrow, *.parquet or *.jsonl')
    .option('--no-resource', 'leave out what calls touched: paths, hosts, commands')
    .addHelpText('after', HELP)
    .action((command: readonly string[], options: RecordOptions) => {
      if (command.length === 0) throw usageError('record needs a program to run, after --');
      return recordProgram(cli, command, options);
    });
}
