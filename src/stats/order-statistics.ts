/** Cells that values are dealt into by their leading bits, at most: one for about four values. */
const CELLS = 2 ** 14;

/** Up to so many values sorting is fastest. */
const SMALL = 512;

/** Position of the high half of a double in its two 32-bit words. */
const HIGH = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0;

/** Counts and marks that every call uses; each leaves them zero. */
const counts = new Uint32Array(CELLS + 1);
const marks = new Uint8Array(CELLS + 1);

/** Leading bits of a double as an integer of the same order. */
function leading(word: number): number {
  return word ^ ((word >> 31) & 0x7fffffff);
}

interface Cut {
  readonly least: number;
  readonly shift: number;
  /** Cells in use. */
  readonly cells: number;
}

/** How to cut the leading bits of values into cells; `cells` is 1 where all have the same. */
function cutOf(words: Int32Array): Cut {
  let least = 0x7fffffff;
  let most = -0x80000000;
  for (let i = HIGH; i < words.length; i += 2) {
    const word = words[i] as number;
    const key = word ^ ((word >> 31) & 0x7fffffff);
    if (key < least) least = key;
    if (key > most) most = key;
  }
  const cells = Math.min(CELLS, words.length >> 3);
  let shift = 0;
  while ((most - least) / 2 ** shift >= cells) shift += 1;
  return { least, shift, cells: Math.floor((most - least) / 2 ** shift) + 1 };
}

function countCells(words: Int32Array, { least, shift }: Cut): void {
  for (let i = HIGH; i < words.length; i += 2) {
    const word = words[i] as number;
    const cell = ((word ^ ((word >> 31) & 0x7fffffff)) - least) >>> shift;
    counts[cell] = (counts[cell] as number) + 1;
  }
}

/** Copies the values of marked cells out, cell after cell. */
function gather(values: Float64Array, words: Int32Array, { least, shift }: Cut, into: readonly { readonly values: Float64Array; filled: number }[]): void {
  for (let i = 0; i < values.length; i += 1) {
    const mark = marks[(leading(words[2 * i + HIGH] as number) - least) >>> shift] as number;
    if (mark === 0) continue;
    const cell = into[mark - 1];
    if (cell === undefined) continue;
    cell.values[cell.filled] = values[i] as number;
    cell.filled += 1;
  }
}

/** A cell that some rank falls in, and which ranks, from 0 within it. */
interface Wanted {
  readonly cell: number;
  readonly size: number;
  readonly ranks: number[];
  readonly places: number[];
}

/** The cells that hold the ranks, which ascend. */
function cellsOf(ranks: readonly number[], cells: number): Wanted[] {
  const wanted: Wanted[] = [];
  let before = 0;
  let next = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    const size = counts[cell] as number;
    if (next < ranks.length && (ranks[next] as number) < before + size) {
      const found: Wanted = { cell, size, ranks: [], places: [] };
      for (; next < ranks.length && (ranks[next] as number) < before + size; next += 1) {
        found.ranks.push((ranks[next] as number) - before);
        found.places.push(next);
      }
      wanted.push(found);
    }
    before += size;
  }
  return wanted;
}

function isConstant(values: Float64Array): boolean {
  const first = values[0] as number;
  return !Number.isNaN(first) && values.every((value) => Object.is(value, first));
}

function fromSorted(values: Float64Array, ranks: readonly number[]): Float64Array {
  if (isConstant(values)) return new Float64Array(ranks.length).fill(values[0] as number);
  const order = values.slice().sort();
  return Float64Array.from(ranks, (rank) => order[rank] ?? NaN);
}

/**
 * The values at some ranks, as sorting by IEEE 754 totalOrder would put them, without sorting.
 *
 * @param values - any doubles but NaN; not changed
 * @param ranks - from 0, ascending, each less than the number of values; at most 250
 * @returns one value a rank
 * @remarks O(n): values are dealt into cells by the leading bits that tell them apart, and only those cells that a rank falls in
 * are looked at again. Takes memory for the values of those cells.
 */
export function orderStatistics(values: Float64Array, ranks: readonly number[]): Float64Array {
  if (values.length <= SMALL) return fromSorted(values, ranks);
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  const cut = cutOf(words);
  if (cut.cells === 1) return fromSorted(values, ranks);
  countCells(words, cut);
  const wanted = cellsOf(ranks, cut.cells);
  const held = wanted.map(({ size }) => ({ values: new Float64Array(size), filled: 0 }));
  wanted.forEach(({ cell }, i) => { marks[cell] = i + 1; });
  gather(values, words, cut, held);
  wanted.forEach(({ cell }) => { marks[cell] = 0; });
  counts.fill(0, 0, cut.cells);
  const out = new Float64Array(ranks.length);
  wanted.forEach(({ ranks: inside, places }, i) => {
    const found = orderStatistics(held[i]?.values ?? new Float64Array(0), inside);
    places.forEach((place, j) => { out[place] = found[j] ?? NaN; });
  });
  return out;
}
