import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BURST_10S, BURST_1S, fitPiBaseline, InputError, liveFeatures, parseJson, parsePiBaseline, piBurstDensity, piDrift, piMad, piMedian, piTransitionMatrix, printArtifact, sorted, totalOrder, type PiBaseline } from '../../src/index.js';
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
  expect(codeOf(() => fitPiBaseline(ledger, { ...options, generatedAtMs: 2n ** 63n }))).toBe('NUMBER_OUT_OF_RANGE');
});

test('a time that does not fit a double is of no concern where it is another actor\'s', () => {
  expect(fitPiBaseline(ledgerOf([{}, { actor: 'b', tsMs: NaN }]), options).source_entry_count).toBe(1);
});

test('the printed artifact reads back as the same baseline', () => {
  const baseline = fitPiBaseline(ledgerOf([{ score: NaN }, { score: 0.25 }, { failed: true, state: 2 }]), { ...options, smoothingPrior: 0 });
  for (const pretty of [false, true]) expect(parsePiBaseline(parseJson(printArtifact(baseline, { pretty })))).toEqual(baseline);
});

test('thresholds and a prior that mean nothing are taken as the host takes them, and printed as null unless finite', () => {
  const ledger = ledgerOf([{ state: 0 }, { state: 0 }, { state: 0 }, { state: 0 }]);
  const fit = (x: number): PiBaseline => fitPiBaseline(ledger, { ...options, anomalyThresholdMads: x, transitionDivergenceThreshold: x, smoothingPrior: x });
  for (const x of [NaN, Infinity, -Infinity]) {
    const text = printArtifact(fit(x));
    expect(text).toContain('"probabilities":[[null,null,null],[null,null,null],[null,null,null]],"smoothing_prior":null,');
    expect(text).toMatch(/"anomaly_threshold_mads":null,"transition_divergence_threshold":null\}$/);
    expect(printArtifact(parsePiBaseline(parseJson(text)))).toBe(text);
  }
  // 3 + 3 * -2 is -3: probabilities no law has, but the ones the host computes.
  const { transition_matrix: matrix, anomaly_threshold_mads: threshold } = fit(-2);
  expect([threshold, matrix.smoothing_prior, matrix.probabilities[0]]).toEqual([-2, -2, [-1 / 3, 2 / 3, 2 / 3]]);
  expect(printArtifact(parsePiBaseline(parseJson(printArtifact(fit(-2)))))).toBe(printArtifact(fit(-2)));
  expect(piTransitionMatrix([0, 0, 0, 0], -1).probabilities[0]).toEqual([null, null, null]);
  const [live] = liveFeatures([ledger], 'a');
  expect(live !== undefined && piDrift(fit(-Infinity), live).drift_detected).toBe(true);
});

test('a time beyond 2^53 is kept to the last digit', () => {
  for (const generatedAtMs of [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, 7n]) {
    const text = printArtifact(fitPiBaseline(ledgerOf([{}]), { ...options, generatedAtMs }));
    expect(text).toContain(`"generated_at_ms":${String(generatedAtMs)},`);
    expect(printArtifact(parsePiBaseline(parseJson(text)))).toBe(text);
    expect(codeOf(() => parsePiBaseline(parseJson(text.replace(String(generatedAtMs), String(2n ** 63n)))))).toBe('NUMBER_OUT_OF_RANGE');
  }
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
