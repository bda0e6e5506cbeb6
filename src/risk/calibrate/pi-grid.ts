import { InputError } from '../../errors.js';
import { fma } from '../../stats/fma.js';

const MAX_POINTS = 10_000;

/** The range of thresholds the host's command line asks for. */
export interface PiGridRange {
  /** First threshold; taken into [0, 1]. Default 0.05. */
  readonly minThreshold?: number;
  /** Last threshold; taken into [0, 1]. Default 0.95. */
  readonly maxThreshold?: number;
  /** Distance of neighbours, above 0. Default 0.05. */
  readonly step?: number;
}

/** Takes a number into [0, 1]; NaN becomes 0, and -0 stays -0. */
export function clampToUnit(x: number): number {
  if (Number.isNaN(x) || x < 0) return 0;
  return x > 1 ? 1 : x;
}

/** Sorts by IEEE total order and drops repeats; -0 and 0 are two values. No NaN may be in it. */
export function distinctAscending(values: readonly number[]): Float64Array {
  const sorted = Float64Array.from(values).sort();
  return sorted.filter((x, i) => i === 0 || !Object.is(x, sorted[i - 1]));
}

/**
 * The 19 thresholds the host's library takes when it is given none: i * 0.05 for i from 1 to 19.
 *
 * @returns thresholds in ascending order
 * @remarks Products, where {@link piThresholdGrid} adds up, so the two default grids differ in their last bits.
 * @example
 * ```ts
 * piDefaultGrid()[2]; // => 0.15000000000000002
 * ```
 */
export function piDefaultGrid(): Float64Array {
  return Float64Array.from({ length: 19 }, (_, i) => (i + 1) * 0.05);
}

/**
 * The grid of the host's command line: min, min + step, ... each the sum before plus step, up to a quarter of a step
 * beyond max.
 *
 * @param range - bounds and step; see {@link PiGridRange}
 * @returns thresholds in [0, 1] in ascending order, none twice
 * @throws {@link InputError} GRID_NOT_FINITE, STEP_NOT_POSITIVE, MIN_ABOVE_MAX, GRID_TOO_LARGE (over 10,000 points)
 * @example
 * ```ts
 * [...piThresholdGrid({ minThreshold: 0.2, maxThreshold: 0.4, step: 0.1 })]; // => [0.2, 0.30000000000000004, 0.4]
 * ```
 */
export function piThresholdGrid(range: PiGridRange = {}): Float64Array {
  const { min, max, step } = checkedRange(range);
  const points: number[] = [];
  const end = fma(step, 0.25, max);
  for (let current = min; current <= end; current += step) {
    if (points.length === MAX_POINTS) throw new InputError('GRID_TOO_LARGE', `the grid must have at most ${String(MAX_POINTS)} points, got more with step ${String(step)}`);
    points.push(clampToUnit(current));
  }
  return distinctAscending(points);
}

function checkedRange({ minThreshold = 0.05, maxThreshold = 0.95, step = 0.05 }: PiGridRange): { min: number; max: number; step: number } {
  for (const [name, value] of Object.entries({ minThreshold, maxThreshold, step })) {
    if (!Number.isFinite(value)) throw new InputError('GRID_NOT_FINITE', `${name} must be a finite number, got ${String(value)}`);
  }
  if (step <= 0) throw new InputError('STEP_NOT_POSITIVE', `step must be above 0, got ${String(step)}`);
  const min = clampToUnit(minThreshold);
  const max = clampToUnit(maxThreshold);
  if (min > max) throw new InputError('MIN_ABOVE_MAX', `minThreshold must not be above maxThreshold, got ${String(min)} and ${String(max)}`);
  return { min, max, step };
}
