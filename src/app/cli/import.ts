import { statSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { arrowStreamWriter, type TraceWriter } from '../../trace/arrow-stream-write.js';
import type { TraceMetadata } from '../../trace/metadata.js';
import type { ImportReject } from '../../trace/import/run.js';
import { TRACE_IMPORTERS } from '../../replay/importers.js';
import { isSameFile, openAtomic } from '../atomic-file.js';
import { startProgress } from '../progress.js';
import { importTrace, type ImportedFile } from '../trace-import.js';
import { wantsColour } from '../terminal.js';
import type { Cli } from './cli.js';
import { EXIT, usageError, type ExitCode } from './exit.js';
import { importerNamed, type ImportOptions } from './import-options.js';
import { showImport } from './import-page.js';
import { importJson, REJECTS_SHOWN, tableFigures, totals, type ImportReport } from './import-report.js';
import type { Io } from './io.js';
import { reportJson, writeJson } from './json.js';
import { openPage } from './layout.js';

/** Where rejects go as they are found; a list of them would grow with the input. */
interface RejectSink {
  readonly add: (reject: ImportReject) => void;
  readonly commit: () => void;
  readonly abandon: () => void;
}

function rejectFile(path: string | undefined): RejectSink {
  if (path === undefined) return { add: () => undefined, commit: () => undefined, abandon: () => undefined };
  const file = openAtomic(path);
  return { add: (reject) => { file.append(Buffer.from(`${JSON.stringify(reject)}\n`)); }, commit: file.commit, abandon: file.abandon };
}

function refuseOverwrite(inputs: readonly string[], { out, rejects }: ImportOptions): void {
  for (const [option, path] of [['-o', out], ['--rejects', rejects]] as const) {
    const input = path === undefined ? undefined : inputs.find((each) => isSameFile(each, path));
    if (input !== undefined) throw usageError(`${option} ${String(path)} is the input file ${input}; it is not overwritten`);
  }
  if (inputs.filter((path) => path === '-').length > 1) throw usageError('the standard input (-) can be given once');
  if (extname(out) !== '.arrows') throw usageError(`-o must name a file that ends in .arrows, got ${out}`);
}

/** A progress bar a file, on a terminal. */
function progressOf(io: Io): { readonly onFile: (path: string, sizeBytes: number | null) => (records: number, bytes: number) => void; readonly stop: () => void } {
  let stop = (): void => undefined;
  return {
    onFile: (_, sizeBytes) => {
      stop();
      const progress = startProgress(io, 'importing', sizeBytes);
      stop = progress.stop;
      return progress.update;
    },
    stop: () => { stop(); },
  };
}

/** Imports and writes the trace, whole or not at all. */
async function importFiles(cli: Cli, inputs: readonly string[], options: ImportOptions, onReject: (reject: ImportReject) => void): Promise<ImportReport> {
  const file = openAtomic(options.out);
  const figures = tableFigures();
  const firstRejects: ImportReject[] = [];
  const progress = progressOf(cli.io);
  let written: { readonly metadata: TraceMetadata; readonly writer: TraceWriter } | null = null;
  try {
    const importer = importerNamed(options);
    const files: readonly ImportedFile[] = await importTrace(inputs, { ...(importer === undefined ? {} : { importer }), resource: options.resource ? 'keep' : 'drop' }, {
      onStart: (metadata, columns) => { written = { metadata, writer: arrowStreamWriter(metadata, file.append, { columns }) }; },
      onChunk: (chunk) => {
        figures.add(chunk);
        written?.writer.write(chunk);
      },
      onReject: (reject) => {
        if (firstRejects.length < REJECTS_SHOWN) firstRejects.push(reject);
        onReject(reject);
      },
      onFile: progress.onFile,
    });
    const { metadata, writer } = written as unknown as { readonly metadata: TraceMetadata; readonly writer: TraceWriter };
    writer.end();
    file.commit();
    return { out: options.out, files, metadata, firstRejects, table: figures.of(statSync(options.out).size) };
  } catch (error) {
    file.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

function exitOf(report: ImportReport): ExitCode {
  return totals(report).rejects > 0 || report.files.some(({ findings }) => findings.length > 0) ? EXIT.mismatch : EXIT.holds;
}

/** Runs `hindcast import`. */
async function runImport(cli: Cli, inputs: readonly string[], options: ImportOptions): Promise<void> {
  refuseOverwrite(inputs, options);
  const { stdout, env } = cli.io;
  const rejects = rejectFile(options.rejects);
  let separator = '\n';
  const list = (reject: ImportReject): void => {
    writeJson(stdout, `${separator}    ${JSON.stringify(reject)}`);
    separator = ',\n';
  };
  try {
    if (options.json === true) writeJson(stdout, '{\n  "schema": "hindcast.import.v1",\n  "rejected": [');
    const report = await importFiles(cli, inputs, options, (reject) => {
      rejects.add(reject);
      if (options.json === true) list(reject);
    });
    rejects.commit();
    cli.exit(exitOf(report));
    if (options.json === true) writeJson(stdout, `${separator === '\n' ? '' : '\n  '}],\n  ${reportJson(importJson(report)).slice(1).trim()}\n`);
    else showImport(openPage(stdout.write, wantsColour(stdout.isTTY, env)), report);
  } catch (error) {
    rejects.abandon();
    throw error;
  }
}

const HELP = `
Importers (--from auto recognises them by content, gzip or not):
${TRACE_IMPORTERS.map(({ name, reads }) => `  ${name.padEnd(17)} ${reads}`).join('\n')}

Examples:
  hindcast import run.calls.jsonl -o run.arrows
  hindcast import day-*.telemetry.json.gz -o days.arrows --no-resource

Every record becomes a row or is reported with its file and line and kept out:
records = rows + rejects. Same files, same bytes.

Exit codes: 0 all records imported, 1 some were kept out or a ledger does not
verify (the trace is written all the same), 2 a file is of no known kind or
cannot be read at all, 3 bad usage.`;

/** Adds `hindcast import`. */
export function addImport(program: Command, cli: Cli): void {
  program.command('import')
    .summary("make one trace of many hosts' records")
    .description("Lays ledgers, telemetry, recorded calls and event files out as one trace table (Arrow).")
    .argument('<file...>', 'files to import, gzip or not; - is the standard input')
    .requiredOption('-o, --out <file>', 'trace to write, whole or not at all: *.arrows')
    .option('--from <importer>', 'what the files are', 'auto')
    .option('--no-resource', 'leave out what calls touched: paths, hosts, commands')
    .option('--rejects <file>', 'write every record kept out, and why, as JSON Lines')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ImportOptions) => { await runImport(cli, files, options); });
}
