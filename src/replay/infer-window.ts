import type { LedgerEntry } from '../ledger/entry.js';
import { meanOf } from '../risk/pi/windows.js';
import { WEIGHTS } from '../risk/pi/score.js';
import { halvesDiffer, residualTooLarge } from '../risk/pi/drift.js';
import { impactOf, saysQuarantined } from './recorded.js';

/** Limits of the host's score window. */
const [SHORTEST, LONGEST] = [8, 4096];

/** What an actor's entries say of the window: lengths its first forgetting allows, and bounds of half its length. */
interface Evidence {
  readonly exact: readonly number[] | null;
  /** Half the window, rounded down, is more than this ... */
  readonly halfAbove: number;
  /** ... and at most this. */
  readonly halfAtMost: number;
  /** Scores remembered without forgetting. */
  readonly held: number;
}

function exactLengths(scores: readonly number[], term: number): number[] {
  const lengths: number[] = [];
  for (let size = SHORTEST; size < scores.length && size <= LONGEST; size += 1) {
    if (WEIGHTS.recentMean * meanOf(scores, scores.length - size) === term) lengths.push(size);
  }
  return lengths;
}

/** Reads one actor's entries until the first score is forgotten. */
function evidenceOf(entries: readonly LedgerEntry[]): Evidence {
  const scores: number[] = [];
  let [halfAbove, halfAtMost, quantile] = [SHORTEST / 2 - 1, LONGEST / 2, 0];
  for (const entry of entries.slice(0, LONGEST + 1)) {
    const score = entry.risk_score;
    if (score === null || saysQuarantined(entry)) break;
    const mean = meanOf(scores);
    const whole = WEIGHTS.recentMean * mean;
    const term = impactOf(entry, 'feature_recent_mean_score') ?? whole;
    if (term !== whole) return { exact: exactLengths(scores, term), halfAbove, halfAtMost, held: scores.length };
    scores.push(score);
    if (halvesDiffer(scores) && !residualTooLarge(score, mean, quantile)) {
      if (entry.drift_detected) halfAtMost = Math.min(halfAtMost, scores.length);
      else halfAbove = Math.max(halfAbove, scores.length);
    }
    quantile = entry.conformal_quantile ?? 0;
  }
  return { exact: null, halfAbove, halfAtMost, held: scores.length };
}

/**
 * The length of the host's score window as the ledger itself shows it: the recent mean tells when scores are
 * forgotten, the drift flag from when halves of the window are compared.
 *
 * @param entries - in ledger order, from the start of a chain
 * @returns a length that fits, the only one where scores were forgotten; null where none fits or nothing depends on it
 */
export function inferWindowSize(entries: readonly LedgerEntry[]): number | null {
  if (entries[0]?.prev_ledger_hash !== null) return null;
  const byActor = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const own = byActor.get(entry.extension_id);
    if (own === undefined) byActor.set(entry.extension_id, [entry]);
    else own.push(entry);
  }
  const all = [...byActor.values()].map(evidenceOf);
  const exact = all.flatMap((e) => e.exact ?? []);
  const halfAbove = Math.max(...all.map((e) => e.halfAbove));
  const halfAtMost = Math.min(...all.map((e) => e.halfAtMost));
  const fits = (size: number): boolean => Math.floor(size / 2) > halfAbove && Math.floor(size / 2) <= halfAtMost;
  if (exact.length > 0) return exact.find((size) => fits(size) && all.every((e) => e.exact?.includes(size) ?? e.held <= size)) ?? exact[0] ?? null;
  const size = Math.max(2 * (halfAbove + 1), ...all.map((e) => e.held));
  return size <= LONGEST && fits(size) ? size : null;
}
