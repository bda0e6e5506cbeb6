import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { ByteSource } from '../ledger/source.js';

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'the links go round in a circle',
  ERR_INVALID_ARG_VALUE: 'the name holds a null character',
  ERR_FS_FILE_TOO_LARGE: 'it is too large to hold in memory',
};

/** Why the file system refused, in a few words; null if it was something else that went wrong. */
export function fileTrouble(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined) return null;
  const known = SENTENCES[code];
  if (known === undefined && syscall === undefined) return null;
  return path === undefined ? (known ?? code) : `${path}: ${known ?? code}`;
}

/** A file open for reading. */
export interface OpenFile {
  readonly source: ByteSource;
  /** Null for a pipe or device, which has no size. */
  readonly sizeBytes: number | null;
  readonly close: () => void;
}

const STANDARD_INPUT = 0;

/**
 * Opens a file as a source of bytes.
 *
 * @param path - the file; `-` is the standard input
 * @param from - byte to start at; absent: the start, as pipes need it
 */
export function openFile(path: string, from?: number): OpenFile {
  const descriptor = path === '-' ? STANDARD_INPUT : openSync(path, 'r');
  let position = from ?? null;
  const source: ByteSource = (into) => {
    for (;;) {
      try {
        const count = readSync(descriptor, into, 0, into.length, position);
        if (position !== null) position += count;
        return count;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EOF') return 0;
        if (code !== 'EAGAIN') throw Object.assign(error as NodeJS.ErrnoException, { path });
        // A non-blocking pipe whose writer is slower than we are.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  };
  const stat = fstatSync(descriptor);
  return { source, sizeBytes: stat.isFile() ? stat.size : null, close: () => { if (path !== '-') closeSync(descriptor); } };
}

/** Size of a file in bytes; null where it is not known before the end, as of a pipe. */
export function sizeOfFile(path: string): number | null {
  const file = openFile(path);
  file.close();
  return file.sizeBytes;
}

/** Hands over a file as a source of bytes, with its size where it has one, and closes it afterwards. */
export function withSource<T>(path: string, use: (source: ByteSource, sizeBytes: number | null) => T): T {
  return withOpen(openFile(path), ({ source, sizeBytes }) => use(source, sizeBytes));
}

/** Hands over an open file and closes it afterwards. */
export function withOpen<F extends OpenFile, T>(file: F, use: (file: F) => T): T {
  try {
    return use(file);
  } finally {
    file.close();
  }
}

/** A whole file. For files that are small by nature. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path === '-' ? STANDARD_INPUT : path);
  } catch (error) {
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
}
