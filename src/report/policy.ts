/** What one part of a policy would have flagged, beside what chance alone would give. */
export interface PolicyPart {
  readonly kind: 'threshold' | 'envelope' | 'detector';
  readonly name: string;
  /** Calls, values or observations at hand. */
  readonly n: number;
  /** Flagged, outside, or alarms. */
  readonly flagged: number;
  /** By chance; null where nothing is promised. */
  readonly expected: number | null;
  /** Whether that is more than chance explains, or an alarm; a threshold's flags are an answer and no finding. */
  readonly finding: boolean;
  /** What else there is to know, or why it could not judge. */
  readonly notes: readonly string[];
  /** Whether it could judge at all. */
  readonly judged: boolean;
}

/** A policy held against the inputs. */
export interface PolicyFindings {
  readonly name: string;
  readonly contentHash: string;
  readonly parts: readonly PolicyPart[];
  /** What is wrong with the policy itself or weakens what it says, a sentence each. */
  readonly cautions: readonly string[];
  /** Whether its own ledgers contradict it. */
  readonly contradicted: boolean;
}
