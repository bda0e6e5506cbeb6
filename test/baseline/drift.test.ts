import { expect, test } from 'vitest';
import { binomialCdf, driftReport, fitBaseline, fitPiBaseline, liveFeatures, parseBaseline, parseJson, piDrift, printArtifact, type VerifiedLedger } from '../../src/index.js';
import { uniforms } from '../stats/uniforms.js';
import { ledgerOf, type Row } from './synthetic.js';

const options = { actor: 'a', generatedAtMs: 5n };
const CAPABILITIES = ['exec', 'http', 'read'];

/** Independent calls over three capabilities; scores rounded to a tenth have many ties. */
function draw(next: () => number, n: number, change: { readonly score?: number; readonly errors?: number; readonly ties?: boolean } = {}): VerifiedLedger {
  const row = (i: number): Row => {
    const score = Math.min(1, next() + (change.score ?? 0));
    return { capability: CAPABILITIES[i % 3] ?? '', score: change.ties === true ? Math.round(score * 10) / 10 : score, failed: next() < (change.errors ?? 0.1) };
  };
  return ledgerOf(Array.from({ length: n }, (_, i) => row(i)));
}

test('with nothing changed, some test rejects in at most alpha of the reports', () => {
  const next = uniforms(20260101);
  const runs = 500;
  for (const ties of [false, true]) {
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      const baseline = fitBaseline([draw(next, 120, { ties })], options);
      if (driftReport(baseline, [draw(next, 90, { ties })], { alpha: 0.1 }).driftDetected) alarms += 1;
    }
    // More than this happens once in 10,000 when the rate is 0.1.
    expect(1 - binomialCdf(alarms - 1, runs, 0.1)).toBeGreaterThan(1e-4);
  }
});

test('a changed error rate and a changed score are found, each for what it is', () => {
  const next = uniforms(5);
  const baseline = fitBaseline([draw(next, 600)], options);
  const report = driftReport(baseline, [draw(next, 300, { errors: 0.5 })]);
  expect(report.driftDetected).toBe(true);
  expect(report.capabilities.every((row) => row.errorRate?.rejected === true && row.errorRate.disjoint)).toBe(true);
  expect(report.capabilities.some((row) => row.scores?.rejected === true)).toBe(false);
  const shifted = driftReport(baseline, [draw(next, 300, { score: 0.4 })]);
  expect(shifted.capabilities.every((row) => row.scores?.rejected === true && row.scores.disjoint)).toBe(true);
  expect(shifted.testCount).toBe(6);
});

test("the host's report beside it is the host's, from the live ledger's own figures", () => {
  const next = uniforms(6);
  const ledger = draw(next, 60);
  const live = draw(next, 30, { score: 0.9 });
  const tight = { ...options, anomalyThresholdMads: 1 };
  const host = fitPiBaseline(ledger, tight);
  const report = driftReport(fitBaseline([ledger], tight), [live]);
  const features = liveFeatures([live], 'a');
  expect(report.capabilities.map((row) => row.host)).toEqual(features.map((row) => piDrift(host, row)));
  expect(report.hostDriftDetected).toBe(true);
});

test('states of several live ledgers are never joined', () => {
  const baseline = fitPiBaseline(draw(uniforms(1), 30), options);
  const runs = (...states: number[][]): VerifiedLedger[] => states.map((run) => ledgerOf(run.map((state) => ({ state }))));
  const divergence = (ledgers: readonly VerifiedLedger[]): number => {
    const [features] = liveFeatures(ledgers, 'a');
    return features === undefined ? NaN : piDrift(baseline, features).transition_divergence;
  };
  expect(divergence(runs([0, 0], [2, 2]))).not.toBe(divergence(runs([0, 0, 2, 2])));
  expect(divergence(runs([0, 0, 2, 2]))).toBe(divergence(runs([0, 0, 2, 2])));
});

test('capabilities that only one side has are named', () => {
  const baseline = fitBaseline([ledgerOf([{ capability: 'exec' }, { capability: 'read' }])], options);
  const report = driftReport(baseline, [ledgerOf([{ capability: 'exec' }, { capability: 'write' }])]);
  expect(report.unseenInBaseline).toEqual(['write']);
  expect(report.absentLive).toEqual(['read']);
  expect(report.testCount).toBe(2);
});

test('too few live calls are refused with the number that would do, which does', () => {
  const baseline = fitBaseline([ledgerOf(Array.from({ length: 20 }, (_, i) => ({ score: i / 100 })))], options);
  const few = driftReport(baseline, [ledgerOf([{ score: 0.9, failed: true }])]);
  const needed = few.refusals.map((refusal) => refusal.neededN ?? NaN);
  expect(needed).toHaveLength(2);
  expect(few.driftDetected).toBe(false);
  const live = (n: number): VerifiedLedger => ledgerOf(Array.from({ length: n }, () => ({ score: 0.9, failed: true })));
  expect(driftReport(baseline, [live(Math.max(...needed))]).refusals).toEqual([]);
  expect(driftReport(baseline, [live(Math.max(...needed))]).driftDetected).toBe(true);
  expect(driftReport(baseline, [live(Math.min(...needed) - 1)]).refusals).toHaveLength(2);
});

test("a baseline in the host's form gives error counts back but keeps no scores", () => {
  const next = uniforms(8);
  const ledger = draw(next, 300);
  const live = draw(next, 300, { errors: 0.6 });
  const own = driftReport(fitBaseline([ledger], options), [live]);
  const host = driftReport(parseBaseline(parseJson(printArtifact(fitPiBaseline(ledger, options)))), [live]);
  expect(host.capabilities.map((row) => row.errorRate?.pValue)).toEqual(own.capabilities.map((row) => row.errorRate?.pValue));
  expect(host.capabilities.map((row) => row.scores)).toEqual([null, null, null]);
  expect(host.refusals).toHaveLength(3);
});

test('a baseline compares the same after it has been written and read', () => {
  const next = uniforms(9);
  const baseline = fitBaseline([draw(next, 3000)], options);
  const live = draw(next, 500, { score: 0.05 });
  const report = driftReport(baseline, [live]);
  expect(driftReport(parseBaseline(parseJson(JSON.stringify(baseline))), [live])).toEqual(report);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('a thinned curve finds nearly the distance of the whole sample, and never more', () => {
  const next = uniforms(10);
  const values = Array.from({ length: 6000 }, next);
  const baseline = fitBaseline([ledgerOf(values.map((score) => ({ score })))], options);
  expect(baseline.evidence.capabilities[0]?.scoreCurve.complete).toBe(false);
  const live = Array.from({ length: 400 }, () => next() ** 1.1);
  const naive = Math.max(...[...values, ...live].map((x) => Math.abs(values.filter((v) => v <= x).length / 6000 - live.filter((v) => v <= x).length / 400)));
  const distance = driftReport(baseline, [ledgerOf(live.map((score) => ({ score })))]).capabilities[0]?.scores?.distance ?? NaN;
  expect(distance).toBeLessThanOrEqual(naive + 1e-12);
  expect(distance).toBeGreaterThan(naive - 1 / 512 - 1 / 400);
});

test('a complete curve finds the very distance', () => {
  const next = uniforms(11);
  for (let run = 0; run < 20; run += 1) {
    const values = Array.from({ length: 40 }, () => Math.round(next() * 20) / 20);
    const live = Array.from({ length: 30 }, () => Math.round(next() * 20) / 20 + (run % 2) * 0.01);
    const naive = Math.max(...[...values, ...live].map((x) => Math.abs(values.filter((v) => v <= x).length / 40 - live.filter((v) => v <= x).length / 30)));
    const baseline = fitBaseline([ledgerOf(values.map((score) => ({ score })))], options);
    expect(driftReport(baseline, [ledgerOf(live.map((score) => ({ score })))]).capabilities[0]?.scores?.distance).toBeCloseTo(naive, 12);
  }
});

test('another actor can be compared, and the report says so', () => {
  const baseline = fitBaseline([ledgerOf([{}, {}])], options);
  expect(driftReport(baseline, [ledgerOf([{ actor: 'b' }])], { actor: 'b' }).otherActor).toBe(true);
  expect(() => driftReport(baseline, [ledgerOf([{}])], { alpha: NaN })).toThrow('alpha must be in (0, 1), got NaN');
});
