import { CommanderError } from 'commander';
import type { InputError } from '../../errors.js';

/** What a command's exit code means. */
export const EXIT = {
  /** What was asked holds. */
  holds: 0,
  /** A ledger is tampered with, or something does not match. */
  mismatch: 1,
  /** The input cannot be read. */
  malformed: 2,
  /** The command line cannot be carried out, or a file cannot be opened or written. */
  usage: 3,
  /** There is not enough data to say. */
  notEnough: 5,
  /** hindcast itself is at fault. */
  internal: 70,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const RANK: readonly ExitCode[] = [EXIT.holds, EXIT.notEnough, EXIT.mismatch, EXIT.malformed, EXIT.usage, EXIT.internal];

/** The worse of two exit codes: usage, malformed, mismatch, not enough data, holds. */
export function worse(a: ExitCode, b: ExitCode): ExitCode {
  return RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
}

const USAGE_CODES: ReadonlySet<string> = new Set<InputError['code']>([
  'BAD_PARAM', 'NOT_FINITE', 'STEP_NOT_POSITIVE', 'MIN_ABOVE_MAX', 'GRID_NOT_FINITE', 'GRID_TOO_LARGE', 'SNAPSHOT_MISMATCH',
  'NO_ENTRIES_FOR_EXTENSION', 'SEVERAL_EXTENSIONS', 'NOT_DISJOINT', 'ENGINE',
]);

/** The exit code of an error that a function of the library threw. */
export function exitCodeOf({ code }: InputError): ExitCode {
  if (code === 'INVALID_LEDGER' || code === 'CONTENT_HASH' || code === 'NOT_APPROVED') return EXIT.mismatch;
  if (code === 'TOO_FEW' || code === 'EMPTY_LEDGER') return EXIT.notEnough;
  return USAGE_CODES.has(code) ? EXIT.usage : EXIT.malformed;
}

/** Ends a command with one sentence and exit code 3. */
export function usageError(sentence: string): CommanderError {
  return new CommanderError(EXIT.usage, 'hindcast.usage', sentence);
}

/** The part of every help text that says what the exit codes mean. */
export const EXIT_CODE_HELP = `
Exit codes:
  0  holds: consistent, no mismatch, no drift
  1  tampered or mismatch: a fault, a mismatch or drift was found
  2  malformed input: a file that cannot be read as what it should be
  3  bad usage: wrong arguments, or a file that cannot be opened or written
  5  not enough data to say
  With several files the worst counts (3, 2, 1, 5, 0).`;
