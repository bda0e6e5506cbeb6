import { resume, start, type Detector, type Json, type Snapshot } from '../../../detector.js';
import { piRegime, type PiRegimeState, type PiRegimeStep } from '../../../risk/pi/regime.js';
import { bocpd } from '../../../risk/regime/bocpd.js';
import { cusum, type CusumAlarm, type CusumState } from '../../../risk/regime/cusum.js';
import { eDetector } from '../../../risk/regime/e-detector.js';
import { focus } from '../../../risk/regime/focus.js';
import { selfStartingCusum } from '../../../risk/regime/self-starting.js';
import { canonicalJson } from '../../../canonical-json.js';
import type { WatchSpec } from './promise.js';

/** A new alarm of a detector. */
interface Sighting {
  readonly side: 'up' | 'down' | null;
  /** Null where the detector does not show it. */
  readonly statistic: number | null;
  readonly threshold: number;
  /** Observations since the estimated change, the last one included; null where the detector estimates none. */
  readonly back: number | null;
}

/** A detector whose kind need not be known. */
export interface Watcher {
  /** Names of what each step shows. */
  readonly names: readonly string[];
  readonly start: () => Snapshot<Json>;
  /** @throws SNAPSHOT_MISMATCH where the snapshot is of another detector or of other parameters */
  readonly check: (snapshot: Snapshot<Json>) => void;
  readonly step: (snapshot: Snapshot<Json>, x: number) => { readonly snapshot: Snapshot<Json>; readonly sighting: Sighting | null; readonly shown: readonly number[] };
  /** How far back changes that may still be named lie: observations since each; 0 is the next one. */
  readonly reach: (snapshot: Snapshot<Json>) => readonly number[];
}

/** What is particular of a detector. */
interface Reading<S extends Json, Y> {
  /** The new alarm in an output, if there is one. */
  readonly sighting: (out: Y, after: S, seen: number) => Sighting | null;
  readonly reach: (state: S) => readonly number[];
  /** Statistics that each step shows, by name. */
  readonly shows: Readonly<Record<string, (out: Y) => number>>;
}

function watching<S extends Json, Y>(detector: Detector<number, S, Y>, { sighting, reach, shows }: Reading<S, Y>): Watcher {
  const readings = Object.values(shows);
  return {
    names: Object.keys(shows),
    start: () => start(detector),
    check: (snapshot) => {
      // The same members in another order are the same parameters.
      const same = canonicalJson(snapshot.params) === canonicalJson(detector.params);
      resume(detector, { ...(snapshot as Snapshot<S>), ...(same ? { params: detector.params } : {}) });
    },
    step: (snapshot, x) => {
      const { state, out } = detector.step(snapshot.state as S, x);
      return { snapshot: { ...snapshot, seen: snapshot.seen + 1, state }, sighting: sighting(out, state, snapshot.seen), shown: readings.map((read) => read(out)) };
    },
    reach: (snapshot) => reach(snapshot.state as S),
  };
}

interface SumsOut {
  readonly up: number;
  readonly down: number;
  readonly alarm: CusumAlarm | null;
}

const up = (out: SumsOut): number => out.up;
const down = (out: SumsOut): number => out.down;

/** A standing alarm is no new one. */
function sumsSighting({ up, down, alarm }: SumsOut, threshold: { readonly up: number; readonly down: number }, seen: number): Sighting | null {
  if (alarm?.index !== seen) return null;
  const { side } = alarm;
  return { side, statistic: side === 'up' ? up : down, threshold: threshold[side], back: seen + 1 - alarm.changeIndex };
}

const sumsReach = ({ seen, up, down }: CusumState): readonly number[] => [seen - up.since, seen - down.since];

function regimeSighting({ cusumAlarm, bocpdAlarm, snapshot }: PiRegimeStep, { cusum: { h }, bocpd: { threshold } }: Extract<WatchSpec, { detector: 'host' }>['params']): Sighting | null {
  // The host sets its sums back before it shows them.
  if (cusumAlarm) return { side: null, statistic: null, threshold: h, back: null };
  return bocpdAlarm ? { side: null, statistic: snapshot.bocpdCpProb, threshold, back: null } : null;
}

/** The detector of a design. */
export function watcherOf(spec: WatchSpec): Watcher {
  switch (spec.detector) {
    case 'cusum': {
      const detector = cusum(spec.params);
      const shows = { ...(detector.settings.sides === 'down' ? {} : { up }), ...(detector.settings.sides === 'up' ? {} : { down }) };
      return watching(detector, { sighting: (out, _after, seen) => sumsSighting(out, detector.settings.threshold, seen), reach: sumsReach, shows });
    }
    case 'self-starting': {
      const { threshold } = spec.params;
      return watching(selfStartingCusum(spec.params), { sighting: (out, _after, seen) => sumsSighting(out, { up: threshold, down: threshold }, seen), reach: ({ sums }) => sumsReach(sums), shows: { up, down } });
    }
    case 'e-sr':
    case 'e-cusum': {
      const threshold = -Math.log(spec.params.alpha);
      return watching(eDetector(spec.params), {
        sighting: ({ alarm }, _after, seen) => (alarm?.index === seen ? { side: null, statistic: alarm.logStatistic, threshold, back: seen + 1 - alarm.changeIndex } : null),
        reach: ({ ages }) => ages,
        shows: { 'log statistic': ({ logStatistic }) => logStatistic },
      });
    }
    case 'glr':
      return watching(focus(spec.params), {
        sighting: ({ alarm }, _after, seen) => (alarm?.index === seen ? { side: null, statistic: alarm.statistic, threshold: spec.params.threshold, back: seen + 1 - alarm.changeIndex } : null),
        reach: ({ count, above, below }) => [0, ...above.starts, ...below.starts].map((at, i) => (i === 0 ? 0 : count - at)),
        shows: { statistic: ({ statistic }) => statistic },
      });
    case 'bocpd': {
      const above = spec.params.alarm?.above ?? NaN;
      return watching(bocpd(spec.params), {
        sighting: ({ alarm, recentChange, recentRunLength }) => (alarm ? { side: null, statistic: recentChange, threshold: above, back: Math.max(recentRunLength, 1) } : null),
        reach: ({ runs }) => [0, ...runs.length],
        shows: { 'chance of a recent change': ({ recentChange }) => recentChange },
      });
    }
    case 'host':
      return watching<PiRegimeState, PiRegimeStep>(piRegime(spec.params), { sighting: (out) => regimeSighting(out, spec.params), reach: () => [], shows: { 'chance of a change': ({ snapshot }) => snapshot.bocpdCpProb } });
  }
}
