import { type BenchmarkSeries, corpusScore, fileScore, PROFILES, type ScoredRows, scoredRows } from './nab.js';
import { blockAlarms, conformal, rankedAlarms, recentChanges, residualCusum, residualESr, returnPeriods, selfStarting, type Streaming, surprises } from './nab-candidates.js';

type Cells = readonly Readonly<Record<string, string>>[];

/** The benchmark's files, read. */
export interface Benchmark {
  readonly series: readonly BenchmarkSeries[];
  /** Raw scores of the windowed Gaussian: file, row, anomaly_score. */
  readonly raw: Cells;
  /** Published scores: detector, profile, file, threshold, score. */
  readonly published: Cells;
}

/** In the order they were scored. */
const SCORED: readonly (readonly [name: string, streaming: Streaming])[] = [
  ['BOCPD, P(change in the last 10)', recentChanges],
  ['BOCPD, tail of the likeliest run', surprises],
  ['self-starting CUSUM', selfStarting],
  ['CUSUM, residuals', residualCusum],
  ['mixture e-SR, residuals', residualESr],
  ['conformal ranks, residuals', conformal],
  ['block maxima, return periods', returnPeriods()],
  ['block maxima, alarms at 10,000', blockAlarms()],
  ['block maxima, ranked, target 160', rankedAlarms(160)],
  ['block maxima, default', rankedAlarms()],
];

/** How many rows raise a false alarm and how many windows are found, at a threshold. */
function counted(rows: readonly ScoredRows[], scores: readonly Float64Array[], threshold: number): string {
  let [alarms, found] = [0, 0];
  rows.forEach(({ window, probation }, k) => {
    const hit = new Set<number>();
    scores[k]?.forEach((score, i) => {
      if (i < probation || score < threshold) return;
      if ((window[i] ?? -1) < 0) alarms += 1;
      else hit.add(window[i] ?? -1);
    });
    found += hit.size;
  });
  return `${String(found).padStart(4)} ${String(alarms).padStart(5)}`;
}

/** Prints the scores of every candidate on the three profiles, beside null and the published detectors. */
export function reportBenchmark({ series, raw, published }: Benchmark): void {
  const rows = series.map(scoredRows);
  const gaussian = rawScores(series, raw);
  const [good, all] = reproduced(series, rows, gaussian, published);
  const windows = rows.reduce((sum, file) => sum + file.windows, 0);
  console.log(`\n${String(series.length)} benchmark series, ${String(windows)} windows; the windowed Gaussian's published scores come out in ${String(good)} of ${String(all)}`);
  console.log(`${'one threshold for all series'.padEnd(33)} standard, low FP, low FN; windows found and false alarms (standard)`);
  const line = (name: string, scores: readonly Float64Array[]): void => {
    const files = rows.map((file, k) => [file, scores[k] ?? []] as const);
    const best = PROFILES.map((profile) => corpusScore(files, profile));
    const cells = best.map(({ score }) => score.toFixed(1).padStart(6)).join(' ');
    console.log(`${name.padEnd(33)} ${cells}  ${counted(rows, scores, best[0]?.threshold ?? Infinity)}`);
  };
  line('null', series.map(({ n }) => new Float64Array(n)));
  for (const [name, cells] of publishedScores(published, series, windows)) console.log(`${`published ${name}`.padEnd(33)} ${cells}`);
  line('windowed Gaussian, best threshold', gaussian);
  for (const [name, streaming] of SCORED) line(name, series.map(streaming));
  console.log('range round the default (target 320, a tenth of the probation):');
  for (const arl0 of [80, 500, 700, 1000, 2000]) line(`  target ${String(arl0)}`, series.map(rankedAlarms(arl0)));
  for (const share of [5, 8, 15, 20, 30]) line(`  probation / ${String(share)}`, series.map(rankedAlarms(320, share)));
  for (const share of [5, 15, 30]) line(`  target 1000, probation / ${String(share)}`, series.map(rankedAlarms(1000, share)));
}

function rawScores(series: readonly BenchmarkSeries[], raw: Cells): readonly Float64Array[] {
  const byFile = new Map(series.map(({ file, n }) => [file, new Float64Array(n)]));
  for (const row of raw) {
    const scores = byFile.get(row['file'] ?? '');
    if (scores) scores[Number(row['row'])] = Number(row['anomaly_score']);
  }
  return series.map(({ file }) => byFile.get(file) ?? new Float64Array(0));
}

function reproduced(series: readonly BenchmarkSeries[], rows: readonly ScoredRows[], gaussian: readonly Float64Array[], published: Cells): readonly [number, number] {
  const theirs = published.filter(({ detector, file }) => detector === 'windowedGaussian' && series.some((one) => one.file === file));
  const same = theirs.filter((row) => {
    const k = series.findIndex(({ file }) => file === row['file']);
    const [file, profile, scores] = [rows[k], PROFILES.find(({ name }) => name === row['profile']), gaussian[k]];
    return file && profile && scores && Math.abs(fileScore(file, scores, Number(row['threshold']), profile) - Number(row['score'])) < 1e-6;
  });
  return [same.length, theirs.length];
}

/** Published per-file scores, added up over these series and scaled; best standard score first. */
function publishedScores(published: Cells, series: readonly BenchmarkSeries[], windows: number): readonly (readonly [string, string])[] {
  const files = new Set(series.map(({ file }) => file));
  const scaled = (detector: string): readonly number[] =>
    PROFILES.map(({ name, tp, fn }) => {
      const theirs = published.filter((row) => row['detector'] === detector && row['profile'] === name && files.has(row['file'] ?? ''));
      const sum = theirs.reduce((total, row) => total + Number(row['score']), 0);
      return (100 * (sum + fn * windows)) / ((tp + fn) * windows);
    });
  const detectors = [...new Set(published.map(({ detector }) => detector ?? ''))].filter((name) => name !== 'null');
  const scores = detectors.map((name) => [name, scaled(name)] as const).sort(([, a], [, b]) => (b[0] ?? 0) - (a[0] ?? 0));
  return scores.map(([name, cells]) => [name, cells.map((x) => x.toFixed(1).padStart(6)).join(' ')] as const);
}
