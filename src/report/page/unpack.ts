import { NUMBER_COLUMNS, type NumberColumn, type PackedNumbers, type PackedTexts, type PageData, type TextColumn } from './page-data.js';

/** A column of numbers. */
type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Texts as they are packed. */
export interface Texts {
  readonly offsets: Numbers;
  readonly bytes: Uint8Array;
}

/** The calls of a page. */
export interface Calls {
  readonly count: number;
  readonly numbers: Readonly<Record<NumberColumn, Numbers>>;
  readonly texts: Readonly<Record<TextColumn, Texts>>;
}

function bytesOf(base64: string): Uint8Array {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function numbersOf({ type, data }: PackedNumbers): Numbers {
  const { buffer } = bytesOf(data);
  switch (type) {
    case 'u8':
      return new Uint8Array(buffer);
    case 'u16':
      return new Uint16Array(buffer);
    case 'u32':
      return new Uint32Array(buffer);
    case 'f64':
      return new Float64Array(buffer);
  }
}

function textsOf({ offsets, bytes }: PackedTexts): Texts {
  return { offsets: numbersOf(offsets), bytes: bytesOf(bytes) };
}

/** The page's columns as typed arrays. */
export function unpackCalls({ count, columns, texts }: PageData): Calls {
  const numbers = Object.fromEntries(NUMBER_COLUMNS.map((name) => [name, numbersOf(columns[name])])) as Record<NumberColumn, Numbers>;
  return { count, numbers, texts: { callId: textsOf(texts.callId), resource: textsOf(texts.resource) } };
}

/** Text i of a column. */
export function textOf({ offsets, bytes }: Texts, i: number): string {
  return new TextDecoder().decode(bytes.subarray(offsets[i] ?? 0, offsets[i + 1] ?? 0));
}

/** Whether text i holds the bytes of `needle`. */
export function holds({ offsets, bytes }: Texts, i: number, needle: Uint8Array): boolean {
  const last = (offsets[i + 1] ?? 0) - needle.length;
  for (let at = offsets[i] ?? 0; at <= last; at += 1) {
    let k = 0;
    while (k < needle.length && bytes[at + k] === needle[k]) k += 1;
    if (k === needle.length) return true;
  }
  return false;
}
