// Numbers texts by their bytes, from 0 in order of first appearance: an open-addressing table over texts that are kept once each.
//
// A slot of the table takes 16 bytes: number and one (0 where the slot is free), hash, place of the kept text, its length.
// Texts are read 16 bytes at a time, the last 16 overlapping those before, so that lengths that differ a little take one path.

let table: usize = 0;
let mask: u32 = 0;
let count: u32 = 0;
let keptEnd: usize = 0;
let keptLimit: usize = 0;
let offsets: usize = 0;
let numbers: usize = 0;

/** Where offsets are taken from and numbers go. */
export function setUp(offsetsAt: usize, numbersAt: usize): void {
  offsets = offsetsAt;
  numbers = numbersAt;
}

/** Texts numbered so far. */
export function size(): u32 {
  return count;
}

/** Takes a number without a text: for one that is kept elsewhere. */
export function reserve(): u32 {
  return count++;
}

/** Where texts are kept from now on. */
export function keepAt(place: usize, limit: usize): void {
  keptEnd = place;
  keptLimit = limit;
}

/** Moves to a table of `slots` slots, a power of two, all zero. */
export function moveTo(place: usize, slots: u32): void {
  const old = table;
  const end: usize = table === 0 ? 0 : old + ((<usize>mask + 1) << 4);
  table = place;
  mask = slots - 1;
  for (let from = old; from < end; from += 16) {
    if (load<u32>(from) === 0) continue;
    let slot = load<u32>(from, 4) & mask;
    while (load<u32>(place + (<usize>slot << 4)) !== 0) slot = (slot + 1) & mask;
    v128.store(place + (<usize>slot << 4), v128.load(from));
  }
}

@inline
function mix(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 32);
}

@inline
function hashOf(at: usize, length: u32): u32 {
  const end = at + length;
  if (length >= 16) {
    const last = end - 16;
    let a: u64 = length;
    let b: u64 = 0x85ebca77c2b2ae3d;
    for (; at < last; at += 16) {
      a = mix(a, load<u64>(at));
      b = mix(b, load<u64>(at, 8));
    }
    return <u32>mix(mix(a, load<u64>(last)), mix(b, load<u64>(last, 8)));
  }
  if (length >= 8) return <u32>mix(mix(length, load<u64>(at)), load<u64>(end - 8));
  if (length >= 4) return <u32>mix(length, <u64>load<u32>(at) | (<u64>load<u32>(end - 4) << 32));
  if (length === 0) return 0;
  return <u32>mix(length, <u64>load<u8>(at) | (<u64>load<u8>(at + (length >> 1)) << 8) | (<u64>load<u8>(end - 1) << 16));
}

@inline
function same(x: usize, y: usize, length: u32): bool {
  if (length >= 16) {
    const last = length - 16;
    for (let i: u32 = 0; i < last; i += 16) if (v128.any_true(v128.xor(v128.load(x + i), v128.load(y + i)))) return false;
    return !v128.any_true(v128.xor(v128.load(x + last), v128.load(y + last)));
  }
  for (let i: u32 = 0; i < length; i += 1) if (load<u8>(x + i) !== load<u8>(y + i)) return false;
  return true;
}

/**
 * Numbers the texts of rows `from` to `rows`: text i lies at `bytes + offsets[i]`, its number goes to `numbers[i]`.
 * Stops at a row whose text is new where the table is half full or the text finds no room. Returns the row stopped at.
 */
export function numberTexts(bytes: usize, from: u32, rows: u32): u32 {
  const froms = offsets;
  for (let row = from; row < rows; row += 1) {
    const begin = load<u32>(froms + (<usize>row << 2));
    const length = load<u32>(froms + (<usize>row << 2), 4) - begin;
    const at = bytes + begin;
    const hash = hashOf(at, length);
    let slot = hash & mask;
    let number: u32 = 0;
    while (true) {
      const place = table + (<usize>slot << 4);
      number = load<u32>(place);
      if (number === 0) {
        if (count >= (mask >> 1) || keptEnd + length > keptLimit) return row;
        memory.copy(keptEnd, at, length);
        count += 1;
        number = count;
        store<u32>(place, number);
        store<u32>(place, hash, 4);
        store<u32>(place, <u32>keptEnd, 8);
        store<u32>(place, length, 12);
        keptEnd += length;
        break;
      }
      if (load<u32>(place, 4) === hash && load<u32>(place, 12) === length && same(at, load<u32>(place, 8), length)) break;
      slot = (slot + 1) & mask;
    }
    store<u32>(numbers + (<usize>row << 2), number - 1);
  }
  return rows;
}
