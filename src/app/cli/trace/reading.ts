import { type Command, InvalidArgumentError } from 'commander';
import { startProgress } from '../../progress.js';
import { sizeOfFile } from '../../files.js';
import { knownHash } from '../../trace-files/known-hash.js';
import { traceReaders, type TraceReaders } from '../../trace-files/readers.js';
import type { TraceResult, TraceTask } from '../../trace-files/task.js';
import { numberArgument } from '../options.js';
import type { Io } from '../io.js';
import { namingAsync } from '../ledgers.js';

/** Options of every command that reads a trace file in a process of its own. */
export interface TraceReadingOptions {
  readonly sha256?: string;
  readonly memory: number;
  readonly deadline: number;
}

function positive(text: string): number {
  const value = numberArgument(text);
  if (!(value > 0)) throw new InvalidArgumentError('It must be above 0.');
  return value;
}

/** Adds `--sha256`, `--memory` and `--deadline` to a command. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--sha256 <hex>', 'what the bytes must hash to (default: what FILE.sha256 says, if there)')
    .option('--memory <mib>', 'memory of the process that reads', positive, 1024)
    .option('--deadline <s>', 'how long it may make no headway', positive, 10);
}

/** The part of help that says how files are read. */
export const READING_HELP = `
Files are recognised by content (Arrow stream or file, Parquet, JSON Lines; gzip
or not) and read in a process of its own with a limit of memory and time: a
damaged file cannot harm the command. With a known SHA-256 (--sha256, or a file
FILE.sha256) any change is refused before anything is parsed.`;

/** What a reading is about: a task without its hash. */
type Unhashed<T extends TraceTask> = T extends TraceTask ? Omit<T, 'sha256'> : never;

/** Has a task performed on a file in another process, with a progress bar. */
export async function readTrace<K extends TraceTask['kind']>(io: Io, readers: TraceReaders, task: Unhashed<Extract<TraceTask, { kind: K }>>, { sha256 }: TraceReadingOptions): Promise<TraceResult<K>> {
  const { path } = task as { readonly path: string };
  return namingAsync(path, async () => {
    const known = knownHash(path, sha256);
    const size = path === '-' ? null : sizeOfFile(path);
    const progress = startProgress(io, 'reading', size);
    try {
      return await (readers.perform({ ...task, sha256: known?.sha256 ?? null } as unknown as Extract<TraceTask, { kind: K }>, size ?? Infinity, progress.update));
    } finally {
      progress.stop();
    }
  });
}

/** Runs `use` with readers, which end with it. */
export async function withReaders<T>({ memory, deadline }: TraceReadingOptions, use: (readers: TraceReaders) => Promise<T>): Promise<T> {
  const readers = traceReaders({ memoryMiB: memory, deadlineMs: 1000 * deadline });
  try {
    return await use(readers);
  } finally {
    readers.close();
  }
}
