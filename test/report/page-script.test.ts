import { describe, expect, test } from 'vitest';
import { bounded, countBefore, nearestPlace, nextMarked, orderAxis, showing, timeAxis, wholeView, zoomed } from '../../src/report/page/axis.js';
import { binCalls } from '../../src/report/page/bins.js';
import { ALL_CALLS, chooseCalls } from '../../src/report/page/choose.js';
import { rankOfDecision } from '../../src/report/page/ranks.js';
import { textOf, unpackCalls } from '../../src/report/page/unpack.js';
import { callWords, spokenCall } from '../../src/report/page/wording.js';
import { keptRows, laneCodes, packNumbers, packRows } from '../../src/report/pack.js';
import { FINDING_BITS } from '../../src/report/timeline-rows.js';
import { HOSTILE, rowsOf } from './data.js';

const ROWS = rowsOf(200, HOSTILE);
const DATA = packRows(ROWS, ['a.json'], keptRows(ROWS));
const CALLS = unpackCalls(DATA);

describe('the data of a page', () => {
  test('come out as they went in', () => {
    expect(CALLS.count).toBe(200);
    expect([...CALLS.numbers.tsMs]).toEqual([...ROWS.tsMs]);
    expect([...CALLS.numbers.score]).toEqual([...ROWS.score]);
    for (let i = 0; i < 200; i += 1) {
      expect(DATA.words.decision[(CALLS.numbers.decision[i] ?? 0) - 1]).toBe(ROWS.decision.values[ROWS.decision.codes[i] ?? -1]);
      const id = ROWS.callId[i] ?? '';
      if (id.length < 160 && id.isWellFormed()) expect(textOf(CALLS.texts.callId, i)).toBe(id);
    }
  });

  test('take the narrowest type that holds them', () => {
    expect([[255], [256], [65536]].map((values) => packNumbers(values).type)).toEqual(['u8', 'u16', 'u32']);
  });

  test('of more calls than a page holds, keep every finding and label and one in so many of the others', () => {
    const rows = rowsOf(5000);
    const { rows: kept, oneIn } = keptRows(rows, 1000);
    expect(kept.length).toBeLessThanOrEqual(1000);
    expect(oneIn).toBe(6);
    expect([...kept]).toContain(3);
    const small = unpackCalls(packRows(rows, ['a'], { rows: kept, oneIn }));
    expect(small.numbers.row[1]).toBe(kept[1]);
  });

  test('give the most frequent capabilities lanes of their own', () => {
    expect(laneCodes({ values: ['a', 'b', 'c'], codes: Int32Array.from([2, 2, 1, 0, 0, 0, -1]) }, 2)).toEqual([1]);
    expect(laneCodes({ values: ['a', 'b'], codes: Int32Array.from([1, 1, 0]) }, 2)).toEqual([2, 1]);
  });
});

describe('filters', () => {
  const pick = (choice: Partial<typeof ALL_CALLS>): number[] => [...chooseCalls(CALLS, { ...ALL_CALLS, ...choice })];

  test('leave all calls, or those of a decision, a mark, a label or a text', () => {
    expect(pick({}).length).toBe(200);
    expect(pick({ decision: 3 }).every((call) => call % 4 === 2)).toBe(true);
    expect(pick({ marks: FINDING_BITS })).toEqual([3]);
    expect(pick({ label: 2 })).toEqual([3]);
    expect(pick({ text: 'DROP TABLE' }).length).toBeGreaterThan(0);
    expect(pick({ text: 'DROP TABLE' }).every((call) => [ROWS.callId[call], ROWS.resource[call]].some((text) => text?.includes('DROP TABLE')))).toBe(true);
    expect(pick({ text: 'nothing like it' })).toEqual([]);
    expect(pick({ decision: 1, label: 2 })).toEqual([]);
  });
});

describe('the axis', () => {
  const order = orderAxis(Uint32Array.from([4, 5, 6, 7]));

  test('by time is in order of time, without the calls that have none', () => {
    const axis = timeAxis(Uint32Array.from([0, 1, 2, 3]), [30, NaN, 10, 20]);
    expect([...axis.calls]).toEqual([2, 3, 0]);
    expect([...axis.x]).toEqual([10, 20, 30]);
  });

  test('zooms around a place and never leaves its ends', () => {
    const whole = wholeView(order);
    const near = zoomed(order, whole, 0.5, 0);
    expect(near.from).toBeCloseTo(-0.25, 12);
    expect(near.to - near.from).toBeCloseTo(2, 12);
    expect(zoomed(order, near, 100, 0)).toEqual(whole);
    expect(bounded(order, { from: 90, to: 95 })).toEqual(whole);
    expect(showing(order, near, 3).to).toBeGreaterThanOrEqual(3);
    expect(showing(order, near, 1)).toBe(near);
  });

  test('finds the nearest call and the next one that is marked, and says so where there is none', () => {
    expect([-5, 0.4, 0.6, 99].map((at) => nearestPlace(order, at))).toEqual([0, 0, 1, 3]);
    expect(nearestPlace(orderAxis(new Uint32Array(0)), 1)).toBe(-1);
    expect(nextMarked(order, 0, 1, (call) => call === 6)).toBe(2);
    expect(nextMarked(order, 2, 1, (call) => call === 6)).toBe(-1);
    expect(nextMarked(order, 3, -1, (call) => call === 4)).toBe(0);
    expect(countBefore(order.x, 2)).toBe(2);
  });
});

describe('what is drawn', () => {
  test('no finding is lost however many calls share a column, and the severest decision shows', () => {
    const calls = Uint32Array.from({ length: 10_000 }, (_, i) => i);
    const marks = new Uint8Array(10_000);
    marks[7777] = 4;
    const axis = orderAxis(calls);
    const bins = binCalls(axis, wholeView(axis), 50, { laneOf: () => 0, laneCount: 1, rankOf: (call) => (call === 123 ? 4 : 1), marks, labels: [] });
    expect(bins.counts.reduce((a, b) => a + b, 0)).toBe(10_000);
    expect(bins.marks.filter((mark) => mark === 4).length).toBe(1);
    expect(bins.ranks.filter((rank) => rank === 4).length).toBe(1);
    expect(bins.inView).toBe(10_000);
  });

  test('decisions that nobody knows are the mildest', () => {
    expect(['none', 'allow', 'harden', 'deny', 'terminate', '<b>', 'constructor'].map(rankOfDecision)).toEqual([0, 1, 2, 3, 4, 0, 0]);
  });
});

describe('a call in words', () => {
  test('shows every text visibly and says what was found', () => {
    const notes = new Map(DATA.notes);
    for (let call = 0; call < 200; call += 1) {
      const words = callWords(CALLS, DATA, notes, call);
      expect(spokenCall(words)).not.toMatch(/[\u202e\u2028\u0000]/);
    }
    expect(callWords(CALLS, DATA, notes, 3)).toMatchObject({ row: 3, isFinding: true, label: 'unsafe' });
    expect(callWords(CALLS, DATA, notes, 5)).toMatchObject({ isFinding: false, found: ['changes here'] });
    expect(callWords(CALLS, DATA, notes, 49).time).toBe('');
  });
});
