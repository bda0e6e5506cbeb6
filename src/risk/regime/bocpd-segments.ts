import type { ConjugateKernel } from './conjugate-kernel.js';
import type { HazardTable } from './hazard.js';
import { reserve, type RunTable, runTable } from './run-length-posterior.js';

/** How the ways to reach a boundary are put together. */
type Combine = 'sum' | 'max';

/** What a sweep is told beside the data. */
export interface SweepOptions {
  readonly kernel: ConjugateKernel;
  readonly hazard: HazardTable;
  readonly combine: Combine;
  /** Which segment is cut off by the end of the data, so that no hazard has ended it: that which is swept last, or first. */
  readonly cutOff: 'last' | 'first';
  /** Boundaries that may not be. */
  readonly forbidden?: (boundary: number) => boolean;
}

/** Log weights of every boundary of a series. */
export interface Sweep {
  /** [b]: log weight of all (or the best) ways to segment the b observations swept first, with a boundary after them. */
  readonly boundary: Float64Array;
  /** [b]: where the last segment before b opened, in the best way. */
  readonly opened: Int32Array;
  /** Log weight of all (or the best) ways to segment everything. */
  readonly logTotal: number;
  /** Where the last segment opened in the best of them. */
  readonly lastOpened: number;
}

/**
 * Every segmentation at once, by dynamic programming over the boundaries: exact, nothing pruned.
 *
 * @param xs - observations in the order of the sweep; within a segment a conjugate model does not care for it
 * @remarks O(n^2) time, O(n) memory.
 */
export function sweepSegments(xs: Float64Array, options: SweepOptions): Sweep {
  const { kernel, hazard, combine, cutOff, forbidden } = options;
  const n = xs.length;
  const boundary = new Float64Array(n + 1).fill(-Infinity);
  const opened = new Int32Array(n + 1);
  const [h, logSurvival] = [hazard.at(n), hazard.logSurvival(n)];
  const runs = runTable(kernel.width, 64);
  const starts: number[] = [];
  boundary[0] = 0;
  let end = { weight: 0, opened: 0 };
  for (let t = 0; t < n; t += 1) {
    const before = boundary[t] ?? -Infinity;
    if (before > -Infinity) open(runs, kernel, before, starts.push(t));
    kernel.judgeAndLearn(runs, xs[t] ?? NaN, t);
    end = gather(runs, starts, combine, () => 0);
    if (!forbidden?.(t + 1)) {
      const ending = (i: number): number => (cutOff === 'first' && starts[i] === 0 ? 0 : Math.log(h[runs.length[i] ?? 0] ?? 0));
      const best = gather(runs, starts, combine, ending);
      boundary[t + 1] = best.weight;
      opened[t + 1] = best.opened;
    }
    outlive(runs, logSurvival);
  }
  return { boundary, opened, logTotal: end.weight, lastOpened: end.opened };
}

function open(runs: RunTable, kernel: ConjugateKernel, logWeight: number, count: number): void {
  reserve(runs);
  runs.count = count;
  runs.length[count - 1] = 0;
  runs.logWeight[count - 1] = logWeight;
  kernel.open(runs, count - 1);
}

/** Every run goes on after its last observation. */
function outlive({ count, length, logWeight }: RunTable, logSurvival: Float64Array): void {
  for (let i = 0; i < count; i += 1) {
    const r = length[i] ?? 0;
    logWeight[i] = (logWeight[i] ?? 0) + (logSurvival[r] ?? 0);
    length[i] = r + 1;
  }
}

/** Sum or maximum over runs of weight times chance of ending; the earliest of equals. */
function gather({ count, logWeight }: RunTable, starts: readonly number[], combine: Combine, ending: (i: number) => number): { weight: number; opened: number } {
  let highest = -Infinity;
  let opened = 0;
  for (let i = 0; i < count; i += 1) {
    const w = (logWeight[i] ?? 0) + ending(i);
    if (w <= highest) continue;
    highest = w;
    opened = starts[i] ?? 0;
  }
  if (combine === 'max' || highest === -Infinity) return { weight: highest, opened };
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += Math.exp((logWeight[i] ?? 0) + ending(i) - highest);
  return { weight: highest + Math.log(sum), opened };
}
