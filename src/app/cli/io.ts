import { writeSync } from 'node:fs';
import { escapeForTerminal } from '../terminal.js';
import { openUnvetted, type OpenVetted } from '../trace-files/vetted.js';

/** Where text goes. */
export interface Sink {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
}

/** The standard input as it comes. */
export interface LiveInput {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Whether it was ended from outside (Ctrl-C), perhaps within a line. */
  readonly interrupted: () => boolean;
}

/** All that a command touches outside its arguments and files. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds on a clock that never goes back. */
  readonly clock: () => number;
  /** Opens a file of data for reading; see {@link withTraces}. */
  readonly open: OpenVetted;
  /** Opens the standard input for reading as it comes. */
  readonly live: () => LiveInput;
}

/** One sentence for a person, on standard error. */
export function say({ stderr }: Io, sentence: string): void {
  stderr.write(`hindcast: ${escapeForTerminal(sentence)}\n`);
}

/** Waits without giving up the thread: the reader of a non-blocking pipe has to catch up first. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

/** Writes to a descriptor at once and in order; when its reader has gone, quietly to nowhere. */
function descriptorSink(descriptor: number, isTTY: boolean): Sink {
  let closed = false;
  const write = (text: string): void => {
    let rest = Buffer.from(text);
    while (rest.length > 0 && !closed) {
      try {
        rest = rest.subarray(writeSync(descriptor, rest));
      } catch (error) {
        if (isErrno(error, 'EPIPE')) closed = true;
        else if (isErrno(error, 'EAGAIN')) pause(5);
        else throw error;
      }
    }
  };
  return { write, isTTY };
}

/** The process's standard input; SIGINT and SIGTERM end it instead of the process, so that what was seen is not lost. */
function processInput(): LiveInput {
  let interrupted = false;
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const stop = (): void => {
      interrupted = true;
      process.stdin.destroy();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    try {
      for await (const chunk of process.stdin) yield chunk as Uint8Array;
    } catch (error) {
      if (!interrupted) throw error;
    } finally {
      process.removeListener('SIGINT', stop);
      process.removeListener('SIGTERM', stop);
    }
  }
  return { chunks: chunks(), interrupted: () => interrupted };
}

/** The real process: its standard output and error, environment and clock. */
export function processIo(): Io {
  return {
    stdout: descriptorSink(1, process.stdout.isTTY),
    stderr: descriptorSink(2, process.stderr.isTTY),
    env: process.env,
    clock: () => performance.now(),
    open: openUnvetted,
    live: processInput,
  };
}
