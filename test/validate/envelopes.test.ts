import { describe, expect, test } from 'vitest';
import { random, rateBound, sorted, splitThreshold } from '../../src/index.js';
import { parseTraces, readTraces, splitRates } from '../../tools/validate/agentdojo.js';
import { calibrationLines, hostGrid, PLUG_IN, riskLines, umbrellaText, violationLine } from '../../tools/validate/envelopes-calibrate.js';
import { conformalLines, coverageLine, toleranceLine, toleranceLines } from '../../tools/validate/envelopes-conformal.js';
import { isKept, judgedLine, type LineMaker, meanCell, shareCell } from '../../tools/validate/envelopes-lines.js';
import { limitLine, rateLines, sequenceLines } from '../../tools/validate/envelopes-rates.js';
import { EXPONENTIAL, GAUSSIAN } from '../../tools/validate/envelopes-shapes.js';
import { arlLines, manyLines, pValueLine, pValueLines, trackerLines, villeLines } from '../../tools/validate/envelopes-streams.js';

const SEED = 20260101;
const EFFORT = 0.02;

describe('every promise is kept by seeded data, the promises being', () => {
  test.each<readonly [string, readonly LineMaker[]]>([
    ['coverage', conformalLines(EFFORT)],
    ['tolerance', toleranceLines(EFFORT)],
    ['p-values', pValueLines(EFFORT)],
    ['many tests', manyLines(EFFORT)],
    ['trackers', trackerLines(EFFORT)],
    ['martingales', villeLines(EFFORT)],
    ['drift', arlLines(EFFORT)],
    ['rates', rateLines(EFFORT)],
    ['confidence sequences', sequenceLines(EFFORT)],
    ['thresholds', calibrationLines(EFFORT)],
    ['risk control', riskLines(EFFORT)],
  ])('%s', (_, makers) => {
    const lines = makers.map((make, i) => judgedLine(make, SEED + 10_000 * i).line);
    const broken = lines.filter((line) => line.ours === true && !isKept(line));
    expect(broken).toEqual([]);
    expect(lines.some(({ ours }) => ours === true)).toBe(true);
    for (const { data, ours, method } of lines) if (data === 'switching' && !/tracker|ACI|weighted/.test(method)) expect(ours, method).toBe(null);
  });
});

describe('a rule that does less than it promises is seen to be broken:', () => {
  const isBroken = (make: LineMaker): boolean => {
    const { line } = judgedLine(make, SEED);
    return line.ours === true && !isKept(line);
  };
  const upTo = (upper: number | undefined): { lower: number; upper: number } => ({ lower: -Infinity, upper: upper ?? NaN });

  test('a rank clamped to the number of scores', () => {
    const clamped = (xs: Float64Array): { lower: number; upper: number } => upTo(sorted(xs)[Math.min(splitThreshold(xs, { alpha: 0.01 }).rank, xs.length) - 1]);
    expect(isBroken(coverageLine({ method: 'clamped', level: 0.99, bounds: clamped }, GAUSSIAN, EFFORT))).toBe(true);
  });

  test('a plain quantile, one rank short', () => {
    const short = (xs: Float64Array): { lower: number; upper: number } => upTo(sorted(xs)[Math.ceil(0.9 * xs.length) - 1]);
    expect(isBroken(coverageLine({ method: 'short', level: 0.9, bounds: short }, EXPONENTIAL, 0.1))).toBe(true);
  });

  test('split conformal sold as a tolerance limit', () => {
    const rule = { method: 'split', alpha: 0.1, delta: 0.05, bounds: (xs: Float64Array) => upTo(splitThreshold(xs, { alpha: 0.1 }).threshold) };
    expect(isBroken(toleranceLine(rule, EXPONENTIAL, EFFORT))).toBe(true);
  });

  test('p-values that do not count the score itself', () => {
    const share = (xs: Float64Array): number => xs.subarray(0, -1).filter((x) => x >= (xs.at(-1) ?? NaN)).length / (xs.length - 1);
    expect(isBroken(pValueLine({ method: 'uncounted', how: 'at most', pValue: share }, GAUSSIAN, 0.1))).toBe(true);
  });

  test('an exact limit for a rule picked as the best of 20, and one that is a little too low', () => {
    const limit = (factor: number, rules: number): LineMaker => limitLine({ method: 'limit', rules, upper: (n) => (failures) => factor * rateBound({ failures, n, delta: 0.05 }).upper, rates: [0.1, 0.2], by: true });
    expect([limit(1, 1), limit(1, 20), limit(0.97, 1)].map(isBroken)).toEqual([false, true, true]);
  });

  test('a threshold that fits its own labels', () => {
    expect(isBroken(violationLine({ method: 'plug-in', choose: PLUG_IN, rates: 'miss', by: true }, GAUSSIAN, EFFORT))).toBe(true);
  });

  test('shares are held to binomial tails as likely as three standard errors, means to three of their own', () => {
    const atMost = { how: 'at most', value: 0.05 } as const;
    // P(Bin(100, 0.05) >= 13) = 0.0015, >= 14 = 0.0005.
    expect([13, 14].map((hits) => shareCell(hits, 100, atMost).kept)).toEqual([true, false]);
    expect(shareCell(0, 100, { how: 'equal', value: 0.1 }).kept).toBe(false);
    expect(shareCell(0, 50, { how: 'equal', value: 0.1 }).kept).toBe(true);
    expect([0.91, 0.93].map((level) => meanCell([0.88, 0.92, 0.9, 0.9], { how: 'at least', value: level }).kept)).toEqual([true, false]);
  });
});

test('the host\'s 99 % interval falls short below 99 scores, and its figure fails for the best of 1000 rules', () => {
  const host = [...conformalLines(0.04).slice(3, 4), ...rateLines(EFFORT)].map((make) => make(SEED)).filter(({ ours }) => ours === false);
  const [interval] = host;
  expect(interval?.method).toBe("host's interval 99 %");
  // Ten scores cover 10 / 11, twenty 20 / 21.
  expect(interval?.cells[0]?.value).toBeCloseTo(0.909, 1);
  expect(interval?.cells[1]?.value).toBeCloseTo(0.952, 1);
  expect(interval && isKept(interval)).toBe(false);
  const figure = host.find(({ method, data }) => method.endsWith('best of 1000') && data === 'Bernoulli 0.1');
  expect(figure?.cells[3]?.value).toBeCloseTo(0.275, 3);
});

test('the umbrella is refused at 20 labels and has the violation rates that are computed', () => {
  const [refused, ...told] = umbrellaText(400, SEED);
  expect(refused).toContain('29 labelled unsafe events are needed');
  expect(told.map((text) => /exact (\S+),/.exec(text)?.[1])).toEqual(['0.0148', '0.0237', '0.0458']);
  expect(told.every((text) => text.endsWith(': kept'))).toBe(true);
});

test('the host\'s grid returns the threshold its own labels came from, whatever it misses', () => {
  const { unchanged, miss } = hostGrid(0.65, 'own', 10, SEED);
  expect(unchanged).toBe(1);
  expect(miss.value).toBeCloseTo(0.532, 3);
  expect(hostGrid(0.65, 'true', 10, SEED).miss.value).toBeLessThan(0.3);
});

describe('traces', () => {
  const sessions = 'session_id,suite,user_task\na,bank,task_1\nb,bank,task_1\nc,shop,task_1\nd,shop,task_2\n';
  const event = (session: string, out: number | null, label = 'benign'): string => JSON.stringify({ session_id: session, capability: 'read', label, arg_bytes: 1, out_bytes: out });

  test('a user task is a suite and a task, whoever ran it; only benign calls count', () => {
    const { tasks, events, sessions: count } = parseTraces([event('a', 0), event('b', 9), event('c', null), event('d', 5, 'compromised')].join('\n'), sessions);
    expect([tasks, count]).toEqual([2, 3]);
    expect(events.map(({ task, outBytes }) => [task, outBytes])).toEqual([[0, 0], [0, Math.log(10)], [1, NaN]]);
  });

  test('a folder without them is refused by name', () => {
    expect(readTraces('no-such-folder')).toMatch(/events\.jsonl\.gz is absent/);
  });

  test('one call a task has the nominal false-alarm rate where calls of a task are all alike; all calls scatter', () => {
    const source = random(SEED);
    const events = Array.from({ length: 60 }, (_, task) => {
      const outBytes = source.normal();
      return Array.from({ length: 8 }, () => ({ capability: 'read', task, outBytes, argBytes: 0 }));
    }).flat();
    const { rate, sizes } = splitRates({ events, tasks: 60, sessions: 60 }, 'outBytes', 100, random(SEED));
    const one = rate('task: smoothed', 0.1, 'read');
    expect(Math.abs((one?.mean ?? 1) - 0.1)).toBeLessThan(0.02);
    expect((rate('upper', 0.1, 'all')?.high ?? 0) - (rate('upper', 0.1, 'all')?.low ?? 0)).toBeGreaterThan(0.1);
    expect([sizes(true, 'read')[0], sizes(false, 'read')[0]]).toEqual([30, 240]);
    expect(rate('task: upper', 0.01, 'read')).toEqual({ mean: 0, low: 0, high: 0 });
    // Every call of a task weighs an eighth of it: the same threshold as one call a task.
    expect(rate('weighted', 0.1, 'read')?.mean).toBeCloseTo(rate('task: upper', 0.1, 'read')?.mean ?? NaN, 12);
  });
});
