import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../errors.js';

/** What a file's bytes must hash to, and who says so. */
export interface KnownHash {
  readonly sha256: string;
  readonly from: string;
}

const MOST_BYTES = 4096;

/** How a file begins; null where it is none but a pipe, a folder or a device, which is never waited for. */
function beginningOf(path: string): string | null {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    if (!fstatSync(descriptor).isFile()) return null;
    const bytes = Buffer.alloc(MOST_BYTES);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * The hash that a file's bytes must have, where one is known: as given, or from a file of the same name with `.sha256` after it,
 * as sha256sum writes them.
 *
 * @param path - the trace; `-` has no file beside it
 * @param given - 64 hexadecimal digits from the user; left out: none
 * @throws {@link InputError} BAD_PARAM where `given` is no hash, CONTENT_HASH where the file beside it names none
 */
export function knownHash(path: string, given: string | undefined): KnownHash | null {
  if (given !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(given)) throw new InputError('BAD_PARAM', `--sha256 must be 64 hexadecimal digits, got ${JSON.stringify(given.slice(0, 80))}`);
    return { sha256: given.toLowerCase(), from: '--sha256' };
  }
  if (path === '-') return null;
  const beside = `${path}.sha256`;
  let text: string | null;
  try {
    text = beginningOf(beside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return null;
    throw error;
  }
  const digits = /^\\?([0-9a-f]{64})(?:\s|$)/i.exec(text ?? '')?.[1];
  if (digits === undefined) throw new InputError('CONTENT_HASH', `${beside} must begin with a SHA-256, as sha256sum writes it`);
  return { sha256: digits.toLowerCase(), from: beside };
}
