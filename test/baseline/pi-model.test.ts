import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BURST_10S, BURST_1S, fitPiBaseline, InputError, parseJson, parsePiBaseline, piBurstDensity, piMad, piMedian, printArtifact, sorted, totalOrder } from '../../src/index.js';
import { naiveBurstDensity } from '../naive/burst.js';
import { ledgerOf } from './synthetic.js';

const options = { actor: 'a', generatedAtMs: 5n };

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return error instanceof InputError ? error.code : String(error);
  }
  return 'no error';
}

test('burst medians are those of the definition that looks at every pair, bit for bit', () => {
  const times = fc.array(fc.integer({ min: 0, max: 30_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(times, (ts) => {
      expect(piBurstDensity(ts, BURST_1S)).toBe(naiveBurstDensity(ts, 1000, 8));
      expect(piBurstDensity(ts, BURST_10S)).toBe(naiveBurstDensity(ts, 10_000, 24));
    }),
    { seed: 20260101, numRuns: 500 },
  );
});

test("the host's MAD sorts NaN last, as its median does", () => {
  const values = fc.array(fc.oneof(fc.double(), fc.constantFrom(0.1, 0.2, 0.3, NaN, Infinity, -Infinity)), { maxLength: 12 });
  fc.assert(
    fc.property(values, (xs) => {
      const deviations = xs.map((x) => Math.abs(x - piMedian(xs))).sort(totalOrder);
      expect(piMad(xs)).toEqual(piMedian(deviations));
      expect([...sorted(xs)]).toEqual([...xs].sort(totalOrder));
    }),
    { seed: 20260101, numRuns: 2000 },
  );
});

test('capabilities are in order of their UTF-8 bytes, not of their UTF-16 units', () => {
  const names = ['\u{1f600}', '\uffee', 'z', 'Z', '', 'za'];
  const { capability_profiles } = fitPiBaseline(ledgerOf(names.map((capability) => ({ capability }))), options);
  expect(capability_profiles.map((profile) => profile.capability)).toEqual(['', 'Z', 'z', 'za', '\uffee', '\u{1f600}']);
});

test('a ledger that cannot be used is refused by name', () => {
  const ledger = ledgerOf([{}]);
  const broken = { ...ledger, report: { ...ledger.report, consistent: false, faultCount: 1 } };
  expect(codeOf(() => fitPiBaseline(broken, options))).toBe('INVALID_LEDGER');
  expect(codeOf(() => fitPiBaseline(ledgerOf([]), options))).toBe('EMPTY_LEDGER');
  expect(codeOf(() => fitPiBaseline(ledger, { ...options, actor: 'b' }))).toBe('NO_ENTRIES_FOR_EXTENSION');
  expect(() => fitPiBaseline(ledgerOf([{}, { tsMs: NaN }]), options)).toThrow('entry 1: ts_ms is beyond 2^53');
  expect(codeOf(() => fitPiBaseline(ledger, { ...options, generatedAtMs: 2n ** 60n }))).toBe('UNSAFE_INTEGER');
  expect(codeOf(() => fitPiBaseline(ledger, { ...options, smoothingPrior: NaN }))).toBe('BAD_PARAM');
});

test('a time that does not fit a double is of no concern where it is another actor\'s', () => {
  expect(fitPiBaseline(ledgerOf([{}, { actor: 'b', tsMs: NaN }]), options).source_entry_count).toBe(1);
});

test('the printed artifact reads back as the same baseline', () => {
  const baseline = fitPiBaseline(ledgerOf([{ score: NaN }, { score: 0.25 }, { failed: true, state: 2 }]), { ...options, smoothingPrior: 0 });
  for (const pretty of [false, true]) expect(parsePiBaseline(parseJson(printArtifact(baseline, { pretty })))).toEqual(baseline);
});

test('a baseline that is not one is refused with the field named', () => {
  const parse = (text: string): string => {
    try {
      parsePiBaseline(parseJson(text));
    } catch (error) {
      return error instanceof InputError ? `${error.code}: ${error.message}` : String(error);
    }
    return 'no error';
  };
  const good = printArtifact(fitPiBaseline(ledgerOf([{}]), options));
  expect(parse('[]')).toBe('WRONG_TYPE: the baseline must be an object');
  expect(parse('{"schema":"x"}')).toMatch(/^UNSUPPORTED_SCHEMA: .*got "x"$/);
  expect(parse(good.replace('"sample_count":1', '"sample_count":1.5'))).toBe('WRONG_TYPE: capability_profiles[0].sample_count must be an integer, got 1.5');
  expect(parse(good.replace('"sample_count":1,', ''))).toBe('MISSING_FIELD: capability_profiles[0] must have the field sample_count');
  expect(parse(good.replace('[[0,0,0],', '[[0,0],'))).toBe('WRONG_TYPE: transition_matrix.counts[0] must have 3 items, got 2');
  expect(parse(good.replace('"extension_id":"a"', '"extension_id":7'))).toBe("WRONG_TYPE: the baseline's extension_id must be a string");
});
