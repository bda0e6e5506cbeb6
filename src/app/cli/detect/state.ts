import { InputError } from '../../../errors.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { streamKey } from '../../series/streams.js';
import { canonicalJson } from '../../../canonical-json.js';
import { newState, type DetectState } from './engine.js';
import type { Asked, DetectSettings, Learning } from './settings.js';
import type { StreamState } from './stream.js';

const STATE_SCHEMA = 'hindcast.detect-state.v1';

/** A paused detection. */
export interface SavedDetection {
  readonly settings: DetectSettings;
  readonly state: DetectState;
  /** Hash of the last entry read, where that was a ledger's; null where it was none. */
  readonly lastHash: string | null;
}

type Prepared = DetectState['prepared'] extends Map<string, infer T> ? T : never;

interface StateFile {
  readonly schema: typeof STATE_SCHEMA;
  readonly settings: DetectSettings;
  readonly records: number;
  readonly epochMs: boolean | null;
  readonly designs: DetectState['designs'];
  readonly prepared: readonly { readonly stream: string; readonly made: Prepared }[];
  readonly streams: readonly StreamState[];
  /** Left out where no ledger was read. */
  readonly lastHash?: string;
}

/** The text of a state file. */
export function formatState({ settings, state, lastHash }: SavedDetection): string {
  const file: StateFile = {
    schema: STATE_SCHEMA,
    settings,
    records: state.records,
    epochMs: state.epochMs,
    designs: state.designs,
    prepared: [...state.prepared].map(([stream, made]) => ({ stream, made })),
    streams: [...state.streams.values()],
    ...(lastHash === null ? {} : { lastHash }),
  };
  return `${canonicalJson(file)}\n`;
}

function fail(what: string): never {
  throw new InputError('WRONG_TYPE', `this is no state of hindcast detect: ${what}`);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The kinds of a stream's members, so that no later step meets one it does not expect. */
const MEMBERS: Readonly<Record<keyof StreamState, (value: unknown) => boolean>> = {
  name: (x) => isRecord(x) && [x['actor'], x['capability']].every((part) => part === null || typeof part === 'string'),
  lastTime: (x) => x === null || typeof x === 'number',
  observations: Number.isSafeInteger,
  nulls: Number.isSafeInteger,
  rounding: (x) => isRecord(x) && typeof x['zeros'] === 'number' && typeof x['sum'] === 'number' && typeof x['whole'] === 'boolean',
  approved: (x) => x === null || (Array.isArray(x) && x.every((value) => typeof value === 'number')),
  design: (x) => x === null || Number.isSafeInteger(x),
  refusal: (x) => x === null || isRecord(x),
  snapshot: (x) => x === null || (isRecord(x) && typeof x['kind'] === 'string' && Number.isSafeInteger(x['seen'])),
  sum: (x) => typeof x === 'number',
  places: (x) => Array.isArray(x) && x.every((place) => Array.isArray(place) && place.length === 4),
  alarms: Number.isSafeInteger,
};

function checkStream(value: unknown, at: string, designs: number): StreamState {
  if (!isRecord(value)) return fail(`${at} must be an object`);
  for (const [name, holds] of Object.entries(MEMBERS)) if (!holds(value[name])) fail(`${at}.${name} is not as expected`);
  const stream = value as unknown as StreamState;
  if (stream.design !== null && !(stream.design >= 0 && stream.design < designs)) fail(`${at}.design names none of the designs`);
  return stream;
}

function lastHashOf({ lastHash = null }: Readonly<Record<string, unknown>>): string | null {
  return lastHash === null || typeof lastHash === 'string' ? lastHash : fail('lastHash must be a hash');
}

/**
 * Reads a state file.
 *
 * @throws {@link InputError} as `parseJson`; WRONG_TYPE, UNSUPPORTED_SCHEMA naming what is not as expected
 */
export function parseState(bytes: Uint8Array): SavedDetection {
  parseJson(bytes);
  const file: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isRecord(file)) return fail('expected an object');
  const { schema } = file;
  if (schema !== STATE_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `schema must be ${STATE_SCHEMA}, got ${JSON.stringify(schema ?? null).slice(0, 80)}`);
  const { settings, records, epochMs, designs, prepared, streams } = file as unknown as StateFile;
  if (!isRecord(settings) || !Number.isSafeInteger(records) || !(epochMs === null || typeof epochMs === 'boolean')) return fail('settings, records or epochMs is not as expected');
  if (![designs, prepared, streams].every(Array.isArray)) return fail('designs, prepared and streams must be lists');
  const state = newState();
  state.records = records;
  state.epochMs = epochMs;
  state.designs.push(...designs);
  for (const { stream, made } of prepared) state.prepared.set(stream, made);
  streams.forEach((value, i) => {
    const stream = checkStream(value, `streams[${String(i)}]`, designs.length);
    state.streams.set(streamKey(stream.name), stream);
  });
  return { settings, state, lastHash: lastHashOf(file) };
}

/** What was approved, as it is said on the command line. */
function learningWords(learning: Learning): string {
  switch (learning.from) {
    case 'nothing':
      return 'nothing approved';
    case 'given':
      return (['mean', 'sd', 'p0'] as const).flatMap((name) => (learning[name] === null ? [] : [`--${name} ${String(learning[name])}`])).join(' ');
    case 'baseline':
      return `a --baseline with the SHA-256 ${learning.sha256.slice(0, 16)}...`;
    case 'first':
      return `--approved ${String(learning.count)}`;
    case 'until':
      return `--approved-until ${new Date(learning.time).toISOString()}`;
  }
}

/** A setting as it is said on the command line. */
function settingWords({ learning, target, ...plain }: Asked): string {
  if (learning !== undefined) return learningWords(learning);
  if (target !== undefined) return 'arl0' in target ? `--arl0 ${String(target.arl0)}` : `--alarm-within ${String(target.within)}:${String(target.probability)}`;
  const [[name, value] = ['', null]] = Object.entries(plain);
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === null ? `no ${flag}` : `${flag} ${String(value)}`;
}

/**
 * Refuses options that are not those of a saved state.
 *
 * @throws {@link InputError} SNAPSHOT_MISMATCH naming the first that differs
 */
export function requireSame(settings: DetectSettings, asked: Asked): void {
  for (const [name, value] of Object.entries(asked)) {
    const saved = settings[name as keyof DetectSettings];
    if (canonicalJson(value) === canonicalJson(saved)) continue;
    throw new InputError('SNAPSHOT_MISMATCH', `the state was saved with ${settingWords({ [name]: saved })}, and now it is ${settingWords({ [name]: value })}: give the same options, or another state file`);
  }
}

/**
 * Refuses a ledger that does not go on where the last one ended.
 *
 * @param lastHash - of the last entry seen; null where none was a ledger's
 * @param firstPrevHash - what the ledger's first entry names as its predecessor
 * @throws {@link InputError} SNAPSHOT_MISMATCH naming both
 */
export function requireNext(lastHash: string | null, firstPrevHash: string | null): void {
  if (lastHash === null || firstPrevHash === lastHash) return;
  const named = firstPrevHash === null ? 'this ledger begins a chain of its own' : `this ledger's first entry follows ${firstPrevHash}`;
  throw new InputError('SNAPSHOT_MISMATCH', `${named}, but the last entry that the state has seen is ${lastHash}: give the ledger that goes on from there, or another state file`);
}
