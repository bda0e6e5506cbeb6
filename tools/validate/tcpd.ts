/** One annotated series of the Turing change-point data set. */
export interface AnnotatedSeries {
  readonly name: string;
  readonly n: number;
  readonly dimensions: number;
  /** First dimension; a missing value repeats the last one seen. */
  readonly values: Float64Array;
  /** One list of change indices an annotator. */
  readonly annotations: readonly (readonly number[])[];
}

interface Row {
  readonly name: string;
  readonly n_obs: number;
  readonly n_dim: number;
  readonly series: readonly (readonly (number | null)[])[];
  readonly annotations: Readonly<Record<string, readonly number[]>>;
}

/** Reads series, one JSON object a line. */
export function parseSeries(text: string): readonly AnnotatedSeries[] {
  return text.trim().split('\n').map((line) => {
    const row = JSON.parse(line) as Row;
    const raw = row.series[0] ?? [];
    let last = raw.find((x) => x !== null) ?? 0;
    const values = Float64Array.from(raw, (x) => (last = x ?? last));
    return { name: row.name, n: row.n_obs, dimensions: row.n_dim, values, annotations: Object.values(row.annotations) };
  });
}

/** Segment bounds of a series of n observations: 0, the changes, n. */
const bounds = (changes: readonly number[], n: number): readonly number[] => [...new Set([0, ...changes, n])].sort((a, b) => a - b);

/**
 * How well predicted segments cover annotated ones: for every annotated segment the largest Jaccard index with a
 * predicted one, weighted by length, averaged over the annotators.
 *
 * @see van den Burg & Williams (2020), arXiv:2003.06222, section 3.
 */
export function covering(annotations: readonly (readonly number[])[], changes: readonly number[], n: number): number {
  const predicted = bounds(changes, n);
  const one = (truth: readonly number[]): number => {
    const edges = bounds(truth, n);
    let sum = 0;
    for (let k = 1; k < edges.length; k += 1) {
      const [a, b] = [edges[k - 1] ?? 0, edges[k] ?? 0];
      let best = 0;
      for (let j = 1; j < predicted.length; j += 1) {
        const [c, d] = [predicted[j - 1] ?? 0, predicted[j] ?? 0];
        const overlap = Math.max(0, Math.min(b, d) - Math.max(a, c));
        best = Math.max(best, overlap / (b - a + d - c - overlap));
      }
      sum += (b - a) * best;
    }
    return sum / n;
  };
  return mean(annotations.map(one));
}

/**
 * F1 of predicted changes: precision against the union of the annotators, recall averaged over them; index 0 counts as a
 * change on both sides; each prediction matches at most one change, at most `margin` away.
 *
 * @see van den Burg & Williams (2020), arXiv:2003.06222, section 3.
 */
export function f1(annotations: readonly (readonly number[])[], changes: readonly number[], margin = 5): number {
  const predicted = [...new Set([0, ...changes])];
  const truths = annotations.map((truth) => [...new Set([0, ...truth])]);
  const precision = matched([...new Set(truths.flat())], predicted, margin) / predicted.length;
  const recall = mean(truths.map((truth) => matched(truth, predicted, margin) / truth.length));
  return (2 * precision * recall) / (precision + recall);
}

/** How many changes have a prediction of their own within the margin, the nearest first come first served. */
function matched(truth: readonly number[], predicted: readonly number[], margin: number): number {
  const free = new Set(predicted);
  let count = 0;
  for (const at of truth.toSorted((a, b) => a - b)) {
    const near = [...free].filter((x) => Math.abs(x - at) <= margin).sort((a, b) => Math.abs(a - at) - Math.abs(b - at) || a - b)[0];
    if (near === undefined) continue;
    free.delete(near);
    count += 1;
  }
  return count;
}

/** Mean of a list that is not empty. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}
