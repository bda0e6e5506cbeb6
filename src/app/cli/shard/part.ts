import { InputError } from '../../../errors.js';
import { canonicalJson } from '../../../canonical-json.js';
import { readBytes } from '../../files.js';
import type { Shard } from '../../shard.js';
import { EXIT, type ExitCode } from '../exit.js';
import { naming } from '../ledgers.js';
import type { Output } from '../output.js';

/** Schema text of a part's first line. */
const PART_SCHEMA = 'hindcast.part.v1';

/** Commands whose work can be cut. */
type PartCommand = 'verify' | 'stats' | 'detect' | 'baseline';

/** What a part says of the whole; all but the shard is the same in every part. */
export interface PartHead {
  readonly command: PartCommand;
  readonly shard: Shard;
  /** What was asked of which input. */
  readonly asked: object;
}

/** One thing that a share of the work came to. */
export interface PartItem {
  /** Its place in the whole. */
  readonly at: number;
  readonly value: unknown;
}

/** A share of a work, done. */
export interface Part extends PartHead {
  readonly items: readonly PartItem[];
  readonly exit: ExitCode;
}

/** Writes a part: a line that says what it is part of, a line an item as they come, and one that says it is whole. */
export function partWriter(output: Output, { command, shard, asked }: PartHead): { readonly item: (item: PartItem) => void; readonly end: (exit: ExitCode) => void } {
  const line = (value: object): void => { output.write(`${JSON.stringify(value)}\n`); };
  let count = 0;
  line({ schema: PART_SCHEMA, command, shard: shard.index + 1, of: shard.count, asked });
  return {
    item: ({ at, value }) => {
      count += 1;
      line({ at, value });
    },
    end: (exit) => { line({ items: count, exit }); },
  };
}

function bad(message: string): InputError {
  return new InputError('MISSING_FIELD', message);
}

function jsonOf(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new InputError('BAD_JSON', `line ${String(number)} is not JSON`, { cause });
  }
  throw new InputError('WRONG_TYPE', `line ${String(number)} must be an object`);
}

const COMMANDS: readonly unknown[] = ['verify', 'stats', 'detect', 'baseline'] satisfies PartCommand[];
const EXITS: readonly unknown[] = Object.values(EXIT);

function headOf(line: string): PartHead {
  const { schema, command, shard, of, asked } = jsonOf(line, 1);
  if (schema !== PART_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `a part starts with the schema ${PART_SCHEMA}: write it with --shard`);
  if (!COMMANDS.includes(command) || typeof asked !== 'object' || asked === null) throw bad('line 1 must name a command and what was asked of it');
  if (!Number.isSafeInteger(shard) || !Number.isSafeInteger(of) || !(Number(shard) >= 1 && Number(shard) <= Number(of))) throw bad('line 1 must name which of how many shards it is');
  return { command: command as PartCommand, shard: { index: Number(shard) - 1, count: Number(of) }, asked };
}

/**
 * Reads a part.
 *
 * @throws {@link InputError} naming file and line where it is none, or is not whole
 */
export function readPart(path: string): Part {
  return naming(path, () => {
    const lines = new TextDecoder().decode(readBytes(path)).split('\n');
    if (lines.pop() !== '' || lines.length < 2) throw new InputError('TORN_TAIL', 'the part is not whole: its last line is missing');
    const head = headOf(lines[0] ?? '');
    const { items: count, exit } = jsonOf(lines.at(-1) ?? '', lines.length);
    if (count !== lines.length - 2 || !EXITS.includes(exit)) throw new InputError('TORN_TAIL', 'the part is not whole: its last line must count its items');
    const items = lines.slice(1, -1).map((line, i): PartItem => {
      const { at, value } = jsonOf(line, i + 2);
      if (!Number.isSafeInteger(at)) throw bad(`line ${String(i + 2)} must say its place`);
      return { at: Number(at), value };
    });
    return { ...head, items, exit: exit as ExitCode };
  });
}

/** A part and its file. */
export interface NamedPart {
  readonly path: string;
  readonly part: Part;
}

/**
 * Refuses parts that are not all parts of one work, each once.
 *
 * @throws {@link InputError} NOT_DISJOINT, MISSING_FIELD naming files
 */
export function requireWhole(parts: readonly NamedPart[]): void {
  const [first] = parts;
  if (first === undefined) throw bad('there is no part to merge');
  const { command, shard: { count }, asked } = first.part;
  const seen = new Map<number, string>();
  for (const { path, part } of parts) {
    const fits = part.command === command && part.shard.count === count && canonicalJson(part.asked) === canonicalJson(asked);
    if (!fits) throw new InputError('NOT_DISJOINT', `${path} is a part of another work than ${first.path}: command, number of shards, inputs and options must be the same`);
    const before = seen.get(part.shard.index);
    if (before !== undefined) throw new InputError('NOT_DISJOINT', `${path} and ${before} are both shard ${String(part.shard.index + 1)} of ${String(count)}`);
    seen.set(part.shard.index, path);
  }
  const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !seen.has(i));
  if (missing.length > 0) throw bad(`${String(missing.length)} of ${String(count)} shards are missing: ${missing.slice(0, 10).map((i) => String(i + 1)).join(', ')}${missing.length > 10 ? ', ...' : ''}`);
}
