import type { Matching } from './labels.js';
import type { ObservedRates } from './rates.js';
import type { SessionBootstrap } from './session-bootstrap.js';

/** Schema text of a {@link CalibratedThreshold}. */
export const THRESHOLD_SCHEMA = 'hindcast.threshold.v1';

/** How a threshold is chosen: Neyman-Pearson, Learn then Test, conformal risk control, lowest cost, the host's grid. */
export type CalibrationMethod = 'np' | 'ltt' | 'crc' | 'cost' | 'host';

/** A number for each rate; null where nothing is promised, or needed, about it. */
export interface PerRate {
  /** Share of unsafe calls that pass. */
  readonly miss: number | null;
  /** Share of safe calls that are flagged. */
  readonly falseAlarm: number | null;
}

/** What is promised, how strictly, and what it rests on. */
export interface Guarantee {
  /** The promise in a sentence. */
  readonly statement: string;
  /** The rates that must not be exceeded. */
  readonly alpha: PerRate;
  /** Chance, over the draw of labelled calls, that one is exceeded all the same; null where no confidence is stated. */
  readonly delta: number | null;
  /** That chance as the binomial law has it for the threshold chosen; null where only the bound `delta` is known. */
  readonly attainedDelta: number | null;
  /** `exact`: by the binomial law itself; `bound`: by an inequality; `in expectation`: on average only; `none`: nothing. */
  readonly holds: 'exact' | 'bound' | 'in expectation' | 'none';
  /** What must be true for the promise to hold, a sentence each. */
  readonly assumes: readonly string[];
  /** What the data show against those assumptions, a sentence each. */
  readonly doubts: readonly string[];
}

/** Rates on calls that the threshold was not chosen on. */
export interface Confirmation extends ObservedRates {
  readonly on: 'held-out calls' | 'other ledgers';
  /** Whether the limits lie below every promised rate (`confirms`), one of them above it (`contradicts`), or neither; null where nothing is promised. */
  readonly verdict: 'confirms' | 'contradicts' | 'undecided' | null;
  readonly sourceDataHashes: readonly string[];
}

/** Another threshold, for comparison. */
export interface Alternative {
  readonly name: string;
  /** null: there is none, or none but "flag nothing". */
  readonly threshold: number | null;
  /** What it promises, in a few words. */
  readonly promise: string;
  /** Its rates on the calls that confirm, or, where there are none, on those that choose; null without a threshold. */
  readonly observed: ObservedRates | null;
}

/** Where the labels come from. */
export interface LabelProvenance {
  /** Who labelled the calls, as stated. */
  readonly source: string;
  /** Labels by the `source` column of the label file; null where it has none. */
  readonly bySource: Readonly<Record<string, number>> | null;
  /** True where the labels are the controller's own decisions, which cannot show that a decision was wrong. */
  readonly circular: boolean;
  /** True where such labels were insisted on. */
  readonly forced: boolean;
  /** SHA-256 of the label set; null where the labels are the ledgers' own decisions. */
  readonly hash: string | null;
  /** The smallest chance of being labelled that is assumed; null where every call had the same. */
  readonly leastProbability: number | null;
  readonly matching: Matching;
}

/** Labelled calls by class. */
export interface ClassCounts {
  readonly safe: number;
  readonly unsafe: number;
}

/** A threshold with its promise, the evidence for it and where both come from. Plain JSON. */
export interface CalibratedThreshold {
  readonly schema: typeof THRESHOLD_SCHEMA;
  readonly method: CalibrationMethod;
  /** `none`: refused, see `reason`. `flag nothing`: a threshold above every score is best. */
  readonly kind: 'threshold' | 'flag nothing' | 'none';
  /** Flag when `score >= threshold`; null where `kind` is not `threshold`. */
  readonly threshold: number | null;
  /** Why there is no threshold; null where there is one. */
  readonly reason: string | null;
  /** Labelled calls that would do, of the class that is short: unsafe ones for `miss`, safe ones for `falseAlarm`. */
  readonly neededN: PerRate;
  readonly guarantee: Guarantee;
  readonly n: {
    /** Calls with a label. */
    readonly labelled: ClassCounts;
    /** Calls the threshold was chosen on. */
    readonly used: ClassCounts;
    /** Of those used, calls without a score. */
    readonly unscored: ClassCounts;
    /** Of those used, sessions with a call of the class; null where sessions are not known. */
    readonly sessions: ClassCounts | null;
  };
  /** Rates on the calls the threshold was chosen on; flattering. null without a threshold. */
  readonly observed: ObservedRates | null;
  /** Rates on other calls; null where there were none or there is no threshold. */
  readonly confirmed: Confirmation | null;
  /** Limits over resampled sessions, from the calls that confirm or else those that choose; null where sessions are not known. */
  readonly bootstrap: SessionBootstrap | null;
  readonly split: { readonly by: 'time' | 'session' | 'none'; readonly share: number; readonly seed: number };
  readonly labels: LabelProvenance;
  readonly sourceDataHashes: readonly string[];
  readonly alternatives: readonly Alternative[];
}
