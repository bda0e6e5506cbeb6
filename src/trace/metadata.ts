import { InputError } from '../errors.js';
import { TRACE_SCHEMA } from './schema.js';
import { TRACE_CLOCKS, type TraceClock } from './words.js';

/** Whether a source shows attempts of a kind. */
export type TraceShown = 'yes' | 'no' | 'partly' | 'not_applicable';

/** Which attempts a source can show: the denominators of every rate. */
export interface TraceCoverage {
  /** Calls that ran. */
  readonly executed: TraceShown;
  /** Calls that a policy refused before any gate. */
  readonly policy_denied: TraceShown;
  /** Calls that a gate refused. */
  readonly gate_denied: TraceShown;
  /** Calls of a tool that does not exist, or with arguments that do not fit. */
  readonly bad_call: TraceShown;
  /** Calls made within a call. */
  readonly nested: TraceShown;
  /** What else the source cannot show, in sentences. */
  readonly cannot_show: readonly string[];
}

/** What a trace says of itself as a whole. */
export interface TraceMetadata {
  /** Importer and its version, `name@version`. */
  readonly adapter: string;
  readonly coverage: TraceCoverage;
  readonly clock: TraceClock;
  /** Where labels come from that the sources do not have; left out where none were added. */
  readonly label_source?: string;
}

const KINDS = ['executed', 'policy_denied', 'gate_denied', 'bad_call', 'nested'] as const;
const SHOWN: readonly unknown[] = ['yes', 'no', 'partly', 'not_applicable'] satisfies TraceShown[];

/** Metadata as the texts that Arrow keeps: `schema`, `adapter`, `coverage` (JSON, keys in one order), `clock`, and `label_source` where there is one. */
export function formatTraceMetadata({ adapter, coverage, clock, label_source: labels }: TraceMetadata): ReadonlyMap<string, string> {
  const ordered = Object.fromEntries([...KINDS.map((kind) => [kind, coverage[kind]]), ['cannot_show', coverage.cannot_show]]) as unknown;
  return new Map([
    ['schema', TRACE_SCHEMA],
    ['adapter', adapter],
    ['coverage', JSON.stringify(ordered)],
    ['clock', clock],
    ...(labels === undefined ? [] : [['label_source', labels] as const]),
  ]);
}

function coverageOf(text: string): TraceCoverage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InputError('BAD_JSON', `metadata coverage must be JSON, got ${JSON.stringify(text.slice(0, 60))}`, { cause });
  }
  if (typeof value !== 'object' || value === null) throw new InputError('WRONG_TYPE', 'metadata coverage must be an object');
  const given = value as Readonly<Record<string, unknown>>;
  for (const kind of KINDS) {
    if (!SHOWN.includes(given[kind])) throw new InputError('BAD_ENUM', `metadata coverage.${kind} must be one of ${SHOWN.join(', ')}`);
  }
  const cannot = given['cannot_show'];
  if (!Array.isArray(cannot) || !cannot.every((each) => typeof each === 'string')) {
    throw new InputError('WRONG_TYPE', 'metadata coverage.cannot_show must be a list of strings');
  }
  return given as unknown as TraceCoverage;
}

/**
 * Reads metadata from the texts that Arrow keeps.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, BAD_JSON, WRONG_TYPE, BAD_ENUM
 */
export function parseTraceMetadata(texts: ReadonlyMap<string, string>): TraceMetadata {
  const schema = texts.get('schema');
  if (schema !== TRACE_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `metadata schema must be ${TRACE_SCHEMA}, got ${schema === undefined ? 'none' : JSON.stringify(schema.slice(0, 60))}`);
  const [adapter, coverage, clock] = ['adapter', 'coverage', 'clock'].map((key) => {
    const text = texts.get(key);
    if (text === undefined) throw new InputError('MISSING_FIELD', `metadata ${key} is missing`);
    return text;
  }) as [string, string, string];
  const known = TRACE_CLOCKS.find((each) => each === clock);
  if (known === undefined) throw new InputError('BAD_ENUM', `metadata clock must be one of ${TRACE_CLOCKS.join(', ')}, got ${JSON.stringify(clock.slice(0, 60))}`);
  const labels = texts.get('label_source');
  return { adapter, coverage: coverageOf(coverage), clock: known, ...(labels === undefined ? {} : { label_source: labels }) };
}
