import { existsSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { isSameFile, stageFile } from '../../atomic-file.js';
import { wantsColour } from '../../terminal.js';
import { EXTENSIONS, formOfPath, type TraceForm } from '../../trace-files/form.js';
import type { ConvertResult } from '../../trace-files/task.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage, type Page } from '../layout.js';
import { addReadingOptions, READING_HELP, readTrace, withReaders, type TraceReadingOptions } from './reading.js';
import { FORM_WORDS, rowWords, showLoss, showTrust, sizeWords } from './words.js';

interface ConvertOptions extends TraceReadingOptions {
  readonly to?: string;
  readonly json?: boolean;
}

const NAMES: Readonly<Record<string, TraceForm>> = { arrows: 'arrow stream', arrow: 'arrow file', parquet: 'parquet', jsonl: 'json lines' };

function formFor(out: string, to: string | undefined): TraceForm {
  const form = to === undefined ? (out === '-' ? 'json lines' : formOfPath(out)) : NAMES[to];
  if (form === null || form === undefined) throw usageError(`the output must end in ${Object.values(EXTENSIONS).flatMap(([first = '']) => first).join(', ')}, or --to must say what it is; got ${out}`);
  return form;
}

function refuseOutput(input: string, out: string): void {
  if (out === '') throw usageError('the output must have a name, got an empty one');
  if (out === '-') return;
  if (isSameFile(input, out)) throw usageError(`the output ${out} is the input file ${input}; it is not overwritten`);
  if (existsSync(`${out}.sha256`)) throw usageError(`${out}.sha256 says what ${out} must hash to, and would not hold any more; remove it first`);
}

function showConverted(page: Page, result: ConvertResult, { input, out, form }: { readonly input: string; readonly out: string; readonly form: TraceForm }): void {
  page.verdict(result.lostBytes > 0 ? 'bad' : 'good', `${rowWords(result)} written`, out);
  page.row('from', `${input}: ${FORM_WORDS[result.form]}, ${sizeWords(result.sizeBytes)}`);
  page.row('to', `${FORM_WORDS[form]}, ${sizeWords(result.writtenBytes)}`);
  page.row('SHA-256', result.writtenSha256);
  showTrust(page, result);
  showLoss(page, result, result.sizeBytes);
}

interface Paths {
  readonly input: string;
  readonly out: string;
  readonly staged: string;
  readonly form: TraceForm;
}

/** Null where whoever read the standard output has seen enough. */
async function convertTo(cli: Cli, { input, out, staged, form }: Paths, options: ConvertOptions): Promise<ConvertResult | null> {
  try {
    return await withReaders(options, async (readers) => readTrace<'convert'>(cli.io, readers, { kind: 'convert', path: input, out: staged, form }, options));
  } catch (error) {
    if (out === '-' && (error as NodeJS.ErrnoException).code === 'EPIPE') return null;
    throw error;
  }
}

async function convertFile(cli: Cli, input: string, out: string, options: ConvertOptions): Promise<void> {
  refuseOutput(input, out);
  const form = formFor(out, options.to);
  const staged = stageFile(out);
  try {
    const result = await convertTo(cli, { input, out, staged: staged.path, form }, options);
    if (result === null) return;
    staged.commit();
    if (result.lostBytes > 0) cli.exit(EXIT.mismatch);
    const { stdout, env } = cli.io;
    if (out === '-') {
      if (result.lostBytes > 0) say(cli.io, `${input}: the last ${String(result.lostBytes)} bytes are no complete batch or line, and are left out`);
    } else if (options.json === true) {
      const { metadata, form: from, ...rest } = result;
      writeJson(stdout, `${reportJson({ schema: 'hindcast.convert.v1', in: input, out, from, to: form, ...rest, metadata })}\n`);
    } else showConverted(openPage(stdout.write, wantsColour(stdout.isTTY, env)), result, { input, out, form });
  } finally {
    staged.abandon();
  }
}

const HELP = `${READING_HELP}

Examples:
  hindcast convert run.arrows run.parquet
  hindcast convert run.parquet - | jq .resource      rows as JSON Lines
  hindcast convert torn.arrows whole.arrows          all complete batches

The form written goes by the extension (.arrows Arrow stream, .arrow Arrow file,
.parquet, .jsonl) or by --to. Same rows, same bytes, whatever form they came in:
65,536 rows a batch, dictionaries in order of first use. The output appears whole
or not at all.

Exit codes: 0 all rows written, 1 the input was cut off and what is complete of
it was written, 2 malformed, 3 bad usage. A hash that does not match: 1, and
nothing is written.`;

/** Adds `hindcast convert`. */
export function addConvert(program: Command, cli: Cli): void {
  addReadingOptions(program.command('convert'))
    .summary('write a trace in another form')
    .description('Turns a trace into an Arrow stream, an Arrow file, Parquet or JSON Lines.')
    .argument('<in>', 'the trace; - is the standard input')
    .argument('<out>', 'the file to write; - is the standard output')
    .addOption(new Option('--to <form>', 'what to write (default: by the extension)').choices(Object.keys(NAMES)))
    .option('--json', 'print the report as JSON')
    .addHelpText('after', HELP)
    .action(async (input: string, out: string, options: ConvertOptions) => { await convertFile(cli, input, out, options); });
}
