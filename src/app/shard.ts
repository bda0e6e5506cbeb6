import { InputError } from '../errors.js';
import { sha256 } from '../ledger/hash.js';

/** One of several shares of a work. */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
}

/** Most shares that a work is cut into. */
const MOST = 100_000;

/**
 * Reads `i/n`, the i-th of n shares, i from 1.
 *
 * @throws {@link InputError} BAD_PARAM
 */
export function parseShard(text: string): Shard {
  const [, first = '', second = ''] = /^([0-9]{1,6})\/([0-9]{1,6})$/.exec(text) ?? [];
  const [number, count] = [Number(first), Number(second)];
  if (!(number >= 1 && number <= count && count <= MOST)) throw new InputError('BAD_PARAM', `a shard must be i/n with 1 <= i <= n <= ${String(MOST)}, got ${JSON.stringify(text.slice(0, 40))}`);
  return { index: number - 1, count };
}

/**
 * Which of `count` shares a key belongs to, from 0: by its SHA-256, so that it is the same on every machine and in every
 * version, however keys are spelt and whatever others there are.
 */
export function shardOf(key: string, count: number): number {
  return Number(BigInt(`0x${sha256(Buffer.from(key)).slice(0, 12)}`) % BigInt(count));
}
