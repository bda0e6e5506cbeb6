import { expect, test } from 'vitest';
import { random } from '../../src/index.js';
import { type BenchmarkSeries, corpusScore, fileScore, type Profile, PROFILES, scoredRows } from '../../tools/validate/nab.js';
import { declustered, rankedAlarms } from '../../tools/validate/nab-candidates.js';
import { covering, f1, parseSeries } from '../../tools/validate/tcpd.js';

test('covering weighs annotated segments by length and averages annotators', () => {
  expect(covering([[5]], [5], 10)).toBe(1);
  expect(covering([[5]], [], 10)).toBe(0.5);
  expect(covering([[5], []], [], 10)).toBe(0.75);
  // Segments 0-4 and 4-10 against 0-5 and 5-10: 0.4 * 4/5 + 0.6 * 5/6.
  expect(covering([[4]], [5], 10)).toBeCloseTo(0.82, 12);
});

test('F1 counts index 0 and matches a prediction once', () => {
  expect(f1([[]], [])).toBe(1);
  expect(f1([[50]], [])).toBeCloseTo(2 / 3, 12);
  expect(f1([[50]], [55])).toBe(1);
  expect(f1([[50]], [56])).toBe(0.5);
  expect(f1([[50], []], [50])).toBe(1);
  // Two annotators' changes three apart: one prediction serves the union once and each annotator.
  expect(f1([[50], [53]], [52])).toBe(1);
});

test('a missing value repeats the last one', () => {
  const row = { name: 'a', n_obs: 4, n_dim: 1, series: [[null, 2, null, 3]], annotations: { x: [1] } };
  expect(parseSeries(JSON.stringify(row))[0]?.values).toEqual(Float64Array.of(2, 2, 2, 3));
});

const SERIES: BenchmarkSeries = { file: 'a', n: 20, probationary_rows: 2, ts_ms: Array.from({ length: 20 }, (_, i) => i), value: [], windows_ms: [[8, 11]] };
const standard: Profile = PROFILES[0] ?? { name: '', tp: 1, fp: 0.11, fn: 1 };

test('an alarm at a window\'s start is worth it all, later less, before and far after it the false alarm\'s weight', () => {
  const rows = scoredRows(SERIES);
  const only = (...at: number[]): number => fileScore(rows, Float64Array.from({ length: 20 }, (_, i) => (at.includes(i) ? 1 : 0)), 1, standard);
  expect(only()).toBe(-1);
  expect(only(8)).toBe(1);
  expect(only(8, 9, 10)).toBe(1);
  expect(only(11)).toBeCloseTo((2 / (1 + Math.exp(-1.25)) - 1) / (2 / (1 + Math.exp(-5)) - 1), 12);
  expect(only(5)).toBeCloseTo(-1.11, 12);
  expect(only(12)).toBeCloseTo(-1 + 0.11 * (2 / (1 + Math.exp(5 / 3)) - 1), 12);
  expect(only(1)).toBe(-1);
});

test('the threshold of a corpus is the best of all: null scores 0, perfection 100', () => {
  const rows = scoredRows(SERIES);
  const scores = (top: number): Float64Array => Float64Array.from({ length: 20 }, (_, i) => (i === top ? 2 : 1));
  expect(corpusScore([[rows, scores(8)], [rows, scores(8)]], standard)).toEqual({ threshold: 2, score: 100 });
  expect(corpusScore([[rows, new Float64Array(20)]], { ...standard, fp: 10 }).score).toBe(0);
});

test('of scores that hang together only those above a window of earlier ones count', () => {
  const { integer } = random(20260101);
  const scores = Float64Array.from({ length: 500 }, () => integer(40));
  const naive = scores.map((score, i) => (scores.subarray(Math.max(0, i - 7), i).every((before) => before < score) ? score : 0));
  expect(declustered(scores, 7)).toEqual(naive);
});

test('the streaming default finds a burst in a rhythm once, and nothing where there is nothing', () => {
  const { normal } = random(20260101);
  const value = Array.from({ length: 2000 }, (_, i) => 10 * Math.sin(i / 20) + normal() + (i >= 1500 && i < 1520 ? 30 : 0));
  const alarms = (values: readonly number[]): readonly number[] => [...rankedAlarms(1000)({ ...SERIES, n: 2000, probationary_rows: 300, value: values })].flatMap((score, i) => (score > 0 ? [i] : []));
  expect(alarms(value)).toEqual([1500]);
  expect(alarms(value.map(() => 4))).toEqual([]);
});
