/**
 * A table of a FlatBuffers message: its fields by their place in the schema, null where absent. Reading outside the bytes
 * throws a RangeError, and no list is longer than the bytes that could hold it, so that damaged bytes cost no more than sound ones.
 */
export interface FlatTable {
  readonly integer: (field: number, bytes: 1 | 2 | 4) => number | null;
  /** A 64-bit integer as the nearest double. */
  readonly wide: (field: number) => number | null;
  readonly text: (field: number) => string | null;
  readonly table: (field: number) => FlatTable | null;
  readonly tables: (field: number) => readonly FlatTable[];
  /** Structs of `size` bytes, as views. */
  readonly structs: (field: number, size: number) => readonly DataView[];
}

/** The unsigned or signed integer of that width at a place. */
function integerAt(view: DataView, at: number, bytes: 1 | 2 | 4): number {
  if (bytes === 1) return view.getUint8(at);
  return bytes === 2 ? view.getInt16(at, true) : view.getInt32(at, true);
}

/** The nearest double of the signed 64-bit integer at a place. */
export function wideAt(view: DataView, at: number): number {
  return view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true);
}

function tableAt(view: DataView, start: number): FlatTable {
  const vtable = start - view.getInt32(start, true);
  const slots = view.getUint16(vtable, true);
  const place = (field: number): number | null => {
    const slot = 4 + 2 * field;
    const offset = slot + 2 > slots ? 0 : view.getUint16(vtable + slot, true);
    return offset === 0 ? null : start + offset;
  };
  const target = (field: number): number | null => {
    const at = place(field);
    return at === null ? null : at + view.getUint32(at, true);
  };
  const list = (field: number, size: number): { readonly first: number; readonly count: number } => {
    const at = target(field);
    const count = at === null ? 0 : view.getUint32(at, true);
    const first = (at ?? 0) + 4;
    if (count * size > view.byteLength - first && count > 0) throw new RangeError('a list reaches beyond the message');
    return { first, count };
  };
  return {
    integer: (field, bytes) => {
      const at = place(field);
      return at === null ? null : integerAt(view, at, bytes);
    },
    wide: (field) => {
      const at = place(field);
      return at === null ? null : wideAt(view, at);
    },
    text: (field) => {
      const at = target(field);
      if (at === null) return null;
      const { first, count } = list(field, 1);
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(view.buffer, view.byteOffset + first, count));
    },
    table: (field) => {
      const at = target(field);
      return at === null ? null : tableAt(view, at);
    },
    tables: (field) => {
      const { first, count } = list(field, 4);
      return Array.from({ length: count }, (_, i) => tableAt(view, first + 4 * i + view.getUint32(first + 4 * i, true)));
    },
    structs: (field, size) => {
      const { first, count } = list(field, size);
      return Array.from({ length: count }, (_, i) => new DataView(view.buffer, view.byteOffset + first + size * i, size));
    },
  };
}

/**
 * The root table of a message.
 *
 * @throws RangeError where the bytes are no such message
 */
export function flatRoot(bytes: Uint8Array): FlatTable {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return tableAt(view, view.getUint32(0, true));
}
