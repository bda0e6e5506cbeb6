import type { Approver } from '../policy/approval.js';
import type { MarkedSource } from '../policy/trace-source.js';

/** Schema text of an {@link Envelope}. */
export const ENVELOPE_SCHEMA = 'hindcast.envelope.v1';

/** Which ends are bounded. */
export type EnvelopeSides = 'two' | 'lower' | 'upper';

/** The bounds of one group, and all it takes to judge a value exactly. Ends are inclusive. */
export interface ValueGroup {
  readonly kind: 'values';
  /** Capability, actor, or any other key. */
  readonly key: string;
  /** Calibration values. */
  readonly n: number;
  /** null: no bound, because that side is not watched or `needed` values are. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Which calibration value each bound is, from 1 for the smallest; null where there is none. */
  readonly lowerRank: number | null;
  readonly upperRank: number | null;
  /** The chance that the next value is within, over the draw of calibration values too; with ties a lower bound. */
  readonly coverage: number;
  /** With confidence: the exact chance, at most delta, that more than alpha of the values to come is outside; else null. */
  readonly missed: number | null;
  /** Calibration values that would be enough for a bound on every side watched; null where these are. */
  readonly needed: number | null;
  /** The distinct calibration values, ascending, and how many are at most each. */
  readonly values: readonly number[];
  readonly atMost: readonly number[];
}

/** The limits of one group's failure rate. */
export interface RateGroup {
  readonly kind: 'rate';
  readonly key: string;
  /** Calibration calls, and how many of them failed. */
  readonly n: number;
  readonly errors: number;
  /** Clopper-Pearson limits of the rate; null on a side that is not watched. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** One group of an {@link Envelope}. */
export type EnvelopeGroup = ValueGroup | RateGroup;

/**
 * How well calibration was kept apart from a baseline, the weakest first. A data hash shows the same trace again; its
 * longer copies are those that go on where the baseline's ends. A piece cut out of the baseline's shows entry by entry only.
 */
export const COMPARISONS = ['not at all', 'by data hash', 'by data hash, longer copies too', 'entry by entry'] as const;

/** The traces that an envelope must be disjoint from. */
export interface BaselineTraces {
  /** Sorted; empty where no baseline was named. */
  readonly dataHashes: readonly string[];
  readonly compared: (typeof COMPARISONS)[number];
}

/** A trace that an envelope was calibrated on. */
export interface EnvelopeSource extends MarkedSource {
  /** Content hash of the approval that names it; null where none was asked for. */
  readonly approval: string | null;
}

/** Bounds on what approved behaviour looks like, group by group. Plain, finite JSON. */
export interface Envelope {
  readonly schema: typeof ENVELOPE_SCHEMA;
  /** What was measured: `interval`, `latency`, `score`, `error` or a name of one's own. */
  readonly measure: string;
  /** Unit of the bounds, such as `ms`; null where there is none or it is not known. */
  readonly unit: string | null;
  /** What the groups are: `capability`, `actor` or a name of one's own. */
  readonly by: string;
  readonly sides: EnvelopeSides;
  /** Share that may be outside; for rates, chance that the limits miss the rate. In (0, 1). */
  readonly alpha: number;
  /** Chance that more than alpha is outside, over the draw of calibration values; null where no confidence was asked for. */
  readonly delta: number | null;
  readonly method: 'split conformal' | 'tolerance interval' | 'Clopper-Pearson';
  /** The promise in a sentence. */
  readonly guarantee: string;
  /** What it rests on, a sentence each. */
  readonly assumes: readonly string[];
  /** Sorted by key. */
  readonly groups: readonly EnvelopeGroup[];
  readonly provenance: {
    /** Sorted by data hash. */
    readonly sources: readonly EnvelopeSource[];
    readonly baseline: BaselineTraces;
    /** Sorted by content hash. */
    readonly approvals: readonly Approver[];
  };
}
