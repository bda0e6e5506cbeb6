import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceForm } from '../../../src/app/trace-files/form.js';
import type { ConvertResult } from '../../../src/app/trace-files/task.js';
import type { TraceReaders } from '../../../src/app/trace-files/readers.js';
import { openUnvetted } from '../../../src/app/trace-files/vetted.js';

// Readers run compiled code, so these tests try the built files, which `npm test` has just made.
const built = async (path: string): Promise<unknown> => import(new URL(`../../../dist/app/${path}`, import.meta.url).href);

type Readers = typeof import('../../../src/app/trace-files/readers.js');
type Run = typeof import('../../../src/app/cli/run.js');

export const traceReaders: Readers['traceReaders'] = ((await built('trace-files/readers.js')) as Readers).traceReaders;
const run: Run['run'] = ((await built('cli/run.js')) as Run).run;

const folder = mkdtempSync(join(tmpdir(), 'hindcast-traces-'));

let files = 0;

/** Writes a file of its own and returns its path. */
export function file(bytes: string | Uint8Array, extension = '.trace'): string {
  files += 1;
  const path = join(folder, `${String(files)}${extension}`);
  writeFileSync(path, bytes);
  return path;
}

/** Where there is no file yet. */
export function fresh(extension: string): string {
  files += 1;
  return join(folder, `${String(files)}${extension}`);
}

/** Has a trace written in another form. */
export async function converted(readers: TraceReaders, path: string, form: TraceForm): Promise<ConvertResult & { readonly out: string }> {
  const out = file('', '.out');
  return { ...await readers.perform({ kind: 'convert', path, out, form, sha256: null }, 1e9), out };
}

/** What a run of the command line left behind. */
export interface Session {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the built command line in this process. */
export async function hindcast(...argv: readonly string[]): Promise<Session> {
  let [out, err] = ['', ''];
  const code = await run(argv, {
    stdout: { write: (text) => { out += text; }, isTTY: false },
    stderr: { write: (text) => { err += text; }, isTTY: false },
    env: {},
    clock: () => 0,
    open: openUnvetted,
    live: () => { throw new Error('no standard input'); },
  }, '1.2.3');
  return { code, out, err };
}
