import type { Detector, Json } from '../../detector.js';

/** Limits on a mean after any number of observations, and how they go on. */
export interface LimitProcess<C extends Json> {
  readonly kind: string;
  readonly params: { readonly [key: string]: Json };
  readonly init: () => C;
  /** Checks observation number `index`, from 0, and learns it. */
  readonly advance: (core: C, x: number, index: number) => C;
  readonly limits: (core: C) => { readonly estimate: number; readonly lower: number | null; readonly upper: number | null };
}

/** State of a confidence sequence. */
export type SequenceState<C extends Json> = {
  readonly seen: number;
  readonly core: C;
  /** The narrowest limits so far, where they are intersected; null: none yet on that side. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** From this observation on, counted from 0, no mean fits all that was seen. */
  readonly emptyIndex: number | null;
};

/** One step of a confidence sequence. */
export interface SequenceStep {
  readonly n: number;
  readonly estimate: number;
  /** Limits on the mean; null where there is none on that side. Where `emptyIndex` is set, lower is above upper. */
  readonly lower: number | null;
  readonly upper: number | null;
  /**
   * Where the intersection of all limits first was empty: the mean has moved, or a rare event happened. Always null
   * without intersection.
   */
  readonly emptyIndex: number | null;
}

/** What all confidence sequences can be told. */
export interface SequenceOptions {
  /** Chance that the mean is ever outside, in (0, 1). */
  readonly alpha: number;
  /**
   * Whether each limit is the narrowest so far (default false). Valid as well, never wider; when nothing is left the
   * mean was not constant, but for a chance of alpha: `emptyIndex` says so. Limits without it follow a mean that moves.
   */
  readonly intersect?: boolean;
}

const later = (a: number | null, b: number | null): number | null => (a === null || (b !== null && b > a) ? b : a);
const sooner = (a: number | null, b: number | null): number | null => (a === null || (b !== null && b < a) ? b : a);

/** Makes a detector of limits: each step's are those after learning its observation. */
export function confidenceSequence<C extends Json>(process: LimitProcess<C>, alpha: number, intersect: boolean): Detector<number, SequenceState<C>, SequenceStep> {
  return {
    kind: process.kind,
    version: 1,
    params: { ...process.params, alpha, intersect },
    init: () => ({ seen: 0, core: process.init(), lower: null, upper: null, emptyIndex: null }),
    step(state, x) {
      const core = process.advance(state.core, x, state.seen);
      const now = process.limits(core);
      const lower = intersect ? later(state.lower, now.lower) : now.lower;
      const upper = intersect ? sooner(state.upper, now.upper) : now.upper;
      const isEmpty = lower !== null && upper !== null && lower > upper;
      const emptyIndex = state.emptyIndex ?? (isEmpty ? state.seen : null);
      const seen = state.seen + 1;
      return {
        state: { seen, core, lower: intersect ? lower : null, upper: intersect ? upper : null, emptyIndex },
        out: { n: seen, estimate: now.estimate, lower, upper, emptyIndex },
      };
    },
  };
}
