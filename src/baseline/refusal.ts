/** Something that was asked of too little data: what, of how much, and how much would do. */
export interface Refusal {
  /** What cannot be said, as a noun phrase. */
  readonly what: string;
  /** The capability it is about; null where it is about the actor as a whole. */
  readonly capability: string | null;
  /** Observations at hand. */
  readonly n: number;
  /** The fewest that would do; null where no number does, or none that was looked for: `reason` says which. */
  readonly neededN: number | null;
  /** Why that many: one sentence. */
  readonly reason: string;
}
