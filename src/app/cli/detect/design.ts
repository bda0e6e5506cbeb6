import { InputError } from '../../../errors.js';
import { PI_REGIME_TIERS } from '../../../risk/pi/regime.js';
import { designCusum } from '../../../risk/regime/cusum-design.js';
import { short } from '../calibrate/page.js';
import { bocpdDesign } from './bocpd.js';
import { cusumDesign } from './cusum.js';
import { eDesign } from './e-detector.js';
import { glrDesign } from './glr.js';
import type { Designed, Sample, WatchRefusal } from './promise.js';
import type { DetectSettings, DetectorName } from './settings.js';

type Maker = (settings: DetectSettings, sample: Sample | null) => Designed;

const MAKERS: Readonly<Record<DetectorName, Maker>> = {
  cusum: cusumDesign,
  'self-starting': selfStartingDesign,
  'e-sr': eDesign,
  'e-cusum': eDesign,
  glr: glrDesign,
  bocpd: bocpdDesign,
  host: hostDesign,
};

/**
 * Designs the watch of a stream.
 *
 * @param sample - approved observations; null where parameters are given or none are needed
 * @returns the design, with every number finite, or why there is none
 * @throws {@link InputError} BAD_PARAM for a target or change that no design can meet
 */
export function designWatch(settings: DetectSettings, sample: Sample | null): Designed {
  const constant = sample === null ? null : constantRefusal(settings, sample);
  if (constant !== null) return { refusal: constant };
  try {
    // Through JSON, so that a design read from a saved state is the same to the bit.
    return JSON.parse(JSON.stringify(MAKERS[settings.detector](settings, sample))) as Designed;
  } catch (error) {
    if (sample !== null && error instanceof InputError && error.code === 'TOO_FEW') return { refusal: { code: 'TOO_FEW', reason: error.message, n: sample.values.length, needed: null } };
    throw error;
  }
}

/** No scale can be learned from equal values. */
function constantRefusal({ family, detector }: DetectSettings, { values }: Sample): WatchRefusal | null {
  const [first] = values;
  if (first === undefined || values.length < 2 || values.some((x) => x !== first)) return null;
  const scaleless = family === 'gaussian' || (family === 'exponential' && first === 0) || (detector === 'bocpd' && family !== 'bernoulli');
  if (!scaleless) return null;
  return { code: 'CONSTANT_BASELINE', reason: `the approved observations do not vary: all ${String(values.length)} are ${String(first)}, which gives no scale`, n: values.length, needed: null };
}

function selfStartingDesign({ change, sides, target, afterAlarm }: DetectSettings): Designed {
  const shift = change ?? 1;
  const family = { kind: 'gaussian', mean: 0, sd: 1, shift } as const;
  const known = designCusum({ family, sides, target, changes: [shift] });
  return {
    design: {
      family: 'gaussian',
      transform: 'none',
      approvedMean: null,
      spec: { detector: 'self-starting', params: { shift, threshold: known.threshold.up, afterAlarm: afterAlarm === 'latch' ? 'latch' : 'reset' } },
      promise: {
        watches: `Gaussian values of unknown mean and sd, for a shift of ${short(shift)} sd`,
        origin: 'none: each observation is scored against those before it',
        m: null,
        threshold: { value: known.threshold.up, down: null, unit: 'sd', how: known.how },
        arl0: { value: known.arl0, how: known.arl0How },
        conditional: null,
        alarmWithin: known.alarmWithin.map(({ n, probability, how }) => ({ n, value: probability, how })),
        delays: [],
        guarantee: `mean time to a false alarm ${short(known.arl0)} observations, from the third on`,
        assumes: 'independent Gaussian observations of one mean and sd until a change',
        notes: ['A change that comes soon is partly learned as normal: with a baseline it would be found sooner.'],
      },
    },
  };
}

function hostDesign({ tier }: DetectSettings): Designed {
  const params = PI_REGIME_TIERS[tier];
  return {
    design: {
      family: null,
      transform: 'none',
      approvedMean: null,
      spec: { detector: 'host', params },
      promise: {
        watches: `intervals in milliseconds, as the host does in its tier ${tier}`,
        origin: 'none: the host learns from the first intervals',
        m: null,
        threshold: { value: params.cusum.h, down: null, unit: 'of its own', how: "the host's constant" },
        arl0: null,
        conditional: null,
        alarmWithin: [],
        delays: [],
        guarantee: null,
        assumes: "nothing that could be checked: this is the host's own detector, for seeing what it saw",
        notes: [],
      },
    },
  };
}
