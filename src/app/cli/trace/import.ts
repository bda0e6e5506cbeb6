import type { Command } from 'commander';
import type { ImportReject } from '../../../trace/import/run.js';
import { TRACE_IMPORTERS } from '../../../replay/importers.js';
import { isSameFile, openAtomic } from '../../atomic-file.js';
import { startProgress } from '../../progress.js';
import { parseStrictly } from '../../strict-json.js';
import { importTrace } from '../../trace-import.js';
import { wantsColour } from '../../terminal.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { importerOf, labelsOf, type ImportOptions } from './import-options.js';
import { openTraceOutput } from './import-output.js';
import { showImport } from './import-page.js';
import { importJson, REJECTS_SHOWN, tableFigures, totals, type ImportReport } from './import-report.js';
import type { Io } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';

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
  if (rejects !== undefined && isSameFile(rejects, out)) throw usageError(`-o and --rejects name the same file ${out}`);
  for (const [option, path] of [['-o', out], ['--rejects', rejects]] as const) {
    const input = path === undefined ? undefined : inputs.find((each) => isSameFile(each, path));
    if (input !== undefined) throw usageError(`${option} ${String(path)} is the input file ${input}; it is not overwritten`);
  }
  if (inputs.filter((path) => path === '-').length > 1) throw usageError('the standard input (-) can be given once');
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
  const importer = importerOf(options);
  const labels = labelsOf(options);
  const output = openTraceOutput(options.out);
  const figures = tableFigures();
  const firstRejects: ImportReject[] = [];
  const progress = progressOf(cli.io);
  try {
    const { files, metadata } = await importTrace(inputs, {
      ...(importer === undefined ? {} : { importer }),
      ...(options.strict === true ? { parse: parseStrictly } : {}),
      ...(labels === null ? {} : { labels }),
      resource: options.resource ? 'keep' : 'drop',
    }, {
      onStart: output.start,
      onChunk: (chunk) => {
        figures.add(chunk);
        output.write(chunk);
      },
      onReject: (reject) => {
        if (firstRejects.length < REJECTS_SHOWN) firstRejects.push(reject);
        onReject(reject);
      },
      onFile: progress.onFile,
    });
    const sizeBytes = output.commit();
    return { out: options.out, files, metadata, firstRejects, table: figures.of(sizeBytes), labels: labels?.join.counts() ?? null };
  } catch (error) {
    output.abandon();
    throw error;
  } finally {
    progress.stop();
  }
}

function exitOf(report: ImportReport): ExitCode {
  return totals(report).rejects > 0 || report.files.some(({ findings }) => findings.length > 0) ? EXIT.mismatch : EXIT.holds;
}

/** How the report begins; its rejects follow one by one, since a list of them would grow with the input. */
const OPENING = '{\n  "schema": "hindcast.import.v1",\n  "rejected": [';

/** Runs `hindcast import`. */
async function runImport(cli: Cli, inputs: readonly string[], options: ImportOptions): Promise<void> {
  refuseOverwrite(inputs, options);
  const { stdout, env } = cli.io;
  const rejects = rejectFile(options.rejects);
  let listed = 0;
  // Nothing is printed before the first reject or the end: what cannot be imported at all prints no half of a report.
  const list = (reject: ImportReject): void => {
    writeJson(stdout, `${listed === 0 ? OPENING : ','}\n    ${JSON.stringify(reject)}`);
    listed += 1;
  };
  try {
    const report = await importFiles(cli, inputs, options, (reject) => {
      rejects.add(reject);
      if (options.json === true) list(reject);
    });
    rejects.commit();
    cli.exit(exitOf(report));
    if (options.json === true) writeJson(stdout, `${listed === 0 ? OPENING : '\n  '}],\n  ${reportJson(importJson(report)).slice(1).trim()}\n`);
    else showImport(openPage(stdout.write, wantsColour(stdout.isTTY, env)), report);
  } catch (error) {
    rejects.abandon();
    throw error;
  }
}

const HELP = `
Importers (--from auto recognises them by content, gzip or not):
${TRACE_IMPORTERS.map(({ name, reads }) => `  ${name.padEnd(17)} ${reads}`).join('\n')}
  columns           JSON Lines or CSV of your own, by --column, --set or --map

Examples:
  hindcast import run.calls.jsonl -o run.arrows
  hindcast import run.calls.jsonl --labels run.labels.csv \\
    --label-source "process ancestry" -o run.arrows
  hindcast import day-*.telemetry.json.gz -o days.arrows --no-resource
  hindcast import mine.csv --column ts=when:ms --column actor=user \\
    --column capability=tool --set host=codex -o mine.arrows

Every record becomes a row or is reported with its file and line and kept out:
records = rows + rejects. Same files, same bytes. One call with several
destinations is one row; its resource is then a JSON list.

--column COLUMN=FIELD maps a field to a column of the table; ts and latency_us
need the field's unit: ts=FIELD:s, ms, us, ns or iso; latency_us=FIELD:s, ms, us
or ns. --map FILE.json says the same and what words mean: {"columns": {"ts":
{"from": "when", "unit": "ms"}, "host": {"value": "codex"}, "capability":
{"from": "tool", "words": {"Bash": "process.exec"}}}}.

Labels are joined by call_id: safe is benign, unsafe and compromised are
attack_succeeded, attacked_resisted is attack_failed; success, failure and
unlabelled_benign are unknown.

Exit codes: 0 all records imported, 1 some were kept out or a ledger does not
verify (the trace is written all the same), 2 a file is of no known kind or
cannot be read at all, 3 bad usage.`;

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** Adds `hindcast import`. */
export function addImport(program: Command, cli: Cli): void {
  program.command('import')
    .summary("make one trace of many hosts' records")
    .description('Lays ledgers, telemetry, recorded calls and event files out as one trace table.')
    .argument('<file...>', 'files to import, gzip or not; - is the standard input')
    .requiredOption('-o, --out <file>', 'trace to write, whole or not at all: *.arrows, *.arrow, *.parquet or *.jsonl')
    .option('--from <importer>', 'what the files are', 'auto')
    .option('--no-resource', 'leave out what calls touched: paths, hosts, commands')
    .option('--labels <file>', 'CSV of call_id,label to join')
    .option('--label-source <text>', 'who made the labels, and how (default: the file)')
    .option('--map <file>', 'column map for --from columns, as JSON')
    .option('--column <column=field>', 'map one field; may be repeated', collect)
    .option('--set <column=value>', 'the same value in every row; may be repeated', collect)
    .option('--strict', 'refuse repeated keys and keep integers beyond 2^53; slower')
    .option('--rejects <file>', 'write every record kept out, and why, as JSON Lines')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ImportOptions) => { await runImport(cli, files, options); });
}
