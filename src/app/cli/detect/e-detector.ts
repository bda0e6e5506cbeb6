import { InputError } from '../../../errors.js';
import { designEDetector } from '../../../risk/regime/e-detector-design.js';
import type { EValueFamily } from '../../../risk/regime/e-values.js';
import { clopperPearson } from '../../../stats/binomial.js';
import { gammaQuantile, gammaQuantileUpper } from '../../../stats/gamma-inc.js';
import { studentTQuantile } from '../../../stats/student-t.js';
import { short } from '../calibrate/page.js';
import { transformOf, type Designed, type Sample, type WatchPromise, type WatchRefusal } from './promise.js';
import { sampleNotes } from './notes.js';
import { numbersOf, type DetectSettings, type Given } from './settings.js';

/** Parameters that no null law is worse than. */
interface Null {
  readonly mean: number;
  readonly sd: number;
}

/** Fewest approved observations for a limit that says anything. */
const FEWEST = 5;

/**
 * The confidence limit of the parameters on the side that is watched: with the limit for the truth, every e-value keeps a mean
 * of at most 1 if the limit holds, so the promise holds with the limit's confidence over baselines.
 */
function limitOf({ family, sides, level }: DetectSettings, values: readonly number[]): Null {
  const m = values.length;
  const sum = values.reduce((total, x) => total + x, 0);
  const mean = sum / m;
  const up = sides === 'up';
  switch (family) {
    case 'exponential':
      // A higher rate is a shorter mean.
      return { mean: sum / (up ? gammaQuantile(m, level) : gammaQuantileUpper(m, level)), sd: NaN };
    case 'poisson':
      return { mean: (up ? gammaQuantile(sum + 1, level) : gammaQuantileUpper(sum, level)) / m, sd: NaN };
    case 'bernoulli':
      return { mean: up ? clopperPearson(sum, m, level, 'upper').upper : clopperPearson(sum, m, level, 'lower').lower, sd: NaN };
    case 'bounded': {
      // Hoeffding (1963): for values in [0, 1] of any law.
      const slack = Math.sqrt(-Math.log(1 - level) / (2 * m));
      return { mean: up ? Math.min(mean + slack, 1) : Math.max(mean - slack, 0), sd: NaN };
    }
    case 'gaussian': {
      const each = (1 + level) / 2;
      const squares = values.reduce((total, x) => total + (x - mean) ** 2, 0);
      const slack = studentTQuantile(each, m - 1) * Math.sqrt(squares / (m - 1) / m);
      // Half of the error for the mean, half for the standard deviation: Bonferroni.
      return { mean: up ? mean + slack : mean - slack, sd: Math.sqrt(squares / (2 * gammaQuantile((m - 1) / 2, 1 - each))) };
    }
  }
}

function given(learning: Given): Null {
  const { mean, sd, p0 } = numbersOf(learning);
  return { mean: learning.p0 === null ? mean : p0, sd };
}

/** Each value on the sides watched: as it is upwards, turned round downwards. */
function sided(values: readonly number[], sides: DetectSettings['sides'], turn: (x: number) => number): number[] {
  return [...(sides === 'down' ? [] : values), ...(sides === 'up' ? [] : values.map(turn))];
}

/** Alternatives at half, once and twice the change (on the scale of its family), so that none of about that size is missed. */
function familyOf({ family, sides, change }: DetectSettings, { mean, sd }: Null): EValueFamily {
  const ratios = (ratio: number): number[] => sided([Math.sqrt(ratio), ratio, ratio * ratio], sides, (x) => 1 / x);
  switch (family) {
    case 'gaussian': {
      const shift = change ?? 1;
      return { kind: family, mean, sd, shifts: sided([shift / 2, shift, 2 * shift], sides, (x) => -x) };
    }
    case 'exponential':
    case 'poisson':
      return { kind: family, mean, rateRatios: ratios(change ?? 2) };
    case 'bernoulli': {
      const ratio = change === null ? 2 : Math.max(change / mean, mean / change);
      const after = ratios(ratio).map((x) => (x > 1 ? Math.min(x * mean, (1 + mean) / 2) : x * mean));
      return { kind: family, p0: mean, alternatives: [...new Set(after)] };
    }
    case 'bounded':
      return { kind: family, mean, bets: sides === 'up' ? [0.1, 0.25, 0.5].map((x) => x / mean) : [0.1, 0.25, 0.5].map((x) => -x / (1 - mean)) };
  }
}

function words({ family, sides }: DetectSettings, { mean, sd }: Null, estimated: boolean): string {
  const limit = estimated ? `${sides === 'up' === (family !== 'exponential') ? 'at most' : 'at least'} ` : '';
  const way = sides === 'both' ? 'either way' : sides;
  switch (family) {
    case 'gaussian':
      return `Gaussian, mean ${limit}${short(mean)}, sd ${estimated ? 'at most ' : ''}${short(sd)}, for shifts ${way}`;
    case 'exponential':
      return `exponential waits, mean ${limit}${short(mean)}, for rates ${way}`;
    case 'poisson':
      return `Poisson counts, mean ${limit}${short(mean)}, for means ${way}`;
    case 'bernoulli':
      return `0 or 1, chance ${limit}${short(mean)} of 1, for chances ${way}`;
    case 'bounded':
      return `values in [0, 1] of any law, mean ${limit}${short(mean)}, for means ${way}`;
  }
}

function originOf({ level }: DetectSettings, { origin }: Sample): string {
  return `${short(100 * level)} % confidence limit from ${origin}`;
}

function assumption({ family }: DetectSettings, sample: Sample | null): string {
  const limit = sample === null ? '' : ', and the approved ones independent';
  return family === 'bounded' ? `each value in [0, 1], its mean given the past as approved until a change${limit}` : `observations of the family, each given the past, until a change${limit}`;
}

/** Why approved observations leave nothing to stand on; null where they do. */
function refusalOf({ family }: DetectSettings, values: readonly number[], { mean }: Null): WatchRefusal | null {
  const n = values.length;
  if (n < FEWEST) return { code: 'TOO_FEW', reason: `limits of the parameters need at least ${String(FEWEST)} approved observations, got ${String(n)}`, n, needed: FEWEST };
  if ((family === 'bernoulli' || family === 'bounded') && !(mean > 0 && mean < 1)) {
    return { code: 'TOO_FEW', reason: `the ${String(n)} approved observations leave every mean up to ${String(mean)} possible, so that there is nothing to alarm at`, n, needed: 4 * n };
  }
  return null;
}

/** Limits of the parameters, or why there are none. */
function learned(settings: DetectSettings, values: readonly number[]): { readonly nothing: Null } | { readonly refusal: WatchRefusal } {
  if (settings.family === 'bounded') checkUnit(values);
  const nothing = values.length < FEWEST ? { mean: NaN, sd: NaN } : limitOf(settings, values);
  const refusal = refusalOf(settings, values, nothing);
  return refusal === null ? { nothing } : { refusal };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function promiseOf(settings: DetectSettings, nothing: Null, sample: Sample | null): WatchPromise {
  const { threshold, how, arl0AtLeast, alarmWithin: { n, atMost } } = designEDetector(settings.target);
  const held = sample === null ? '' : `with probability at least ${short(settings.level)} over baselines, `;
  const chance = atMost < 1 ? `, and chance of one within ${String(n)} at most ${short(atMost)}` : '';
  return {
    watches: words(settings, nothing, sample !== null),
    origin: sample === null ? 'given on the command line' : originOf(settings, sample),
    m: sample === null ? null : sample.values.length,
    threshold: { value: threshold, down: null, unit: 'average evidence', how },
    arl0: { value: arl0AtLeast, how: 'at least' },
    conditional: null,
    alarmWithin: atMost < 1 ? [{ n, value: atMost, how: 'at most' }] : [],
    delays: [],
    guarantee: `${held}mean time to a false alarm at least ${short(arl0AtLeast)} observations${chance}`,
    assumes: assumption(settings, sample),
    // Bounded values may be of any law; the others are as far from theirs as a CUSUM's.
    notes: sample === null || settings.family === 'bounded' ? [] : sampleNotes(settings, sample),
  };
}

/** Designs a mixture e-detector. */
export function eDesign(settings: DetectSettings, sample: Sample | null): Designed {
  const { target, afterAlarm, family } = settings;
  const cusum = settings.detector === 'e-cusum';
  const found = sample === null ? { nothing: given(settings.learning as Given) } : learned(settings, sample.values);
  if ('refusal' in found) return found;
  const { nothing } = found;
  const { alpha } = designEDetector(target);
  return {
    design: {
      family,
      transform: transformOf(settings),
      approvedMean: sample === null ? nothing.mean : meanOf(sample.values),
      spec: { detector: cusum ? 'e-cusum' : 'e-sr', params: { family: familyOf(settings, nothing), alpha, form: cusum ? 'cusum' : 'sr', afterAlarm: afterAlarm === 'latch' ? 'latch' : 'reset' } },
      promise: promiseOf(settings, nothing, sample),
    },
  };
}

function checkUnit(values: readonly number[]): void {
  const at = values.findIndex((x) => !(x >= 0 && x <= 1));
  if (at >= 0) throw new InputError('NUMBER_OUT_OF_RANGE', `approved observation ${String(at)} must be in [0, 1] for --family bounded, got ${String(values[at])}`);
}
