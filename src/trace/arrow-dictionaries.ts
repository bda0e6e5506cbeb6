import { InputError } from '../errors.js';
import { bodyOf, bufferOf, type Body, type FileColumn, type FileDictionary } from './arrow-columns.js';
import { badArrow } from './arrow-frames.js';
import type { ArrowMessage } from './arrow-message.js';

/** The dictionaries of a file as its messages name them. */
export interface FileDictionaries {
  /**
   * Takes a dictionary message in.
   *
   * @throws {@link InputError} BAD_ARROW, BAD_ENUM
   */
  readonly admit: (message: ArrowMessage & { readonly kind: 'dictionary' }, bytes: Uint8Array, offset: number) => void;
  /** The column's dictionary as it is now; null where the column has none. */
  readonly of: (column: FileColumn, offset: number) => FileDictionary | null;
}

/** Texts of a dictionary batch. */
function textsOf(body: Body): string[] {
  const { rows } = body.layout;
  if (!(rows >= 0 && rows <= 2 ** 31)) throw badArrow(body.offset, `a dictionary states ${String(rows)} values`);
  if (rows === 0) return [];
  const { buffer, byteOffset } = bufferOf(body, 1, 4 * (rows + 1));
  const offsets = new Int32Array(buffer as ArrayBuffer, byteOffset, rows + 1);
  const bytes = bufferOf(body, 2, 0);
  if ((body.layout.nodes[0]?.nulls ?? 0) !== 0) throw badArrow(body.offset, 'a dictionary has a null among its values');
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return Array.from({ length: rows }, (_, i) => {
    const [start = 0, end = 0] = [offsets[i], offsets[i + 1]];
    if (start < 0 || end < start || end > bytes.length) throw badArrow(body.offset, `value ${String(i)} of a dictionary has no place`);
    try {
      return decoder.decode(bytes.subarray(start, end));
    } catch (cause) {
      throw badArrow(body.offset, `value ${String(i)} of a dictionary is not UTF-8`, cause);
    }
  });
}

/** Codes of a closed column by the file's codes; null where they are the same. */
function closedCodes(name: string, domain: readonly string[], values: readonly string[]): readonly number[] | null {
  if (values.every((value, code) => domain[code] === value)) return null;
  return values.map((value) => {
    const code = domain.indexOf(value);
    if (code < 0) throw new InputError('BAD_ENUM', `${name} must be one of ${domain.join(', ')}, got ${JSON.stringify(value.slice(0, 60))}`);
    return code;
  });
}

/** Starts with no dictionary known. */
export function fileDictionaries(columns: readonly FileColumn[]): FileDictionaries {
  const values = new Map<number, string[]>();
  const mapped = new Map<string, { readonly of: readonly string[]; readonly size: number; readonly codes: readonly number[] | null }>();
  return {
    admit: ({ id, isDelta, layout }, bytes, offset) => {
      if (!columns.some(({ dictionary }) => dictionary === id)) throw badArrow(offset, `dictionary ${String(id)} belongs to no column`);
      if (layout.compressed) throw badArrow(offset, 'a compressed dictionary: write the trace uncompressed');
      const texts = textsOf(bodyOf(layout, bytes, offset));
      const before = isDelta ? values.get(id) : undefined;
      if (before === undefined) values.set(id, texts);
      else for (const text of texts) before.push(text);
    },
    of: ({ column: { name, domain, type }, dictionary }, offset) => {
      if (!type.startsWith('dictionary')) return null;
      const own = values.get(dictionary ?? -1);
      if (own === undefined) throw badArrow(offset, `the dictionary of ${name} is missing`);
      if (domain === null) return { values: own, size: own.length, codes: null };
      const known = mapped.get(name);
      if (known?.of === own && known.size === own.length) return { values: domain, size: own.length, codes: known.codes };
      const codes = closedCodes(name, domain, own);
      mapped.set(name, { of: own, size: own.length, codes });
      return { values: domain, size: own.length, codes };
    },
  };
}
