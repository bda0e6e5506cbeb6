import { flatRoot, wideAt, type FlatTable } from './flatbuffer.js';

/** A field of an Arrow schema, in words: the type as `TraceColumnType` spells it, or a spelling of what it is instead. */
export interface ArrowField {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** Id of its dictionary, null where it has none. */
  readonly dictionary: number | null;
}

/** What a record batch or a dictionary holds: rows, per column rows and nulls, and the places of its buffers in the body. */
export interface ArrowLayout {
  readonly rows: number;
  readonly nodes: readonly { readonly rows: number; readonly nulls: number }[];
  readonly buffers: readonly { readonly offset: number; readonly length: number }[];
  readonly compressed: boolean;
}

/** A message of an Arrow stream. */
export type ArrowMessage = { readonly bodyLength: number } & (
  | { readonly kind: 'schema'; readonly fields: readonly ArrowField[]; readonly metadata: ReadonlyMap<string, string> }
  | { readonly kind: 'dictionary'; readonly id: number; readonly isDelta: boolean; readonly layout: ArrowLayout }
  | { readonly kind: 'batch'; readonly layout: ArrowLayout }
  | { readonly kind: 'other' }
);

const TYPES: readonly string[] = ['none', 'null', 'int', 'float', 'binary', 'utf8', 'bool', 'decimal', 'date', 'time', 'timestamp', 'interval', 'list', 'struct', 'union', 'fixed'];
const UNITS: readonly string[] = ['s', 'ms', 'us', 'ns'];
const PRECISIONS: readonly string[] = ['float16', 'float32', 'float64'];

function integerType(type: FlatTable | null): string {
  return `${type?.integer(1, 1) === 1 ? '' : 'u'}int${String(type?.integer(0, 4) ?? 0)}`;
}

function timestampType(type: FlatTable | null): string {
  return `timestamp_${UNITS[type?.integer(0, 2) ?? 0] ?? '?'}_${(type?.text(1) ?? 'no zone').toLowerCase()}`;
}

/** Types that are spelt with their parameters. */
const SPELT: Readonly<Record<string, (type: FlatTable | null) => string>> = {
  int: integerType,
  timestamp: timestampType,
  float: (type) => PRECISIONS[type?.integer(0, 2) ?? 0] ?? 'float',
  fixed: (type) => `fixed${String(type?.integer(0, 4) ?? 0)}`,
};

/** A type's spelling. */
function typeOf(field: FlatTable): string {
  const kind = field.integer(2, 1) ?? 0;
  const word = TYPES[kind] ?? `type ${String(kind)}`;
  return SPELT[word]?.(field.table(3)) ?? word;
}

function fieldOf(field: FlatTable): ArrowField {
  const encoding = field.table(4);
  const value = typeOf(field);
  const index = encoding?.table(1) ?? null;
  const type = encoding === null ? value : `dictionary${index === null ? '32' : integerType(index).replace(/^int/, '')}`;
  return {
    name: field.text(0) ?? '',
    type: encoding !== null && value !== 'utf8' ? `${type} of ${value}` : type,
    nullable: field.integer(1, 1) === 1,
    dictionary: encoding === null ? null : (encoding.wide(0) ?? 0),
  };
}

function layoutOf(batch: FlatTable): ArrowLayout {
  return {
    rows: batch.wide(0) ?? 0,
    nodes: batch.structs(1, 16).map((view) => ({ rows: wideAt(view, 0), nulls: wideAt(view, 8) })),
    buffers: batch.structs(2, 16).map((view) => ({ offset: wideAt(view, 0), length: wideAt(view, 8) })),
    compressed: batch.table(3) !== null,
  };
}

/** Key and value texts. */
function textsOf(pairs: readonly FlatTable[]): ReadonlyMap<string, string> {
  return new Map(pairs.map((pair) => [pair.text(0) ?? '', pair.text(1) ?? '']));
}

/** A schema message's or a footer's schema. */
export function schemaOf(schema: FlatTable): { readonly fields: readonly ArrowField[]; readonly metadata: ReadonlyMap<string, string> } {
  return { fields: schema.tables(1).map(fieldOf), metadata: textsOf(schema.tables(2)) };
}

function required(table: FlatTable | null): FlatTable {
  if (table === null) throw new RangeError('a message without its header');
  return table;
}

/**
 * Reads a message's metadata.
 *
 * @throws RangeError, TypeError where the bytes are no such message
 */
export function decodeMessage(bytes: Uint8Array): ArrowMessage {
  const message = flatRoot(bytes);
  const bodyLength = message.wide(3) ?? 0;
  const header = message.table(2);
  switch (message.integer(1, 1)) {
    case 1:
      return { kind: 'schema', bodyLength, ...schemaOf(required(header)) };
    case 2: {
      const dictionary = required(header);
      return { kind: 'dictionary', bodyLength, id: dictionary.wide(0) ?? 0, isDelta: dictionary.integer(2, 1) === 1, layout: layoutOf(required(dictionary.table(1))) };
    }
    case 3:
      return { kind: 'batch', bodyLength, layout: layoutOf(required(header)) };
    default:
      return { kind: 'other', bodyLength };
  }
}
