import { ACTIONS, binomialCdf, classCurve, conformalRiskThreshold, generateEntries, learnThenTest, lttThreshold, neymanPearson, neymanPearsonFalseAlarm, piCalibrate, random, type Random, sealLedger, sorted, type VerifiedLedger, verifiedLedger } from '../../src/index.js';
import { type Cell, type Effort, lineOf, type LineMaker, meanCell, type Promised, runsAt, shareCell } from './envelopes-lines.js';
import { COUNTS, type DataShape, EXPONENTIAL, type Sample, SCORES, SWITCHING } from './envelopes-shapes.js';

const MISS = 0.1;
const FALSE_ALARM = 0.2;
const DELTA = 0.05;
const AT_MOST: Promised = { how: 'at most', value: DELTA };

/** Unsafe calls score as the data do, safe ones less: a safe call's score and the score of an unsafe one it came from. */
function safeScores(shape: DataShape): { readonly of: (x: number) => number; readonly from: (score: number) => number } {
  if (shape === EXPONENTIAL || shape === SWITCHING) return { of: (x) => x / 25, from: (score) => score * 25 };
  // A threshold just above a count is the next count: the sum would round it down.
  if (shape === COUNTS) return { of: (x) => x - 5, from: (score) => Math.ceil(score) + 5 };
  return { of: (x) => x - 600, from: (score) => score + 600 };
}

/** Scores of n labelled unsafe and n labelled safe calls. */
interface Labelled {
  readonly unsafe: Float64Array;
  readonly safe: Float64Array;
  /** True rates of a threshold. */
  readonly miss: (threshold: number) => number;
  readonly falseAlarm: (threshold: number) => number;
}

function labelled(shape: DataShape, n: number, source: Random): Labelled {
  const [one, other]: [Sample, Sample] = [shape.sample(n, source), shape.sample(n, source)];
  const safe = safeScores(shape);
  return { unsafe: one.xs, safe: other.xs.map(safe.of), miss: one.below, falseAlarm: (threshold) => 1 - other.below(safe.from(threshold)) };
}

/** A threshold from labelled calls; null for none. */
type Chooser = (calls: Labelled) => number | null;

interface Calibrator {
  readonly method: string;
  readonly choose: Chooser;
  readonly rates: 'miss' | 'falseAlarm' | 'both';
  readonly by: boolean | null;
  /** The exact chance of a violation where scores do not tie. */
  readonly tail?: (n: number) => number | null;
}

const isViolated = (calls: Labelled, threshold: number, rates: Calibrator['rates']): boolean =>
  (rates !== 'falseAlarm' && calls.miss(threshold) > MISS + 1e-12) || (rates !== 'miss' && calls.falseAlarm(threshold) > FALSE_ALARM + 1e-12);

/** Share of labelled samples whose threshold breaks a promised rate; a refusal breaks none. */
export function violationLine({ method, choose, rates, by, tail }: Calibrator, shape: DataShape, effort: Effort): LineMaker {
  return (seed) => lineOf({ method, shape, asked: { promised: AT_MOST, by } }, (n, promised) => {
    const [source, runs] = [random(seed + n), runsAt(n, effort, 4000)];
    let [broken, refused] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const calls = labelled(shape, n, source);
      const threshold = choose(calls);
      if (threshold === null) refused += 1;
      else if (isViolated(calls, threshold, rates)) broken += 1;
    }
    if (refused === runs) return null;
    const exact = shape.continuous && promised !== null ? tail?.(n) : null;
    const cell = shareCell(broken, runs, exact === null || exact === undefined ? promised : { how: 'equal', value: exact });
    return { ...cell, kept: cell.kept && (exact === null || exact === undefined || exact <= DELTA) };
  });
}

const NP_MISS: Chooser = ({ unsafe }) => {
  const found = neymanPearson(unsafe, { miss: MISS, confidence: 1 - DELTA });
  return found.kind === 'threshold' ? found.threshold : null;
};
const NP_FALSE_ALARM: Chooser = ({ safe }) => {
  const found = neymanPearsonFalseAlarm(safe, { falseAlarm: FALSE_ALARM, confidence: 1 - DELTA });
  return found.kind === 'threshold' ? found.threshold : null;
};

/** Exact chance that the umbrella's threshold misses more than it may, from the rank it took among n. */
function exactTail(n: number): number | null {
  const found = neymanPearson(Float64Array.from({ length: n }, (_, i) => i), { miss: MISS, confidence: 1 - DELTA });
  return found.kind === 'threshold' ? binomialCdf(found.rank - 1, n, MISS) : null;
}

function ltt(targets: { readonly miss: number | null; readonly falseAlarm: number | null }, pValue: 'binomial' | 'hoeffding-bentkus'): Chooser {
  return ({ unsafe, safe }) => {
    const found = lttThreshold(classCurve(unsafe, null), classCurve(safe, null), { ...targets, delta: DELTA }, { pValue });
    return found.kind === 'threshold' ? found.threshold : null;
  };
}

/** Fixed candidates between the classes, tested from the one that flags most; of those accepted the highest. */
function gridTest(shape: DataShape, procedure: 'fixed-sequence' | 'bonferroni'): Chooser {
  const reach = shape === COUNTS ? 10 : 2000;
  const grid = Float64Array.from({ length: 40 }, (_, i) => (reach * i) / 40);
  return ({ unsafe }) => {
    const ascending = sorted(unsafe);
    let below = 0;
    const errors = grid.map((threshold) => {
      while (below < ascending.length && (ascending[below] ?? NaN) < threshold) below += 1;
      return below;
    });
    const { accepted } = learnThenTest([{ errors, n: unsafe.length, alpha: MISS }], { delta: DELTA, procedure });
    return grid[accepted.at(-1) ?? -1] ?? null;
  };
}

/** The highest threshold that misses at most a tenth of these very calls. */
export const PLUG_IN: Chooser = ({ unsafe }) => sorted(unsafe)[Math.floor(MISS * unsafe.length)] ?? null;

export function calibrationLines(effort: Effort): LineMaker[] {
  const calibrators = (shape: DataShape): Calibrator[] => [
    { method: 'Neyman-Pearson, miss', choose: NP_MISS, rates: 'miss', by: true, tail: exactTail },
    { method: 'Neyman-Pearson, false alarm', choose: NP_FALSE_ALARM, rates: 'falseAlarm', by: true },
    { method: 'LTT, miss', choose: ltt({ miss: MISS, falseAlarm: null }, 'binomial'), rates: 'miss', by: true },
    { method: 'LTT, both', choose: ltt({ miss: MISS, falseAlarm: FALSE_ALARM }, 'binomial'), rates: 'both', by: true },
    { method: 'LTT, Hoeffding-Bentkus', choose: ltt({ miss: MISS, falseAlarm: null }, 'hoeffding-bentkus'), rates: 'miss', by: true },
    { method: 'LTT, grid, in sequence', choose: gridTest(shape, 'fixed-sequence'), rates: 'miss', by: true },
    { method: 'LTT, grid, Bonferroni', choose: gridTest(shape, 'bonferroni'), rates: 'miss', by: true },
    { method: '  plug-in', choose: PLUG_IN, rates: 'miss', by: null },
  ];
  const often = (method: string): number => (method.startsWith('Neyman-Pearson, miss') ? effort : 0.25 * effort);
  return [...SCORES, SWITCHING].flatMap((shape) => calibrators(shape).map((calibrator) => violationLine(calibrator, shape, often(calibrator.method))));
}

/** Mean true rate of conformal risk control's threshold; where it has none everything (miss) or nothing is flagged. */
function riskLine(rate: 'miss' | 'falseAlarm', shape: DataShape, effort: Effort): LineMaker {
  const alpha = rate === 'miss' ? MISS : FALSE_ALARM;
  return (seed) => lineOf({ method: `risk control, ${rate === 'miss' ? 'miss' : 'false alarm'}`, shape, asked: { promised: { how: 'at most', value: alpha }, by: true } }, (n, promised) => {
    const source = random(seed + n);
    const rates = Array.from({ length: runsAt(n, effort) }, () => {
      const calls = labelled(shape, n, source);
      const found = conformalRiskThreshold(classCurve(rate === 'miss' ? calls.unsafe : calls.safe, null), rate, alpha);
      return found.kind === 'none' ? 0 : calls[rate](found.threshold);
    });
    return meanCell(rates, promised);
  });
}

export function riskLines(effort: Effort): LineMaker[] {
  return [...SCORES, SWITCHING].flatMap((shape) => [riskLine('miss', shape, effort), riskLine('falseAlarm', shape, effort)]);
}

/** Sum of the k-th smallest spacings: a beta variable from exponentials. */
function beta(a: number, b: number, source: Random): number {
  const sum = (k: number): number => Array.from({ length: k }, () => source.exponential()).reduce((x, y) => x + y, 0);
  const [x, y] = [sum(a), sum(b)];
  return x / (x + y);
}

/** The host's world: a fifth of the calls unsafe, scores Beta(5, 3) of unsafe and Beta(2, 6) of safe ones. */
const missOf = (threshold: number): number => 1 - binomialCdf(4, 7, threshold);

const BASE: { ledger: VerifiedLedger | null } = { ledger: null };

/** A verified ledger whose columns are replaced by scores and decisions of this world. */
function ledgerOf(scores: Float64Array, isDenied: Uint8Array): VerifiedLedger {
  BASE.ledger ??= verifiedLedger(sealLedger([...generateEntries({ entries: 2, seed: 1 })].map(({ entry }) => entry), { generatedAtMs: 0n }));
  const { report, columns } = BASE.ledger;
  const zeros = new Uint8Array(scores.length);
  return { report, columns: { ...columns, count: scores.length, riskScore: scores, action: isDenied.map((denied) => (denied ? ACTIONS.indexOf('deny') : 0)), state: zeros, failed: zeros } };
}

/** The host's grid on its own decisions, or on true labels: what it returns, and how often more than a tenth is missed. */
export interface HostGrid {
  readonly inForce: number;
  readonly returned: Cell;
  readonly miss: Cell;
  readonly unchanged: number;
}

export function hostGrid(inForce: number, labels: 'own' | 'true', runs: number, seed: number): HostGrid {
  const source = random(seed);
  const returned = Array.from({ length: runs }, () => {
    const unsafe = Uint8Array.from({ length: 500 }, () => (source.uniform() < 0.2 ? 1 : 0));
    const scores = Float64Array.from(unsafe, (is) => (is ? beta(5, 3, source) : beta(2, 6, source)));
    const isDenied = labels === 'true' ? unsafe : Uint8Array.from(scores, (score) => (score >= inForce ? 1 : 0));
    return piCalibrate(ledgerOf(scores, isDenied), { baselineThreshold: inForce }).recommended_threshold;
  });
  return { inForce, returned: meanCell(returned, null), miss: meanCell(returned.map(missOf), null), unchanged: returned.filter((x) => Math.abs(x - inForce) < 1e-9).length / runs };
}

/** The umbrella at the sizes its exact violation rates are known for, on scores that do not tie: 4000 samples each. */
export function umbrellaText(runs: number, seed: number): readonly string[] {
  return [20, 40, 100, 300].map((n) => {
    const source = random(seed + n);
    const tail = exactTail(n);
    const found = neymanPearson(new Float64Array(n), { miss: MISS, confidence: 1 - DELTA });
    if (tail === null) return `n = ${String(n)}: refused: ${found.kind === 'none' ? found.reason : ''}`;
    let broken = 0;
    for (let run = 0; run < runs; run += 1) {
      const calls = labelled(EXPONENTIAL, n, source);
      if (isViolated(calls, NP_MISS(calls) ?? -Infinity, 'miss')) broken += 1;
    }
    const cell = shareCell(broken, runs, { how: 'equal', value: tail });
    return `n = ${String(n)}: exact ${tail.toFixed(4)}, realised ${cell.value.toFixed(4)} +- ${cell.error.toFixed(4)} of ${String(runs)}: ${cell.kept && tail <= DELTA ? 'kept' : 'BROKEN'}`;
  });
}

