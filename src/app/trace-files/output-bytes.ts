import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from 'node:fs';

/** Bytes being written, in order. */
export interface OutputBytes {
  readonly append: (bytes: Uint8Array) => void;
  /** Makes them last. */
  readonly finish: () => { readonly sizeBytes: number; readonly sha256: string };
}

const STEP = 1 << 20;
const STANDARD_OUTPUT = 1;

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    try {
      done += writeSync(descriptor, bytes, done, bytes.length - done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // A non-blocking pipe whose reader is slower than we are.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/**
 * Opens a file that is there already, or the standard output.
 *
 * @param path - the file; `-` is the standard output
 */
export function openOutput(path: string): OutputBytes {
  const descriptor = path === '-' ? STANDARD_OUTPUT : openSync(path, 'r+');
  const hash = createHash('sha256');
  const buffer = new Uint8Array(STEP);
  let [used, sizeBytes] = [0, 0];
  const write = (bytes: Uint8Array): void => {
    hash.update(bytes);
    sizeBytes += bytes.length;
    writeAll(descriptor, bytes);
  };
  const flush = (): void => {
    write(buffer.subarray(0, used));
    used = 0;
  };
  return {
    append: (bytes) => {
      if (used + bytes.length > STEP) flush();
      if (bytes.length > STEP) write(bytes);
      else {
        buffer.set(bytes, used);
        used += bytes.length;
      }
    },
    finish: () => {
      flush();
      // A device cannot be synced.
      if (path !== '-' && fstatSync(descriptor).isFile()) fsyncSync(descriptor);
      if (path !== '-') closeSync(descriptor);
      return { sizeBytes, sha256: hash.digest('hex') };
    },
  };
}
