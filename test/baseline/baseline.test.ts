import { expect, test } from 'vitest';
import { fitBaseline, fitPiBaseline, parseBaseline, parseJson } from '../../src/index.js';
import { ledgerOf, type Row } from './synthetic.js';

const options = { actor: 'a', generatedAtMs: 5n };

function rows(n: number, row: (i: number) => Row): Row[] {
  return Array.from({ length: n }, (_, i) => row(i));
}

test("one ledger's host figures are the host's own", () => {
  const ledger = ledgerOf(rows(50, (i) => ({ score: (i * 37) % 50 / 50, state: i % 3, failed: i % 7 === 0, capability: i % 2 === 0 ? 'exec' : 'read' })));
  expect(fitBaseline([ledger], options).host).toEqual(fitPiBaseline(ledger, options));
});

test('several ledgers are pooled and never joined end to start', () => {
  const first = ledgerOf([{ state: 0, tsMs: 0 }, { state: 1, tsMs: 100 }], 'f'.repeat(64));
  const second = ledgerOf([{ state: 2, tsMs: 50 }, { state: 0, tsMs: 150 }, { actor: 'b' }], 'e'.repeat(64));
  const { host, evidence, sources } = fitBaseline([first, second], options);
  expect(host.transition_matrix.counts).toEqual([[0, 1, 0], [0, 0, 0], [1, 0, 0]]);
  expect(evidence.transitions.counts).toEqual(host.transition_matrix.counts);
  // Within each ledger one event sees two from itself on, the other one; joined in time the counts would be 4, 3, 2, 1.
  expect(host.capability_profiles[0]?.burst_density_1s_median).toBe(0.1875);
  expect(sources.map((source) => source.entryCount)).toEqual([2, 2]);
  expect(host.source_entry_count).toBe(4);
});

test('a baseline is finite JSON and reads back, null scores and prior 0 included', () => {
  const ledger = ledgerOf([{ score: NaN }, { score: NaN, capability: 'read' }, { score: 0.5, capability: 'read' }]);
  const baseline = fitBaseline([ledger], { ...options, smoothingPrior: 0 });
  const text = JSON.stringify(baseline);
  expect(JSON.parse(text)).toEqual(baseline);
  const { host, evidence } = parseBaseline(parseJson(text));
  expect(host).toEqual(baseline.host);
  expect(evidence?.capabilities.map((row) => row.scoreCurve)).toEqual(baseline.evidence.capabilities.map((row) => row.scoreCurve));
});

test('null scores are counted and never used', () => {
  const [evidence] = fitBaseline([ledgerOf([{ score: NaN }, { score: 0.2 }, { score: 0.4 }])], options).evidence.capabilities;
  expect(evidence).toMatchObject({ n: 3, scoreCount: 2, nullScores: 1 });
  expect(evidence?.quantiles[1]?.value).toBeCloseTo(0.3, 12);
});

test('a MAD of 0 is called degenerate and nothing is put in its place', () => {
  const [evidence] = fitBaseline([ledgerOf(rows(9, (i) => ({ score: i < 6 ? 0.3 : i / 10 })))], options).evidence.capabilities;
  expect(evidence?.mad).toEqual({ value: 0, factor: 1, degenerate: true });
});

test('the 0.95-quantile has an upper limit from 59 scores on, and is refused with that number before', () => {
  const fit = (n: number): ReturnType<typeof fitBaseline> => fitBaseline([ledgerOf(rows(n, (i) => ({ score: i / n })))], options);
  const before = fit(58);
  expect(before.evidence.capabilities[0]?.quantiles[2]).toMatchObject({ p: 0.95, upper: null, upperNeeds: 59 });
  const refusal = before.refusals.find((r) => r.what === 'the upper 95 % limit of the 0.95-quantile of the risk score');
  expect(refusal).toMatchObject({ capability: 'exec', n: 58, neededN: 59 });
  const after = fit(59);
  expect(after.evidence.capabilities[0]?.quantiles[2]?.upper).toBe(58 / 59);
  expect(after.refusals.some((r) => r.what.includes('quantile'))).toBe(false);
});

test('a state never left keeps the prior, says 0 visits, and the stationary law is refused', () => {
  const { evidence, refusals } = fitBaseline([ledgerOf(rows(100, (i) => ({ state: i % 2 })))], options);
  const row = evidence.transitions.rows[2];
  expect(row).toMatchObject({ from: 'unsafe', visits: 0 });
  expect(row?.mean).toEqual([1 / 3, 1 / 3, 1 / 3]);
  expect(refusals).toContainEqual({ what: 'the transitions from unsafe', capability: null, n: 0, neededN: 59, reason: '0 visits: what is shown is the prior' });
  expect(refusals.some((r) => r.what === 'the stationary law of the risk states')).toBe(true);
});

test('Dirichlet means are the probabilities of the host', () => {
  const { host, evidence } = fitBaseline([ledgerOf(rows(40, (i) => ({ state: (i * i) % 3 })))], options);
  for (const [i, row] of evidence.transitions.rows.entries()) {
    for (const [j, mean] of row.mean.entries()) expect(mean).toBeCloseTo(host.transition_matrix.probabilities[i]?.[j] ?? NaN, 14);
  }
});

test('parameters out of range are refused by name', () => {
  const ledger = ledgerOf([{}]);
  expect(() => fitBaseline([ledger], { ...options, level: 95 })).toThrow('level must be in (0, 1), got 95');
  expect(() => fitBaseline([ledger], { ...options, rateHalfWidth: 0.5 })).toThrow('twice rateHalfWidth must be in (0, 1), got 1');
  expect(() => fitBaseline([ledger], { ...options, smoothingPrior: NaN })).toThrow('smoothingPrior must be finite and >= 0, got NaN');
  expect(() => fitBaseline([ledger], { ...options, anomalyThresholdMads: -1 })).toThrow('anomalyThresholdMads must be finite and >= 0, got -1');
  expect(() => fitBaseline([], options)).toThrow('at least one ledger must be given, got none');
});

test('any smoothing prior gives limits, rounded to 0 and 1 where they must be', () => {
  const ledger = ledgerOf(rows(30, (i) => ({ state: i % 2 })));
  for (const smoothingPrior of [1e-6, 1e-9, 5e-324, 1e300]) {
    const { evidence } = fitBaseline([ledger], { ...options, smoothingPrior });
    for (const { lower, upper } of evidence.transitions.rows) {
      for (const [j, limit] of lower.entries()) expect(0 <= limit && limit <= (upper[j] ?? NaN) && (upper[j] ?? NaN) <= 1, String(smoothingPrior)).toBe(true);
    }
  }
});

test('a prior that is next to nothing leaves a transition never seen at 0 and the only one seen at 1', () => {
  for (const smoothingPrior of [1e-5, 1e-6, 1e-9, 5e-324]) {
    const [row] = fitBaseline([ledgerOf(rows(30, () => ({ state: 0 })))], { ...options, smoothingPrior }).evidence.transitions.rows;
    expect([row?.lower, row?.upper], String(smoothingPrior)).toEqual([[1, 0, 0], [1, 0, 0]]);
  }
});
