import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A file that another process writes and that nobody sees until it is whole. */
export interface StagedFile {
  /** Where to write; there already, and empty. */
  readonly path: string;
  /** Puts the file, whole and synced, in its place. */
  readonly commit: () => void;
  /** Leaves nothing behind; does nothing after `commit`. */
  readonly abandon: () => void;
}

function syncFolder(folder: string): void {
  try {
    const descriptor = openSync(folder, 'r');
    fsyncSync(descriptor);
    closeSync(descriptor);
  } catch {
    // Some file systems refuse to sync a folder; the file itself is safe.
  }
}

/**
 * Makes room beside a file's final place. A device or the standard output (`-`) is written straight.
 *
 * @param path - the final place; folders on the way are made; an existing file keeps its permissions
 */
export function stageFile(path: string): StagedFile {
  const existing = path === '-' ? undefined : statSync(path, { throwIfNoEntry: false });
  if (path === '-' || (existing !== undefined && !existing.isFile() && !existing.isDirectory())) return { path, commit: () => undefined, abandon: () => undefined };
  if (existing?.isDirectory() === true) closeSync(openSync(path, 'w'));
  const target = existing === undefined ? path : realpathSync(path);
  const folder = dirname(target);
  mkdirSync(folder, { recursive: true });
  const staged = join(folder, `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  closeSync(openSync(staged, 'wx'));
  let open = true;
  const abandon = (): void => {
    if (open) rmSync(staged, { force: true });
    open = false;
  };
  return {
    path: staged,
    commit: () => {
      try {
        if (existing !== undefined) chmodSync(staged, existing.mode);
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
