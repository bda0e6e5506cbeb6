/** How severe a decision is, and how tall its bar: colour is never the only sign. */
const RANKS: Readonly<Record<string, number>> = { none: 0, allow: 1, defer: 1, ask: 2, harden: 2, deny: 3, terminate: 4 };

/** Share of a lane's height that a bar of that rank has. */
export const BAR_HEIGHTS: readonly number[] = [0.28, 0.44, 0.62, 0.82, 1];

/** Rank of a decision by its word, 0 the mildest. */
export function rankOfDecision(word: string): number {
  return Object.hasOwn(RANKS, word) ? (RANKS[word] ?? 0) : 0;
}
