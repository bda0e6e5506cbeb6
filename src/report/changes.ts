import type { Figure } from '../plot/figure.js';

/** An alarm, and the change it is traced back to. */
export interface AlarmFinding {
  readonly stream: string;
  /** Row of the timeline that raised it; null where it is not on the page. */
  readonly row: number | null;
  readonly record: number;
  readonly time: string | null;
  /** Record and row of the first observation that the change is thought to touch; null where no change is dated. */
  readonly change: { readonly record: number; readonly row: number | null; readonly time: string | null } | null;
  /** Observations from the change to the alarm, both included; null where no change is dated. */
  readonly delay: number | null;
  readonly reason: string;
}

/** A stream that was not watched, and why. */
export interface NotWatched {
  readonly stream: string;
  readonly reason: string;
  readonly n: number;
  /** About how many would do; null where no number does. */
  readonly needed: number | null;
}

/** What one detector found in one file. */
export interface Detection {
  readonly input: string;
  /** What is watched, in words: `failures by capability`. */
  readonly watches: string;
  readonly streams: number;
  readonly observations: number;
  readonly alarms: readonly AlarmFinding[];
  /** Alarms to be expected by chance; null where nothing is promised. */
  readonly expected: number | null;
  readonly promises: readonly string[];
  readonly assumes: readonly string[];
  readonly notes: readonly string[];
  readonly notWatched: readonly NotWatched[];
  /** Why nothing was watched at all; null where something was. */
  readonly refused: string | null;
}

/** One stretch with one law. */
export interface RegimeRow {
  readonly from: number;
  readonly to: number;
  /** Row of the timeline that it begins with; null where that is not on the page. */
  readonly row: number | null;
  readonly begins: string | null;
  readonly n: number;
  /** What its observations are like, in words. */
  readonly level: string;
  /** What changed against the stretch before, in words, and how sure the change is; null for the first. */
  readonly change: { readonly words: string; readonly probability: string | null } | null;
}

/** Into which regimes one stream falls. */
export interface RegimeStream {
  readonly input: string;
  readonly stream: string;
  /** What may change: `what is called`. */
  readonly what: string;
  readonly n: number;
  readonly regimes: readonly RegimeRow[];
  readonly notes: readonly string[];
  /** Why there is nothing to say; null where there is. */
  readonly refused: string | null;
  /** The series and its regimes; null for categories, and where there is nothing to draw. */
  readonly figure: Figure | null;
}
