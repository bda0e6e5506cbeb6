import { InputError } from '../../errors.js';
import { finite, unit } from '../../stats/sample.js';

/**
 * The chance H(r) that a run of r observations ends with the next one.
 *
 * @remarks `constant`: 1 / lambda, runs of mean length lambda. `logistic`: scale / (1 + exp(-(a r + b))). `table`:
 * values[min(r, length - 1)]. H is asked at the length before the observation, so a run ends after its first with H(0).
 * @see Adams & MacKay (2007), arXiv:0710.3742, section 2.1.
 */
export type Hazard =
  | { readonly type: 'constant'; readonly lambda: number }
  | { readonly type: 'logistic'; readonly scale: number; readonly a: number; readonly b: number }
  | { readonly type: 'table'; readonly values: readonly number[] };

/** A hazard ready for use: its values, and the logs of surviving, from run length 0 up to any length asked for. */
export interface HazardTable {
  /** The one value of a constant hazard, else null. */
  readonly constant: number | null;
  /** H(0) .. H(upTo), at least. */
  readonly at: (upTo: number) => Float64Array;
  /** ln(1 - H(0)) .. ln(1 - H(upTo)), at least; -Infinity where no run survives. */
  readonly logSurvival: (upTo: number) => Float64Array;
}

/**
 * Checks a hazard and tabulates it on demand.
 *
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 * @internal
 */
export function hazardTable(hazard: Hazard): HazardTable {
  const value = hazardFunction(hazard);
  const at = growing(value);
  return { constant: hazard.type === 'constant' ? value(0) : null, at, logSurvival: growing((r) => Math.log1p(-value(r))) };
}

/** H as a function of the run length, its parameters checked. */
function hazardFunction(hazard: Hazard): (r: number) => number {
  switch (hazard.type) {
    case 'constant': {
      const { lambda } = hazard;
      if (!(lambda > 1 && lambda < Infinity)) throw new InputError('BAD_PARAM', `hazard.lambda must be finite and > 1, got ${String(lambda)}`);
      return () => 1 / lambda;
    }
    case 'logistic': {
      const { scale, a, b } = hazard;
      unit(scale, 'hazard.scale');
      finite(a, 'hazard.a');
      finite(b, 'hazard.b');
      return (r) => scale / (1 + Math.exp(-(a * r + b)));
    }
    case 'table': {
      const values = hazard.values.map((value, r) => unit(value, `hazard.values[${String(r)}]`));
      if (values.length === 0) throw new InputError('TOO_FEW', 'hazard.values must hold at least one value, got none');
      return (r) => values[Math.min(r, values.length - 1)] ?? 0;
    }
  }
}

/** A table of `f` at 0, 1, 2, ... that is lengthened when a longer one is asked for. */
export function growing(f: (n: number) => number): (upTo: number) => Float64Array {
  let table = new Float64Array(0);
  return (upTo) => {
    if (upTo < table.length) return table;
    const longer = new Float64Array(Math.max(64, 2 * upTo));
    longer.set(table);
    for (let n = table.length; n < longer.length; n += 1) longer[n] = f(n);
    table = longer;
    return table;
  };
}
