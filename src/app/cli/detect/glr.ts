import { designFocus, type FocusDesign } from '../../../risk/regime/focus-design.js';
import type { GlrFamily } from '../../../risk/regime/glr.js';
import { short } from '../calibrate/page.js';
import { transformOf, type Designed, type Sample, type WatchPromise, type WatchRefusal } from './promise.js';
import { sampleNotes } from './notes.js';
import { numbersOf, type DetectSettings, type Given } from './settings.js';

const FEWEST = 5;

function estimate({ family }: DetectSettings, values: readonly number[]): GlrFamily {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  if (family === 'bernoulli') return { kind: family, p0: mean };
  if (family === 'exponential' || family === 'poisson') return { kind: family, mean };
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { kind: 'gaussian', mean, sd: Math.sqrt(squares / (values.length - 1)) };
}

function given({ family }: DetectSettings, learning: Given): GlrFamily {
  const { mean, sd, p0 } = numbersOf(learning);
  if (family === 'bernoulli') return { kind: family, p0 };
  if (family === 'exponential' || family === 'poisson') return { kind: family, mean };
  return { kind: 'gaussian', mean, sd };
}

function words(family: GlrFamily): string {
  switch (family.kind) {
    case 'gaussian':
      return `Gaussian, mean ${short(family.mean ?? NaN)}, sd ${short(family.sd)}, for a shift of any size`;
    case 'exponential':
      return `exponential waits, mean ${short(family.mean)}, for a rate of any size`;
    case 'poisson':
      return `Poisson counts, mean ${short(family.mean)}, for a mean of any size`;
    case 'bernoulli':
      return `0 or 1, chance ${short(family.p0)} of 1, for any other chance`;
  }
}

function promiseOf(family: GlrFamily, design: FocusDesign, sample: Sample | null, notes: readonly string[]): WatchPromise {
  const { arl0, alarmWithin, seed, repetitions } = design;
  const simulated = (error: number): string => `simulated, standard error ${short(error, 2)}`;
  const promised = arl0 === null
    ? `chance of a false alarm within ${String(alarmWithin.n)} observations ${short(alarmWithin.estimate)} (standard error ${short(alarmWithin.standardError, 2)})`
    : `mean time to a false alarm ${short(arl0.estimate)} observations (standard error ${short(arl0.standardError, 2)})`;
  return {
    watches: words(family),
    origin: sample === null ? 'given on the command line' : sample.origin,
    m: sample === null ? null : sample.values.length,
    threshold: { value: design.threshold, down: null, unit: 'nats', how: `simulated: ${String(repetitions)} streams from seed ${String(seed)}` },
    arl0: arl0 === null ? null : { value: arl0.estimate, how: simulated(arl0.standardError) },
    conditional: null,
    alarmWithin: [{ n: alarmWithin.n, value: alarmWithin.estimate, how: simulated(alarmWithin.standardError) }],
    delays: [],
    guarantee: sample === null ? promised : null,
    assumes: `independent observations of the family${sample === null ? '' : ', whose parameters are as estimated'}`,
    notes: sample === null ? notes : ['The parameters are estimated and nothing allows for that: the figures hold only if the estimates are the truth. CUSUM and e-SR promise more.', ...notes],
  };
}

/** Chance or mean of such families is part of the law; the others are simulated in standard units, the same for all. */
function standard(family: GlrFamily): GlrFamily {
  if (family.kind === 'gaussian') return { ...family, mean: 0, sd: 1 };
  return family.kind === 'exponential' ? { ...family, mean: 1 } : family;
}

/** Simulated thresholds, so that streams of one law share one simulation. */
const simulated = new Map<string, FocusDesign>();

function designed(family: GlrFamily, { target, sides, seed }: DetectSettings): FocusDesign {
  const params = { family: standard(family), target, sides, seed };
  const key = JSON.stringify(params);
  const known = simulated.get(key) ?? designFocus(params);
  simulated.set(key, known);
  return known;
}

function meanOf(family: GlrFamily): number {
  return family.kind === 'bernoulli' ? family.p0 : (family.mean ?? NaN);
}

/** Why approved observations leave nothing to stand on; null where they do. */
function refusalOf(family: GlrFamily, n: number): WatchRefusal | null {
  if (n < FEWEST) return { code: 'TOO_FEW', reason: `an estimate needs at least ${String(FEWEST)} approved observations, got ${String(n)}`, n, needed: FEWEST };
  const mean = meanOf(family);
  const impossible = family.kind !== 'gaussian' && (mean === 0 || (family.kind === 'bernoulli' && mean === 1));
  return impossible ? { code: 'TOO_FEW', reason: `the ${String(n)} approved observations are all ${String(mean)}, so that any other would be impossible: approve more, or give the parameter outright`, n, needed: 2 * n } : null;
}

/** Designs a GLR detector for a change of unknown size. */
export function glrDesign(settings: DetectSettings, sample: Sample | null): Designed {
  const family = sample === null ? given(settings, settings.learning as Given) : estimate(settings, sample.values);
  const refusal = sample === null ? null : refusalOf(family, sample.values.length);
  if (refusal !== null) return { refusal };
  const design = designed(family, settings);
  return {
    design: {
      family: settings.family,
      transform: transformOf(settings),
      approvedMean: meanOf(family),
      spec: { detector: 'glr', params: { family, threshold: design.threshold, sides: settings.sides, afterAlarm: settings.afterAlarm === 'latch' ? 'latch' : 'reset' } },
      promise: promiseOf(family, design, sample, sample === null ? [] : sampleNotes(settings, sample)),
    },
  };
}
