/** What the tests of a report come to. */
export type DriftVerdict = 'drift' | 'no drift found' | 'not enough data';

/** What the verdict looks at in a capability. */
interface Tested {
  readonly errorRate: { readonly rejected: boolean } | null;
  readonly scores: { readonly rejected: boolean } | null;
  readonly baselineN: number;
  readonly liveNullScores: number;
}

/**
 * Drift where a test rejects; not enough data where none could be made, or where null scores left those of a known
 * capability untested: what is missing is not unchanged.
 */
export function driftVerdict(capabilities: readonly Tested[]): DriftVerdict {
  if (capabilities.some(({ errorRate, scores }) => errorRate?.rejected === true || scores?.rejected === true)) return 'drift';
  const tested = capabilities.some(({ errorRate, scores }) => errorRate !== null || scores !== null);
  const missing = capabilities.some(({ baselineN, scores, liveNullScores }) => baselineN > 0 && scores === null && liveNullScores > 0);
  return tested && !missing ? 'no drift found' : 'not enough data';
}
