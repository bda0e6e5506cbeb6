import { InputError } from '../errors.js';
import { readArrowStream } from '../trace/arrow-stream-read.js';
import type { TraceChunk } from '../trace/chunk.js';
import { withOpen } from './files.js';
import { peekInput } from './input.js';
import { isTrace, withVettedFiles } from './trace-files/vetted.js';
import { importTrace } from './trace-import.js';

/** What reading calls from files came to. */
export interface ReadCalls {
  /** Records that could not be made into rows. */
  readonly rejects: number;
  /** Where the first of them are, and why. */
  readonly firstRejects: readonly string[];
}

/** Rejects that are told one by one. */
const TOLD = 3;

/**
 * Reads calls from files, each a trace in any form or anything that can be imported as one, and hands them over chunk by chunk.
 *
 * @throws {@link InputError} as `withVettedFiles` and `importTrace`
 */
export async function readCalls(paths: readonly string[], onChunk: (chunk: TraceChunk, path: string) => void): Promise<ReadCalls> {
  const firstRejects: string[] = [];
  let rejects = 0;
  for (const path of paths) {
    const head = peekInput(path);
    if (head !== null && isTrace(head)) {
      await withVettedFiles([path], (open) => {
        withOpen(open(path), ({ source }) => { for (const chunk of readArrowStream(source).chunks) onChunk(chunk, path); });
      });
      continue;
    }
    await importTrace([path], {}, {
      onChunk: (chunk) => { onChunk(chunk, path); },
      onReject: ({ file, row, message }) => {
        rejects += 1;
        if (firstRejects.length < TOLD) firstRejects.push(`${file}:${String(row)} ${message}`);
      },
    });
  }
  return { rejects, firstRejects };
}

/** Refuses calls of which some could not be read: what they touch would be neither approved nor found. */
export function requireAll({ rejects, firstRejects }: ReadCalls): void {
  if (rejects > 0) throw new InputError('WRONG_TYPE', `${rejects === 1 ? '1 record' : `${String(rejects)} records`} cannot be read: ${firstRejects.join('; ')}`);
}
