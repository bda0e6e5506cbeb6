import { createHash } from 'node:crypto';
import { closeSync, createWriteStream, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { InputError } from '../../errors.js';
import type { BytePull } from '../../trace/arrow-frames.js';
import type { ByteFile } from '../../trace/byte-file.js';
import { openFile } from '../files.js';
import { pieces } from '../peeked.js';

/** Bytes on disk, open for reading from any place. */
export interface StoredBytes {
  readonly file: ByteFile;
  /** Starts a reading of the bytes from `from` up to `to`; left out: all. */
  readonly pull: (from?: number, to?: number) => BytePull;
  /** Bytes read so far, those read again counted again. */
  readonly bytesRead: () => number;
  readonly close: () => void;
}

/** Told how many bytes have been worked through so far. */
type OnBytes = (count: number) => void;

const STEP = 1 << 18;

/** Bytes of a file in order. */
function pullFrom(file: ByteFile, from = 0, to: number = file.sizeBytes): BytePull {
  let at = from;
  return (into) => {
    const count = at >= to ? 0 : file.read(into.subarray(0, Math.min(into.length, to - at)), at);
    at += count;
    return count;
  };
}

/** The bytes of an open file, which is closed with them. */
export function stored(descriptor: number, path: string): StoredBytes {
  let bytesRead = 0;
  const read = (into: Uint8Array, position: number): number => {
    try {
      const count = readSync(descriptor, into, 0, into.length, position);
      bytesRead += count;
      return count;
    } catch (error) {
      throw Object.assign(error as NodeJS.ErrnoException, { path });
    }
  };
  const file = { sizeBytes: fstatSync(descriptor).size, read };
  return { file, pull: (from, to) => pullFrom(file, from, to), bytesRead: () => bytesRead, close: () => { closeSync(descriptor); } };
}

/** Writes bytes where the file's last ones ended. */
export function writeNext(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done, bytes.length - done);
}

/** Opens a temporary file that has no name any more when this returns. */
export function openNameless(): number {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  try {
    return openSync(join(folder, 'content'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function eachPiece(source: BytePull, use: (piece: Uint8Array) => void, onBytes: OnBytes): void {
  const buffer = new Uint8Array(STEP);
  let size = 0;
  for (let count = source(buffer); count > 0; count = source(buffer)) {
    use(buffer.subarray(0, count));
    size += count;
    onBytes(size);
  }
}

/** A pipe's bytes, copied into a temporary file. */
function spooled(path: string, onBytes: OnBytes): StoredBytes {
  const pipe = openFile(path);
  const descriptor = openNameless();
  try {
    eachPiece(pipe.source, (piece) => { writeNext(descriptor, piece); }, onBytes);
    return stored(descriptor, path);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  } finally {
    pipe.close();
  }
}

/**
 * Opens a path's bytes as they are: a file where it stands, what comes from a pipe by way of a temporary file.
 *
 * @param path - the file; `-` is the standard input
 */
export function openStored(path: string, onBytes: OnBytes = () => undefined): StoredBytes {
  const descriptor = path === '-' ? 0 : openSync(path, 'r');
  if (fstatSync(descriptor).isFile() && path !== '-') return stored(descriptor, path);
  if (path !== '-') closeSync(descriptor);
  return spooled(path, onBytes);
}

/**
 * The same bytes, or what they are where gzip packed them; closes `packed` then.
 *
 * @throws {@link InputError} BAD_GZIP
 */
export async function unpacked(packed: StoredBytes, path: string, onBytes: OnBytes = () => undefined): Promise<StoredBytes> {
  const head = new Uint8Array(2);
  if (packed.file.read(head, 0) < 2 || head[0] !== 0x1f || head[1] !== 0x8b) return packed;
  const descriptor = openNameless();
  let size = 0;
  const counting = new Transform({
    transform: (piece: Uint8Array, _, done) => {
      size += piece.length;
      onBytes(size);
      done(null, piece);
    },
  });
  try {
    await pipeline(pieces(packed.pull()), createGunzip(), counting, createWriteStream('', { fd: descriptor, autoClose: false }));
    packed.close();
    return stored(descriptor, path);
  } catch (cause) {
    closeSync(descriptor);
    if ((cause as NodeJS.ErrnoException).code?.startsWith('Z_') === true) throw new InputError('BAD_GZIP', 'the gzip data are damaged or cut off', { cause });
    throw cause;
  }
}

/** SHA-256 of a file's bytes as they are stored, 64 hexadecimal digits. */
export function sha256Of(file: ByteFile, onBytes: OnBytes = () => undefined): string {
  const hash = createHash('sha256');
  eachPiece(pullFrom(file), (piece) => { hash.update(piece); }, onBytes);
  return hash.digest('hex');
}
