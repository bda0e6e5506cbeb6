import type { PlotJob } from '../plot.js';
import type { StreamReport } from './stream.js';

/** The figure of a stream that was cut; regimes of categories have shares instead of a mean, and none. */
export function addRegimes(plots: PlotJob, report: StreamReport, values: readonly number[]): void {
  if (!plots.wanted || report.status !== 'segmented') return;
  const { kind, inMs, label, found } = report;
  const regimes = found.regimes.flatMap(({ from, to, level }) => ('shares' in level ? [] : [{ from, to, level }]));
  if (regimes.length < found.regimes.length) return;
  plots.add(({ segmentationFigure }) => [segmentationFigure({ title: `Regimes of ${kind}${label === '' ? '' : `, ${label}`}`, label: `${kind}${inMs ? ' (ms)' : ''}`, values, regimes, changes: found.changes })]);
}
