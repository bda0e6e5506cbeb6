import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderStatistics } from '../../../src/stats/order-statistics.js';
import {
  burstCounts, distinctTexts, errorRate, groupSummaries, groupValues, InputError, interArrivals, median, medianAbsoluteDeviation, mergeBursts, mergeDistinct,
  mergeGroupValues, mergeOutcomes, mergeTransitions, outcomeCounts, quantile, streamTimes, summariesOfValues, traceBuilder, stateTransitions, traceProfile,
  type QuantileType, type TraceChunk, type TraceRow,
} from '../../../src/index.js';

const seeded = { seed: 20260101, numRuns: 60 };

function chunksOf(rows: readonly TraceRow[], batchRows = 7): TraceChunk[] {
  const builder = traceBuilder({ batchRows });
  return [...rows.map((row) => builder.append(row)), builder.flush()].filter((chunk) => chunk !== null);
}

/** Chunks of several origins: their dictionaries give the same names other codes. */
function mixedChunks(rows: readonly TraceRow[]): TraceChunk[] {
  const half = rows.length >> 1;
  return [...chunksOf(rows.slice(0, half)), ...chunksOf(rows.slice(half).toReversed()).toReversed().flatMap((chunk) => chunk)];
}

const score = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(0, -0, 1, 1, 1, 5e-324, -1.5), fc.integer({ min: -3, max: 3 }));
const row: fc.Arbitrary<TraceRow> = fc.record({
  actor: fc.constantFrom('a', 'b', 'c', 'd'),
  session: fc.option(fc.constantFrom('s', 't', 'u'), { nil: null }),
  risk_score: fc.option(score, { nil: null, freq: 4 }),
  latency_us: fc.option(fc.oneof(fc.nat({ max: 20 }), fc.nat(), fc.maxSafeNat()), { nil: null }),
  ts: fc.option(fc.integer({ min: 0, max: 200 }), { nil: null }),
  outcome: fc.constantFrom('success', 'error', 'denied', 'timeout', 'unknown'),
  risk_state: fc.option(fc.constantFrom('safe_fast', 'suspicious', 'unsafe'), { nil: null }),
  resource: fc.option(fc.constantFrom('/a', '/ä', '/a/b', '', 'https://x.example:443/'), { nil: null }),
});
const rows = fc.array(row, { maxLength: 60 });

function valuesOf(all: readonly TraceRow[], actor: string | null, name: 'risk_score' | 'latency_us'): number[] {
  return all.filter((each) => (each.actor ?? null) === actor).map((each) => each[name]).filter((x) => x !== null && x !== undefined).map(Number);
}

describe('order statistics without sorting', () => {
  test('are those of sorting, whatever the values and ranks', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, -0, 1, 1 + Number.EPSILON, Infinity, -Infinity), fc.integer({ min: 0, max: 9 }));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.array(fc.nat(), { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), (some, picks, times) => {
        const values = Float64Array.from(Array.from({ length: times }, () => some).flat());
        const ranks = [...new Set(picks.map((pick) => pick % values.length))].sort((a, b) => a - b);
        const order = values.slice().sort();
        assert.deepEqual([...orderStatistics(values, ranks)], ranks.map((rank) => order[rank]));
      }),
      seeded,
    );
  });
});

describe('summaries of groups', () => {
  const types: QuantileType[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test('are those of the plain functions to the last bit, collected or by passes, whatever the chunks', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(...types), fc.constantFrom('risk_score', 'latency_us'), (all, type, measure) => {
        const probabilities = [0, 0.05, 0.5, 0.9, 1];
        const question = { by: 'actor', measure, probabilities, type } as const;
        const found = groupSummaries(chunksOf(all), question);
        assert.deepEqual(groupSummaries(() => mixedChunks(all), question), found);
        assert.deepEqual(groupSummaries(() => chunksOf(all, 5), { ...question, memoryBytes: 1 }), found);
        assert.deepEqual(found.map(({ group }) => group), [...new Set(all.map(({ actor }) => actor))].sort());
        for (const each of found) {
          const values = valuesOf(all, each.group, measure);
          assert.equal(each.n, values.length);
          assert.equal(each.rows, all.filter(({ actor }) => actor === each.group).length);
          if (values.length === 0) continue;
          assert.equal(each.median, median(values));
          assert.equal(each.mad, medianAbsoluteDeviation(values));
          assert.deepEqual(each.quantiles, probabilities.map((p) => quantile(values, p, type)));
          assert.deepEqual([each.min, each.max], [quantile(values, 0, 7), quantile(values, 1, 7)]);
        }
      }),
      seeded,
    );
  });

  test('group rows without a value of the column as null, and give nulls where no number is finite', () => {
    const found = groupSummaries(chunksOf([{ session: null, latency_us: 3 }, { session: 's' }]), { by: 'session', measure: 'latency_us', probabilities: [0.5] });
    expect(found).toEqual([
      { group: null, rows: 1, n: 1, min: 3, max: 3, median: 3, mad: 0, quantiles: [3] },
      { group: 's', rows: 1, n: 0, min: null, max: null, median: null, mad: null, quantiles: [null] },
    ]);
  });

  test('of parts come from their values, merged', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const measure = { by: 'actor', measure: 'risk_score' } as const;
        const merged = mergeGroupValues(groupValues(chunksOf(a), measure), groupValues(chunksOf(b), measure));
        assert.deepEqual(summariesOfValues(merged), groupSummaries(chunksOf([...a, ...b]), measure));
      }),
      seeded,
    );
  });

  test('refuse probabilities outside [0, 1] and no memory at all', () => {
    const chunks = chunksOf([{ latency_us: 1 }]);
    expect(() => groupSummaries(chunks, { by: 'actor', measure: 'latency_us', probabilities: [1.1] })).toThrow(InputError);
    expect(() => groupSummaries(chunks, { by: 'actor', measure: 'latency_us', memoryBytes: 0 })).toThrow(InputError);
  });
});

describe('counts', () => {
  test('of outcomes are those of counting rows one by one, and parts add up', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const whole = outcomeCounts(mixedChunks([...a, ...b]), 'session');
        for (const { group, rows: count, outcomes } of whole) {
          const mine = [...a, ...b].filter(({ session }) => session === group);
          assert.equal(count, mine.length);
          assert.equal(outcomes.error, mine.filter(({ outcome }) => outcome === 'error').length);
        }
        assert.deepEqual(mergeOutcomes(outcomeCounts(chunksOf(a), 'session'), outcomeCounts(chunksOf(b), 'session')), whole);
      }),
      seeded,
    );
  });

  test('of failures leave out what never ran', () => {
    const outcomes = ['success', 'error', 'timeout', 'success', 'denied', 'unknown'] as const;
    const [all] = outcomeCounts(chunksOf(outcomes.map((outcome) => ({ outcome }))), 'actor');
    expect(all === undefined ? null : errorRate(all)).toBe(0.5);
    const [none] = outcomeCounts(chunksOf([{ outcome: 'denied' }]), 'actor');
    expect(none === undefined ? 0 : errorRate(none)).toBeNull();
  });

  test('of transitions are those within each stream, rows without state or stream left out', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const naive = new Map<string, number>();
        for (const stream of ['s', 't', 'u']) {
          const states = all.filter(({ session, risk_state }) => session === stream && risk_state !== null).map(({ risk_state }) => String(risk_state));
          states.slice(1).forEach((to, i) => naive.set(`${String(states[i])} ${to}`, (naive.get(`${String(states[i])} ${to}`) ?? 0) + 1));
        }
        const found = stateTransitions(chunksOf(all), { state: 'risk_state', stream: 'session' });
        assert.deepEqual(found.map(({ from, to, count }) => [`${from} ${to}`, count]), [...naive].sort(([x], [y]) => (x < y ? -1 : 1)));
      }),
      seeded,
    );
  });

  test('of transitions add up over parts that share no stream', () => {
    const part = (session: string): TraceRow[] => (['safe_fast', 'unsafe', 'safe_fast', 'unsafe'] as const).map((risk_state) => ({ session, risk_state }));
    const question = { state: 'risk_state', stream: 'session' } as const;
    expect(mergeTransitions(stateTransitions(chunksOf(part('s')), question), stateTransitions(chunksOf(part('t')), question))).toEqual(stateTransitions(chunksOf([...part('s'), ...part('t')]), question));
  });

  test('of states beyond a table are kept as well', () => {
    const all = Array.from({ length: 700 }, (_, i) => ({ session: 's', tool: `t${String(i % 350)}` }));
    const found = stateTransitions(chunksOf(all), { state: 'tool', stream: 'session' });
    expect(found).toHaveLength(350);
    expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(699);
  });
});

describe('times', () => {
  test('between calls and bursts are those of sorted stamps, pair by pair', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 8 }), (all, window, most) => {
        const streams = streamTimes(chunksOf(all), 'actor');
        for (const { group, timesUs } of streams) {
          const times = all.filter(({ actor, ts }) => actor === group && ts !== null).map(({ ts }) => Number(ts)).sort((x, y) => x - y);
          assert.deepEqual([...timesUs], times);
          const within = times.map((time, i) => Math.min(most, times.slice(i).filter((each) => each <= time + window).length));
          const found = burstCounts(streams, window, most).filter((each) => each.group === group);
          assert.deepEqual(found.map((each) => [each.within, each.rows]), [...new Set(within)].sort((x, y) => x - y).map((count) => [count, within.filter((each) => each === count).length]));
        }
        const gaps = interArrivals(streams).find(({ group }) => group === 'a');
        const own = streams.find(({ group }) => group === 'a')?.timesUs ?? new Float64Array(0);
        if (gaps !== undefined) assert.deepEqual([...gaps.values], [...own.slice(1)].map((time, i) => time - (own[i] ?? NaN)));
      }),
      seeded,
    );
  });

  test('of parts that share no stream add up, and a stamp too large to compute with is refused', () => {
    const part = (actor: string): TraceRow[] => [1, 2, 3, 50].map((ts) => ({ actor, ts }));
    const bursts = (all: readonly TraceRow[]) => burstCounts(streamTimes(chunksOf(all), 'actor'), 10, 8);
    expect(mergeBursts(bursts(part('b')), bursts(part('a')))).toEqual(bursts([...part('a'), ...part('b')]));
    expect(() => streamTimes(chunksOf([{ ts: 2n ** 60n }]), 'actor')).toThrow(InputError);
  });
});

describe('distinct texts', () => {
  test('are those of a set, by group, and sets of parts unite', () => {
    fc.assert(
      fc.property(rows, rows, (a, b) => {
        const found = distinctTexts(mixedChunks([...a, ...b]), 'actor');
        for (const { group, distinct, texts } of found) {
          const naive = [...new Set([...a, ...b].filter(({ actor, resource }) => actor === group && resource !== null).map(({ resource }) => String(resource)))].sort();
          assert.deepEqual(texts(), naive);
          assert.equal(distinct, naive.length);
        }
        const merged = mergeDistinct(distinctTexts(chunksOf(a), 'actor'), distinctTexts(chunksOf(b), 'actor'));
        assert.deepEqual(merged.map(({ group, texts }) => [group, texts()]), found.map(({ group, texts }) => [group, texts()]));
      }),
      seeded,
    );
  });

  test('are found among many', () => {
    const all = Array.from({ length: 9000 }, (_, i) => ({ actor: 'a', resource: `/x/${String((i * 7919) % 3000)}/${'y'.repeat(i % 5)}` }));
    expect(distinctTexts(chunksOf(all, 1000), 'actor')[0]?.distinct).toBe(new Set(all.map(({ resource }) => resource)).size);
  });
});

describe('a profile', () => {
  test('holds what the kernels give one by one, whether chunks are at hand or read', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const options = { by: 'actor', probabilities: [0.5], windowUs: 30, mostWithin: 5 } as const;
        const profile = traceProfile(chunksOf(all), options);
        assert.deepEqual(traceProfile(() => chunksOf(all, 11), options), profile);
        assert.equal(profile.rows, all.length);
        const summaries = groupSummaries(chunksOf(all), { ...options, measure: 'risk_score' });
        assert.deepEqual(profile.groups.map(({ measures }) => measures['risk_score']?.mad), summaries.map(({ mad }) => mad));
        const distinct = new Map(distinctTexts(chunksOf(all), 'actor').map((each) => [each.group, each.distinct]));
        assert.deepEqual(profile.groups.map(({ resources }) => resources), profile.groups.map(({ group }) => distinct.get(group) ?? 0));
        assert.deepEqual(profile.transitions.counts, stateTransitions(chunksOf(all), { state: 'risk_state', stream: 'session' }));
        const bursts = burstCounts(streamTimes(chunksOf(all), 'actor'), 30, 5);
        assert.deepEqual(profile.actors.flatMap(({ actor, bursts: pairs }) => pairs.map(([within, count]) => ({ group: actor, within, rows: count }))), bursts);
        assert.deepEqual(JSON.parse(JSON.stringify(profile)), profile);
      }),
      seeded,
    );
  });
});

test('a profile refuses a window that is shorter than the times are fine', () => {
  const chunks = chunksOf([{ actor: 'a', ts: 1, ts_res_us: 1 }, { actor: 'a', ts: 2_000_000, ts_res_us: 1_000_000 }]);
  expect(() => traceProfile(chunks, { windowUs: 999_999 })).toThrow(new InputError('BAD_PARAM', 'windowUs must be at least the resolution of the times, 1000000, got 999999'));
  expect(traceProfile(chunks).actors.map(({ bursts }) => bursts)).toEqual([[[1, 2]]]);
});
