import { InputError } from '../../errors.js';
import { itemsOf, membersOf, objectOfText, refuse } from './json.js';

/** One dimension of a series. */
export interface TcpdDimension {
  /** Empty where the file gives none. */
  readonly label: string;
  /** One value an observation; NaN where it is missing. */
  readonly values: Float64Array;
}

/** A series of the Turing Change Point Dataset. */
export interface TcpdSeries {
  readonly name: string;
  /** Number of observations of each dimension. */
  readonly n: number;
  readonly dimensions: readonly TcpdDimension[];
  /** Times as the file writes them; null where it has only their order. */
  readonly times: readonly string[] | null;
}

/** Change indices from 0, in increasing order, by annotator, by series. */
export type TcpdAnnotations = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

function countOf(value: unknown, field: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(field, value, 'a count');
}

function sameLength(found: number, n: number, field: string): void {
  if (found !== n) throw new InputError('WRONG_TYPE', `${field} must hold ${String(n)} values as n_obs says, got ${String(found)}`);
}

function dimensionOf(given: unknown, k: number, n: number): TcpdDimension {
  const at = `series[${String(k)}]`;
  const dimension = membersOf(given, at);
  const raw = itemsOf(dimension['raw'], `${at}.raw`);
  sameLength(raw.length, n, `${at}.raw`);
  const values = Float64Array.from(raw, (value, i) => (typeof value === 'number' ? value : value === null ? NaN : refuse(`${at}.raw[${String(i)}]`, value, 'a number or null')));
  const label = dimension['label'] ?? '';
  return { label: typeof label === 'string' ? label : refuse(`${at}.label`, label, 'text'), values };
}

function timesOf(given: unknown, n: number): readonly string[] | null {
  const raw = membersOf(given, 'time')['raw'];
  if (raw === undefined) return null;
  const times = itemsOf(raw, 'time.raw').map((time, i) => (typeof time === 'string' ? time : refuse(`time.raw[${String(i)}]`, time, 'text')));
  sameLength(times.length, n, 'time.raw');
  return times;
}

/**
 * Reads a series of the Turing Change Point Dataset: `datasets/NAME/NAME.json` of its repository.
 *
 * @param text - JSON
 * @throws {@link InputError} BAD_JSON, MISSING_FIELD, WRONG_TYPE naming field, value and what was expected
 * @see van den Burg & Williams (2020), arXiv:2003.06222; the format is `schema.json` of the repository.
 * @example
 * ```ts
 * parseTcpdSeries('{"name":"a","n_obs":2,"n_dim":1,"time":{"index":[0,1]},"series":[{"label":"V1","type":"float","raw":[1.5,null]}]}').dimensions[0]?.label; // => 'V1'
 * ```
 */
export function parseTcpdSeries(text: string): TcpdSeries {
  const file = objectOfText(text, 'a series');
  const name = file['name'];
  if (typeof name !== 'string') refuse('name', name, 'text');
  const n = countOf(file['n_obs'], 'n_obs');
  const count = countOf(file['n_dim'], 'n_dim');
  const series = itemsOf(file['series'], 'series');
  if (series.length !== count || count === 0) throw new InputError('WRONG_TYPE', `series must hold ${String(count)} dimensions as n_dim says, and one at least, got ${String(series.length)}`);
  return { name, n, dimensions: series.map((each, k) => dimensionOf(each, k, n)), times: timesOf(file['time'], n) };
}

function changesOf(given: unknown, at: string): readonly number[] {
  const changes = itemsOf(given, at).map((index, i) => countOf(index, `${at}[${String(i)}]`));
  const back = changes.findIndex((index, i) => i > 0 && index <= (changes[i - 1] ?? NaN));
  if (back > 0) throw new InputError('WRONG_TYPE', `${at} must be in increasing order, got ${String(changes[back])} after ${String(changes[back - 1])}`);
  return changes;
}

/**
 * Reads the annotations of the Turing Change Point Dataset: its `annotations.json`. A change index is the first observation, from
 * 0, of what comes after the change.
 *
 * @param text - JSON: series name to annotator to list of indices
 * @throws {@link InputError} BAD_JSON, WRONG_TYPE naming series and annotator
 * @example
 * ```ts
 * parseTcpdAnnotations('{"nile":{"6":[],"7":[28]}}').get('nile')?.get('7'); // => [28]
 * ```
 */
export function parseTcpdAnnotations(text: string): TcpdAnnotations {
  const file = objectOfText(text, 'annotations');
  return new Map(Object.entries(file).map(([series, given]) => [
    series, new Map(Object.entries(membersOf(given, series)).map(([annotator, changes]) => [annotator, changesOf(changes, `${series}.${annotator}`)])),
  ]));
}
