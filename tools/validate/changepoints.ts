import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bocpd, conjugateDefault, type ConjugateModel, defaultPenalty, logStudentTCdf, mapSegmentation, runBocpd, scan, segment, seriesModel, start } from '../../src/index.js';
import { type BenchmarkSeries, corpusScore, fileScore, PROFILES, scoredRows } from './nab.js';
import { type AnnotatedSeries, covering, f1, mean, parseSeries } from './tcpd.js';

// `npm run validate:changepoints -- --data DIR`: the offline tools on annotated series (DIR/tcpd), the streaming ones on
// the anomaly benchmark (DIR/nab).
//
// Defaults, the same for every series and fixed before the first was scored:
// - segment: as the library has it; see the remarks of defaultPenalty.
// - BOCPD: most probable segmentation under seriesModel; see its remarks.
// - BOCPD, white noise: mean and variance of every segment unknown, prior from the whole series' median and MAD (standard
//   deviation where that is 0), lambda = n. It was scored first, and stays in the table: it takes memory for changes.

const text = (path: string): string => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : readFileSync(path, 'utf8'));

function table(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text(path).trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, k) => [names[k] ?? '', cell])));
}

/** A prior in the units of a sample, also where more than half of it is equal. */
function prior(sample: Float64Array): ConjugateModel {
  try {
    const model = conjugateDefault('normal-inverse-gamma', sample);
    if ('model' in model) return model;
  } catch {
    // No MAD: the standard deviation serves.
  }
  const { scale } = defaultPenalty(sample);
  return { model: 'normal-inverse-gamma', mu: mean([...sample]), kappa: 0.1, alpha: 1, beta: scale > 0 ? scale * scale : 1 };
}

type Method = (series: AnnotatedSeries) => readonly number[];

const bocpdWith = (factor: number): Method => ({ values, n }) => {
  if (!(defaultPenalty(values).scale > 0)) return [];
  const { model } = seriesModel(values);
  const params = { model, hazard: { type: 'constant', lambda: Math.max(2, factor * n) } } as const;
  return mapSegmentation(params, values).changes.map(({ index }) => index);
};
const whiteBocpd: Method = ({ values, n }) => {
  const params = { model: prior(values), hazard: { type: 'constant', lambda: n } } as const;
  return mapSegmentation(params, values).changes.map(({ index }) => index);
};
const segmentWith = (factor: number): Method => ({ values }) => segment(values, { penalty: factor * defaultPenalty(values).penalty }).changes;

function scoreSeries(folder: string): void {
  const series = parseSeries(text(join(folder, 'series.jsonl.gz'))).filter(({ dimensions }) => dimensions === 1);
  const published = existsSync(join(folder, 'scores.csv')) ? table(join(folder, 'scores.csv')) : [];
  const score = (method: Method): readonly (readonly [number, number])[] =>
    series.map((one) => {
      const changes = method(one);
      return [covering(one.annotations, changes, one.n), f1(one.annotations, changes)];
    });
  const cells = (scores: readonly (readonly [number, number])[]): string => [0, 1].map((k) => mean(scores.map((pair) => pair[k] ?? NaN)).toFixed(3)).join(' / ');
  const zero = score(() => []);
  const off = published.filter((row) => {
    const [cover = NaN, f = NaN] = zero[series.findIndex(({ name }) => name === row['series'])] ?? [];
    return !(Math.abs(cover - Number(row['zero_cover'])) < 1e-4 && Math.abs(f - Number(row['zero_f1'])) < 1e-4);
  });
  console.log(`${String(series.length)} annotated series: covering / F1 (margin 5), means`);
  console.log(`predict nothing                 ${cells(zero)}   equal to the published in ${String(published.length - off.length)} of ${String(published.length)} series`);
  for (const name of ['bocpd', 'binseg', 'pelt', 'cpnp']) {
    const rows = published.map((row) => [Number(row[`pub_default_cover_${name}`]), Number(row[`pub_default_f1_${name}`])] as const);
    if (rows.length > 0) console.log(`published ${name.padEnd(21)} ${cells(rows)}`);
  }
  const [ours, bayes] = [score(segmentWith(1)), score(bocpdWith(1))];
  console.log(`segment, default                ${cells(ours)}`);
  console.log(`BOCPD, default (lambda = n)     ${cells(bayes)}`);
  console.log(`BOCPD, white noise              ${cells(score(whiteBocpd))}`);
  for (const factor of [0.25, 0.5, 2, 4]) console.log(`segment, penalty x ${String(factor).padEnd(12)} ${cells(score(segmentWith(factor)))}`);
  for (const factor of [0.1, 0.3, 10, 1000]) console.log(`BOCPD, lambda = ${String(factor).padEnd(4)} n          ${cells(score(bocpdWith(factor)))}`);
  console.log(`\n${'series'.padEnd(22)} nothing        segment        BOCPD`);
  series.forEach(({ name }, i) => { console.log(name.padEnd(22), [zero, ours, bayes].map((scores) => (scores[i] ?? []).map((x) => x.toFixed(3)).join(' / ')).join('  ')); });
}

function scoreBenchmark(folder: string): void {
  const all = text(join(folder, 'series.jsonl.gz')).trim().split('\n').map((line) => JSON.parse(line) as BenchmarkSeries);
  const rows = all.map(scoredRows);
  const raw = new Map(all.map(({ file, n }) => [file, new Float64Array(n)]));
  for (const row of table(join(folder, 'windowed_gaussian_raw.csv.gz'))) {
    const scores = raw.get(row['file'] ?? '');
    if (scores) scores[Number(row['row'])] = Number(row['anomaly_score']);
  }
  const published = table(join(folder, 'published_per_file_scores.csv')).filter(({ detector }) => detector === 'windowedGaussian');
  const off = published.filter((row) => {
    const k = all.findIndex(({ file }) => file === row['file']);
    const [file, profile, scores] = [rows[k], PROFILES.find(({ name }) => name === row['profile']), raw.get(row['file'] ?? '')];
    return !(file && profile && scores && Math.abs(fileScore(file, scores, Number(row['threshold']), profile) - Number(row['score'])) < 1e-6);
  });
  console.log(`\n${String(all.length)} benchmark series; the windowed Gaussian's published scores come out in ${String(published.length - off.length)} of ${String(published.length)}`);
  const line = (name: string, scores: readonly ArrayLike<number>[]): void => {
    const files = rows.map((file, k) => [file, scores[k] ?? []] as const);
    console.log(name.padEnd(32), PROFILES.map((profile) => corpusScore(files, profile).score.toFixed(1).padStart(6)).join(' '));
  };
  console.log(`${''.padEnd(30)} standard, low FP, low FN`);
  line('null', all.map(({ n }) => new Float64Array(n)));
  line('windowed Gaussian', all.map(({ file }) => raw.get(file) ?? []));
  const [recent, surprise] = [all.map(recentChanges), all.map(surprises)];
  line('BOCPD, P(change in the last 10)', recent);
  line('BOCPD, tail of the likeliest run', surprise);
}

const HAZARD = { type: 'constant', lambda: 1000 } as const;

/** P(change in the last ten observations); the prior is the probation's. */
function recentChanges({ value, probationary_rows }: BenchmarkSeries): Float64Array {
  const xs = Float64Array.from(value);
  const alarm = { window: 10, above: 0.5, then: 'continue' } as const;
  return runBocpd({ model: prior(xs.slice(0, probationary_rows)), hazard: HAZARD, pruning: { maxRuns: 300, mergeBelow: 1e-6 }, alarm }, xs).recentChange;
}

/** -ln of the two tails beyond an observation under the likeliest run before it: a number without units. */
function surprises({ value, probationary_rows }: BenchmarkSeries): Float64Array {
  const model = prior(Float64Array.from(value).slice(0, probationary_rows));
  if (model.model !== 'normal-inverse-gamma') throw new Error('a normal model was meant');
  const detector = bocpd({ model, hazard: HAZARD, pruning: { maxRuns: 50, mergeBelow: 1e-6 } });
  let before = start(detector);
  const out = new Float64Array(value.length);
  let i = 0;
  for (const { state } of scan(detector, value)) {
    const { length, logWeight, statistics } = before.state.runs;
    const best = logWeight.reduce((at, w, k) => (w > (logWeight[at] ?? -Infinity) ? k : at), 0);
    const [n, mu, beta] = [length[best] ?? 0, statistics[0]?.[best] ?? 0, statistics[1]?.[best] ?? 1];
    const [alpha, kappa] = [model.alpha + n / 2, model.kappa + n];
    const t = ((value[i] ?? 0) - mu) / Math.sqrt((beta * (kappa + 1)) / (alpha * kappa));
    out[i] = -Math.LN2 - logStudentTCdf(-Math.abs(t), 2 * alpha);
    before = state;
    i += 1;
  }
  return out;
}

const at = process.argv.indexOf('--data');
const data = at < 0 ? undefined : process.argv[at + 1];
if (data === undefined || !existsSync(join(data, 'tcpd', 'series.jsonl.gz'))) {
  console.error(`validate:changepoints needs --data DIR with DIR/tcpd/series.jsonl.gz (and DIR/nab); ${data === undefined ? 'no folder was named' : `${data} has none`}.`);
  process.exitCode = 2;
} else {
  scoreSeries(join(data, 'tcpd'));
  if (existsSync(join(data, 'nab', 'series.jsonl.gz'))) scoreBenchmark(join(data, 'nab'));
  else console.log('\nno nab folder: the streaming tools were not scored');
}
