/** One series of the Numenta anomaly benchmark. */
export interface BenchmarkSeries {
  readonly file: string;
  readonly n: number;
  readonly probationary_rows: number;
  readonly ts_ms: readonly number[];
  readonly value: readonly number[];
  readonly windows_ms: readonly (readonly [number, number])[];
}

/** Weights of one application profile. */
export interface Profile {
  readonly name: string;
  readonly tp: number;
  readonly fp: number;
  readonly fn: number;
}

export const PROFILES: readonly Profile[] = [
  { name: 'standard', tp: 1, fp: 0.11, fn: 1 },
  { name: 'reward_low_FP_rate', tp: 1, fp: 0.22, fn: 1 },
  { name: 'reward_low_FN_rate', tp: 1, fp: 0.11, fn: 2 },
];

const sigmoid = (y: number): number => 2 / (1 + Math.exp(5 * y)) - 1;

/** What an alarm at every row would count for: a window's share, or what a false alarm costs. */
export interface ScoredRows {
  /** Index of the window, -1 outside of all. */
  readonly window: Int32Array;
  /** In a window: credit in (0, 1], falling. Outside: how false the alarm is, in [-1, 0). */
  readonly weight: Float64Array;
  readonly windows: number;
  readonly probation: number;
}

/**
 * Prepares a series for scoring.
 *
 * @see Lavin & Ahmad (2015), ICMLA, 38-44, section II.
 */
export function scoredRows({ n, probationary_rows, ts_ms, windows_ms }: BenchmarkSeries): ScoredRows {
  const window = new Int32Array(n).fill(-1);
  const weight = new Float64Array(n).fill(-1);
  let previous: { readonly last: number; readonly rows: number } | null = null;
  let next = 0;
  for (let i = 0; i < n; i += 1) {
    const [from, to] = windows_ms[next] ?? [Infinity, Infinity];
    const ts = ts_ms[i] ?? NaN;
    if (ts < from) {
      if (previous !== null) {
        const y: number = (i - previous.last) / (previous.rows - 1);
        weight[i] = y > 3 ? -1 : sigmoid(y);
      }
      continue;
    }
    let last = i;
    while (last + 1 < n && (ts_ms[last + 1] ?? NaN) <= to) last += 1;
    const rows = last - i + 1;
    for (; i <= last; i += 1) {
      window[i] = next;
      weight[i] = sigmoid(-(last - i + 1) / rows) / sigmoid(-1);
    }
    i = last;
    previous = { last, rows };
    next += 1;
  }
  return { window, weight, windows: windows_ms.length, probation: probationary_rows };
}

/** Score of one file whose alarms are the rows with score >= threshold. */
export function fileScore(rows: ScoredRows, scores: ArrayLike<number>, threshold: number, { tp, fp, fn }: Profile): number {
  const best = new Float64Array(rows.windows).fill(NaN);
  let sum = 0;
  for (let i = rows.probation; i < rows.window.length; i += 1) {
    if (!((scores[i] ?? NaN) >= threshold)) continue;
    const [w, weight] = [rows.window[i] ?? -1, rows.weight[i] ?? 0];
    if (w < 0) sum += fp * weight;
    else if (!((best[w] ?? NaN) >= weight)) best[w] = weight;
  }
  return best.reduce((total, credit) => total + (Number.isNaN(credit) ? -fn : tp * credit), sum);
}

/** Score of a corpus, between null (0) and perfect (100). */
export interface CorpusScore {
  readonly threshold: number;
  readonly score: number;
}

/** The corpus' best score over all thresholds, one for all its files: alarms are added from the highest score down. */
export function corpusScore(files: readonly (readonly [ScoredRows, ArrayLike<number>])[], { tp, fp, fn }: Profile): CorpusScore {
  const rows = files.flatMap(([file, scores], f) => Array.from({ length: file.window.length - file.probation }, (_, k) => ({ f, i: k + file.probation, score: scores[k + file.probation] ?? NaN })));
  rows.sort((a, b) => b.score - a.score);
  const windows = files.reduce((sum, [file]) => sum + file.windows, 0);
  const credit = files.map(([file]) => new Float64Array(file.windows).fill(-fn));
  let sum = -fn * windows;
  let best = { threshold: Infinity, sum };
  rows.forEach(({ f, i, score }, k) => {
    const [file] = files[f] ?? [];
    const [w, weight] = [file?.window[i] ?? -1, file?.weight[i] ?? 0];
    const held = credit[f]?.[w] ?? 0;
    if (w < 0) sum += fp * weight;
    else if (tp * weight > held) {
      sum += tp * weight - held;
      const column = credit[f];
      if (column) column[w] = tp * weight;
    }
    if (sum > best.sum && rows[k + 1]?.score !== score) best = { threshold: score, sum };
  });
  return { threshold: best.threshold, score: (100 * (best.sum + fn * windows)) / ((tp + fn) * windows) };
}
