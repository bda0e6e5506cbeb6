// The ledger kernel, in AssemblyScript: proves that bytes are one entry in the host's own compact text, and lays its
// hash payload out. It answers yes only where every byte is as the host would have written it; all else is for the
// slow road. Nothing is allocated: `src/ledger/kernel.ts` owns the memory map and passes it in.
//
// The entry's shape is not written here. It comes as a program compiled from the field table: 16-byte instructions
// (operation, argument, literal offset, literal length) whose literal must come before the value.

// Operations. The literal of a string, enum or hash ends with its opening quote, which closes in the value.
const END: i32 = 0; //      the literal is the rest of the entry
const INTEGER: i32 = 1; //  argument 1: may be negative
const FLOAT: i32 = 2;
const TEXT: i32 = 3;
const NULLABLE: i32 = 4;
const FLAG: i32 = 5;
const WORD: i32 = 6; //     argument: address of a word list
const TEXTS: i32 = 7;
const RECORDS: i32 = 8; //  argument: address of the record's program
const HASH: i32 = 9;
const PREVIOUS: i32 = 10;
const SPLICE: i32 = 11; //  a float whose key gets a trailing underscore in the payload

const QUOTE: i32 = 0x22;
const COMMA: i32 = 0x2c;
const MINUS: i32 = 0x2d;
const POINT: i32 = 0x2e;
const ZERO: i32 = 0x30;
const CLOSE_ARRAY: i32 = 0x5d;
const BACKSLASH: i32 = 0x5c;

// Bits of the outcome.
const NEWER: i32 = 1; //    a number is spelt as only the newer writer does
const OLDER: i32 = 2; //    ... as only the older does
const LINKED: i32 = 4; //   the previous hash is the one expected
const STARTS: i32 = 8; //   the previous hash is null

let program: usize = 0;
let slots: usize = 0; //    per instruction: start and end of its value (i32 each), and the double it holds
let powers: usize = 0; //   10^k as an unevaluated sum of two doubles, k = 0..POWERS
let payload: usize = 0;
let expected: usize = 0; // 64 bytes of hash
let hasExpected: bool = false;

let provenHash: usize = 0; // where the entry proved last stores its hash

let outcome: i32 = 0;
let payloadLength: i32 = 0;
let value: f64 = 0; //      of the operand read last; NaN where it is not known
let lastValue: f64 = 0; //  of the number read last
let lastStart: usize = 0; // text of the number read last
let lastLength: usize = 0;

const POWERS: i32 = 120;

export function setUp(programAt: usize, slotsAt: usize, powersAt: usize, payloadAt: usize, expectedAt: usize): void {
  program = programAt;
  slots = slotsAt;
  powers = powersAt;
  payload = payloadAt;
  expected = expectedAt;
}

/** Forgets the previous entry: the next one may name any predecessor. */
export function forget(): void {
  hasExpected = false;
}

/** Makes the hash of the entry proved last the one that the next entry must name. */
export function accept(): void {
  memory.copy(expected, provenHash, 64);
  hasExpected = true;
}

/** Makes the 64 bytes at `expected` the hash that the next entry must name. */
export function expect(): void {
  hasExpected = true;
}

export function outcomeOf(): i32 {
  return outcome;
}

export function payloadLengthOf(): i32 {
  return payloadLength;
}

// -- literals ---------------------------------------------------------------------------------------------------------

/** Whether the `length` bytes at `a` and `b` are equal. Reads nothing beyond them where length >= 8. */
@inline
function same(a: usize, b: usize, length: usize): bool {
  if (length >= 8) {
    const last = length - 8;
    for (let i: usize = 0; i < last; i += 8) {
      if (load<u64>(a + i) != load<u64>(b + i)) return false;
    }
    return load<u64>(a + last) == load<u64>(b + last);
  }
  for (let i: usize = 0; i < length; i++) {
    if (load<u8>(a + i) != load<u8>(b + i)) return false;
  }
  return true;
}

// -- strings ----------------------------------------------------------------------------------------------------------

@inline
function isTail(byte: i32): bool {
  return (byte & 0xc0) == 0x80;
}

/** End of the UTF-8 sequence at `p`, whose first byte is not ASCII; 0 where it is not valid (RFC 3629). */
function sequence(p: usize): usize {
  const first = <i32>load<u8>(p);
  const second = <i32>load<u8>(p, 1);
  if (first < 0xc2 || first > 0xf4 || !isTail(second)) return 0;
  if (first < 0xe0) return p + 2;
  const third = <i32>load<u8>(p, 2);
  if (!isTail(third)) return 0;
  if (first < 0xf0) {
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)) return 0;
    return p + 3;
  }
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) || !isTail(<i32>load<u8>(p, 3))) return 0;
  return p + 4;
}

/** End of the escape at `p` (a backslash) if the host would write it so, else 0. */
function escape(p: usize): usize {
  const c = <i32>load<u8>(p, 1);
  if (c == QUOTE || c == BACKSLASH || c == 0x62 || c == 0x66 || c == 0x6e || c == 0x72 || c == 0x74) return p + 2;
  if (c != 0x75 || load<u16>(p, 2) != 0x3030) return 0;
  const high = <i32>load<u8>(p, 4);
  const low = <i32>load<u8>(p, 5);
  if (high != 0x30 && high != 0x31) return 0;
  if (!((low >= 0x30 && low <= 0x39) || (low >= 0x61 && low <= 0x66))) return 0;
  // Those with a short form are never written long.
  if (high == 0x30 && (low == 0x38 || low == 0x39 || low == 0x61 || low == 0x63 || low == 0x64)) return 0;
  return p + 6;
}

/** Bits of the bytes at `p` that are not plain ASCII or would need an escape in a string. */
@inline
function unplain(p: usize): i32 {
  const v = v128.load(p);
  const special = v128.or(
    v128.or(i8x16.lt_u(v, i8x16.splat(0x20)), i8x16.eq(v, i8x16.splat(0x22))),
    v128.or(i8x16.eq(v, i8x16.splat(0x5c)), i8x16.lt_s(v, i8x16.splat(0))),
  );
  return i8x16.bitmask(special);
}

/** From the first byte inside a string to its closing quote; 0 where it is not as the host writes strings. */
function text(start: usize): usize {
  let p = start;
  while (true) {
    const mask = unplain(p);
    if (mask == 0) {
      p += 16;
      continue;
    }
    p += ctz(mask);
    const c = <i32>load<u8>(p);
    if (c == QUOTE) return p;
    const next = c == BACKSLASH ? escape(p) : c >= 0x80 ? sequence(p) : 0;
    if (next == 0) return 0;
    p = next;
  }
}

/** `null` or a string with its quotes: the byte after it, or 0. */
@inline
function nullable(p: usize): usize {
  if (load<u32>(p) == 0x6c6c756e) return p + 4;
  if (load<u8>(p) != QUOTE) return 0;
  const end = text(p + 1);
  return end == 0 ? 0 : end + 1;
}

// -- numbers ----------------------------------------------------------------------------------------------------------

@inline
function isDigit(c: i32): bool {
  return <u32>(c - ZERO) <= 9;
}

/** Whether all eight bytes are digits. */
@inline
function areDigits(bytes: u64): bool {
  return ((bytes & 0xf0f0f0f0f0f0f0f0) | (((bytes + 0x0606060606060606) & 0xf0f0f0f0f0f0f0f0) >> 4)) == 0x3333333333333333;
}

/** The number that eight digits spell, summed in pairs, fours and eights. */
@inline
function eightDigits(bytes: u64): u32 {
  const pairs = ((bytes & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
  const fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return <u32>(((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32);
}

/** An integer of at most 18 digits in canonical text; longer ones are left to the slow road. */
function integer(start: usize, signed: bool): usize {
  let p = start;
  if (signed && load<u8>(p) == MINUS) p++;
  const first = p;
  while (isDigit(<i32>load<u8>(p))) p++;
  const digits = p - first;
  if (digits == 0 || digits > 18) return 0;
  if (load<u8>(first) == ZERO && (digits > 1 || first != start)) return 0;
  return p;
}

@inline
function high(a: f64): f64 {
  const c = 134217729.0 * a;
  return c - (c - a);
}

/** What is left of a * b after rounding: a * b = fl(a * b) + rest(a, b), exactly (Dekker 1971). */
@inline
function rest(a: f64, b: f64, product: f64): f64 {
  const ah = high(a);
  const al = a - ah;
  const bh = high(b);
  const bl = b - bh;
  return al * bl - (product - ah * bh - al * bh - ah * bl);
}

// Widest doubt that rounding in this file leaves, in units of the last decimal digit. It is below 1e-9.
const DOUBT: f64 = 1e-6;

/**
 * Whether `w` / 10^`k`, where `w` has 16 or 17 digits and no trailing zero, is the shortest decimal of its double and
 * of those the nearest. Works in pairs of doubles and refuses whenever that could not tell. Sets `value`.
 */
function isShortest(w: u64, k: i32): bool {
  const wh = <f64>w;
  const wl = <f64>(<i64>w - <i64>(<u64>wh));
  const magnitude = k < 0 ? -k : k;
  if (magnitude > POWERS) return false;
  const ph = load<f64>(powers + (<usize>magnitude << 4));
  const pl = load<f64>(powers + (<usize>magnitude << 4), 8);
  let q: f64;
  let r: f64;
  let unit: f64; // 10^k, which turns a distance between doubles into units of the last digit
  if (k >= 0) {
    q = wh / ph;
    const back = q * ph;
    r = (wh - back - rest(q, ph, back) + (wl - q * pl)) / ph;
    unit = ph;
  } else {
    q = wh * ph;
    r = rest(wh, ph, q) + (wh * pl + wl * ph);
    unit = 1.0 / ph;
  }
  const x = q + r;
  const error = r - (x - q);
  const bits = reinterpret<u64>(x);
  const exponent = <i32>(bits >> 52) - 1075;
  // A power of two has a narrower interval below; subnormal doubles have fewer digits.
  if ((bits & 0xfffffffffffff) == 0 || exponent < -1020) return false;
  const half = reinterpret<f64>((<u64>(exponent + 1022)) << 52) * unit; // half the spacing of doubles
  const off = error * unit; // from the double to w
  if (abs(off) > half - DOUBT || abs(off) > 0.5 - DOUBT) return false;
  const digit = <f64>(w % 10);
  if (digit - off < half + DOUBT || 10.0 - digit + off < half + DOUBT) return false;
  value = x;
  return true;
}

/** Sets `value` for a number of at most 15 digits, where one rounding gives it. */
@inline
function setValue(w: u64, k: i32): void {
  if (k >= 0 && k <= 22) value = <f64>w / load<f64>(powers + (<usize>k << 4));
  else if (k < 0 && k >= -22) value = <f64>w * load<f64>(powers + (<usize>-k << 4));
  else value = NaN;
}

/** The exponent that ends a number, from its `e`; `digits` significant digits came before it. */
function exponentPart(start: usize, w: u64, digits: i32, fraction: i32): usize {
  let p = start + 1;
  const sign = <i32>load<u8>(p);
  const down = sign == MINUS;
  if (down) p++;
  else if (sign == 0x2b) {
    p++;
    outcome |= NEWER;
  } else outcome |= OLDER;
  let power = 0;
  const first = p;
  while (isDigit(<i32>load<u8>(p)) && p - first < 4) power = power * 10 + (<i32>load<u8>(p++) - ZERO);
  if (p == first || load<u8>(first) == ZERO || isDigit(<i32>load<u8>(p))) return 0;
  // The host writes exponents below 1e-5 and from 1e16 on; the ends of the range are left to the slow road.
  if (down ? power < 6 || power > 290 : power < 16 || power > 290) return 0;
  const k = fraction + (down ? power : -power);
  if (digits > 15) return isShortest(w, k) ? p : 0;
  setValue(w, k);
  return p;
}

/** A double in the text the host would write for it, or `null`; 0 where that cannot be proven. */
function float(start: usize): usize {
  // Explanations repeat their numbers: the text just proven needs no second proof.
  if (lastLength >= 8 && same(start, lastStart, lastLength)) {
    const after = <i32>load<u8>(start + lastLength);
    if (after == COMMA || after == 0x7d) {
      value = lastValue;
      return start + lastLength;
    }
  }
  let p = start;
  let c = <i32>load<u8>(p);
  if (c == MINUS) c = <i32>load<u8>(++p);
  const first = p;
  let w: u64 = 0;
  while (isDigit(c)) {
    w = w * 10 + <u64>(c - ZERO);
    c = <i32>load<u8>(++p);
  }
  const whole = <i32>(p - first);
  if (whole == 0 || whole > 15) {
    if (whole == 0 && p == start && load<u32>(p) == 0x6c6c756e) {
      value = NaN;
      return p + 4;
    }
    return 0;
  }
  if (load<u8>(first) == ZERO && whole > 1) return 0;
  let digits = w == 0 ? 0 : whole;
  let fraction = 0;
  if (c == POINT) {
    const point = ++p;
    c = <i32>load<u8>(p);
    if (digits == 0) {
      while (c == ZERO) c = <i32>load<u8>(++p);
      if (p - point > 4) return 0;
    }
    const significant = p;
    while (p - significant <= 8 && areDigits(load<u64>(p))) {
      w = w * 100000000 + <u64>eightDigits(load<u64>(p));
      p += 8;
    }
    c = <i32>load<u8>(p);
    while (isDigit(c) && p - significant < 18) {
      w = w * 10 + <u64>(c - ZERO);
      c = <i32>load<u8>(++p);
    }
    digits += <i32>(p - significant);
    fraction = <i32>(p - point);
    if (fraction == 0 || digits > 17) return 0;
    if (load<u8>(p - 1) == ZERO) {
      // Only a whole number ends in a zero, and in one.
      if (fraction != 1 || c == 0x65) return 0;
    }
  } else if (c != 0x65) return 0;
  let end = p;
  if (c == 0x65) {
    if (whole != 1 || w == 0 || load<u8>(first) == ZERO) return 0;
    end = exponentPart(p, w, digits, fraction);
    if (end == 0) return 0;
  } else if (digits > 15) {
    if (!isShortest(w, fraction)) return 0;
  } else setValue(w, fraction);
  if (first != start) value = -value;
  lastStart = start;
  lastLength = end - start;
  lastValue = value;
  return end;
}

// -- the entry --------------------------------------------------------------------------------------------------------

/** A word of the list at `list`: count, then address and length of each. Puts its index into `value`. */
function word(p: usize, list: usize): usize {
  const count = load<i32>(list);
  for (let i = 0; i < count; i++) {
    const at = list + 4 + (<usize>i << 3);
    const length = <usize>load<i32>(at, 4);
    if (same(p, load<i32>(at), length) && load<u8>(p + length) == QUOTE) {
      value = <f64>i;
      return p + length;
    }
  }
  return 0;
}

/** Strings up to the closing bracket, from the byte after the opening one. */
function texts(start: usize): usize {
  let p = start;
  if (load<u8>(p) == CLOSE_ARRAY) return p;
  while (true) {
    if (load<u8>(p) != QUOTE) return 0;
    p = text(p + 1);
    if (p == 0) return 0;
    const c = <i32>load<u8>(++p);
    if (c == CLOSE_ARRAY) return p;
    if (c != COMMA) return 0;
    p++;
  }
}

/** Records up to the closing bracket, from the byte after the opening one. */
function records(start: usize, each: usize): usize {
  let p = start;
  if (load<u8>(p) == CLOSE_ARRAY) return p;
  while (true) {
    let at = each;
    while (true) {
      const operation = load<i32>(at);
      const length = <usize>load<i32>(at, 12);
      if (!same(p, load<i32>(at, 8), length)) return 0;
      p += length;
      if (operation == END) break;
      p = operation == FLOAT ? float(p) : text(p);
      if (p == 0) return 0;
      at += 16;
    }
    const c = <i32>load<u8>(p);
    if (c == CLOSE_ARRAY) return p;
    if (c != COMMA) return 0;
    p++;
  }
}

/** A boolean. */
@inline
function flag(p: usize): usize {
  const four = load<u32>(p);
  if (four == 0x65757274) return p + 4;
  return four == 0x736c6166 && load<u8>(p, 4) == 0x65 ? p + 5 : 0;
}

/**
 * 64 bytes that the closing quote follows. No escape may be among them: hashes are compared and hashed as the text
 * they stand for, and these bytes must be that text.
 */
@inline
function hash(p: usize): usize {
  if ((unplain(p) | unplain(p + 16) | unplain(p + 32) | unplain(p + 48)) != 0) return 0;
  return load<u8>(p, 64) == QUOTE ? p + 64 : 0;
}

/** The previous hash: `null`, or 64 bytes in quotes. */
function previous(p: usize): usize {
  if (load<u32>(p) == 0x6c6c756e) {
    outcome |= hasExpected ? STARTS : STARTS | LINKED;
    return p + 4;
  }
  if (load<u8>(p) != QUOTE) return 0;
  const end = hash(p + 1);
  if (end == 0) return 0;
  if (!hasExpected || same(p + 1, expected, 64)) outcome |= LINKED;
  return end + 1;
}

@inline
function operand(operation: i32, argument: usize, p: usize): usize {
  switch (operation) {
    case TEXT:
      return text(p);
    case FLOAT:
    case SPLICE:
      return float(p);
    case NULLABLE:
      return nullable(p);
    case INTEGER:
      return integer(p, argument != 0);
    case WORD:
      return word(p, argument);
    case FLAG:
      return flag(p);
    case TEXTS:
      return texts(p);
    case RECORDS:
      return records(p, argument);
    case HASH:
      return hash(p);
    default:
      return previous(p);
  }
}

/**
 * Proves the entry at `start`. Returns the byte after it, or 0 where it is not proven to be the host's own text; the
 * bytes after the window must be zero, so that no scan runs away. Lays its payload out behind the previous hash.
 */
export function prove(start: usize): usize {
  let p = start;
  let at = program;
  let slot = slots;
  let splice: usize = 0;
  let hashStart: usize = 0;
  outcome = 0;
  lastLength = 0;
  while (true) {
    const operation = load<i32>(at);
    const length = <usize>load<i32>(at, 12);
    if (!same(p, load<i32>(at, 8), length)) return 0;
    p += length;
    if (operation == END) break;
    if (operation == SPLICE) splice = p - 2;
    else if (operation == HASH) hashStart = p;
    store<i32>(slot, <i32>p);
    p = operand(operation, load<i32>(at, 4), p);
    if (p == 0) return 0;
    store<i32>(slot, <i32>p, 4);
    store<f64>(slot, value, 8);
    at += 16;
    slot += 16;
  }
  if ((outcome & (NEWER | OLDER)) == (NEWER | OLDER)) return 0;
  provenHash = hashStart;
  lay(start, splice, hashStart, p);
  return p;
}

/** Writes the previous hash's bytes and the payload: the entry with `unsafe` spelt `unsafe_` and its own hash empty. */
function lay(start: usize, splice: usize, hashStart: usize, end: usize): void {
  let to = payload;
  const afterHash = hashStart + 64;
  if (!(outcome & STARTS)) {
    memory.copy(to, end - 66, 64);
    to += 64;
  }
  memory.copy(to, start, splice - start);
  to += splice - start;
  store<u8>(to, 0x5f);
  to++;
  memory.copy(to, splice, hashStart - splice);
  to += hashStart - splice;
  memory.copy(to, afterHash, end - afterHash);
  to += end - afterHash;
  payloadLength = <i32>(to - payload);
}

// -- other layouts ----------------------------------------------------------------------------------------------------
//
// White space and another key order do not change what was sealed. `arrange` takes an entry apart and writes the same
// values, byte for byte, in the host's order and without white space; `prove` then judges that text.
//
// A record's table: number of fields, then per field five words: address and length of the quoted key with its colon,
// what the value is, and for records the inner table.

const SCALAR: i32 = 0;
const RECORD: i32 = 1;
const RECORD_LIST: i32 = 2;
const TEXT_LIST: i32 = 3;

let entryTable: usize = 0;
let arranged: usize = 0;
let nested: usize = 0;
let found: usize = 0; //    spans of the values found, 512 bytes a level
let free: usize = 0; //     next free byte of the nested area

export function setUpArrange(tableAt: usize, arrangedAt: usize, nestedAt: usize, foundAt: usize): void {
  entryTable = tableAt;
  arranged = arrangedAt;
  nested = nestedAt;
  found = foundAt;
}

@inline
function skip(start: usize): usize {
  let p = start;
  let c = <i32>load<u8>(p);
  while (c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09) c = <i32>load<u8>(++p);
  return p;
}

/** Copies in steps of 16 bytes: up to 15 bytes after the end are overwritten. Returns the end. */
@inline
function append(to: usize, from: usize, length: usize): usize {
  for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
  return to + length;
}

/** A string, number or word at `p`: the byte after it, or 0. Only strings are checked here. */
function scalar(start: usize): usize {
  if (load<u8>(start) == QUOTE) {
    const end = text(start + 1);
    return end == 0 ? 0 : end + 1;
  }
  let p = start;
  while (true) {
    const c = <i32>load<u8>(p);
    const letter = (c | 0x20) - 0x61;
    if (!isDigit(c) && c != POINT && c != MINUS && c != 0x2b && <u32>letter > 25) return p == start ? 0 : p;
    p++;
  }
}

/** The array at `p`, written compactly to the nested area. */
function list(start: usize, inner: usize): usize {
  if (load<u8>(start) != 0x5b) return 0;
  store<u8>(free++, 0x5b);
  let p = skip(start + 1);
  if (load<u8>(p) != CLOSE_ARRAY) {
    while (true) {
      if (inner != 0) {
        p = record(p, inner, 1, free);
        if (p == 0) return 0;
      } else {
        if (load<u8>(p) != QUOTE) return 0;
        const end = scalar(p);
        if (end == 0) return 0;
        free = append(free, p, end - p);
        p = end;
      }
      p = skip(p);
      const c = <i32>load<u8>(p);
      if (c == CLOSE_ARRAY) break;
      if (c != COMMA) return 0;
      store<u8>(free++, COMMA);
      p = skip(p + 1);
    }
  }
  store<u8>(free++, CLOSE_ARRAY);
  return p + 1;
}

/** Index of the field whose quoted key starts at `p`, trying `guess` first; -1 if there is none. */
function lookUp(p: usize, table: usize, count: i32, guess: i32): i32 {
  for (let tried = 0, i = guess; tried < count; tried++, i++) {
    if (i >= count) i = 0;
    const at = table + 4 + <usize>i * 20;
    // The key without its colon, which white space may precede.
    if (same(p, load<i32>(at), load<i32>(at, 4) - 1)) return i;
  }
  return -1;
}

/** The value of a field: its span goes to `span`. Returns the byte after it, or 0. */
function member(p: usize, field: usize, span: usize, level: i32): usize {
  const kind = load<i32>(field, 8);
  if (kind == SCALAR) {
    const end = scalar(p);
    store<i32>(span, <i32>p);
    store<i32>(span, <i32>end, 4);
    return end;
  }
  if (level != 0) return 0;
  const from = free;
  const inner = <usize>load<i32>(field, 12);
  const end = kind == RECORD ? record(p, inner, 1, free) : list(p, kind == RECORD_LIST ? inner : 0);
  store<i32>(span, <i32>from);
  store<i32>(span, <i32>free, 4);
  return end;
}

/** The object at `start`, written in the table's order at `to`, where `free` ends up behind it if it is nested. */
function record(start: usize, table: usize, level: i32, to: usize): usize {
  if (load<u8>(start) != 0x7b) return 0;
  const count = load<i32>(table);
  const spans = found + (<usize>level << 9);
  for (let i = 0; i < count; i++) store<i32>(spans + (<usize>i << 3), 0);
  let p = skip(start + 1);
  let guess = 0;
  let seen = 0;
  while (true) {
    if (load<u8>(p) != QUOTE) return 0;
    const i = lookUp(p, table, count, guess);
    if (i < 0) return 0;
    const field = table + 4 + <usize>i * 20;
    const span = spans + (<usize>i << 3);
    if (load<i32>(span) != 0) return 0;
    p = skip(p + load<i32>(field, 4) - 1);
    if (load<u8>(p) != 0x3a) return 0;
    p = member(skip(p + 1), field, span, level);
    if (p == 0) return 0;
    seen++;
    guess = i + 1;
    p = skip(p);
    const c = <i32>load<u8>(p++);
    if (c == 0x7d) break;
    if (c != COMMA) return 0;
    p = skip(p);
  }
  if (seen != count) return 0;
  let out = to;
  for (let i = 0; i < count; i++) {
    const field = table + 4 + <usize>i * 20;
    const span = spans + (<usize>i << 3);
    store<u8>(out++, i == 0 ? 0x7b : COMMA);
    out = append(out, load<i32>(field), load<i32>(field, 4));
    out = append(out, load<i32>(span), load<i32>(span, 4) - load<i32>(span));
  }
  store<u8>(out++, 0x7d);
  v128.store(out, i8x16.splat(0));
  v128.store(out, i8x16.splat(0), 16);
  if (level != 0) free = out;
  return p;
}

/**
 * Writes the entry at `start` to the arranged area in the host's layout. Returns the byte after it, or 0 where it is
 * not made of exactly the format's fields. Numbers are copied, not read: `prove` must judge the result.
 */
export function arrange(start: usize): usize {
  free = nested;
  return record(start, entryTable, 0, arranged);
}
