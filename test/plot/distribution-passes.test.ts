import { expect, test } from 'vitest';
import { random } from '../../src/index.js';
import { distributionFigure, distributionRow } from '../../src/plot/index.js';
import { distributionRowsByPasses } from '../../src/plot/distribution-passes.js';
import { drawn } from './svg.js';

const source = random(20260101);
const whole = (most: number): number => Math.floor(most * source.uniform() ** 4);
const named = (rows: ReturnType<typeof distributionRowsByPasses>['rows'], left: number) => distributionFigure({ title: 't', measure: 'latency', unit: 'us', level: 0.95, rows, left });

/** The same rows from values held and from values passed over. */
function both(samples: Readonly<Record<string, readonly number[]>>) {
  const names = Object.keys(samples);
  const passed = distributionRowsByPasses((group) => names[group] ?? '', (visit) => {
    Object.values(samples).forEach((values, group) => { for (const x of values) visit(group, x); });
  });
  return { passed, held: passed.rows.map(({ name }) => distributionRow(name, samples[name] ?? [])) };
}

test.each([
  ['of many magnitudes, with zeros', { read: Array.from({ length: 3001 }, () => whole(1e9)), write: Array.from({ length: 500 }, () => 1 + whole(1e5)), exec: [7] }],
  ['near each other', { read: Array.from({ length: 400 }, () => 1e6 + whole(9)), write: [1e6, 1e6], exec: [1_000_003, 1_000_001, 1_000_002] }],
  ['all alike', { read: [5, 5, 5, 5], write: [5] }],
  ['below zero as well', { read: Array.from({ length: 900 }, () => source.normal() * 100), write: [-3, 0, 2.5] }],
])('values %s give the picture that holding them gives', (_, samples) => {
  const { passed, held } = both(samples);
  expect(passed.left).toBe(0);
  const law = null;
  expect(passed.rows.map((row) => ({ ...row, law }))).toEqual(held.map((row) => ({ ...row, law })));
  expect(drawn(named(passed.rows, 0))).toBe(drawn(named(held, 0)));
});

test('of many groups those with the most values are rows, and the others are counted', () => {
  const samples = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${String(i)}`, Array.from({ length: i + 1 }, () => whole(1000))]));
  const { passed: { rows, left } } = both(samples);
  expect([rows.length, left, rows[0]?.name, rows.at(-1)?.name]).toEqual([24, 16, 'c39', 'c16']);
  const { subtitle, alternative } = named(rows, left);
  expect(subtitle).toContain('16 rows not drawn');
  expect(alternative).toMatch(/ And 16 more\.$/);
});

test('a law has few values however many were passed over', () => {
  const { rows: [row] } = distributionRowsByPasses(() => 'read', (visit) => { for (let i = 0; i < 200_000; i += 1) visit(0, (i * 7919) % 100_003); });
  expect(row?.law.values.length).toBeLessThanOrEqual(81);
  expect(row).toMatchObject({ n: 200_000, notFinite: 0 });
});

test('no values give no rows', () => {
  expect(distributionRowsByPasses(() => '', () => undefined)).toEqual({ rows: [], left: 0 });
});
