import {
  conjugateDefault, cusum, designCusum, designEDetector, designFocus, eDetector, eProcess, focus, PI_REGIME_TIERS, piRegime, runBocpd, runCusum, selfStartingCusum,
  type CusumFamily, type Detector, type EDetectorTarget, type EValueFamily, type GlrFamily, type Json, type PerSide,
} from '../../src/index.js';
import type { Shape } from './detectors-shapes.js';

/** A promised figure: the value that is to be met, or a bound, with the error of the promise itself. */
export interface Promised {
  readonly value: number;
  readonly how: 'equal' | 'at least' | 'at most';
  readonly error: number;
  /** What else the value may be above or below by: the bracket of a rounded lattice. */
  readonly slack: number;
}

/** A detector tried on streams. */
export interface Watch {
  readonly name: string;
  readonly threshold: number | null;
  readonly arl0: Promised | null;
  /** Of an alarm within 1000 observations. */
  readonly chance: Promised | null;
  /** Indices of alarms, begun afresh after each. */
  readonly alarms: (xs: Float64Array) => readonly number[];
  /** Only the first alarm is wanted: an index, or null. */
  readonly first: (xs: Float64Array) => number | null;
}

const TARGET = 1000;
const promised = (how: Promised['how'], value: number, error = 0, slack = 0): Promised => ({ value, how, error, slack });
const indices = (alarms: readonly { readonly index: number }[]): number[] => alarms.map(({ index }) => index);

/** A CUSUM with a threshold of its own, which promises nothing here. */
export function cusumWatch(family: CusumFamily, sides: Shape['sides'], threshold: PerSide): Watch {
  const [watch, once] = [cusum({ family, sides, threshold }), cusum({ family, sides, threshold, afterAlarm: 'latch' })];
  return {
    name: 'CUSUM',
    threshold: typeof threshold === 'number' ? threshold : threshold.up,
    arl0: null,
    chance: null,
    alarms: (xs) => indices(runCusum(watch, xs).alarms),
    first: (xs) => runCusum(once, xs).alarms[0]?.index ?? null,
  };
}

/** The CUSUM designed for known parameters. */
export function knownCusum({ family, sides }: Shape): Watch {
  const { threshold, arl0, arl0Bracket, arl0How, alarmWithin } = designCusum({ family, sides, target: { arl0: TARGET }, changes: [], within: [1000] });
  const [chance, exact] = [alarmWithin[0], arl0How === 'exact'];
  return {
    ...cusumWatch(family, sides, threshold),
    arl0: promised(exact ? 'equal' : 'at least', arl0, 0, arl0Bracket.upper - arl0Bracket.lower),
    chance: promised(chance?.how === 'exact' ? 'equal' : 'at most', chance?.probability ?? NaN),
  };
}

/** Alternatives round the doubling (Gaussian: shifts both ways) that a mixture listens for. */
function alternativesOf(family: CusumFamily): EValueFamily {
  switch (family.kind) {
    case 'gaussian':
      return { kind: 'gaussian', mean: family.mean, sd: family.sd, shifts: [-2, -1, 1, 2] };
    case 'bernoulli':
      return { kind: 'bernoulli', p0: family.p0, alternatives: [1.5 * family.p0, 2 * family.p0, 3 * family.p0] };
    default:
      return { kind: family.kind, mean: family.mean, rateRatios: [1.5, 2, 3] };
  }
}

/** A mixture e-detector. */
export function eWatch(family: CusumFamily, form: 'sr' | 'cusum', target: EDetectorTarget = { arl0: TARGET }): Watch {
  const { alpha, threshold, arl0AtLeast, alarmWithin } = designEDetector(target, 1000);
  const params = { family: alternativesOf(family), alpha, form };
  const [watch, once] = [eDetector(params), eDetector({ ...params, afterAlarm: 'latch' })];
  return {
    name: `mixture e-${form.toUpperCase()}${'within' in target ? `, ${String(100 * target.probability)} %` : ''}`,
    threshold,
    arl0: promised('at least', arl0AtLeast),
    chance: promised('at most', alarmWithin.atMost),
    alarms: (xs) => indices(watch.bulk(xs).alarms),
    first: (xs) => once.bulk(xs).alarms[0]?.index ?? null,
  };
}

/** The first alarm of a detector, step by step. */
function stepped<S extends Json, Y>(detector: Detector<number, S, Y> | Detector<number | 'recover', S, Y>, alarmed: (out: Y) => boolean): (xs: Float64Array) => number | null {
  return (xs) => {
    let state = detector.init();
    for (let i = 0; i < xs.length; i += 1) {
      const { state: next, out } = detector.step(state, xs[i] as number);
      if (alarmed(out)) return i;
      state = next;
    }
    return null;
  };
}

/** The e-process that is never restarted, with 5 % for streams of any length. */
export function villeWatch({ family }: Shape): Watch {
  const first = stepped(eProcess({ family: alternativesOf(family), alpha: 0.05 }), ({ alarmIndex }) => alarmIndex !== null);
  return { name: 'e-process, 5 %', threshold: 20, arl0: null, chance: promised('at most', 0.05), alarms: () => [], first };
}

/** The GLR detector with its simulated threshold. */
export function glrWatch({ family: f, sides }: Shape, seed: number, repetitions: number): Watch {
  const family: GlrFamily = f.kind === 'gaussian' ? { kind: f.kind, mean: f.mean, sd: f.sd } : f.kind === 'bernoulli' ? { kind: f.kind, p0: f.p0 } : { kind: f.kind, mean: f.mean };
  const { threshold, arl0, alarmWithin } = designFocus({ family, target: { arl0: TARGET }, sides, seed, repetitions });
  const [watch, once] = [focus({ family, threshold, sides }), focus({ family, threshold, sides, afterAlarm: 'latch' })];
  return {
    name: `GLR (seed ${String(seed)})`,
    threshold,
    arl0: promised('equal', arl0?.estimate ?? NaN, arl0?.standardError),
    chance: promised('equal', alarmWithin.estimate, alarmWithin.standardError),
    alarms: (xs) => indices(watch.bulk(xs).alarms),
    first: (xs) => once.bulk(xs).alarms[0]?.index ?? null,
  };
}

/** The self-starting CUSUM: the threshold for known parameters, from the third observation on. */
export function selfStartingWatch(): Watch {
  const { threshold, arl0, alarmWithin } = designCusum({ family: { kind: 'gaussian', mean: 0, sd: 1, shift: 1 }, target: { arl0: TARGET }, within: [998], changes: [] });
  const detector = selfStartingCusum({ shift: 1, threshold: threshold.up });
  return {
    name: 'self-starting',
    threshold: threshold.up,
    arl0: promised('equal', arl0),
    chance: promised('equal', alarmWithin[0]?.probability ?? NaN),
    alarms: (xs) => {
      const found: number[] = [];
      let state = detector.init();
      for (let i = 0; i < xs.length; i += 1) {
        const { state: next, out } = detector.step(state, xs[i] as number);
        state = next;
        if (out.alarm !== null) found.push(i);
      }
      return found;
    },
    first: stepped(detector, ({ alarm }) => alarm !== null),
  };
}

/** BOCPD with the prior that a baseline gives. */
export function bocpdWatch({ model: kind, window }: Shape, baseline: Float64Array): Watch {
  const model = conjugateDefault(kind, baseline);
  if (!('model' in model)) throw new Error(model.reason);
  const params = { model, hazard: { type: 'constant', lambda: 1000 }, alarm: { window, above: 0.5, then: 'continue' } } as const;
  const first = (xs: Float64Array): number | null => {
    const at = runBocpd(params, xs).alarm.indexOf(1);
    return at < 0 ? null : at;
  };
  return { name: `BOCPD, P(r <= ${String(window)}) > 0.5`, threshold: null, arl0: null, chance: null, alarms: () => [], first };
}

/** The host's own detector, balanced tier. */
export function hostWatch(): Watch {
  const first = stepped(piRegime(PI_REGIME_TIERS.balanced), ({ cusumAlarm, bocpdAlarm }) => cusumAlarm || bocpdAlarm);
  return { name: "the host's, balanced", threshold: null, arl0: null, chance: null, alarms: () => [], first };
}
