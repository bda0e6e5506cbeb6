import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/app/cli/run.js';
import { openUnvetted } from '../../../src/app/trace-files/vetted.js';

/** What a run of the command line left behind. */
export interface Session {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function* pieces(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(new TextEncoder().encode(text));
}

/** Runs the command line in this process. */
export async function hindcast(argv: readonly string[], setting: { readonly isTTY?: boolean; readonly env?: Record<string, string>; readonly stdin?: readonly string[] } = {}): Promise<Session> {
  const { isTTY = false, env = {}, stdin = [] } = setting;
  let [out, err] = ['', ''];
  const code = await run(argv, {
    stdout: { write: (text) => { out += text; }, isTTY },
    stderr: { write: (text) => { err += text; }, isTTY: false },
    env,
    clock: () => 0,
    open: openUnvetted,
    live: () => ({ chunks: pieces(stdin), interrupted: () => false }),
  }, '1.2.3');
  return { code, out, err };
}

/** A new folder for files of a test. */
export function folder(): string {
  return mkdtempSync(join(tmpdir(), 'hindcast-'));
}

/** Writes a file into a new folder and returns its path. */
export function file(name: string, text: string): string {
  const path = join(folder(), name);
  writeFileSync(path, text);
  return path;
}
