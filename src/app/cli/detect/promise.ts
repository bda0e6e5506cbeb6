import type { PiRegimeParams } from '../../../risk/pi/regime.js';
import type { BocpdParams } from '../../../risk/regime/bocpd.js';
import type { CusumParams } from '../../../risk/regime/cusum.js';
import type { EDetectorParams } from '../../../risk/regime/e-detector.js';
import type { FocusParams } from '../../../risk/regime/focus.js';
import type { SelfStartingParams } from '../../../risk/regime/self-starting.js';
import type { DetectSettings, FamilyName } from './settings.js';

/** A detector as a value that JSON can hold. */
export type WatchSpec =
  | { readonly detector: 'cusum'; readonly params: CusumParams }
  | { readonly detector: 'self-starting'; readonly params: SelfStartingParams }
  | { readonly detector: 'e-sr' | 'e-cusum'; readonly params: EDetectorParams }
  | { readonly detector: 'glr'; readonly params: FocusParams }
  | { readonly detector: 'bocpd'; readonly params: BocpdParams }
  | { readonly detector: 'host'; readonly params: PiRegimeParams };

/** A figure with how it is known. Null: beyond what can be computed. */
interface Promised {
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
  /** True where the approved mean is an upper limit: none of the approved was above 0. */
  readonly atMost?: true;
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

/** Latencies and sizes are skewed and change by factors: their logarithms are close to Gaussian; one is added for those of 0. */
export function transformOf({ stream, family }: Pick<DetectSettings, 'stream' | 'family'>): WatchDesign['transform'] {
  return (stream === 'latency' || stream === 'bytes') && family === 'gaussian' ? 'ln(1 + x)' : 'none';
}

/** Applies a design's transform. */
export function transformed(transform: WatchDesign['transform'], x: number): number {
  return transform === 'none' ? x : Math.log1p(x);
}
