import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TRACE_SCHEMA } from '../../trace/schema.js';
import { sizeOfFile, withSource } from '../files.js';
import type { BytePull } from '../../trace/arrow-frames.js';
import { formOfContent } from './form.js';
import { knownHash } from './known-hash.js';
import { traceReaders, type ReaderLimits } from './readers.js';
import type { CheckResult } from './task.js';

/** Whether bytes begin a trace, in any form; calls in JSON Lines are none. */
export function isTrace(head: Uint8Array): boolean {
  const form = formOfContent(head);
  if (form !== 'json lines') return form !== null;
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, 4096)).toString('latin1').includes(`"${TRACE_SCHEMA}"`);
}

/** Whether a file is an Arrow stream as it stands. */
function isStream(path: string): boolean {
  return path !== '-' && sizeOfFile(path) !== null && withSource(path, (source) => {
    const head = new Uint8Array(4);
    return source(head) === 4 && formOfContent(head) === 'arrow stream';
  });
}

/**
 * Hands over a trace in any form as an Arrow stream that this process may read: another process has read it to its end and checked
 * it. What is no stream, or packed, that process has written anew into a temporary file, which is removed afterwards. A known
 * hash (`FILE.sha256`) is compared before.
 *
 * @param use - gets the stream's bytes, and what is known of the file; a trace that was cut off has `lostBytes`
 * @throws {@link InputError} READER_STOPPED, CONTENT_HASH, and what the form's reader throws
 */
export async function withVettedStream<T>(path: string, use: (source: BytePull, about: CheckResult) => T, limits: ReaderLimits = {}): Promise<T> {
  const readers = traceReaders(limits);
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  const out = join(folder, 'trace.arrows');
  try {
    const sha256 = knownHash(path, undefined)?.sha256 ?? null;
    const size = path === '-' ? Infinity : (sizeOfFile(path) ?? Infinity);
    if (isStream(path)) {
      const about = await readers.perform({ kind: 'check', path, sha256 }, size);
      return withSource(path, (source) => use(source, about));
    }
    writeFileSync(out, '', { mode: 0o600 });
    const about = await readers.perform({ kind: 'convert', path, out, form: 'arrow stream', sha256 }, size);
    return withSource(out, (source) => use(source, about));
  } finally {
    readers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
