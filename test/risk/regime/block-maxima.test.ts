import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scan } from '../../../src/detector.js';
import { blockMaxima, type BlockMaximaOut, type BlockMaximaParams } from '../../../src/risk/regime/block-maxima.js';
import { fitBlockTail, logBlockTail } from '../../../src/risk/regime/block-tail.js';
import { random } from '../../../src/stats/random.js';
import { detectorLaws } from '../../laws/detector.js';

const run = (params: BlockMaximaParams, xs: readonly number[]): readonly BlockMaximaOut[] => [...scan(blockMaxima(params), xs)].map(({ out }) => out);
const alarms = (outs: readonly BlockMaximaOut[]): readonly number[] => outs.flatMap(({ alarm }, i) => (alarm ? [i] : []));

detectorLaws(blockMaxima({ window: 5, arl0: 100, learn: 4, keep: 8 }), fc.double({ min: -1e100, max: 1e100, noNaN: true }), 6000);
detectorLaws(blockMaxima({ window: 2, arl0: 20, learn: 4, keep: 4 }), fc.constantFrom(0, 1), 4000);

test('a new excess beyond k exponential ones has the law it is judged by', () => {
  const { exponential } = random(20260101);
  const k = 5;
  let beyond = 0;
  const trials = 20_000;
  for (let i = 0; i < trials; i += 1) {
    // k zeros make 0 the median's lower side: the k exponential ones are the excesses above a median of 0.
    const excess = Array.from({ length: k }, exponential);
    const tail = { blocks: 2 * k + 1, median: 0, count: k, meanExcess: excess.reduce((sum, y) => sum + y / k, 0), shape: 1 / k };
    const conditional = Math.exp(logBlockTail(tail, exponential()) - Math.log((k + 1) / (2 * k + 2)));
    if (conditional <= 0.02) beyond += 1;
  }
  expect(Math.abs(beyond / trials - 0.02)).toBeLessThan(3 * Math.sqrt((0.02 * 0.98) / trials));
});

test('a tail is fitted by moments to what exceeds the median, and no lighter than its count allows', () => {
  expect(fitBlockTail([5, 1, 3, 2, 4])).toEqual({ blocks: 5, median: 3, count: 2, meanExcess: 1.5, shape: 0.5 });
  // Excesses 1, 1, 1, 17 over 0: mean 5, variance 48, shape (1 - 25 / 48) / 2 is below 1 / 4.
  expect(fitBlockTail([-1, -1, -1, -1, 0, 1, 1, 1, 17]).shape).toBe(0.25);
  const heavy = Array.from({ length: 100 }, (_, i) => (i === 99 ? 1000 : 1));
  expect(fitBlockTail([...Array.from({ length: 101 }, () => 0), ...heavy]).shape).toBeCloseTo((1 - 10.99 ** 2 / 9880.2) / 2, 2);
  const flat = fitBlockTail([7, 7, 7]);
  expect(logBlockTail(flat, 7)).toBe(0);
  expect(logBlockTail(flat, 8)).toBeCloseTo(Math.log(1 / 4), 12);
});

const SHAPES: Readonly<Record<string, (seed: number) => () => number>> = {
  Gaussian: (seed) => random(seed).normal,
  exponential: (seed) => random(seed).exponential,
  'strongly autocorrelated': (seed) => {
    const { normal } = random(seed);
    let x = 0;
    return () => (x = 0.9 * x + normal());
  },
  'daily rhythm': (seed) => {
    const { normal } = random(seed);
    let i = 0;
    return () => 5 * Math.sin((2 * Math.PI * i++) / 150) + normal();
  },
  'zeros and ones': (seed) => {
    const { uniform } = random(seed);
    return () => (uniform() < 0.1 ? 1 : 0);
  },
};

/** Alarms on clean streams, and how many observations were judged. */
function falseAlarms(shape: (seed: number) => () => number, arl0: number): readonly [count: number, judged: number] {
  const window = 20;
  let count = 0;
  for (let stream = 0; stream < 10; stream += 1) {
    const next = shape(20260101 + stream);
    count += alarms(run({ window, arl0 }, Array.from({ length: 10 * window + 2000 }, next))).length;
  }
  return [count, 20_000];
}

test('clean streams of any shape raise no more alarms than the target allows', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const [count, judged] = falseAlarms(shape, 500);
    const expected = judged / 500;
    expect(count, name).toBeLessThan(expected + 3 * Math.sqrt(expected));
  }
});

test('the bound can fail: held to a target twenty times its own, a heavy tail breaks it', () => {
  const cauchy = (seed: number): (() => number) => {
    const { normal } = random(seed);
    return () => normal() / normal();
  };
  const [count, judged] = falseAlarms(cauchy, 100);
  const expected = judged / 2000;
  expect(count).toBeGreaterThan(expected + 3 * Math.sqrt(expected));
});

test('a spike, a shift that lasts and a stillness are each alarmed once, by the tail that they are', () => {
  const { normal } = random(20260101);
  const clean = Array.from({ length: 1000 }, normal);
  const watch = { window: 20, arl0: 1000 };
  const found = (xs: readonly number[]): readonly unknown[] => {
    const outs = run(watch, xs);
    return alarms(outs).map((i) => [i, outs[i]?.tail]);
  };
  expect(found(clean)).toEqual([]);
  expect(found(clean.map((x, i) => (i === 700 ? 12 : x)))).toEqual([[700, 'value-up']]);
  const shifted = found(clean.map((x, i) => (i >= 700 ? x + 2.5 : x)));
  expect(shifted.length).toBe(1);
  expect(found(clean.map((x, i) => (i >= 700 && i < 760 ? 0.01 * x : x))).length).toBe(1);
});

test('nothing is judged before ten windows, and nothing ever rare in a constant stream', () => {
  const outs = run({ window: 4, arl0: 50 }, Array.from({ length: 200 }, () => 3));
  expect(outs.findIndex(({ logReturnPeriod }) => logReturnPeriod !== null)).toBe(40);
  expect(alarms(outs)).toEqual([]);
});

test('impossible settings and observations are named', () => {
  expect(() => blockMaxima({ window: 1, arl0: 100 })).toThrow('window must be an integer in [2, 100000], got 1');
  expect(() => blockMaxima({ window: 10, arl0: 10 })).toThrow('arl0 must be finite and > window = 10, got 10');
  expect(() => blockMaxima({ window: 10, arl0: NaN })).toThrow('arl0 must be finite');
  expect(() => blockMaxima({ window: 10, arl0: 100, learn: 3 })).toThrow('learn must be an integer');
  expect(() => run({ window: 10, arl0: 100 }, [1, NaN])).toThrow('x must be finite, got NaN');
});
