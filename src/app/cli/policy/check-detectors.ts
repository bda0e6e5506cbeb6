import { detectorName } from '../../../risk/policy/part-names.js';
import type { PolicyDetector } from '../../../risk/policy/policy.js';
import type { StreamKind } from '../../series/record.js';
import { streamKey, streamLabel, type StreamBy, type StreamName } from '../../series/streams.js';
import { transformed } from '../detect/promise.js';
import { streamsOfFiles } from '../envelope/streams.js';
import type { Io } from '../io.js';
import { attempt, type Judged } from './check-part.js';
import { runnerOf } from './detector.js';

/** What a detector would have said of one stream of one file. */
interface StreamRun {
  readonly file: string;
  readonly stream: string;
  readonly observations: number;
  readonly alarms: number;
}

/** What a detector would have said. */
export interface DetectorRun {
  readonly streams: readonly StreamRun[];
  /** Alarms to be expected of it by chance, if its parameters are right; null where nothing is promised. */
  readonly expected: number | null;
  /** Streams of the files that neither it nor another of its kind was designed for. */
  readonly notWatched: readonly string[];
}

const NONE: DetectorRun = { streams: [], expected: null, notWatched: [] };

/** Whether an alarm stands until somebody comes: the first is then the last. */
const latches = ({ params }: PolicyDetector): boolean => typeof params === 'object' && params !== null && 'afterAlarm' in params && params['afterAlarm'] === 'latch';

function alarmsIn(detector: PolicyDetector, values: readonly number[]): number {
  const runner = runnerOf(detector);
  let [snapshot, alarms] = [runner.start(), 0];
  for (const value of values) {
    const step = runner.step(snapshot, transformed(detector.transform, value));
    snapshot = step.snapshot;
    if (step.sighting !== null) alarms += 1;
  }
  return latches(detector) ? Math.min(alarms, 1) : alarms;
}

const watches = ({ streams }: PolicyDetector, stream: StreamName): boolean => streams.length === 0 || streams.some((own) => streamKey(own) === streamKey(stream));

/** Whether two detectors look at the same streams; what one was not designed for another may be. */
const alike = (a: PolicyDetector, b: PolicyDetector): boolean => a.kind === b.kind && a.stream === b.stream && a.by === b.by;

/**
 * Alarms by chance: one in `arl0` observations in the mean. One that latches alarms at most once a stream: with the chance
 * that a run to a false alarm, which is close to geometric, ends within it.
 */
function expectedOf(detector: PolicyDetector, streams: readonly StreamRun[]): number | null {
  const { arl0 } = detector;
  if (arl0 === null) return null;
  const within = (n: number): number => (latches(detector) ? -Math.expm1(n * Math.log1p(-1 / Math.max(1, arl0))) : n / arl0);
  return streams.reduce((sum, { observations }) => sum + (observations === 0 ? 0 : within(observations)), 0);
}

function runDetector({ detector, others }: { readonly detector: PolicyDetector; readonly others: readonly PolicyDetector[] }, io: Io, files: readonly string[], sort: boolean): DetectorRun {
  const all = streamsOfFiles(io, files, { stream: detector.stream as StreamKind, by: detector.by as StreamBy, ...(sort ? { sort } : {}) })
    .flatMap(({ path, streams }) => streams.map((stream) => ({ path, stream })));
  const streams = all.filter(({ stream }) => watches(detector, stream)).map(({ path, stream }) => ({ file: path, stream: streamLabel(stream), observations: stream.values.length, alarms: alarmsIn(detector, stream.values) }));
  return {
    streams,
    expected: expectedOf(detector, streams),
    notWatched: [...new Set(all.filter(({ stream }) => !others.some((other) => alike(other, detector) && watches(other, stream))).map(({ stream }) => streamLabel(stream)))],
  };
}

/** Runs detectors over files, each stream of each file from its beginning. */
export function runDetectors(io: Io, detectors: readonly PolicyDetector[], files: readonly string[], sort: boolean): Judged<DetectorRun>[] {
  return detectors.map((detector) => attempt(detectorName(detector), NONE, () => runDetector({ detector, others: detectors }, io, files, sort)));
}
