import { fork, type ChildProcess } from 'node:child_process';
import { InputError } from '../../errors.js';
import type { ReaderMessage, TraceResult, TraceTask } from './task.js';

// A process runs compiled code only: where this is not, it takes what `npm run build` made.
const READER_FILE = new URL(import.meta.url.endsWith('.ts') ? '../../../dist/app/trace-files/reader.js' : './reader.js', import.meta.url);
const MIB = 2 ** 20;

/** What readers may take. */
export interface ReaderLimits {
  /** Milliseconds without a sign of life after which a reader is stopped; left out: 10,000. */
  readonly deadlineMs?: number;
  /** Memory of a reader, MiB; left out: 1,024. */
  readonly memoryMiB?: number;
  /** Readers at work at the same time; left out: 1. */
  readonly count?: number;
}

/** Readers that had to be stopped, by reason. */
export interface KilledReaders {
  /** No sign of life, or at work longer than its file's size explains. */
  readonly deadline: number;
  readonly memory: number;
  /** Ended for another reason. */
  readonly crash: number;
}

/** Processes that read untrusted traces, so that what a file does to its reader happens to them alone. */
export interface TraceReaders {
  /**
   * Has a task performed by a reader that is free.
   *
   * @param sizeBytes - of the file; it may take this many microseconds times 4 beyond the deadline, alive or not
   * @throws {@link InputError} READER_STOPPED where the reader had to be stopped, and what the task itself throws
   */
  readonly perform: <T extends TraceTask>(task: T, sizeBytes: number, onProgress?: (rows: number, bytes: number) => void) => Promise<TraceResult<T['kind']>>;
  readonly killed: () => KilledReaders;
  /** Ends the readers. */
  readonly close: () => void;
}

interface Ended {
  readonly kind: 'ended';
  readonly signal: NodeJS.Signals | null;
}

/** A reader, and who is to hear from it. */
interface Reader {
  readonly child: ChildProcess;
  hear: ((message: ReaderMessage | Ended) => void) | null;
  ready: boolean;
}

function startReader(memoryMiB: number): Reader {
  const child = fork(READER_FILE, [String(memoryMiB * MIB)], {
    execArgv: [`--max-old-space-size=${String(Math.ceil(0.75 * memoryMiB))}`],
    serialization: 'advanced',
    stdio: ['inherit', 'inherit', 'ignore', 'ipc'],
  });
  const reader: Reader = { child, hear: null, ready: false };
  child.on('message', (message: ReaderMessage) => {
    if (message.kind === 'ready') reader.ready = true;
    reader.hear?.(message);
  });
  child.on('exit', (_, signal) => reader.hear?.({ kind: 'ended', signal }));
  child.on('error', () => reader.hear?.({ kind: 'ended', signal: null }));
  return reader;
}

/** The error that a reader's message tells of. */
function errorOf(message: Extract<ReaderMessage, { kind: 'refused' | 'system' | 'mistake' }>): Error {
  if (message.kind === 'refused') return new InputError(message.code, message.message, message.offset === null ? {} : { offset: message.offset });
  if (message.kind === 'mistake') return new Error(message.stack);
  const { code, syscall, path } = message;
  return Object.assign(new Error(message.message), { code, ...(syscall === undefined ? {} : { syscall }), ...(path === undefined ? {} : { path }) });
}

/** The longest that a timer can wait. */
const MOST_MS = 2 ** 31 - 1;

/** A reader that waits for work and is still there. */
function takeIdle(idle: Reader[]): Reader | undefined {
  for (let reader = idle.pop(); reader !== undefined; reader = idle.pop()) if (reader.child.connected) return reader;
  return undefined;
}

/** Milliseconds that starting a reader may take on a busy machine, beyond the deadline. */
const START_MS = 20_000;

type Outcome = { readonly done: unknown; readonly rssBytes: number } | { readonly error: Error; readonly rssBytes: number } | { readonly killed: keyof KilledReaders };

/** Sends one task to a reader and waits for what comes of it; a reader that takes too long is stopped. */
async function converse(reader: Reader, task: TraceTask, limits: { readonly deadlineMs: number; readonly totalMs: number }, onProgress: (rows: number, bytes: number) => void): Promise<Outcome> {
  return new Promise((resolve) => {
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    let total: NodeJS.Timeout | undefined;
    const stop = (): void => {
      late = true;
      reader.child.kill('SIGKILL');
    };
    const patience = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(stop, ms);
    };
    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      clearTimeout(total);
      reader.hear = null;
      resolve(outcome);
    };
    const send = (): void => {
      patience(limits.deadlineMs);
      total = setTimeout(stop, limits.totalMs);
      reader.child.send(task);
    };
    reader.hear = (message) => {
      switch (message.kind) {
        case 'ready':
          send();
          return;
        case 'progress':
          patience(limits.deadlineMs);
          onProgress(message.rows, message.bytes);
          return;
        case 'done':
          finish({ done: message.result, rssBytes: message.rssBytes });
          return;
        case 'ended':
          // V8 aborts where its heap is full; SIGKILL comes from the watch, or from a system that has no memory left.
          finish({ killed: late ? 'deadline' : message.signal === 'SIGKILL' || message.signal === 'SIGABRT' ? 'memory' : 'crash' });
          return;
        default:
          finish({ error: errorOf(message), rssBytes: message.kind === 'refused' ? message.rssBytes : 0 });
      }
    };
    if (reader.ready) send();
    else patience(START_MS + limits.deadlineMs);
  });
}

/**
 * Makes a pool of readers. They start when they are needed, and are used again as long as their memory allows.
 *
 * @remarks The process that asks parses nothing, waits without blocking, and outlives whatever a reader comes to.
 */
export function traceReaders({ deadlineMs = 10_000, memoryMiB = 1024, count = 1 }: ReaderLimits = {}): TraceReaders {
  const idle: Reader[] = [];
  const waiting: (() => void)[] = [];
  const killed = { deadline: 0, memory: 0, crash: 0 };
  let [busy, closed] = [0, false];
  const words = { deadline: `made no headway for ${String(deadlineMs / 1000)} s, or took longer than the file's size explains`, memory: `took more than ${String(memoryMiB)} MiB of memory`, crash: 'crashed' };
  const release = (reader: Reader | null): void => {
    busy -= 1;
    if (reader !== null && closed) reader.child.disconnect();
    else if (reader !== null) idle.push(reader);
    waiting.shift()?.();
  };
  return {
    perform: async <T extends TraceTask>(task: T, sizeBytes: number, onProgress: (rows: number, bytes: number) => void = () => undefined) => {
      if (busy >= count) await new Promise<void>((resolve) => waiting.push(resolve));
      busy += 1;
      const reader = takeIdle(idle) ?? startReader(memoryMiB);
      const outcome = await converse(reader, task, { deadlineMs, totalMs: Math.min(deadlineMs + (4 * sizeBytes) / 1000, MOST_MS) }, onProgress);
      if ('killed' in outcome) {
        killed[outcome.killed] += 1;
        release(null);
        throw new InputError('READER_STOPPED', `reading was stopped: the process that reads the file ${words[outcome.killed]}`);
      }
      // A reader that holds on to much memory would be stopped on the next file's account.
      const spent = outcome.rssBytes > 0.5 * memoryMiB * MIB;
      if (spent) reader.child.disconnect();
      release(spent ? null : reader);
      if ('error' in outcome) throw outcome.error;
      return outcome.done as TraceResult<T['kind']>;
    },
    killed: () => ({ ...killed }),
    close: () => {
      closed = true;
      for (const reader of idle.splice(0)) reader.child.disconnect();
    },
  };
}
