import type { ExitCode } from './exit.js';
import type { Io } from './io.js';

/** What a command gets to work with, and where it says how it went. */
export interface Cli {
  readonly io: Io;
  /** Records an outcome; the worst one becomes the exit code. */
  readonly exit: (code: ExitCode) => void;
}
