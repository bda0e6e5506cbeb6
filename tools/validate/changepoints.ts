import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { defaultPenalty, mapSegmentation, segment, seriesModel } from '../../src/index.js';
import type { BenchmarkSeries } from './nab.js';
import { prior } from './nab-candidates.js';
import { reportBenchmark } from './nab-report.js';
import { type AnnotatedSeries, covering, f1, mean, parseSeries } from './tcpd.js';

// `npm run validate:changepoints -- --data DIR`: the offline tools on annotated series (DIR/tcpd), the streaming ones on
// the anomaly benchmark (DIR/nab).
//
// Defaults, the same for every series and fixed before the first was scored:
// - segment: as the library has it; see the remarks of defaultPenalty.
// - BOCPD: most probable segmentation under seriesModel; see its remarks.
// - BOCPD, white noise: mean and variance of every segment unknown, prior from the whole series' median and MAD (standard
//   deviation where that is 0), lambda = n. It was scored first, and stays in the table: it takes memory for changes.
// - streaming: see nab-candidates.ts.

const text = (path: string): string => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : readFileSync(path, 'utf8'));

function table(path: string): readonly Readonly<Record<string, string>>[] {
  const [head = '', ...lines] = text(path).trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, k) => [names[k] ?? '', cell])));
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
  const read = (name: string): ReturnType<typeof table> => (existsSync(join(folder, name)) ? table(join(folder, name)) : []);
  const series = text(join(folder, 'series.jsonl.gz')).trim().split('\n').map((line) => JSON.parse(line) as BenchmarkSeries);
  reportBenchmark({ series, raw: read('windowed_gaussian_raw.csv.gz'), published: read('published_per_file_scores.csv') });
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
