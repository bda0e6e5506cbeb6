import { say, type Io } from '../io.js';
import type { PlotJob } from '../plot.js';
import type { StreamReport } from './stream.js';

/** The figure of a stream that was cut: regimes over its values; of categories, which have no mean, the chance of a change at each call. */
export function addRegimes(io: Io, plots: PlotJob, report: StreamReport, values: readonly number[]): void {
  if (!plots.wanted || report.status !== 'segmented') return;
  const { kind, inMs, label, found: { changes, posterior, ...found } } = report;
  const regimes = found.regimes.flatMap(({ from, to, level }) => ('shares' in level ? [] : [{ from, to, level }]));
  const of = label === '' ? '' : `, ${label}`;
  if (regimes.length === found.regimes.length) plots.add(({ segmentationFigure }) => [segmentationFigure({ title: `Regimes of ${kind}${of}`, label: `${kind}${inMs ? ' (ms)' : ''}`, values, regimes, changes })]);
  else if (posterior === null) say(io, `--plot: of ${kind}${of} the chance of a change would be drawn, and PELT alone gives none`);
  else plots.add(({ changeProbabilityFigure }) => [changeProbabilityFigure(posterior, { title: `Chance that the ${kind} called changed${of}`, observation: 'call' })]);
}
