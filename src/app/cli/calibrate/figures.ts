import type { CalibratedThreshold } from '../../../risk/calibrate/calibrated-threshold.js';
import type { Calibration } from '../../../risk/calibrate/calibrate.js';
import type { Calls } from '../../../risk/calibrate/calls.js';
import { sweepThresholds, type CalibrationRefusal, type OutcomeCosts, type ThresholdSweep } from '../../../risk/calibrate/sweep.js';
import type { ChosenThreshold } from '../../../plot/chosen-threshold.js';
import { say, type Io } from '../io.js';
import type { PlotJob, Plots } from '../plot.js';

interface Drawing {
  readonly costs: OutcomeCosts;
  readonly level: number;
  readonly chosen: (plots: Plots) => ChosenThreshold | null;
}

function addFigures(job: PlotJob, sweep: ThresholdSweep | CalibrationRefusal, { costs, level, chosen: choose }: Drawing): void {
  if (sweep.kind === 'refusal') return;
  job.add((plots) => {
    const chosen = choose(plots);
    return [plots.rocFigure(sweep, { chosen, level }), plots.detFigure(sweep, { chosen, level }), plots.costFigure(sweep, { chosen, costs, level })];
  });
}

/** Figures of a sweep: curve, error trade-off and cost, the cheapest threshold marked. */
export function addSweepFigures(job: PlotJob, { sweep, costs, best }: Calibration): void {
  const chosen = best === null ? null : { threshold: best.threshold, promise: 'It is the cheapest on these calls; nothing is promised.', alpha: { miss: null, falseAlarm: null }, confirmed: null };
  addFigures(job, sweep, { costs, level: 0.95, chosen: () => chosen });
}

/** The same of a threshold with a promise, over all labelled calls. */
export function addThresholdFigures(io: Io, job: PlotJob, calibrated: CalibratedThreshold, { calls, costs, confidence = 0.95 }: { readonly calls: Calls; readonly costs: OutcomeCosts; readonly confidence: number | undefined }): void {
  if (calls.weights !== null) {
    say(io, '--plot: calls had unequal chances of review, and a curve that counts each once would mislead');
    return;
  }
  addFigures(job, sweepThresholds(calls.scores, calls.unsafe, costs), { costs, level: confidence, chosen: ({ chosenThreshold }) => chosenThreshold(calibrated) });
}
