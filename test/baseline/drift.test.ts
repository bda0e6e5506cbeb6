import { expect, test } from 'vitest';
import { binomialCdf, driftReport, fisherExact, fitBaseline, fitPiBaseline, InputError, liveFeatures, parseBaseline, parseJson, piDrift, printArtifact, type VerifiedLedger } from '../../src/index.js';
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
  expect(report.hostAlarms.map((alarm) => alarm.capability)).toEqual(report.capabilities.filter((row) => row.host.drift_detected).map((row) => row.capability));
  expect(report.hostAlarms.some((alarm) => alarm.metrics.includes('risk_score'))).toBe(true);
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
  expect(report.newCapabilities).toEqual(['write']);
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

/** n rows alike. */
function repeat(n: number, row: (i: number) => Row): Row[] {
  return Array.from({ length: n }, (_, i) => row(i));
}

test('both medians are of the finite scores, and lie within their limits', () => {
  const rows = [...repeat(30, (i) => ({ score: i / 100 })), ...repeat(28, () => ({ score: NaN }))];
  const baseline = fitBaseline([ledgerOf(rows)], options);
  // The host sorts the missing scores last and counts them.
  expect(baseline.host.capability_profiles[0]?.risk_score_median).toBeCloseTo(0.285, 12);
  const [row] = driftReport(baseline, [ledgerOf(rows)]).capabilities;
  expect(row?.scores?.baseline).toEqual(row?.scores?.live);
  expect(row?.scores?.live.median).toBeCloseTo(0.145, 12);
  for (const { median, lower, upper } of [row?.scores?.baseline, row?.scores?.live].flatMap((side) => side ?? [])) {
    expect((lower ?? NaN) <= (median ?? NaN) && (median ?? NaN) <= (upper ?? NaN)).toBe(true);
  }
});

test('a new capability and the alarms of the host stand beside the verdict of the tests', () => {
  const next = uniforms(12);
  const known = draw(next, 300);
  const baseline = fitBaseline([known], { ...options, anomalyThresholdMads: 0 });
  const { driftDetected, verdict, newCapabilities, hostAlarms, promise } = driftReport(baseline, [ledgerOf([...repeat(100, (i) => ({ capability: CAPABILITIES[i % 3] ?? '', score: next(), failed: next() < 0.1 })), { capability: 'zap' }])]);
  expect({ driftDetected, verdict, newCapabilities }).toEqual({ driftDetected: false, verdict: 'no drift found', newCapabilities: ['zap'] });
  expect(hostAlarms.length).toBeGreaterThan(0);
  expect(promise).toContain('newCapabilities and hostAlarms are not covered');
});

test('a test is refused only where Holm could not reject it beside the others', () => {
  const caps = (live: boolean): VerifiedLedger => ledgerOf([
    ...repeat(200, () => ({ capability: 'A', score: live ? 0.9 : 0.1, failed: live })),
    ...repeat(live ? 5 : 4, (i) => ({ capability: 'B', score: (live ? 0.9 : 0.1) + i / 100, failed: live })),
  ]);
  // Of four tests the two of A are rejected first, which leaves 0.05 / 2 to B: at 0.05 / 4 it could not be tested.
  const both = driftReport(fitBaseline([caps(false)], options), [caps(true)]);
  expect(both.testCount).toBe(4);
  expect(both.refusals).toEqual([]);
  expect(both.capabilities.every((row) => row.errorRate?.rejected === true && row.scores?.rejected === true)).toBe(true);
  const alone = driftReport(fitBaseline([caps(false)], options), [ledgerOf([...repeat(200, () => ({ capability: 'A', score: 0.1 })), ...repeat(5, (i) => ({ capability: 'B', score: 0.9 + i / 100 }))])]);
  expect(alone.refusals.map((refusal) => [refusal.capability, refusal.neededN])).toEqual([['B', 6]]);
  expect(alone.refusals[0]?.reason).toContain('at 0.0125, the level that Holm leaves this test');
});

test('the calls needed for a test of error rates are the fewest that would do, however many', () => {
  const needed = (errors: number, n: number, alpha: number): number | null => {
    const baseline = fitBaseline([ledgerOf(repeat(n, (i) => ({ failed: i < errors })))], options);
    return driftReport(baseline, [ledgerOf([{}])], { alpha }).refusals.find((refusal) => refusal.what.includes('error rate'))?.neededN ?? null;
  };
  // One call of the baseline without an error: all of n live ones failing has probability 1 / (n + 1).
  expect(needed(0, 1, 1.1e-6)).toBe(1_818_181);
  expect(needed(0, 1, 1e-12)).toBe(null);
  for (const [errors, n] of [[0, 3], [2, 5], [3, 9], [7, 20], [10, 20], [1, 40]] as const) {
    for (const alpha of [0.4, 0.1, 0.05, 0.025, 0.001]) {
      // Two tests, neither of which the other helps.
      const passes = (m: number): boolean => Math.min(fisherExact([errors, 0], [n, m]), fisherExact([errors, m], [n, m])) <= alpha / 2;
      const fewest = Array.from({ length: 400 }, (_, i) => i + 2).find(passes) ?? null;
      if (!passes(1)) expect(needed(errors, n, alpha), `${String(errors)} of ${String(n)} at ${String(alpha)}`).toBe(fewest);
    }
  }
});

test('missing live scores are counted, and what they leave untested is not called unchanged', () => {
  const baseline = fitBaseline([ledgerOf(repeat(60, (i) => ({ score: i / 60 })))], options);
  const live = (finite: number): ReturnType<typeof driftReport> => driftReport(baseline, [ledgerOf(repeat(100, (i) => ({ score: i < finite ? i / 100 : NaN })))]);
  expect(live(0)).toMatchObject({ driftDetected: false, verdict: 'not enough data', capabilities: [{ liveN: 100, liveNullScores: 100, scores: null }] });
  expect(live(0).refusals[0]?.reason).toContain('100 of 100 live scores are null');
  expect(live(1).verdict).toBe('not enough data');
  expect(live(100)).toMatchObject({ verdict: 'no drift found', capabilities: [{ liveNullScores: 0 }] });
  expect(live(90)).toMatchObject({ verdict: 'no drift found', capabilities: [{ liveNullScores: 10 }] });
});

test('a baseline whose figures contradict each other is refused with the field named', () => {
  const ledger = ledgerOf(repeat(20, (i) => ({ score: i / 20, failed: i % 2 === 0 })));
  const refusal = (text: string): string => {
    try {
      parseBaseline(parseJson(text));
    } catch (error) {
      return error instanceof InputError ? `${error.code}: ${error.message}` : String(error);
    }
    return 'no error';
  };
  const host = printArtifact(fitPiBaseline(ledger, options));
  for (const rate of ['null', '0.123', '-3.0', '1.05']) {
    expect(refusal(host.replace('"error_rate_median":0.5', `"error_rate_median":${rate}`))).toContain('NUMBER_OUT_OF_RANGE: capability_profiles[0].error_rate_median must be a number of errors divided by sample_count, 20, got');
  }
  expect(refusal(host.replace('"sample_count":20', '"sample_count":0'))).toContain('capability_profiles[0].sample_count must be >= 1, got 0');
  const own = JSON.stringify(fitBaseline([ledger], options));
  expect(refusal(own)).toBe('no error');
  expect(refusal(own.replace('"counts":[1,2,', '"counts":[0,2,'))).toContain('scoreCurve.counts[0] must be above 0, got 0');
  expect(refusal(own.replace('"scoreCurve":{"n":20', '"scoreCurve":{"n":1000').replace('19,20]}', '19,1000]}'))).toContain('scoreCurve.n and nullScores must add up to sample_count, 20, got 1000 and 0');
  expect(refusal(own.replace('"p":0.5,"value":0.475', '"p":0.5,"value":7'))).toContain('quantiles must have a median within the scores, got 7');
  expect(refusal(own.replace('"evidence":{"level":0.95,', '"evidence":{"level":0.95,"x":0,').replace('"capability":"exec","n":20', '"capability":"exe","n":20'))).toContain('evidence.capabilities must have the capability "exec"');
});
