import { type Command, InvalidArgumentError, Option } from 'commander';
import { usageError } from './exit.js';

/** Options that every command reading ledgers takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly out?: string;
  readonly format: 'pi' | 'hindcast';
}

/** Adds `--json`, `--out` and `--format` to a command. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addOption(new Option('--format <format>', "whose report: hindcast's own, or exactly the host's JSON").choices(['pi', 'hindcast']).default('hindcast'));
}

/** The one file that `--format pi` takes: the host's artifacts are made from one ledger. */
export function onlyFile(files: readonly string[], format: string): string {
  const [file, ...more] = files;
  if (file === undefined || more.length > 0) throw usageError(`--format ${format} takes one ledger, got ${String(files.length)} (leave --format out to pool several)`);
  return file;
}

/** Reads a number in decimal, exponent allowed. */
export function numberArgument(text: string): number {
  const value = Number(text);
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(text) || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a finite number.');
  return value;
}

/** Reads a whole number of at least 0. */
export function countArgument(text: string): number {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('It must be a whole number of at least 0.');
  return value;
}

/** Reads milliseconds since the epoch, as the ledger's signed 64-bit integer. */
export function millisecondsArgument(text: string): bigint {
  if (!/^-?[0-9]{1,19}$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text)) throw new InvalidArgumentError('It must be a whole number of milliseconds since 1970-01-01.');
  return BigInt(text);
}
