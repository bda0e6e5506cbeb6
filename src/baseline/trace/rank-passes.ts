/** Words of a double: position of the high and the low half. */
const [LOW, HIGH] = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? [0, 1] : [1, 0];

/** Bits of a value found out in one pass. */
const DIGITS = 4;
const CELLS = 1 << 16;

/** Values to pass over: hands each with its group's number to the visitor, the same in every pass. */
export type ValuePass = (visit: (group: number, value: number) => void) => void;

/** Values whose leading digits are known to be these. */
interface Prefix {
  readonly digits: readonly number[];
  /** How many values of the group come before them. */
  readonly before: number;
  readonly ranks: readonly number[];
  readonly counts: Uint32Array;
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** The four 16-bit digits of a double, such that doubles sort as their digits do; into `out`. */
function digitsOf(value: number, out: Uint16Array): void {
  double[0] = value;
  const high = words[HIGH] ?? 0;
  const flip = high >>> 31 === 1 ? 0xffffffff : 0;
  const [h, l] = [(high ^ flip ^ (flip === 0 ? 0x80000000 : 0)) >>> 0, ((words[LOW] ?? 0) ^ flip) >>> 0];
  out[0] = h >>> 16;
  out[1] = h & 0xffff;
  out[2] = l >>> 16;
  out[3] = l & 0xffff;
}

function valueOf(digits: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0] = digits;
  const high = ((a << 16) | b) >>> 0;
  const flip = high >>> 31 === 0 ? 0xffffffff : 0;
  words[HIGH] = (high ^ flip ^ (flip === 0 ? 0x80000000 : 0)) >>> 0;
  words[LOW] = (((c << 16) | d) ^ flip) >>> 0;
  return double[0] ?? NaN;
}

function matches({ digits }: Prefix, value: Uint16Array): boolean {
  for (let i = 0; i < digits.length; i += 1) if (digits[i] !== value[i]) return false;
  return true;
}

/** A prefix with one digit more for each cell that a rank falls in. */
function refined({ digits, before, ranks, counts }: Prefix, last: boolean): Prefix[] {
  const longer: Prefix[] = [];
  let sum = before;
  for (let cell = 0; cell < CELLS && sum <= (ranks.at(-1) ?? -1); cell += 1) {
    const count = counts[cell] ?? 0;
    const inside = ranks.filter((rank) => rank >= sum && rank < sum + count);
    if (inside.length > 0) longer.push({ digits: [...digits, cell], before: sum, ranks: inside, counts: new Uint32Array(last ? 0 : CELLS) });
    sum += count;
  }
  return longer;
}

/**
 * The values at some ranks of each group, found in four passes over the values, 16 bits more in each.
 *
 * @param ranks - for each group by number its ranks, from 0, ascending, each less than its number of values
 * @returns for each group its values by rank
 * @remarks O(values) a pass, whatever their number; memory 256 KiB for each rank that falls apart from the others.
 */
export function ranksByPasses(pass: ValuePass, ranks: readonly (readonly number[])[]): ReadonlyMap<number, number>[] {
  let open = ranks.map((wanted): Prefix[] => (wanted.length === 0 ? [] : [{ digits: [], before: 0, ranks: wanted, counts: new Uint32Array(CELLS) }]));
  const value = new Uint16Array(DIGITS);
  for (let digit = 0; digit < DIGITS; digit += 1) {
    pass((group, x) => {
      const prefixes = open[group];
      if (prefixes === undefined || prefixes.length === 0) return;
      digitsOf(x, value);
      for (const prefix of prefixes) {
        if (!matches(prefix, value)) continue;
        const cell = value[digit] ?? 0;
        prefix.counts[cell] = (prefix.counts[cell] ?? 0) + 1;
        return;
      }
    });
    open = open.map((prefixes) => prefixes.flatMap((prefix) => refined(prefix, digit === DIGITS - 1)));
  }
  return open.map((prefixes) => new Map(prefixes.flatMap(({ digits, ranks: found }) => found.map((rank): [number, number] => [rank, valueOf(digits)]))));
}
