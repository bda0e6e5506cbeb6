import type { DetectSettings, DetectorName, FamilyName } from './detect-settings.js';
import type { BocpdParams } from '../../risk/regime/bocpd.js';
import type { CusumParams } from '../../risk/regime/cusum.js';
import type { EDetectorParams } from '../../risk/regime/e-detector.js';
import type { FocusParams } from '../../risk/regime/focus.js';
import type { SelfStartingParams } from '../../risk/regime/self-starting.js';
import { PI_REGIME_TIERS, type PiRegimeParams } from '../../risk/pi/regime.js';
import { designCusum } from '../../risk/regime/cusum-design.js';
import { InputError } from '../../errors.js';
import { bocpdDesign } from './detect-bocpd.js';
import { cusumDesign } from './detect-cusum.js';
import { eDesign } from './detect-e.js';
import { glrDesign } from './detect-glr.js';
import { short } from './calibrate-page.js';

/** A detector as a value that JSON can hold. */
export type WatchSpec =
  | { readonly detector: 'cusum'; readonly params: CusumParams }
  | { readonly detector: 'self-starting'; readonly params: SelfStartingParams }
  | { readonly detector: 'e-sr' | 'e-cusum'; readonly params: EDetectorParams }
  | { readonly detector: 'glr'; readonly params: FocusParams }
  | { readonly detector: 'bocpd'; readonly params: BocpdParams }
  | { readonly detector: 'host'; readonly params: PiRegimeParams };

/** A figure with how it is known. Null: beyond what can be computed. */
export interface Promised {
  readonly value: number | null;
  readonly how: string;
}

/** What is promised of a watch, and on what grounds. */
export interface WatchPromise {
  /** The law, its parameters and the change looked for, in words. */
  readonly watches: string;
  /** Where the parameters come from, in words. */
  readonly origin: string;
  /** Approved observations they were estimated from; null where they were given. */
  readonly m: number | null;
  readonly threshold: { readonly value: number; readonly down: number | null; readonly unit: string; readonly how: string };
  /** Mean observations to a false alarm; null where nothing is promised. */
  readonly arl0: Promised | null;
  /** 90 % limits of that mean, the parameters being estimated; a null limit is beyond 1e11. */
  readonly conditional: { readonly lower: number | null; readonly upper: number | null } | null;
  readonly alarmWithin: readonly (Promised & { readonly n: number })[];
  /** For the change designed for. */
  readonly delays: readonly { readonly side: string; readonly change: number; readonly mean: number; readonly median: number }[];
  /** The promise in one sentence; null where there is none. */
  readonly guarantee: string | null;
  readonly assumes: string;
  readonly notes: readonly string[];
}

/** A detector with its promise. Plain JSON. */
export interface WatchDesign {
  readonly family: FamilyName | null;
  /** What is done to each figure first. */
  readonly transform: 'none' | 'ln(1 + x)';
  /** The approved mean of the transformed figures; null where none is known. */
  readonly approvedMean: number | null;
  readonly spec: WatchSpec;
  readonly promise: WatchPromise;
}

/** Why a stream cannot be watched. */
export interface WatchRefusal {
  readonly code: 'TOO_FEW' | 'CONSTANT_BASELINE' | 'NO_BASELINE' | 'STILL_LEARNING' | 'BAD_PARAM';
  readonly reason: string;
  /** Approved observations at hand. */
  readonly n: number;
  /** About how many would do; null where no number does. */
  readonly needed: number | null;
}

/** Approved observations, transformed, and where they come from. */
export interface Sample {
  readonly values: readonly number[];
  readonly origin: string;
  /** Whether their order is that in which they were observed. */
  readonly ordered: boolean;
}

/** A design, or why there is none. */
export type Designed = { readonly design: WatchDesign } | { readonly refusal: WatchRefusal };

/** Latencies are skewed and change by factors: their logarithms are close to Gaussian; one is added for those of 0 ms. */
export function transformOf({ stream, family }: Pick<DetectSettings, 'stream' | 'family'>): WatchDesign['transform'] {
  return stream === 'latency' && family === 'gaussian' ? 'ln(1 + x)' : 'none';
}

/** Applies a design's transform. */
export function transformed(transform: WatchDesign['transform'], x: number): number {
  return transform === 'none' ? x : Math.log1p(x);
}

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
