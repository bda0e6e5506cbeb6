import { CHAIN_FIELDS, PAYLOAD_FIELDS, type FieldKind, type FieldSpec } from './fields.js';
import { KERNEL_BYTES } from './kernel-bytes.js';

/** What the kernel says of an entry it proved; see {@link Kernel.prove}. */
export const NEWER = 1;
/** As {@link NEWER}: a number is spelt as only the older writer does. */
export const OLDER = 2;
/** The previous hash is the one the entry before stored. */
export const LINKED = 4;
/** The previous hash is null. */
export const STARTS = 8;

const OPERATIONS = { END: 0, INTEGER: 1, FLOAT: 2, TEXT: 3, NULLABLE: 4, FLAG: 5, WORD: 6, TEXTS: 7, RECORDS: 8, HASH: 9, PREVIOUS: 10, SPLICE: 11 };
const POWERS = 120;
const MIB = 1 << 20;
/** Bytes a window holds: the largest entry twice over, so that refilling never starves. */
export const WINDOW_BYTES: number = 2 * MIB + 65536;
/** Room for what is written about an entry: as large as a window, since no layout here is longer than its source. */
const ROOM = WINDOW_BYTES + 65536;
/** Where things lie in the kernel's memory, in bytes. Nothing below PROGRAM is used. */
const PROGRAM = 4096;
const SLOTS = 32768;
const TEN_POWERS = 40960;
const EXPECTED = 49152;
const FOUND = 50176;
const PAYLOAD = 65536;
const ARRANGED = PAYLOAD + ROOM;
const NESTED = ARRANGED + ROOM;
const WINDOW = NESTED + ROOM;
/** Bytes after the window that stay zero, so that no scan leaves it. */
const GUARD = 64;

interface Instruction {
  readonly operation: keyof typeof OPERATIONS;
  readonly literal: string;
  readonly argument: number;
  readonly name: string;
}

interface Exports {
  /** Takes the positions PROGRAM, SLOTS, TEN_POWERS, PAYLOAD and EXPECTED. */
  readonly setUp: (...positions: number[]) => void;
  readonly setUpArrange: (table: number, arranged: number, nested: number, found: number) => void;
  readonly prove: (at: number) => number;
  readonly arrange: (at: number) => number;
  readonly accept: () => void;
  readonly forget: () => void;
  readonly expect: () => void;
  readonly outcomeOf: () => number;
  readonly payloadLengthOf: () => number;
}

/** Places bytes one after the other and remembers where. */
function heap(memory: Uint8Array, from: number): { place: (bytes: Uint8Array) => number } {
  let at = from;
  return {
    place: (bytes) => {
      memory.set(bytes, at);
      at += Math.ceil(bytes.length / 8) * 8;
      return at - Math.ceil(bytes.length / 8) * 8;
    },
  };
}

type Place = (bytes: Uint8Array) => number;
const encoder = new TextEncoder();

function wordList(words: readonly string[], place: Place): number {
  const list = [words.length, ...words.flatMap((w) => [place(encoder.encode(w)), w.length])];
  return place(new Uint8Array(Int32Array.from(list).buffer));
}

/** The instructions that read `fields` in order, given the literal still to be read before the first of them. */
function compile(fields: readonly FieldSpec[], before: string, path: string, place: Place): { code: Instruction[]; after: string } {
  const code: Instruction[] = [];
  let literal = before;
  for (const { name, kind, payloadName } of fields) {
    literal += `"${name}":`;
    const here = path + name;
    if (kind.type === 'record') {
      const inner = compile(kind.fields, `${literal}{`, `${here}.`, place);
      code.push(...inner.code);
      literal = `${inner.after}},`;
      continue;
    }
    const { operation, open, close, argument } = operandOf(kind, name, payloadName !== undefined, place);
    code.push({ operation, literal: literal + open, argument, name: here });
    literal = `${close},`;
  }
  return { code, after: literal.slice(0, -1) };
}

function operandOf(kind: FieldKind, name: string, splice: boolean, place: Place): { operation: keyof typeof OPERATIONS; open: string; close: string; argument: number } {
  const plain = { open: '', close: '', argument: 0 };
  const quoted = { open: '"', close: '"', argument: 0 };
  if (name === 'ledger_hash') return { ...quoted, operation: 'HASH' };
  if (name === 'prev_ledger_hash') return { ...plain, operation: 'PREVIOUS' };
  switch (kind.type) {
    case 'integer':
      return { ...plain, operation: 'INTEGER', argument: kind.min < 0n ? 1 : 0 };
    case 'float':
      return { ...plain, operation: splice ? 'SPLICE' : 'FLOAT' };
    case 'boolean':
      return { ...plain, operation: 'FLAG' };
    case 'nullable':
      return { ...plain, operation: 'NULLABLE' };
    case 'string':
      return { ...quoted, operation: 'TEXT' };
    case 'enum':
      return { ...quoted, operation: 'WORD', argument: wordList(kind.words, place) };
    case 'list':
      if (kind.item.type !== 'record') return { operation: 'TEXTS', open: '[', close: ']', argument: 0 };
      return { operation: 'RECORDS', open: '[', close: ']', argument: assemble(kind.item.fields, place).at };
    case 'record':
      throw new Error('a record is compiled in line');
  }
}

/** Writes the program for a record to memory. Returns where it is and what its instructions read. */
function assemble(fields: readonly FieldSpec[], place: Place): { at: number; names: string[] } {
  const { code, after } = compile(fields, '{', '', place);
  const all: Instruction[] = [...code, { operation: 'END', literal: `${after}}`, argument: 0, name: '' }];
  const words = all.flatMap(({ operation, literal, argument }) => [OPERATIONS[operation], argument, place(encoder.encode(literal)), literal.length]);
  return { at: place(new Uint8Array(Int32Array.from(words).buffer)), names: code.map((c) => c.name) };
}

/** Kinds of value to `arrange`, in the kernel's numbering. */
function valueKind(kind: FieldKind): number {
  if (kind.type === 'record') return 1;
  if (kind.type !== 'list') return 0;
  return kind.item.type === 'record' ? 2 : 3;
}

/** Writes the table by which the kernel puts a record's fields in order. Returns where it is. */
function fieldTable(fields: readonly FieldSpec[], place: Place): number {
  const words = fields.flatMap(({ name, kind }) => {
    const record = kind.type === 'list' ? kind.item : kind;
    const inner = record.type === 'record' ? fieldTable(record.fields, place) : 0;
    return [place(encoder.encode(`"${name}":`)), name.length + 3, valueKind(kind), inner, 0];
  });
  return place(new Uint8Array(Int32Array.from([fields.length, ...words]).buffer));
}

/** 10^k as the sum of two doubles, good to 106 bits. */
function tenPowers(): Float64Array {
  return Float64Array.from({ length: 2 * (POWERS + 1) }, (_, i) => {
    const exact = 10n ** BigInt(i >> 1);
    const nearest = Number(exact);
    return i % 2 === 0 ? nearest : Number(exact - BigInt(nearest));
  });
}

const MODULE = new WebAssembly.Module(Buffer.from(KERNEL_BYTES, 'base64'));

/** The kernel over its own memory: a window of file bytes, and what it learned of the entry proved last. */
export interface Kernel {
  /** The whole memory; a position below is an index into it. */
  readonly memory: Buffer;
  /** First byte of the window, which holds a little over 2 MiB and ends in zeros. */
  readonly window: number;
  /** Position of the payload that {@link Kernel.prove} lays out, the previous hash before it. */
  readonly payload: number;
  /** Proves the entry at a position to be the host's own text: the position after it, or 0. */
  readonly prove: (at: number) => number;
  /** Writes the entry at a position to {@link Kernel.arranged} in the host's layout: the position after it, or 0. */
  readonly arrange: (at: number) => number;
  readonly arranged: number;
  /** What was seen of the entry proved last, in bits: newer spelling 1, older 2, linked 4, starts a chain 8. */
  readonly outcome: () => number;
  /** Its length in bytes. */
  readonly payloadLength: () => number;
  /** Makes the hash of the entry proved last the one that the next entry must name. */
  readonly accept: () => void;
  /** Makes this hash the one the next entry must name; null forgets it, so that any will do. */
  readonly expect: (hash: string | null) => void;
  /** Where a field's value starts and ends in the entry proved last: `spans[slot]`, `spans[slot + 1]`. */
  readonly slot: (field: string) => number;
  readonly spans: Int32Array;
  /** The value of a field as a double, or the index of its word: `values[slot / 2 + 1]`. NaN where it is not known. */
  readonly values: Float64Array;
}

/** What every kernel's memory starts with below PAYLOAD: programs, tables and powers of ten. */
interface Image {
  readonly bytes: Uint8Array;
  readonly program: number;
  readonly table: number;
  readonly slots: ReadonlyMap<string, number>;
}

function buildImage(): Image {
  const bytes = new Uint8Array(PAYLOAD);
  const { place } = heap(bytes, PROGRAM);
  const fields = [...PAYLOAD_FIELDS, ...CHAIN_FIELDS];
  const { at: program, names } = assemble(fields, place);
  const table = fieldTable(fields, place);
  bytes.set(new Uint8Array(tenPowers().buffer), TEN_POWERS);
  return { bytes, program, table, slots: new Map(names.map((name, i) => [name, SLOTS / 4 + 4 * i])) };
}

const IMAGE = buildImage();

/** Starts a kernel. It holds about 9 MiB. */
export function startKernel(): Kernel {
  const memory = new WebAssembly.Memory({ initial: Math.ceil((WINDOW + WINDOW_BYTES + GUARD) / 65536) });
  const bytes = Buffer.from(memory.buffer);
  bytes.set(IMAGE.bytes);
  const kernel = new WebAssembly.Instance(MODULE, { env: { memory } }).exports as unknown as Exports;
  kernel.setUp(IMAGE.program, SLOTS, TEN_POWERS, PAYLOAD, EXPECTED);
  kernel.setUpArrange(IMAGE.table, ARRANGED, NESTED, FOUND);
  return {
    memory: bytes,
    window: WINDOW,
    payload: PAYLOAD,
    prove: kernel.prove,
    arrange: kernel.arrange,
    arranged: ARRANGED,
    outcome: kernel.outcomeOf,
    payloadLength: kernel.payloadLengthOf,
    accept: kernel.accept,
    expect: (hash) => {
      if (hash === null) {
        kernel.forget();
        return;
      }
      // No entry the kernel proves can name zeros, so a hash of another shape is never taken for granted.
      bytes.fill(0, EXPECTED, EXPECTED + 64);
      if (/^[\x20\x21\x23-\x5b\x5d-\x7e]{64}$/.test(hash)) bytes.write(hash, EXPECTED, 'latin1');
      kernel.expect();
    },
    slot: (field) => {
      const slot = IMAGE.slots.get(field);
      if (slot === undefined) throw new Error(`the kernel has no slot ${field}`);
      return slot;
    },
    spans: new Int32Array(memory.buffer),
    values: new Float64Array(memory.buffer),
  };
}
