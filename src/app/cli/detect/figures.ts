import type { StatisticTrace } from '../../../plot/detector-trace.js';
import { streamKey, streamLabel } from '../../series/streams.js';
import type { PlotJob } from '../plot.js';
import type { DetectEvents } from './engine.js';
import type { WatchDesign, WatchSpec } from './promise.js';
import type { WatchedStep } from './stream.js';

/** What is drawn of one stream. */
interface Drawn {
  readonly label: string;
  readonly design: WatchDesign;
  readonly names: readonly string[];
  /** First watched observation of the stream. */
  readonly start: number;
  readonly values: readonly number[][];
  readonly alarms: { readonly index: number; readonly changeIndex: number | null }[];
}

const DETECTOR_NAMES: Readonly<Record<WatchSpec['detector'], string>> = {
  cusum: 'CUSUM',
  'self-starting': 'Self-starting CUSUM',
  'e-sr': 'Shiryaev-Roberts e-detector',
  'e-cusum': 'CUSUM e-detector',
  glr: 'GLR detector',
  bocpd: 'Bayesian online change-point detection',
  host: "The host's regime detector",
};

/** The unit in which statistics are shown. */
function unitOf({ spec, promise }: WatchDesign): string {
  switch (spec.detector) {
    case 'e-sr':
    case 'e-cusum':
      return 'nats';
    case 'bocpd':
    case 'host':
      return 'probability';
    case 'cusum':
    case 'self-starting':
    case 'glr':
      return promise.threshold.unit;
  }
}

/** The threshold of a statistic as it is shown. */
function thresholdOf({ spec, promise: { threshold } }: WatchDesign, name: string): number | null {
  switch (spec.detector) {
    case 'e-sr':
    case 'e-cusum':
      return -Math.log(spec.params.alpha);
    case 'host':
      return spec.params.bocpd.threshold;
    case 'cusum':
    case 'self-starting':
    case 'glr':
    case 'bocpd':
      return name === 'down' ? (threshold.down ?? threshold.value) : threshold.value;
  }
}

/** Keeps what watched steps show, for one figure a stream. */
export interface StepRecorder {
  /** The same events, kept on the way. */
  readonly listening: (events: DetectEvents) => DetectEvents;
  /** Adds the figures of what was kept, of streams of some kind. */
  readonly finish: (kind: string) => void;
}

/** A recorder of the steps of every stream; it keeps nothing where no picture is wanted. */
export function stepRecorder(plots: PlotJob): StepRecorder {
  const streams = new Map<string, Drawn>();
  const onStep = ({ stream, design, names, shown, observation }: WatchedStep): void => {
    const key = streamKey(stream);
    let drawn = streams.get(key);
    if (drawn === undefined) {
      drawn = { label: streamLabel(stream), design, names, start: observation, values: names.map(() => []), alarms: [] };
      streams.set(key, drawn);
    }
    for (const [k, value] of shown.entries()) drawn.values[k]?.push(value);
  };
  const onAlarm: DetectEvents['onAlarm'] = ({ stream, observation, change }) => {
    streams.get(streamKey(stream))?.alarms.push({ index: observation, changeIndex: change?.observation ?? null });
  };
  return {
    listening: (events) => (plots.wanted ? { ...events, onStep, onAlarm: (alarm, line) => { onAlarm(alarm, line); events.onAlarm(alarm, line); } } : events),
    finish: (kind) => {
      for (const { label, design, names, start, values, alarms } of streams.values()) {
        const statistics = names.map((name, k): StatisticTrace => ({ name, values: values[k] ?? [], threshold: thresholdOf(design, name) }));
        plots.add(({ detectorFigure }) => [detectorFigure({ title: `${DETECTOR_NAMES[design.spec.detector]} of ${kind}${label === '' ? '' : `, ${label}`}`, statistics, start, alarms, unit: unitOf(design), ...promiseOf(design) })]);
      }
    },
  };
}

/** The promise itself: the mean time at estimated parameters is a larger figure, and nobody promised it. */
function promiseOf({ promise: { arl0, guarantee } }: WatchDesign): { readonly promise?: string } {
  if (guarantee !== null) return { promise: guarantee };
  const value = arl0?.value ?? null;
  return value === null ? {} : { promise: `one false alarm in ${Math.round(value).toLocaleString('en-US')} observations in the mean if the estimates were the truth, which nothing promises` };
}
