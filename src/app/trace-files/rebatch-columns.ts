import { hasValue, type TraceCodes, type TraceColumnData, type TraceHashes, type TraceNumbers, type TraceTexts } from '../../trace/chunk.js';
import type { TraceColumn } from '../../trace/schema.js';

/** Rows `from` to `to` of a chunk's column go to the place `at` of the batch. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** A column of a batch that is filled with stretches of others. Rows without a value hold zeros, as the builder leaves them. */
export interface ColumnFill {
  /** Takes a stretch in; null where the chunk leaves the column out. */
  readonly put: (data: TraceColumnData | null, stretch: Stretch) => void;
  /** Hands the batch over and begins the next. */
  readonly take: (rows: number) => TraceColumnData;
}

interface Bits {
  readonly put: (data: TraceColumnData | null, stretch: Stretch) => void;
  readonly take: (rows: number) => Pick<TraceColumnData, 'validity' | 'nullCount'>;
}

function bitsFill(capacity: number): Bits {
  let bytes = new Uint8Array(Math.ceil(capacity / 8));
  let nulls = 0;
  return {
    put: (data, { from, to, at }) => {
      if (data === null) nulls += to - from;
      else {
        for (let row = from; row < to; row += 1) {
          const place = at + row - from;
          if (!hasValue(data, row)) nulls += 1;
          else bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (1 << (place & 7));
        }
      }
    },
    take: (rows) => {
      const taken = { validity: nulls === 0 ? null : bytes.subarray(0, Math.ceil(rows / 8)), nullCount: nulls };
      bytes = new Uint8Array(Math.ceil(capacity / 8));
      nulls = 0;
      return taken;
    },
  };
}

const NUMBERS = {
  uint64: (n: number) => new BigUint64Array(n),
  int64: (n: number) => new BigInt64Array(n),
  timestamp_us_utc: (n: number) => new BigInt64Array(n),
  uint32: (n: number) => new Uint32Array(n),
  int32: (n: number) => new Int32Array(n),
  float64: (n: number) => new Float64Array(n),
};
const CODES = { dictionary8: (n: number) => new Int8Array(n), dictionary16: (n: number) => new Int16Array(n), dictionary32: (n: number) => new Int32Array(n) };

/** Sets rows without a value to zero. */
function clearNulls(data: TraceColumnData, { from, to, at }: Stretch, clear: (place: number) => void): void {
  if (data.nullCount > 0) for (let row = from; row < to; row += 1) if (!hasValue(data, row)) clear(at + row - from);
}

/** Fills a column of numbers. */
function numbersFill(type: keyof typeof NUMBERS, capacity: number): ColumnFill {
  const bits = bitsFill(capacity);
  let values: TraceNumbers['values'] = NUMBERS[type](capacity);
  return {
    put: (data, stretch) => {
      bits.put(data, stretch);
      if (data?.kind !== 'number') return;
      const part = data.values.subarray(stretch.from, stretch.to);
      (values as Float64Array).set(part as Float64Array, stretch.at);
      const { buffer, BYTES_PER_ELEMENT: width } = values;
      const bytes = new Uint8Array(buffer);
      clearNulls(data, stretch, (place) => { bytes.fill(0, width * place, width * (place + 1)); });
    },
    take: (rows) => {
      const taken = values.subarray(0, rows);
      values = NUMBERS[type](capacity);
      return { kind: 'number', values: taken, ...bits.take(rows) };
    },
  };
}

/** Fills a column of codes, values in order of first use whatever their order was. */
function codesFill({ type, domain }: TraceColumn & { readonly type: keyof typeof CODES }, capacity: number): ColumnFill {
  const bits = bitsFill(capacity);
  const values = domain === null ? [] : (domain as string[]);
  const index = new Map<string, number>();
  const places = new WeakMap<readonly string[], number[]>();
  let codes: TraceCodes['codes'] = CODES[type](capacity);
  const learn = (value: string): number => {
    const known = index.get(value);
    if (known !== undefined) return known;
    index.set(value, values.length);
    return values.push(value) - 1;
  };
  const placesOf = (data: TraceCodes): number[] => {
    const known = places.get(data.values) ?? [];
    places.set(data.values, known);
    return known;
  };
  const putOwn = (data: TraceCodes, { from, to, at }: Stretch): void => {
    const place = placesOf(data);
    for (let row = from; row < to; row += 1) {
      if (!hasValue(data, row)) continue;
      const code = data.codes[row] ?? 0;
      codes[at + row - from] = domain === null ? (place[code] ??= learn(data.values[code] ?? '')) : code;
    }
  };
  return {
    put: (data, stretch) => {
      bits.put(data, stretch);
      if (data?.kind === 'code') putOwn(data, stretch);
    },
    take: (rows) => {
      const taken = codes.subarray(0, rows);
      codes = CODES[type](capacity);
      return { kind: 'code', codes: taken, values, size: values.length, ...bits.take(rows) };
    },
  };
}

/** A fill of texts, which knows how many bytes the batch holds. */
export interface TextFill extends ColumnFill {
  readonly sizeBytes: () => number;
}

/** Fills a column of texts. */
function textFill(capacity: number): TextFill {
  const bits = bitsFill(capacity);
  let offsets = new Int32Array(capacity + 1);
  let bytes = new Uint8Array(1024);
  let end = 0;
  const room = (size: number): void => {
    if (size <= bytes.length) return;
    const larger = new Uint8Array(Math.max(size, 2 * bytes.length));
    larger.set(bytes.subarray(0, end));
    bytes = larger;
  };
  const putText = (data: TraceTexts, { from, to, at }: Stretch): void => {
    for (let row = from; row < to; row += 1) {
      if (hasValue(data, row)) {
        const part = data.bytes.subarray(data.offsets[row], data.offsets[row + 1]);
        room(end + part.length);
        bytes.set(part, end);
        end += part.length;
      }
      offsets[at + row - from + 1] = end;
    }
  };
  return {
    put: (data, stretch) => {
      bits.put(data, stretch);
      if (data?.kind === 'text') putText(data, stretch);
      else offsets.fill(end, stretch.at + 1, stretch.at + 1 + stretch.to - stretch.from);
    },
    sizeBytes: () => end,
    take: (rows) => {
      const taken: TraceTexts = { kind: 'text', offsets: offsets.subarray(0, rows + 1), bytes: bytes.subarray(0, end), ...bits.take(rows) };
      offsets = new Int32Array(capacity + 1);
      bytes = new Uint8Array(bytes.length);
      end = 0;
      return taken;
    },
  };
}

/** Fills a column of hashes. */
function hashFill(capacity: number): ColumnFill {
  const bits = bitsFill(capacity);
  let bytes = new Uint8Array(32 * capacity);
  return {
    put: (data, stretch) => {
      bits.put(data, stretch);
      if (data?.kind !== 'hash') return;
      bytes.set((data satisfies TraceHashes).bytes.subarray(32 * stretch.from, 32 * stretch.to), 32 * stretch.at);
      clearNulls(data, stretch, (place) => { bytes.fill(0, 32 * place, 32 * place + 32); });
    },
    take: (rows) => {
      const taken = bytes.subarray(0, 32 * rows);
      bytes = new Uint8Array(32 * capacity);
      return { kind: 'hash', bytes: taken, ...bits.take(rows) };
    },
  };
}

/** Starts filling a column. */
export function columnFill(column: TraceColumn, capacity: number): ColumnFill | TextFill {
  const { type } = column;
  switch (type) {
    case 'utf8':
      return textFill(capacity);
    case 'fixed32':
      return hashFill(capacity);
    case 'dictionary8':
    case 'dictionary16':
    case 'dictionary32':
      return codesFill({ ...column, type }, capacity);
    default:
      return numbersFill(type, capacity);
  }
}
