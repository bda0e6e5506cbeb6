import { InputError } from '../errors.js';

/** State of the generator: four 32-bit integers, plain JSON. */
export type RandomState = readonly [number, number, number, number];

/** A seeded source of random numbers. Each call draws from it and moves it on. */
export interface Random {
  /** Uniform on [0, 1), a multiple of 2^-53. */
  readonly uniform: () => number;
  /** Uniform on 0 .. n - 1 without bias; n an integer in [1, 2^32]. */
  readonly integer: (n: number) => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
  /** Normal with mean 0 and standard deviation 1. */
  readonly normal: () => number;
  /** Where the source stands; {@link random} goes on from it. */
  readonly state: () => RandomState;
}

const rotateLeft = (x: number, k: number): number => (x << k) | (x >>> (32 - k));

/** Two rounds of splitmix64, cut into 32-bit words, so that close seeds give unrelated states. */
function seeded(seed: number): RandomState {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError('BAD_PARAM', `seed must be an integer in [0, 2^53), got ${String(seed)}`);
  }
  const words = [1n, 2n].flatMap((round) => {
    let z = BigInt.asUintN(64, BigInt(seed) + round * 0x9e3779b97f4a7c15n);
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    return [Number(BigInt.asUintN(32, z)), Number(z >> 32n)];
  });
  return [words[0] ?? 0, words[1] ?? 0, words[2] ?? 0, words[3] ?? 0];
}

function checked(state: RandomState): RandomState {
  const words: readonly number[] = state;
  if (words.length !== 4 || !words.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32) || words.every((word) => word === 0)) {
    throw new InputError('BAD_PARAM', `a random state must be four 32-bit integers, not all 0, got ${JSON.stringify(state)}`);
  }
  return state;
}

/**
 * A small, fast, seeded generator: xoshiro128**, seeded by splitmix64.
 *
 * @param from - a seed, an integer in [0, 2^53), or a state to go on from
 * @throws {@link InputError} BAD_PARAM
 * @remarks Only integer operations, additions, multiplications and comparisons of doubles are used (no sin, log or
 * exp), so the same seed gives the same bits on every platform. Not for secrets. Period 2^128 - 1.
 * @see Blackman & Vigna (2021), ACM TOMS 47(4), 36; von Neumann (1951), NBS Applied Mathematics 12, 36-38.
 * @example
 * ```ts
 * random([1, 2, 3, 4]).integer(2 ** 32); // => 11520
 * random(7).uniform() === random(7).uniform(); // => true
 * ```
 */
export function random(from: number | RandomState): Random {
  let [a, b, c, d] = typeof from === 'number' ? seeded(from) : checked(from);
  const bits = (): number => {
    const out = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return out;
  };
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53;
  const exponential = (): number => vonNeumann(uniform);
  return {
    uniform,
    integer: (n) => belowN(bits, n),
    exponential,
    normal: () => normalFrom(exponential, bits),
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

/** Rejects the last, incomplete run of n among the 2^32 outcomes. */
function belowN(bits: () => number, n: number): number {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
    throw new InputError('BAD_PARAM', `n must be an integer in [1, 2^32], got ${String(n)}`);
  }
  const end = 2 ** 32 - (2 ** 32 % n);
  let draw = bits();
  while (draw >= end) draw = bits();
  return draw % n;
}

/** A falling run of uniforms has odd length with probability exp(-first): the first, plus the number of failures. */
function vonNeumann(uniform: () => number): number {
  for (let failures = 0; ; failures += 1) {
    const first = uniform();
    let last = first;
    let length = 1;
    for (let next = uniform(); next < last; next = uniform()) {
      last = next;
      length += 1;
    }
    if (length % 2 === 1) return failures + first;
  }
}

/** Half-normal by rejection from the exponential, with a random sign. */
function normalFrom(exponential: () => number, bits: () => number): number {
  for (;;) {
    const x = exponential();
    if (2 * exponential() >= (x - 1) * (x - 1)) return bits() < 2 ** 31 ? x : -x;
  }
}
