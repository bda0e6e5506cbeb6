import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { InputError } from '../errors.js';
import type { ByteSource } from '../ledger/source.js';
import { openFile, type OpenFile } from './files.js';
import { after, pieces, takeHead } from './peeked.js';

/** A file open for reading, its first bytes known. */
export interface OpenInput extends OpenFile {
  /** First bytes of its content; they come again from `source`. */
  readonly head: Uint8Array;
}

const HEAD = 1 << 18;
/** Compressed bytes whose content is looked at: a thousand times as many at most. */
const PACKED_HEAD = 1 << 14;

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

function badGzip(path: string, cause: unknown): InputError {
  return new InputError('BAD_GZIP', `${path}: the gzip data are damaged or cut off`, { cause });
}

/** Unpacks into a temporary file, since the readers pull bytes and the unpacker pushes them. */
async function unpacked(path: string, packed: ByteSource): Promise<OpenFile> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  const remove = (): void => { rmSync(folder, { recursive: true, force: true }); };
  const content = join(folder, 'content');
  try {
    await pipeline(Readable.from(pieces(packed), { objectMode: false }), createGunzip(), createWriteStream(content, { mode: 0o600 })).catch((cause: unknown) => {
      throw cause instanceof Error && (cause as NodeJS.ErrnoException).code?.startsWith('Z_') === true ? badGzip(path, cause) : cause;
    });
    const file = openFile(content);
    return {
      ...file,
      close: () => {
        file.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Opens a file for one reading; gzip is recognised by content and unpacked into a temporary file, which `close` removes.
 *
 * @param path - the file; `-` is the standard input
 * @throws {@link InputError} BAD_GZIP
 */
export async function openInput(path: string): Promise<OpenInput> {
  const file = openFile(path);
  try {
    const head = takeHead(file.source, HEAD);
    if (!isGzip(head)) return { ...file, source: after(head, file.source), head };
    const content = await unpacked(path, after(head, file.source));
    file.close();
    const own = takeHead(content.source, HEAD);
    return { ...content, source: after(own, content.source), head: own };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * The first bytes of a file's content, unpacked where it is gzip.
 *
 * @returns null for a pipe or device, which can be read once only
 * @throws {@link InputError} BAD_GZIP
 */
export function peekInput(path: string): Uint8Array | null {
  if (path === '-') return null;
  const file = openFile(path);
  try {
    if (file.sizeBytes === null) return null;
    const head = takeHead(file.source, HEAD);
    if (!isGzip(head)) return head;
    const packed = head.subarray(0, PACKED_HEAD);
    return gunzipSync(packed, packed.length < file.sizeBytes ? { finishFlush: constants.Z_SYNC_FLUSH } : {}).subarray(0, HEAD);
  } catch (cause) {
    throw cause instanceof Error && (cause as NodeJS.ErrnoException).code?.startsWith('Z_') === true ? badGzip(path, cause) : cause;
  } finally {
    file.close();
  }
}
