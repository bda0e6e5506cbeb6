import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file being written that nobody sees until it is whole. */
export interface AtomicFile {
  readonly append: (bytes: Uint8Array) => void;
  /** Writes over bytes that were appended before. */
  readonly overwrite: (offset: number, bytes: Uint8Array) => void;
  /** Puts the file in its place. */
  readonly commit: () => void;
  /** Leaves nothing behind; does nothing after `commit`. */
  readonly abandon: () => void;
}

const CHUNK = 1 << 18;

/** What a path names; `-` is the standard input, which may be a file as well. */
function statOf(path: string): Stats | undefined {
  if (path === '-') return fstatSync(0);
  return statSync(path, { throwIfNoEntry: false });
}

/** Whether two paths name the same file, by links of either kind too. */
export function isSameFile(a: string, b: string): boolean {
  const [left, right] = [statOf(a), statOf(b)];
  return left !== undefined && right !== undefined && left.dev === right.dev && left.ino === right.ino;
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number | null): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done, position === null ? null : position + done);
}

/** Makes the new name itself last through a power cut, where the file system can. */
function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Some file systems refuse to sync a folder; the file itself is safe.
  }
}

/** Collects small appends so that each write is a large one. */
function buffered(descriptor: number): Pick<AtomicFile, 'append' | 'overwrite'> & { readonly flush: () => void } {
  const buffer = new Uint8Array(CHUNK);
  let used = 0;
  const flush = (): void => {
    writeAll(descriptor, buffer.subarray(0, used), null);
    used = 0;
  };
  const append = (bytes: Uint8Array): void => {
    if (used + bytes.length > CHUNK) flush();
    if (bytes.length > CHUNK) writeAll(descriptor, bytes, null);
    else {
      buffer.set(bytes, used);
      used += bytes.length;
    }
  };
  return {
    append,
    overwrite: (offset, bytes) => {
      flush();
      writeAll(descriptor, bytes, offset);
    },
    flush,
  };
}

/**
 * Opens a file for writing beside its final place: it gets its name, whole and synced to disk, by `commit` alone. A
 * device or pipe is written straight.
 *
 * @param path - the final place; folders on the way are made; an existing file keeps its permissions
 */
export function openAtomic(path: string): AtomicFile {
  const existing = statOf(path);
  if (existing !== undefined && !existing.isFile() && !existing.isDirectory()) return openStraight(path);
  const target = existing === undefined ? path : realpathSync(path);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  if (existing?.isDirectory() === true) openSync(path, 'w');
  const descriptor = openSync(temporary, 'wx', existing?.mode);
  let open = true;
  const { flush, append, overwrite } = buffered(descriptor);
  const abandon = (): void => {
    if (!open) return;
    open = false;
    closeSync(descriptor);
    rmSync(temporary, { force: true });
  };
  const commit = (): void => {
    try {
      flush();
      if (existing !== undefined) fchmodSync(descriptor, existing.mode);
      fsyncSync(descriptor);
      renameSync(temporary, target);
    } catch (error) {
      abandon();
      throw error;
    }
    open = false;
    closeSync(descriptor);
    syncFolder(folder);
  };
  return { append, overwrite, commit, abandon };
}

function openStraight(path: string): AtomicFile {
  const descriptor = openSync(path, 'w');
  const { flush, append, overwrite } = buffered(descriptor);
  const finish = (): void => {
    flush();
    closeSync(descriptor);
  };
  return { append, overwrite, commit: finish, abandon: () => { closeSync(descriptor); } };
}
