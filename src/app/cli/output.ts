import { openAtomic, isSameFile } from '../atomic-file.js';
import { wantsColour } from '../terminal.js';
import { usageError } from './exit.js';
import type { Io, Sink } from './io.js';

/** Where a command's answer goes: standard output, or the file of `--out`. */
export interface Output extends Sink {
  readonly colour: boolean;
  /** True for `--out`: the host ends a text with a line feed on standard output only. */
  readonly toFile: boolean;
}

/** Refuses to write over what is being read. */
function refuseOverwrite(out: string, inputs: readonly string[]): void {
  const input = inputs.find((path) => isSameFile(path, out));
  if (input !== undefined) throw usageError(`--out ${out} is the input file ${input}; it is not overwritten`);
}

function refuseTwice(inputs: readonly string[]): void {
  if (inputs.filter((path) => path === '-').length > 1) throw usageError('the standard input (-) can be given once');
}

/** Runs `write` on the right output. A file of `--out` appears whole when `write` returns, or not at all. */
export async function withOutput<T>(io: Io, out: string | undefined, inputs: readonly string[], write: (output: Output) => T | Promise<T>): Promise<T> {
  refuseTwice(inputs);
  if (out === '') throw usageError('--out must name a file, got an empty name');
  if (out === undefined) return write({ ...io.stdout, colour: wantsColour(io.stdout.isTTY, io.env), toFile: false });
  refuseOverwrite(out, inputs);
  const file = openAtomic(out);
  try {
    const result = await write({ write: (text) => { file.append(Buffer.from(text)); }, isTTY: false, colour: false, toFile: true });
    file.commit();
    return result;
  } catch (error) {
    file.abandon();
    throw error;
  }
}
