import type { CusumFamily } from '../../../risk/regime/cusum-family.js';
import { designCusum, type CusumDesign } from '../../../risk/regime/cusum-design.js';
import { designCusumFromBaseline, type BaselineCusum } from '../../../risk/regime/baseline-cusum.js';
import { sampleNotes } from './notes.js';
import { numbersOf, type DetectSettings, type FamilyName, type Given } from './settings.js';
import { transformOf, type Designed, type Sample, type WatchPromise } from './promise.js';
import { short } from '../calibrate/page.js';

/** A family of the library's, in words. */
function familyWords(family: CusumFamily, sides: DetectSettings['sides']): string {
  const way = { up: 'up', down: 'down', both: 'either way' }[sides];
  const times = { up: 'as high', down: 'as low', both: 'as high or as low' }[sides];
  switch (family.kind) {
    case 'gaussian':
      return `Gaussian, mean ${short(family.mean)}, sd ${short(family.sd)}, for a shift of ${short(family.shift)} sd ${way}`;
    case 'exponential':
      return `exponential waits, mean ${short(family.mean)}, for a rate ${short(family.rateRatio)} times ${times}`;
    case 'poisson':
      return `Poisson counts, mean ${short(family.mean)}, for a mean ${short(family.rateRatio)} times ${times}`;
    case 'bernoulli': {
      const [up, down] = [short(family.p1), short(family.pDown ?? NaN)];
      return `0 or 1, chance ${short(family.p0)} of 1, for a chance of ${{ up, down, both: `${up} or ${down}` }[sides]}`;
    }
  }
}

/** The parameters said on the command line, as the library's family. */
function givenFamily({ family, change }: DetectSettings, learning: Given): CusumFamily {
  const { mean, sd, p0 } = numbersOf(learning);
  switch (family) {
    case 'exponential':
    case 'poisson':
      return { kind: family, mean, rateRatio: change ?? 2 };
    case 'bernoulli':
      return { kind: family, p0, ...chances(p0, change ?? Math.min(2 * p0, (1 + p0) / 2)) };
    default:
      return { kind: 'gaussian', mean, sd, shift: change ?? 1 };
  }
}

/** Chances after a change each way: one was named, the other is as many times smaller or larger. */
function chances(p0: number, after: number): { readonly p1: number; readonly pDown: number } {
  return after >= p0 ? { p1: after, pDown: (p0 * p0) / after } : { p1: Math.min((p0 * p0) / after, (1 + p0) / 2), pDown: after };
}

/** The approved mean of a family. */
function meanOf(family: CusumFamily): number {
  return family.kind === 'bernoulli' ? family.p0 : family.mean;
}

const unitOf = (kind: FamilyName): string => (kind === 'gaussian' ? 'sd' : 'nats');

/** What a design with known parameters says of its alarms. */
function figuresOf({ arl0, arl0How, alarmWithin, delays }: CusumDesign): Pick<WatchPromise, 'arl0' | 'alarmWithin' | 'delays'> {
  return {
    arl0: { value: arl0, how: arl0How },
    alarmWithin: alarmWithin.map(({ n, probability, how }) => ({ n, value: probability, how })),
    delays: delays.map(({ side, change, mean, median }) => ({ side, change, mean, median })),
  };
}

/** The change designed for alone. */
function changesOf(family: CusumFamily): { readonly changes?: readonly number[] } {
  if (family.kind === 'bernoulli') return {};
  return { changes: [family.kind === 'gaussian' ? family.shift : family.rateRatio] };
}

function knownDesign(settings: DetectSettings, given: Given): Designed {
  const { sides, target, afterAlarm } = settings;
  const family = givenFamily(settings, given);
  const within = 'within' in target ? { within: [...new Set([100, 1000, target.within])] } : {};
  const known = designCusum({ family, sides, target, ...changesOf(family), ...within, ...(afterAlarm === 'head-start' ? { headStart: 0.5 } : {}) });
  return {
    design: {
      family: settings.family,
      transform: transformOf(settings),
      approvedMean: meanOf(family),
      spec: { detector: 'cusum', params: { family, sides, threshold: known.threshold, afterAlarm, headStart: known.headStart } },
      promise: {
        watches: familyWords(family, sides),
        origin: 'given on the command line',
        m: null,
        threshold: { value: sides === 'down' ? known.threshold.down : known.threshold.up, down: sides === 'both' ? known.threshold.down : null, unit: unitOf(settings.family), how: known.how },
        ...figuresOf(known),
        conditional: null,
        guarantee: 'arl0' in target
          ? `mean time to a false alarm ${known.arl0How === 'exact' ? '' : 'at least '}${short(known.arl0)} observations`
          : `chance of a false alarm within ${String(target.within)} observations at most ${short(target.probability)}`,
        assumes: known.assumes,
        notes: [],
      },
    },
  };
}

/** A Bernoulli change is named as a chance; the design from a baseline takes a factor. */
function factorOf({ family, change, sides }: DetectSettings, values: readonly number[]): { readonly change?: number } {
  if (change === null) return {};
  if (family !== 'bernoulli') return { change };
  const share = values.reduce((sum, x) => sum + x, 0) / values.length;
  return share > 0 ? { change: sides === 'down' || change < share ? share / change : change / share } : {};
}

function baselinePromise(settings: DetectSettings, sample: Sample, found: BaselineCusum): WatchPromise {
  const { sides, threshold, known, conditional, guarantee, assumes, m, delay, plainDelay } = found;
  const truth = found.atLimit ? 'at that limit' : 'if the estimates were the truth';
  return {
    watches: familyWords(found.family, sides),
    origin: sample.origin,
    m,
    threshold: { value: sides === 'down' ? threshold.down : threshold.up, down: sides === 'both' ? threshold.down : null, unit: unitOf(settings.family), how: `${known.how}, for estimated parameters` },
    ...figuresOf(known),
    arl0: { value: known.arl0, how: `${known.arl0How}, ${truth}` },
    alarmWithin: known.alarmWithin.map(({ n, probability, how }) => ({ n, value: probability, how: `${how}, ${truth}` })),
    conditional,
    guarantee,
    assumes,
    notes: [
      ...(plainDelay > 0 && delay > 1.01 * plainDelay ? [`Not knowing the parameters costs delay: ${short(delay, 3)} observations instead of ${short(plainDelay, 3)}; more approved observations bring it down.`] : []),
      ...sampleNotes(settings, sample),
    ],
  };
}

/** Designs a CUSUM. */
export function cusumDesign(settings: DetectSettings, sample: Sample | null): Designed {
  const { learning, sides, target, level, family: kind } = settings;
  if (sample === null || kind === 'bounded') return knownDesign(settings, learning as Given);
  const found = designCusumFromBaseline(sample.values, { kind, sides, target, level, ...factorOf(settings, sample.values) });
  if (found.refused) return { refusal: { code: 'TOO_FEW', reason: found.reason, n: sample.values.length, needed: found.needed } };
  const { family, threshold } = found;
  return {
    design: {
      family: kind,
      transform: transformOf(settings),
      approvedMean: meanOf(family),
      ...(found.atLimit ? { atMost: true } : {}),
      spec: { detector: 'cusum', params: { family, sides, threshold, afterAlarm: settings.afterAlarm } },
      promise: baselinePromise(settings, sample, found),
    },
  };
}
