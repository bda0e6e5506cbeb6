import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TraceReaders } from '../../src/app/trace-files/readers.js';

/** Every file below a folder, in order. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((item) => (item.isDirectory() ? filesIn(join(folder, item.name)) : item.isFile() ? [join(folder, item.name)] : []));
}

/** Has every file below a folder read, whatever it is, and prints what came of each; true where nothing but a report or a coded error did. */
export async function runCorpus(readers: TraceReaders, folder: string, print: (line: string) => void): Promise<boolean> {
  let sound = true;
  for (const path of filesIn(folder)) {
    const bytes = readFileSync(path);
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    try {
      const { form, rows } = await readers.perform({ kind: 'check', path, sha256: null }, bytes.length);
      print(`${hash}  read: ${form}, ${String(rows)} rows  ${path}`);
    } catch (error) {
      const { name, code, message } = error as Error & { readonly code?: string };
      if (name !== 'InputError') sound = false;
      print(`${hash}  ${name === 'InputError' ? String(code) : `a mistake: ${message}`}  ${path}`);
    }
  }
  const { deadline, memory, crash } = readers.killed();
  print(`readers stopped: ${String(deadline)} by the deadline, ${String(memory)} by memory, ${String(crash)} crashed`);
  return sound;
}
