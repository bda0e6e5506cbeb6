import { describe, expect, it } from 'vitest';
import { random, type RandomState } from '../../src/index.js';

/** xoshiro128** in arbitrary-precision integers. */
function naive(state: RandomState, count: number): number[] {
  const s = state.map(BigInt);
  const u32 = (x: bigint): bigint => x & 0xffffffffn;
  const rotate = (x: bigint, k: bigint): bigint => u32(x << k) | (x >> (32n - k));
  return Array.from({ length: count }, () => {
    const [a, b, c, d] = s as [bigint, bigint, bigint, bigint];
    const out = u32(rotate(u32(b * 5n), 7n) * 9n);
    const [c1, d1] = [c ^ a, d ^ b];
    s.splice(0, 4, a ^ d1, b ^ c1, c1 ^ u32(b << 9n), rotate(d1, 11n));
    return Number(out);
  });
}

const N = 200_000;
const draw = (of: (r: ReturnType<typeof random>) => number): number[] => {
  const source = random(20260101);
  return Array.from({ length: N }, () => of(source));
};
const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

describe('random', () => {
  it('equals xoshiro128** written in big integers', () => {
    const source = random([1, 2, 3, 4]);
    expect(Array.from({ length: 500 }, () => source.integer(2 ** 32))).toEqual(naive([1, 2, 3, 4], 500));
  });

  it('seeds by splitmix64, whose first output for seed 0 is e220a8397b1dcdaf', () => {
    const [low, high] = random(0).state();
    expect([high.toString(16), low.toString(16)]).toEqual(['e220a839', '7b1dcdaf']);
  });

  it('goes on from its own state after a trip through JSON, at any cut', () => {
    const whole = random(5);
    const expected = Array.from({ length: 60 }, () => whole.normal());
    for (let cut = 0; cut < 60; cut += 7) {
      const first = random(5);
      const head = Array.from({ length: cut }, () => first.normal());
      const second = random(JSON.parse(JSON.stringify(first.state())) as RandomState);
      expect([...head, ...Array.from({ length: 60 - cut }, () => second.normal())]).toEqual(expected);
    }
  });

  // Bounds are five standard errors of each estimate.
  it('draws uniforms with mean 1/2 and variance 1/12, in [0, 1)', () => {
    const xs = draw((r) => r.uniform());
    expect(Math.min(...xs.slice(0, 9999))).toBeGreaterThanOrEqual(0);
    expect(xs.every((x) => x < 1)).toBe(true);
    expect(Math.abs(mean(xs) - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / N));
    expect(Math.abs(mean(xs.map((x) => (x - 0.5) ** 2)) - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / N));
  });

  it('draws exponentials with the tail exp(-x)', () => {
    const xs = draw((r) => r.exponential());
    for (const x of [0.1, 0.5, 1, 2, 4]) {
      const p = Math.exp(-x);
      expect(Math.abs(xs.filter((y) => y > x).length / N - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / N));
    }
  });

  it('draws normals with the normal distribution function', () => {
    const xs = draw((r) => r.normal());
    const table = [[-2, 0.0227501319], [-1, 0.1586552539], [0, 0.5], [0.5, 0.6914624613], [1.5, 0.9331927987]] as const;
    for (const [x, p] of table) {
      expect(Math.abs(xs.filter((y) => y <= x).length / N - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / N));
    }
  });

  it('draws integers without bias', () => {
    const counts = [0, 0, 0];
    for (const i of draw((r) => r.integer(3))) counts[i] = (counts[i] ?? 0) + 1;
    for (const count of counts) expect(Math.abs(count / N - 1 / 3)).toBeLessThan(5 * Math.sqrt(2 / 9 / N));
  });

  it('refuses seeds, states and ranges it cannot use', () => {
    for (const seed of [-1, 0.5, NaN, 2 ** 53]) expect(() => random(seed)).toThrow('seed must be an integer in [0, 2^53)');
    expect(() => random([0, 0, 0, 0])).toThrow('a random state must be four 32-bit integers, not all 0, got [0,0,0,0]');
    for (const n of [0, 1.5, NaN, 2 ** 33]) expect(() => random(1).integer(n)).toThrow('n must be an integer in [1, 2^32]');
  });
});
