import { expect, test } from 'vitest';
import { textIndex } from '../../../src/baseline/trace/text-index.js';
import type { TraceTexts } from '../../../src/trace/chunk.js';

/** A column of texts whose first byte lies at `gap`. */
function columnOf(texts: readonly string[], gap = 0): TraceTexts {
  const parts = texts.map((text) => Buffer.from(text));
  const offsets = new Int32Array(texts.length + 1).fill(gap);
  parts.forEach((part, i) => { offsets[i + 1] = (offsets[i] ?? 0) + part.length; });
  return { kind: 'text', offsets, bytes: Buffer.concat([Buffer.alloc(gap, 7), ...parts]), validity: null, nullCount: 0 };
}

/** Numbers in order of first appearance, the plain way. */
function naiveNumbers(texts: readonly string[], known: Map<string, number>): number[] {
  return texts.map((text) => {
    const number = known.get(text) ?? known.size;
    known.set(text, number);
    return number;
  });
}

function expectNaive(batches: readonly (readonly string[])[]): void {
  const index = textIndex();
  const known = new Map<string, number>();
  batches.forEach((texts, i) => { expect([...index.numbersOf(columnOf(texts, i))]).toEqual(naiveNumbers(texts, known)); });
  expect(index.texts()).toEqual([...known.keys()]);
}

test('texts of every length up to 70 bytes that differ in one byte alone are told apart, whichever byte it is', () => {
  const texts = Array.from({ length: 70 }, (_, length) => ['x'.repeat(length), ...Array.from({ length }, (__, at) => `${'x'.repeat(at)}y${'x'.repeat(length - at - 1)}`)]).flat();
  expectNaive([texts, [...texts].reverse()]);
});

test('a zero byte, a byte order mark and letters of several bytes are part of a text', () => {
  expectNaive([['', '\0', '\0\0', '\ufeffa', 'a', 'é', 'e', '\u{1f600}', '\u{1f600}\0']]);
});

test('numbers hold while the table widens and while rows and bytes exceed what is taken at once', () => {
  const many = Array.from({ length: 40_000 }, (_, i) => `/srv/app/${String(i % 25_000)}`);
  expectNaive([many, many.slice(100), Array.from({ length: 40 }, (_, i) => `${String(i % 7)}${'z'.repeat(100_000)}`), many.slice(0, 10)]);
});

test('a text of more than a mebibyte is numbered among the others', () => {
  const long = 'é'.repeat(600_000);
  expectNaive([['a', long, 'b', `${long}c`, long], ['a', `${long}c`]]);
});
