import type { Figure } from '../plot/figure.js';

/** What one way of looking catches. */
export interface LabelRow {
  readonly name: string;
  readonly caught: number;
  readonly falseAlarms: number;
}

/** What independent labels say of the findings. */
export interface LabelFindings {
  readonly source: string;
  readonly safe: number;
  readonly unsafe: number;
  readonly unlabelled: number;
  readonly ways: readonly LabelRow[];
  /** Rows of unsafe calls with no finding of their own. */
  readonly missed: readonly number[];
  /** What any threshold on the score would catch; null where there are no scores with labels on both sides. */
  readonly figure: Figure | null;
}
