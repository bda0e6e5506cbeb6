import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync, type Stats } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file written beside its final place, by whomever, that nobody sees there until it is whole. */
export interface StagedFile {
  /** Where to write; there already, and empty. */
  readonly path: string;
  /** Syncs the file to disk and puts it in its place. */
  readonly commit: () => void;
  /** Leaves nothing behind; does nothing after `commit`. */
  readonly abandon: () => void;
}

/** A {@link StagedFile} that is written here. */
export interface AtomicFile extends Omit<StagedFile, 'path'> {
  readonly append: (bytes: Uint8Array) => void;
  /** Writes over bytes that were appended before. */
  readonly overwrite: (offset: number, bytes: Uint8Array) => void;
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

/** Syncs a file that was written through any descriptor, with the permissions of the file that it replaces. */
function settle(path: string, existing: Stats | undefined): void {
  const descriptor = openSync(path, 'r+');
  try {
    if (existing !== undefined) fchmodSync(descriptor, existing.mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Whether a path is written as it stands: the standard output, a device or a pipe. */
function isStraight(path: string, existing: Stats | undefined): boolean {
  return path === '-' || (existing !== undefined && !existing.isFile() && !existing.isDirectory());
}

/**
 * Makes room beside a file's final place. A device or the standard output (`-`) is written straight.
 *
 * @param path - the final place; folders on the way are made; an existing file keeps its permissions
 */
export function stageFile(path: string): StagedFile {
  const existing = path === '-' ? undefined : statOf(path);
  if (isStraight(path, existing)) return { path, commit: () => undefined, abandon: () => undefined };
  // Refuses a folder in the system's own words.
  if (existing?.isDirectory() === true) closeSync(openSync(path, 'w'));
  const target = existing === undefined ? path : realpathSync(path);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const staged = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  closeSync(openSync(staged, 'wx', existing?.mode));
  let open = true;
  const abandon = (): void => {
    if (open) rmSync(staged, { force: true });
    open = false;
  };
  return {
    path: staged,
    commit: () => {
      try {
        settle(staged, existing);
        renameSync(staged, target);
      } catch (error) {
        abandon();
        throw error;
      }
      open = false;
      syncFolder(folder);
    },
    abandon,
  };
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
  const staged = stageFile(path);
  const descriptor = openSync(staged.path, staged.path === path ? 'w' : 'r+');
  const { flush, append, overwrite } = buffered(descriptor);
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  const abandon = (): void => {
    close();
    staged.abandon();
  };
  const commit = (): void => {
    try {
      flush();
      close();
    } catch (error) {
      abandon();
      throw error;
    }
    staged.commit();
  };
  return { append, overwrite, commit, abandon };
}
