import type { TraceCodes } from './chunk.js';

/** One dictionary for chunks of several origins: values in order of first appearance. */
export interface DictionaryUnion {
  /** Takes a chunk's values in. */
  readonly admit: (data: Pick<TraceCodes, 'values' | 'size'>) => void;
  /** An admitted column's codes in this dictionary; its own array where they are the same. */
  readonly codesOf: (data: Pick<TraceCodes, 'codes' | 'values'>) => TraceCodes['codes'];
  readonly values: () => readonly string[];
  /** How many of `values` are taken in. */
  readonly size: () => number;
}

/**
 * Starts an empty dictionary.
 *
 * @remarks While all chunks share one list, that list is the dictionary and nothing is copied; from the second list on, memory
 * grows with the distinct values of all of them.
 */
export function dictionaryUnion(): DictionaryUnion {
  let origin: readonly string[] | null = null;
  let known = 0;
  let own: { readonly values: string[]; readonly index: Map<string, number> } | null = null;
  const places = new WeakMap<readonly string[], number[]>();

  const separate = (): { readonly values: string[]; readonly index: Map<string, number> } => {
    const values = (origin ?? []).slice(0, known);
    if (origin !== null) places.set(origin, values.map((_, code) => code));
    own = { values, index: new Map(values.map((value, code) => [value, code])) };
    return own;
  };

  return {
    admit: ({ values, size }) => {
      if (own === null && (origin === null || origin === values)) {
        origin = values;
        known = Math.max(known, size);
        return;
      }
      const { values: all, index } = own ?? separate();
      const place = places.get(values) ?? [];
      for (let code = place.length; code < size; code += 1) {
        const value = values[code] ?? '';
        let at = index.get(value);
        if (at === undefined) {
          at = all.push(value) - 1;
          index.set(value, at);
        }
        place.push(at);
      }
      places.set(values, place);
      known = all.length;
    },
    codesOf: ({ codes, values }) => {
      const place = places.get(values);
      return own === null || place === undefined ? codes : codes.map((code) => place[code] ?? 0);
    },
    values: () => own?.values ?? origin ?? [],
    size: () => known,
  };
}
