import { InputError } from '../../errors.js';
import { fileTrouble } from '../files.js';
import type { Cli } from './cli.js';
import { EXIT, exitCodeOf, type ExitCode } from './exit.js';
import { say, type Io } from './io.js';
import { reportJson, writeJson } from './json.js';
import type { Output } from './output.js';

/** Why a file has no report. */
interface FileError {
  readonly code: string;
  readonly message: string;
  /** Byte at which the file stops making sense; null where there is none. */
  readonly offset: number | null;
}

/** Says on standard error why a file cannot be read, so that the others still get their turn. */
function surviveFile(io: Io, error: unknown): { readonly error: FileError; readonly exit: ExitCode } {
  const message = error instanceof InputError ? error.message : fileTrouble(error);
  if (message === null) throw error;
  say(io, message);
  if (error instanceof InputError) return { error: { code: error.code, message, offset: error.offset }, exit: exitCodeOf(error) };
  return { error: { code: 'UNREADABLE', message, offset: null }, exit: EXIT.usage };
}

/** What a file's part of a JSON report is made of: items that go out as they are found, then the rest. */
export interface FileReport {
  readonly summary: object;
  readonly exit: ExitCode;
}

/** Writes one file's part: its items under `listName` as `report` finds them, then what `report` returns. */
async function writeFilePart(io: Io, output: Output, part: { readonly path: string; readonly listName: string }, report: (item: (value: unknown) => void) => FileReport | Promise<FileReport>): Promise<ExitCode> {
  writeJson(output, `    {\n      "file": ${JSON.stringify(part.path)},\n      "${part.listName}": [`);
  let separator = '\n';
  const item = (value: unknown): void => {
    writeJson(output, `${separator}        ${JSON.stringify(value)}`);
    separator = ',\n';
  };
  const end = ({ summary, exit }: FileReport): ExitCode => {
    const members = reportJson(summary, '    ');
    writeJson(output, `${separator === '\n' ? '' : '\n      '}],\n      ${members.slice(1).trim()}`);
    return exit;
  };
  try {
    return end(await report(item));
  } catch (error) {
    const survived = surviveFile(io, error);
    return end({ summary: { error: survived.error }, exit: survived.exit });
  }
}

/** How to write a JSON report on several files without holding any of it. */
export interface FileListReport {
  readonly schema: string;
  /** Name of the list in which each file's items go out as they are found. */
  readonly listName: string;
  readonly report: (path: string, item: (value: unknown) => void) => FileReport | Promise<FileReport>;
}

/** What stands around the parts of a list of files. */
const around = (schema: string): readonly [string, string] => [`{\n  "schema": ${JSON.stringify(schema)},\n  "files": [\n`, '\n  ]\n}\n'];

/** Writes `{ schema, files: [{ file, [listName], ... }] }`, a file after another; memory does not grow with the items. */
export async function writeFileList(cli: Cli, files: readonly string[], output: Output, { schema, listName, report }: FileListReport): Promise<void> {
  const [before, after] = around(schema);
  writeJson(output, before);
  for (const [i, path] of files.entries()) {
    if (i > 0) writeJson(output, ',\n');
    cli.exit(await writeFilePart(cli.io, output, { path, listName }, (item) => report(path, item)));
  }
  writeJson(output, after);
}

/** One file's part of {@link writeFileList}, to be put together elsewhere. */
export async function filePartText(cli: Cli, path: string, { listName, report }: FileListReport): Promise<{ readonly text: string; readonly exit: ExitCode }> {
  const texts: string[] = [];
  const exit = await writeFilePart(cli.io, { write: (text) => { texts.push(text); }, isTTY: false, colour: false, toFile: true }, { path, listName }, (item) => report(path, item));
  return { text: texts.join(''), exit };
}

/** What {@link writeFileList} would have written of the files whose parts these are. */
export function joinFileParts(schema: string, texts: readonly string[]): string {
  const [before, after] = around(schema);
  return before + texts.join(',\n') + after;
}

/**
 * Shows a page for each file, one that cannot be read told on standard error. Into a file of `--out` go all pages or
 * none: an answer that lacks one must not take the place of what is there.
 */
export async function showFiles(cli: Cli, files: readonly string[], output: Output, show: (path: string) => ExitCode | Promise<ExitCode>): Promise<void> {
  for (const [i, path] of files.entries()) {
    if (i > 0) output.write('\n');
    try {
      cli.exit(await show(path));
    } catch (error) {
      if (output.toFile) throw error;
      cli.exit(surviveFile(cli.io, error).exit);
    }
  }
}
