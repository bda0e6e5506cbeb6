import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bytesSource, driftReport, fitBaseline, mapSegmentation, random, readVerified, seriesModel, sweepThresholds, type ThresholdSweep } from '../../src/index.js';
import { changeProbabilityFigure, costFigure, coverageFigure, detectorFigure, detFigure, distributionFigure, distributionRow, driftRateFigure, driftScoreFigure, type Figure, rocFigure, runLengthFigure, runLengthGrid, scoreFigure, segmentationFigure, stationaryFigure, timelineFigure, transitionFigure } from '../../src/plot/index.js';
import { onSweep } from '../../src/plot/chosen-threshold.js';
import { rateBand } from '../../src/plot/rate-band.js';
import { drawn } from './svg.js';

const ledger = (name: string) => readVerified(bytesSource(readFileSync(`datasets/npm/${name}.ledger.json`)));

/** Figures of one series, whatever is in it. */
const OF_VALUES: Readonly<Record<string, (values: readonly number[]) => Figure>> = {
  distribution: (values) => distributionFigure({ title: 'Latency', measure: 'latency', unit: 'ms', level: 0.95, rows: [distributionRow('read', values), distributionRow('empty', [])] }),
  detector: (values) => detectorFigure({ title: 'CUSUM', statistics: [{ name: 'up', values, threshold: 5 }, { name: 'down', values, threshold: null }], alarms: values.length > 0 ? [{ index: 0, changeIndex: null }] : [], unit: 'sd' }),
  segments: (values) => segmentationFigure({ title: 'Regimes', label: 'latency (ms)', values, regimes: [], changes: [] }),
  timeline: (values) => timelineFigure({ title: 'Decisions', columns: { count: values.length, tsMs: Float64Array.from(values), riskScore: Float64Array.from(values), action: new Uint8Array(values.length) }, mismatches: values.length > 0 ? [{ index: 0, field: 'posterior.unsafe' }] : [] }),
};

const SERIES: Readonly<Record<string, readonly number[]>> = {
  empty: [],
  'a single value': [3],
  'a single zero': [0],
  constant: [7, 7, 7, 7, 7, 7],
  'no finite value': [NaN, Infinity, -Infinity],
  'some not finite': [1, NaN, 2, Infinity, 3, -Infinity, 4],
  'an enormous range': [-Number.MAX_VALUE, 0, Number.MAX_VALUE],
  'the smallest doubles': [5e-324, 1e-323, 0],
  'many magnitudes': [0, 1e-9, 1, 1e12, 1e300],
  negative: [-5, -4, -3.5, -1e6],
};

for (const [figure, make] of Object.entries(OF_VALUES)) {
  test.each(Object.entries(SERIES))(`${figure}: %s is drawn, or said to be nothing`, (_, values) => {
    const made = make(values);
    drawn(made);
    if (values.every((x) => !Number.isFinite(x)) && figure !== 'timeline') expect(made.alternative).toMatch(/^Nothing to draw: /);
  });
}

test('what is not finite is counted in words', () => {
  expect(OF_VALUES['distribution']?.([1, NaN, 2, Infinity]).alternative).toContain('read, n = 2, 2 without a finite value');
  expect(OF_VALUES['detector']?.([1, NaN, 2, Infinity]).alternative).toContain('2 values not finite and left out');
});

test('a distribution says medians, limits and MAD, and where there are too few values for a limit', () => {
  const values = Array.from({ length: 101 }, (_, i) => i);
  const { alternative } = distributionFigure({ title: 't', measure: 'latency', unit: 'ms', level: 0.95, rows: [distributionRow('read', values), distributionRow('exec', [1, 2, 3])] });
  expect(alternative).toContain('read, n = 101: 5 % quantile 4.4 ms (0 to 10)');
  expect(alternative).toContain('median 50 ms (40 to 60)');
  expect(alternative).toContain('MAD 25 ms');
  expect(alternative).toContain('exec, n = 3: 5 % quantile 1 ms (no lower limit');
});

test('bars of a histogram hold every value', () => {
  const rows = [distributionRow('a', [0, 0, 0, 1, 10, 100, 1000, 10_000])];
  const svg = drawn(distributionFigure({ title: 't', measure: 'x', unit: '', level: 0.95, rows }));
  expect(svg).toContain('logarithmic axis');
  expect(svg.match(/<rect [^>]*height/g)?.length).toBeGreaterThanOrEqual(6);
});

test('a baseline of recorded runs is drawn with its figures in words', () => {
  const baseline = fitBaseline([ledger('npm-approved')], { actor: 'npm', generatedAtMs: 0n });
  const figure = scoreFigure(baseline);
  drawn(figure);
  for (const { capability, n, quantiles } of baseline.evidence.capabilities) {
    const median = quantiles.find(({ p }) => p === 0.5)?.value ?? NaN;
    expect(figure.alternative).toContain(`${capability}, n = ${String(n)}`);
    expect(figure.alternative).toContain(`median ${String(Number(median.toPrecision(4)))}`);
  }
  drawn(transitionFigure(baseline.evidence.transitions));
  drawn(stationaryFigure(baseline.evidence.transitions));
  const report = driftReport(baseline, [ledger('npm-incident')]);
  for (const made of [driftScoreFigure(report), driftRateFigure(report)]) drawn(made);
  expect(driftScoreFigure(report).alternative).toContain('read: 0.3293 (0.3288 to 0.3299, n = 570), live 0.328');
});

test('a detector names its alarms and the changes they point at; none is lost however many there are', () => {
  const values = new Float64Array(50_000);
  const alarms = Array.from({ length: 5000 }, (_, i) => ({ index: 10 * i, changeIndex: 10 * i - 3 }));
  const figure = detectorFigure({ title: 't', statistics: [{ name: 'up', values, threshold: 4 }], alarms: [...alarms].reverse(), unit: 'sd', start: 100, promise: 'one in 1,000' });
  expect(figure.alternative).toContain('5,000 alarms: at 49,990 (change estimated at 49,987)');
  expect(figure.alternative).toContain('the first 100 not watched');
  expect(figure.subtitle).toContain('n = 50,000 observations after 100 not watched, 5,000 alarms; one in 1,000');
  // A mark in every one of the thousand columns.
  expect((drawn(figure).match(/<path d="[^"]+" transform="translate/g) ?? []).length).toBeGreaterThanOrEqual(998);
});

test('lines that raise no alarms speak of none', () => {
  const figure = detectorFigure({ title: 't', statistics: [{ name: 'limit', values: [0.9, 0.5, 0.3], threshold: null }], alarms: null, unit: 'rate', observation: 'trial' });
  expect(figure.subtitle).toBe('n = 3 trials');
  expect(figure.alternative).toBe('3 trials. Statistic limit runs from 0.3 to 0.9 rate.');
  expect(drawn(figure)).not.toContain('alarm');
});

/** Scores of two classes that overlap. */
function world(n: number, seed: number): { readonly scores: Float64Array; readonly unsafe: Uint8Array } {
  const source = random(seed);
  const unsafe = Uint8Array.from({ length: n }, () => (source.uniform() < 0.3 ? 1 : 0));
  return { unsafe, scores: Float64Array.from(unsafe, (bad) => source.normal() + 1.5 * bad) };
}

function sweepOf({ scores, unsafe }: ReturnType<typeof world>): ThresholdSweep {
  const sweep = sweepThresholds(scores, unsafe, { falsePositive: 1, falseNegative: 4 });
  if (sweep.kind === 'refusal') throw new Error(sweep.reason);
  return sweep;
}

test('a threshold lies on the sweep where its calls are flagged', () => {
  const { scores, unsafe } = world(300, 3);
  const sweep = sweepOf({ scores, unsafe });
  for (const threshold of [-10, -0.5, 0.3, scores[17] ?? NaN, 2, 10, null]) {
    const flagged = (bad: number): number => scores.filter((score, i) => unsafe[i] === bad && threshold !== null && score >= threshold).length;
    const { falseAlarm, miss, cost } = onSweep(sweep, threshold);
    expect(falseAlarm).toBeCloseTo(flagged(0) / sweep.safeCount, 12);
    expect(miss).toBeCloseTo(1 - flagged(1) / sweep.unsafeCount, 12);
    expect(cost).toBeCloseTo((flagged(0) + 4 * (sweep.unsafeCount - flagged(1))) / 300, 12);
  }
});

test('ROC, DET and cost mark the threshold, its promise and its rates on other calls', () => {
  const sweep = sweepOf(world(400, 5));
  const chosen = { threshold: 1.25, promise: 'With confidence 95 % at most 30 % of unsafe calls pass.', alpha: { miss: 0.3, falseAlarm: null }, confirmed: { level: 0.95, miss: { errors: 3, n: 20, rate: 0.15, lower: 0.032, upper: 0.379 }, falseAlarm: { errors: 5, n: 50, rate: 0.1, lower: 0.033, upper: 0.218 } } };
  for (const figure of [rocFigure(sweep, { chosen }), detFigure(sweep, { chosen }), costFigure(sweep, { chosen, costs: { falsePositive: 1, falseNegative: 4 } })]) {
    drawn(figure);
    for (const words of ['Chosen: score at least 1.25', 'misses 15 % (3.2 % to 37.9 %), 3 of 20', chosen.promise]) expect(figure.alternative).toContain(words);
    expect(figure.legend?.some(({ label }) => label === 'chosen: score \u2265 1.25')).toBe(true);
  }
  expect(drawn(rocFigure(sweep, { chosen }))).toContain('promised: misses \u2264 30 %');
  expect(rocFigure(sweep).alternative).toContain(`area under the ROC curve ${String(Number(sweep.auc.toPrecision(4)))}`);
});

test('a sweep of one score, of none and of nothing flagged is drawn', () => {
  const same = sweepOf({ scores: Float64Array.of(1, 1, 1), unsafe: Uint8Array.of(0, 1, 0) });
  const none = sweepOf({ scores: Float64Array.of(NaN, NaN), unsafe: Uint8Array.of(0, 1) });
  for (const sweep of [same, none]) for (const make of [rocFigure, detFigure, costFigure]) drawn(make(sweep, { chosen: { threshold: null, promise: 'Nothing.', alpha: { miss: null, falseAlarm: null }, confirmed: null } }));
  expect(costFigure(none).alternative).toBe('Nothing to draw: no call has a score.');
  expect(rocFigure(none).alternative).toContain('2 calls without a score cannot be flagged');
});

test('the band holds the whole true curve as often as it says', () => {
  // Uniform scores: at threshold 1 - u the true rate is u in either class.
  const source = random(20260101);
  const [runs, n] = [400, 60];
  let kept = 0;
  for (let run = 0; run < runs; run += 1) {
    const sample = Array.from({ length: n }, () => source.uniform()).sort((a, b) => a - b);
    const furthest = Math.max(...sample.map((u, i) => Math.max(Math.abs((i + 1) / n - u), Math.abs(i / n - u))));
    if (furthest <= rateBand({ safeCount: n, unsafeCount: n }, 0.8).miss) kept += 1;
  }
  // Each class has half of the error: 0.9 each, less three standard deviations.
  expect(kept / runs).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / runs));
});

test('coverage is judged against the band of a kept promise', () => {
  const figure = coverageFigure([{ name: 'read', promised: 0.95, inside: 190, n: 200 }, { name: 'http', promised: 0.95, inside: 80, n: 100 }]);
  drawn(figure);
  expect(figure.alternative).toContain('below its band: http');
  expect(figure.alternative).toContain('read, n = 200: promised 95 % (band 92 % to 98 %), seen 95 %');
  drawn(coverageFigure([]));
  expect(() => coverageFigure([{ name: 'x', promised: 0.9, inside: 5, n: 4 }])).toThrow('inside of x');
});

test('changes, regimes and run lengths of a series that changes', () => {
  const source = random(11);
  const xs = Float64Array.from({ length: 160 }, (_, i) => source.normal() + (i < 90 ? 0 : 4));
  const model = seriesModel(xs);
  const found = mapSegmentation(model, xs);
  expect(found.changes.map(({ index }) => index)).toEqual([90]);
  const chance = changeProbabilityFigure(found);
  drawn(chance);
  expect(chance.alternative).toContain('The likeliest segmentation changes at 90 (between');
  // Both stand above the frame: the axis' name over the marks, or a change at the start would lie on it.
  const svg = drawn(changeProbabilityFigure({ ...found, changes: [{ index: 2, lower: 1, upper: 3, expectedChanges: 1 }] }));
  const [, name = NaN] = (/translate\(-?\d+,(-?\d+)\)[^>]*aria-label="y-axis label"/.exec(svg) ?? []).map(Number);
  const [, marks = NaN] = (/translate\(0,(-?\d+)\)[^>]*aria-label="dot"/.exec(svg) ?? []).map(Number);
  const [textHeight, halfMark] = [13, 8];
  expect(marks - halfMark).toBeGreaterThan(name + textHeight);
  const grid = runLengthGrid(model, xs);
  for (let column = 0; column < grid.columns; column += 1) {
    let mass = 0;
    for (let row = 0; row < grid.rows; row += 1) mass += grid.mass[row * grid.columns + column] ?? 0;
    expect(mass).toBeCloseTo(1, 6);
  }
  const figure = runLengthFigure(grid);
  drawn(figure);
  expect(figure.alternative).toMatch(/It falls 1 time: after 9\d \(from/);
  drawn(runLengthFigure(runLengthGrid(model, [1])));
  expect(() => runLengthGrid(model, [])).toThrow('at least one observation');
});

test('a timeline counts its decisions and names its mismatches', () => {
  const { columns } = ledger('npm-incident');
  const figure = timelineFigure({ title: 'x', columns, mismatches: [{ index: 30, field: 'posterior.unsafe' }, { index: 30, field: 'risk_score' }] });
  drawn(figure);
  expect(figure.alternative).toContain('245 decisions; 2026-11-21T09:16:14Z to 2026-11-21T09:16:17Z: allow 0, harden 245, deny 0, terminate 0.');
  expect(figure.alternative).toContain('2 mismatches: entry 30 (posterior.unsafe), entry 30 (risk_score).');
});

test('a decision that is not said is in no lane, and counted in words', () => {
  const columns = { count: 4, tsMs: new Float64Array(4), riskScore: new Float64Array(4), action: Uint8Array.of(0, 255, 3, 4) };
  expect(timelineFigure({ title: 'x', columns, mismatches: [] }).alternative).toContain('allow 1, harden 0, deny 0, terminate 1, not said 2. Scores from 0 to 0. Every value');
});

test('a million points are drawn as a few thousand, with their spikes and gaps', () => {
  const n = 1_000_000;
  const source = random(1);
  const xs = Float64Array.from({ length: n }, (_, i) => (i >= 600_000 && i < 640_000 ? NaN : source.uniform()));
  xs[345_678] = 40;
  const detector = detectorFigure({ title: 't', statistics: [{ name: 'up', values: xs, threshold: 30 }], alarms: [{ index: 345_678 }], unit: 'sd' });
  expect(detector.alternative).toContain('to 40 sd, threshold 30, 40,000 values not finite');
  const line = /aria-label="line"[^>]*><path [^>]*d="([^"]+)"/.exec(drawn(detector))?.[1] ?? '';
  // Two stretches, the gap between them.
  expect(line.match(/M/g)).toHaveLength(2);
  expect(line.length).toBeLessThan(100_000);
  const unsafe = Uint8Array.from(xs, (x) => (source.uniform() < x ? 1 : 0));
  for (const make of [rocFigure, detFigure, costFigure]) expect(drawn(make(sweepOf({ scores: xs, unsafe }))).length).toBeLessThan(1_000_000);
  drawn(distributionFigure({ title: 't', measure: 'x', unit: '', level: 0.95, rows: [distributionRow('a', xs)] }));
});
