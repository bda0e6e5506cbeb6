import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

interface Tolerance {
  readonly rel: number;
  readonly abs: number;
}

/** One reference value: `fn` of `input` is `expected`. */
export interface ReferenceCase {
  readonly id: string;
  readonly fn: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: unknown;
  readonly tol: Tolerance;
}

/** The cases of one file under test/reference for one function; at least one. */
export function referenceCases(file: string, fn: string): readonly ReferenceCase[] {
  const url = new URL(`../reference/${file}.json`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: ReferenceCase[] };
  const chosen = cases.filter((c) => c.fn === fn);
  expect(chosen.length).toBeGreaterThan(0);
  return chosen;
}

/** Expects |got - expected| <= max(rel |expected|, abs), entry by entry. */
export function expectClose(got: unknown, expected: unknown, tol: Tolerance, id: string): void {
  if (expected === 'Infinity') expect(got, id).toBe(Infinity);
  else if (typeof expected === 'number') {
    expect(typeof got, id).toBe('number');
    const slack = Math.max(tol.rel * Math.abs(expected), tol.abs);
    expect(Math.abs((got as number) - expected), `${id}: ${String(got)} for ${String(expected)}`).toBeLessThanOrEqual(slack);
  } else if (typeof expected === 'object' && expected !== null) {
    expect(Object.keys(got as object).sort(), id).toEqual(Object.keys(expected).sort());
    for (const [key, value] of Object.entries(expected)) expectClose((got as Record<string, unknown>)[key], value, tol, id);
  } else expect(got, id).toEqual(expected);
}
