import { InputError } from '../../errors.js';
import { fastExp } from '../../stats/fast-exp.js';
import { moveRun, pruneRuns, type Pruning } from './bocpd-prune.js';
import { type ConjugateModel, conjugateKernel } from './conjugate.js';
import type { ConjugateKernel } from './conjugate-kernel.js';
import { type Hazard, type HazardTable, hazardTable } from './hazard.js';
import { type RunTable, reserve, runTable } from './run-length-posterior.js';

/** What one observation says. */
export interface BocpdStep {
  /** Log predictive density of the observation, given those before it. */
  logPredictive: number;
  /** The most probable run length, the shortest of equals. */
  mapRunLength: number;
  expectedRunLength: number;
  /** P(r <= window and the run did not begin with the data): 0 while no change could have been seen. */
  recentChange: number;
  /** The most probable of those run lengths from 1 on, the shortest of equals: when that change was; 0 where there is none. */
  recentRunLength: number;
}

/** Model, hazard and pruning, checked and ready. */
export interface BocpdEngine {
  readonly kernel: ConjugateKernel;
  readonly hazard: HazardTable;
  readonly pruning: Pruning;
  readonly window: number;
}

/** Checks the parameters of a recursion. */
export function bocpdEngine(params: { readonly model: ConjugateModel; readonly hazard: Hazard; readonly pruning: Pruning; readonly window: number }): BocpdEngine {
  const { model, hazard, pruning, window } = params;
  return { kernel: conjugateKernel(model), hazard: hazardTable(hazard), pruning, window };
}

/** One run that has seen nothing: P(r_0 = 0) = 1. */
export function openRuns(engine: BocpdEngine, capacity: number): RunTable {
  const runs = runTable(engine.kernel.width, capacity);
  engine.kernel.open(runs, 0);
  runs.mass[0] = 1;
  runs.count = 1;
  return runs;
}

/**
 * One observation of the recursion, in place: every run is judged, grows or ends.
 *
 * @param seen - observations before `x`
 * @param out - filled in
 */
export function advance(engine: BocpdEngine, runs: RunTable, input: { readonly x: number; readonly seen: number }, out: BocpdStep): void {
  const { kernel, hazard } = engine;
  const longest = runs.length[0] ?? 0;
  const highest = kernel.judgeAndLearn(runs, input.x, longest);
  const shares = hazard.constant === null ? sharesByLength(runs, hazard, highest) : sharesOf(runs, highest, hazard.constant);
  const { total, change } = shares;
  if (!(total > 0 && total < Infinity)) throw new InputError('NOT_FINITE', `x is too far out for the model's arithmetic, got ${String(input.x)}`);
  const logTotal = Math.log(total) + highest;
  out.logPredictive = logTotal;
  if (hazard.constant === null) growByLength(runs, hazard, logTotal, total);
  else grow(runs, hazard.constant, logTotal, total);
  if (change > 0) {
    reserve(runs);
    const last = runs.count;
    runs.length[last] = 0;
    runs.mass[last] = change / total;
    runs.logWeight[last] = Math.log(change / total);
    kernel.open(runs, last);
    runs.count += 1;
  }
  pruneRuns(runs, engine.pruning);
  summarise(runs, engine.window, input.seen + 1, out);
}

interface Shares {
  /** Sum of the weights, the largest being 1. */
  readonly total: number;
  /** What of it ends its run. */
  readonly change: number;
}

function sharesOf({ count, logWeight, mass }: RunTable, highest: number, h: number): Shares {
  let total = 0;
  for (let i = 0; i < count; i += 1) {
    const e = fastExp((logWeight[i] ?? 0) - highest);
    mass[i] = e;
    total += e;
  }
  return { total, change: total * h };
}

function sharesByLength({ count, length, logWeight, mass }: RunTable, hazard: HazardTable, highest: number): Shares {
  const h = hazard.at(length[0] ?? 0);
  let total = 0;
  let change = 0;
  for (let i = 0; i < count; i += 1) {
    const e = fastExp((logWeight[i] ?? 0) - highest);
    mass[i] = e;
    total += e;
    change += e * (h[length[i] ?? 0] ?? 0);
  }
  return { total, change };
}

function grow({ count, length, logWeight, mass }: RunTable, h: number, logTotal: number, total: number): void {
  const shift = Math.log1p(-h) - logTotal;
  const factor = (1 - h) / total;
  for (let i = 0; i < count; i += 1) {
    logWeight[i] = (logWeight[i] ?? 0) + shift;
    mass[i] = (mass[i] ?? 0) * factor;
    length[i] = (length[i] ?? 0) + 1;
  }
}

/** As {@link grow}; a run that cannot go on is taken out. */
function growByLength(runs: RunTable, hazard: HazardTable, logTotal: number, total: number): void {
  const { count, length, logWeight, mass } = runs;
  const longest = length[0] ?? 0;
  const [h, logSurvival] = [hazard.at(longest), hazard.logSurvival(longest)];
  let kept = 0;
  for (let i = 0; i < count; i += 1) {
    const n = length[i] ?? 0;
    const survives = logSurvival[n] ?? 0;
    if (survives === -Infinity) continue;
    logWeight[i] = (logWeight[i] ?? 0) + survives - logTotal;
    mass[i] = ((mass[i] ?? 0) * (1 - (h[n] ?? 0))) / total;
    length[i] = n + 1;
    if (kept < i) moveRun(runs, i, kept);
    kept += 1;
  }
  runs.count = kept;
}

function summarise(runs: RunTable, window: number, seen: number, out: BocpdStep): void {
  const { count, length, mass } = runs;
  let best = -1;
  let at = 0;
  let expected = 0;
  for (let i = 0; i < count; i += 1) {
    const p = mass[i] ?? 0;
    const n = length[i] ?? 0;
    expected += p * n;
    if (p < best) continue;
    best = p;
    at = n;
  }
  out.mapRunLength = at;
  out.expectedRunLength = expected;
  summariseRecent(runs, Math.min(window, seen - 1), out);
}

/** P(r <= longest) and where most of it is; the youngest runs are the last. */
function summariseRecent({ count, length, mass }: RunTable, longest: number, out: BocpdStep): void {
  let [sum, best, at] = [0, -1, 0];
  for (let i = count - 1; i >= 0; i -= 1) {
    const n = length[i] ?? 0;
    if (n > longest) break;
    const p = mass[i] ?? 0;
    sum += p;
    if (n === 0 || p <= best) continue;
    best = p;
    at = n;
  }
  out.recentChange = sum;
  out.recentRunLength = at;
}
