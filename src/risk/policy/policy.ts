import type { Json } from '../../detector.js';
import type { Guarantee } from '../calibrate/calibrated-threshold.js';
import type { Envelope } from '../envelope/envelope.js';
import type { PiBand } from '../pi/enforcement.js';
import type { Approval } from './approval.js';
import type { ApprovedThreshold } from './parse-threshold.js';

/** Schema text of a {@link Policy}. */
export const POLICY_SCHEMA = 'hindcast.policy.v1';

/** What a flagged call gets, the mildest first. */
export type PolicyBand = Exclude<PiBand, 'allow'>;

/** Every {@link PolicyBand}, the mildest first. */
export const POLICY_BANDS: readonly PolicyBand[] = ['harden', 'prompt', 'deny', 'terminate'];

/** A calibrated threshold, and what a call at or above it gets. */
export interface PolicyThreshold {
  readonly band: PolicyBand;
  readonly threshold: ApprovedThreshold;
}

/** A detector with all it takes to run it, and its promise. */
export interface PolicyDetector {
  /** `cusum`, `self-starting`, `e-sr`, `e-cusum`, `glr`, `bocpd` or `host`. */
  readonly kind: string;
  /** Everything that the detector was made with. */
  readonly params: Json;
  /** What it watches: `interval`, `latency`, `score`, `error` or `value`. */
  readonly stream: string;
  /** Which records make a stream: `actor`, `capability`, `actor,capability` or `none`. */
  readonly by: string;
  /** What is done to each figure first. */
  readonly transform: 'none' | 'ln(1 + x)';
  /** The streams that it was designed for; empty: all. */
  readonly streams: readonly { readonly actor: string | null; readonly capability: string | null }[];
  /** The promise in a sentence; null where there is none. */
  readonly guarantee: string | null;
  readonly assumes: string;
  /** Mean observations to a false alarm if the parameters are right; null where nothing is promised. */
  readonly arl0: number | null;
  /** Approved observations that parameters were estimated from; null where they were given. */
  readonly baselineN: number | null;
  /** SHA-256 of the file they come from; null where there was none. */
  readonly baselineHash: string | null;
  /** What the data show against the assumptions, a sentence each. */
  readonly doubts: readonly string[];
}

/** What one part of a policy promises. */
export interface PolicyPromise {
  /** Which part, in words. */
  readonly part: string;
  readonly statement: string;
  readonly holds: Guarantee['holds'];
  /** The promise's numbers by name; null where one is not promised. */
  readonly numbers: Readonly<Record<string, number | null>>;
  readonly assumes: readonly string[];
  readonly doubts: readonly string[];
}

/** A trace, and what it was used for. */
export interface PolicyTrace {
  readonly dataHash: string;
  /** What it was called; a comment. */
  readonly file: string | null;
  readonly usedFor: readonly string[];
  /** Content hash of the approval that names it; null where none of the policy's does. */
  readonly approval: string | null;
}

/** Where a policy comes from; all of it follows from its parts. */
export interface PolicyProvenance {
  /** Sorted by data hash. */
  readonly traces: readonly PolicyTrace[];
  readonly labels: readonly { readonly part: string; readonly source: string; readonly hash: string | null; readonly circular: boolean; readonly forced: boolean }[];
  readonly splits: readonly { readonly part: string; readonly by: string; readonly share: number; readonly seed: number }[];
  /** Everybody whose approval is in the policy and names a trace that it uses, sorted. */
  readonly approvedBy: readonly string[];
  /** Approvals that parts or records speak of and that confirm nothing, sorted by content hash. */
  readonly unconfirmed: readonly UnconfirmedApproval[];
}

/** An approval that does not show that anybody approved a trace of the policy. */
export interface UnconfirmedApproval {
  readonly approvedBy: string;
  readonly at: string;
  readonly contentHash: string;
  readonly why: 'its record is not in the policy' | 'its record names no trace that the policy uses';
}

/** A file that parts come from, as whoever made the policy says. */
export interface PolicySource {
  /** What it was called; a comment. */
  readonly file: string;
  /** SHA-256 of its bytes. */
  readonly fileHash: string;
  /** The traces in it: a ledger's data hash, those of the ledgers that a baseline was fitted on, or else its own hash. */
  readonly dataHashes: readonly string[];
}

/** The parts that a policy is made of. */
export interface PolicyParts {
  /** What the policy is called. */
  readonly name: string;
  /** The program that made it, with its version. */
  readonly madeBy: string;
  readonly thresholds: readonly PolicyThreshold[];
  readonly envelopes: readonly Envelope[];
  readonly detectors: readonly PolicyDetector[];
  readonly approvals: readonly Approval[];
  /** Files that the parts come from; those that no part names are left out of a policy. */
  readonly sources?: readonly PolicySource[];
}

/** Thresholds, envelopes and detectors that somebody signs: what they promise, and where they come from. Plain JSON. */
export interface Policy extends Required<PolicyParts> {
  readonly schema: typeof POLICY_SCHEMA;
  /** The score from which each answer holds; null where no threshold gives one. */
  readonly bands: { readonly [band in PolicyBand]: number | null };
  readonly guarantee: readonly PolicyPromise[];
  readonly provenance: PolicyProvenance;
  /** SHA-256 of the canonical text of all else. */
  readonly contentHash: string;
}
