import { InputError } from '../../../errors.js';
import { argumentsAt } from './text.js';

/** A call, from the line or the two lines that tell of it. */
export interface SystemCall {
  readonly pid: number;
  /** Microseconds since 1970, of its start. */
  readonly startUs: number;
  readonly name: string;
  readonly parts: readonly string[];
  /** What it returned; null where the process ended first. */
  readonly returned: number | null;
  /** The result as written, with the path of a descriptor behind it. */
  readonly result: string;
  /** `ENOENT` and the like; null for none. */
  readonly errno: string | null;
  /** Null where strace did not say. */
  readonly durationUs: number | null;
}

/** What a line says. */
export type StraceLine =
  | { readonly kind: 'call'; readonly call: SystemCall }
  /** Nothing yet: the first of two lines of a call. */
  | { readonly kind: 'begun' }
  | { readonly kind: 'exit'; readonly pid: number }
  | { readonly kind: 'signal' };

/** Calls that have begun and not ended, by process. */
export type Begun = Map<number, { readonly startUs: number; readonly name: string; readonly text: string }>;

const START = /^(\d+)\s+(\d{1,12})\.(\d{6})\s+(.*)$/s;
const NAME = /^([a-z_][a-z0-9_]*)\(/i;
const RESUMED = /^<\.\.\. ([a-z_][a-z0-9_]*) resumed>/i;
const UNFINISHED = / ?<unfinished \.\.\.>$/;
const RESULT = /^\)\s*=\s*(-?\d+|\?|0x[0-9a-f]+)(.*)$/is;
const DURATION = /\s<(\d+\.\d{6})>$/;

/** Whether a line looks like one of `strace -f -ttt`. */
export function isStraceLine(line: string): boolean {
  const [, , , , rest = ''] = START.exec(line) ?? [];
  return NAME.test(rest) || rest.startsWith('+++ ') || rest.startsWith('--- ');
}

function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text);
}

function bad(line: string): never {
  throw new InputError('WRONG_TYPE', `the line must be one of strace -f -ttt -T -y, got ${shown(line)}`);
}

/** What stands behind a call's arguments: what it returned, the error's name, and how long it took. */
function endingOf(text: string, line: string): Pick<SystemCall, 'returned' | 'result' | 'errno' | 'durationUs'> {
  const duration = DURATION.exec(text)?.[1];
  const [, value = '', rest = ''] = RESULT.exec(text) ?? bad(line);
  const result = rest.replace(DURATION, '').trim();
  const [errno = 'unknown'] = /^E[A-Z0-9]+/.exec(result) ?? [];
  return { returned: value === '?' ? null : Number(value), result, errno: value === '-1' ? errno : null, durationUs: duration === undefined ? null : Math.round(Number(duration) * 1e6) };
}

/** Reads a call whose text is whole: `name(arguments) = result <duration>`. */
function callOf(pid: number, startUs: number, text: string, line: string): SystemCall {
  const [opening, name = ''] = NAME.exec(text) ?? bad(line);
  const { parts, end } = argumentsAt(text, opening.length);
  return { pid, startUs, name, parts, ...endingOf(text.slice(end), line) };
}

/** The second of two lines of a call, put together with the first. */
function resumedCall(pid: number, rest: string, line: string, begun: Begun): StraceLine {
  const [opening, name = ''] = RESUMED.exec(rest) ?? bad(line);
  const first = begun.get(pid);
  if (first?.name !== name) throw new InputError('MISSING_FIELD', `the line must resume a call that process ${String(pid)} has begun, got ${shown(line)}`);
  begun.delete(pid);
  return { kind: 'call', call: callOf(pid, first.startUs, first.text + rest.slice(opening.length), line) };
}

/** The first of two lines of a call, to be kept until the second comes. */
function beginCall({ pid, startUs, rest }: { readonly pid: number; readonly startUs: number; readonly rest: string }, line: string, begun: Begun): StraceLine {
  const [, name = ''] = NAME.exec(rest) ?? bad(line);
  begun.set(pid, { startUs, name, text: rest.replace(UNFINISHED, '') });
  return { kind: 'begun' };
}

/**
 * Reads a line of `strace -f -ttt -T -y`.
 *
 * @param begun - what has begun so far; changed
 * @throws {@link InputError} WRONG_TYPE, MISSING_FIELD where the line is none
 */
export function readStraceLine(line: string, begun: Begun): StraceLine {
  const [, process, seconds, micros, rest = ''] = START.exec(line) ?? bad(line);
  const pid = Number(process);
  const startUs = Number(seconds) * 1e6 + Number(micros);
  if (rest.startsWith('--- ')) return { kind: 'signal' };
  if (rest.startsWith('+++ ')) return { kind: 'exit', pid };
  if (rest.startsWith('<... ')) return resumedCall(pid, rest, line, begun);
  return UNFINISHED.test(rest) ? beginCall({ pid, startUs, rest }, line, begun) : { kind: 'call', call: callOf(pid, startUs, rest, line) };
}
