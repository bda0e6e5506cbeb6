import { meanOf } from './windows.js';

/** What the host's two drift checks look at. */
export interface PiDriftInput {
  /** Scores with this call's own at the end, oldest first. */
  readonly scores: readonly number[];
  readonly windowSize: number;
  /** Mean of the scores before this call. */
  readonly recentMean: number;
  /** Quantile of the outcome residuals before this call. */
  readonly quantile: number;
}

/** Whether the newer half of the scores has moved by at least 0.22 from the older half. */
export function halvesDiffer(scores: readonly number[]): boolean {
  const cut = Math.floor(scores.length / 2);
  return Math.abs(meanOf(scores, cut) - meanOf(scores, 0, cut)) >= 0.22;
}

/** Whether a score is further from the recent mean than 1.5 times the outcome residuals' quantile. */
export function residualTooLarge(score: number, recentMean: number, quantile: number): boolean {
  return quantile > 0 && Math.abs(score - recentMean) > quantile * 1.5;
}

/** The host's online drift flag. The halves are compared once half a window of scores is there. */
export function piOnlineDrift({ scores, windowSize, recentMean, quantile }: PiDriftInput): boolean {
  const halves = scores.length >= Math.floor(windowSize / 2) && halvesDiffer(scores);
  return halves || residualTooLarge(scores.at(-1) ?? NaN, recentMean, quantile);
}
