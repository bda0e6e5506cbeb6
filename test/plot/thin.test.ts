import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markColumns, thinCurve, thinLine } from '../../src/plot/thin.js';
import { valueAxis } from '../../src/plot/value-axis.js';

const values = fc.array(fc.oneof({ weight: 9, arbitrary: fc.double({ noDefaultInfinity: true, noNaN: true }) }, { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity) }), { minLength: 1, maxLength: 300 });

test('a thinned line keeps the least and greatest value, the order, and at most four points a column', () => {
  fc.assert(fc.property(values, fc.integer({ min: 1, max: 20 }), (xs, columns) => {
    const { x, y, least, greatest, notFinite } = thinLine(xs, 0, columns);
    const finite = xs.filter(Number.isFinite);
    expect(notFinite).toBe(xs.length - finite.length);
    expect(least).toEqual(finite.length === 0 ? NaN : Math.min(...finite));
    expect(greatest).toEqual(finite.length === 0 ? NaN : Math.max(...finite));
    expect(x.length).toBeLessThanOrEqual(Math.max(xs.length <= 4 * columns ? xs.length : 0, 4 * columns));
    expect(x.every((at, i) => i === 0 || at > (x[i - 1] ?? Infinity))).toBe(true);
    x.forEach((at, i) => { if (Number.isFinite(xs[at])) expect(y[i]).toBe(xs[at]); else expect(y[i]).toBeNaN(); });
  }), { seed: 20260101, numRuns: 300 });
});

test('every column of a thinned line has its own least and greatest value', () => {
  const xs = Float64Array.from({ length: 10_000 }, (_, i) => Math.sin(i * i));
  const { x, y } = thinLine(xs, 0, 50);
  for (let column = 0; column < 50; column += 1) {
    const inside = Array.from(y).filter((_, i) => Math.floor((x[i] ?? 0) / 200) === column);
    const own = xs.subarray(200 * column, 200 * (column + 1));
    expect([Math.min(...inside), Math.max(...inside)]).toEqual([Math.min(...own), Math.max(...own)]);
  }
});

test('a gap as wide as a column stays a gap, and places begin where the line does', () => {
  const xs = Float64Array.from({ length: 1000 }, (_, i) => (i >= 400 && i < 500 ? NaN : 1));
  const { x, y } = thinLine(xs, 5000, 10);
  expect(Array.from(y).filter(Number.isNaN)).toHaveLength(1);
  expect(x[Array.from(y).findIndex(Number.isNaN)]).toBe(5400);
});

test('of marks one is kept in every column that has any', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(9999), { maxLength: 400 }), (indices) => {
    const columns = markColumns(10_000, 100);
    for (const index of indices.sort((a, b) => a - b)) columns.add(index);
    const { total, marks } = columns.lane();
    expect(total).toBe(indices.length);
    expect(new Set(marks.map(({ index }) => Math.floor(index / 100)))).toEqual(new Set(indices.map((index) => Math.floor(index / 100))));
    if (indices.length <= 100) expect(marks.map(({ index }) => index)).toEqual(indices);
    else expect(marks.length).toBeLessThanOrEqual(100);
  }), { seed: 20260101, numRuns: 100 });
});

test('a thinned curve keeps its ends and extremes', () => {
  const x = Float64Array.from({ length: 20_000 }, (_, i) => Math.floor(i / 7));
  const y = Float64Array.from(x, (_, i) => Math.cos(i * 0.37) * (i === 12_345 ? 9 : 1));
  const thin = thinCurve(x, y, 100);
  expect(thin.x.length).toBeLessThanOrEqual(400);
  expect([thin.x[0], thin.y[0], thin.x.at(-1), thin.y.at(-1)]).toEqual([x[0], y[0], x.at(-1), y.at(-1)]);
  expect([Math.min(...thin.y), Math.max(...thin.y)]).toEqual([Math.min(...y), Math.max(...y)]);
});

test('an axis has a few ticks within its domain, whatever the range', () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double({ noNaN: true, noDefaultInfinity: true }), (a, b) => {
    const [least, greatest] = [Math.min(a, b), Math.max(a, b)];
    const axis = valueAxis({ least, greatest, smallest: least > 0 ? least : greatest > 0 ? greatest : Infinity });
    const { domain, ticks } = axis;
    expect(domain.every(Number.isFinite) && domain[0] < domain[1]).toBe(true);
    expect(ticks.length).toBeLessThanOrEqual(20);
    for (const value of [least, greatest]) expect(axis.at(value)).toBeGreaterThanOrEqual(domain[0]);
    for (const value of [least, greatest]) expect(axis.at(value)).toBeLessThanOrEqual(domain[1]);
  }), { seed: 20260101, numRuns: 500 });
});
