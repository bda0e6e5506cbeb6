import type { LedgerEntry } from '../ledger/entry.js';
import { ARGUMENT_DELTA_RANGE, isDangerous, piBaseScore } from '../risk/pi/base-score.js';
import { clamp01 } from '../risk/pi/clamp.js';
import { learnScore, piPosterior } from '../risk/pi/posterior.js';
import { ESCALATION, piScore, WEIGHTS, type PiScoreTerms } from '../risk/pi/score.js';
import { expectThat, notCheckable, type Basis, type Findings } from './finding.js';
import type { Known, KnownPast } from './known-past.js';
import { impactOf, termsGap } from './recorded.js';

/** Doubles this close cannot be told apart once a base score was added and taken away again. */
const SLACK = 1e-9;

function staticBase(entry: LedgerEntry): number {
  return piBaseScore({ capability: entry.capability, method: entry.method, policyReason: entry.policy_reason });
}

/** Base scores the call could have, its arguments unknown. */
function baseRange(entry: LedgerEntry): readonly [number, number] {
  const base = staticBase(entry);
  return [clamp01(base + ARGUMENT_DELTA_RANGE[0]), clamp01(base + ARGUMENT_DELTA_RANGE[1])];
}

/** Checks the base score as far as it goes without the call's arguments: its range. */
export function checkBase(entry: LedgerEntry, impact: number, findings: Findings): void {
  const field = 'top_contributors.feature_base_score.signed_impact';
  const [low, high] = baseRange(entry);
  if (impact >= 0.5 * low - SLACK && impact <= 0.5 * high + SLACK) notCheckable(findings, field, 'arguments_not_recorded');
  else expectThat(findings, { field, basis: 'entry', recorded: impact, recomputed: [0.5 * low, 0.5 * high] }, false);
}

/** What the host may have added because the last dangerous call was hardened; one value unless a bound is met exactly. */
function escalations(entry: LedgerEntry, base: number, past: KnownPast): number[] {
  if (!isDangerous(entry.capability)) return [0];
  const { fromStart, pi } = past.state;
  if (pi.lastAction !== null && pi.lastAction !== 'harden') return [0];
  if (pi.lastAction === null && fromStart) return [0];
  const delta = base - staticBase(entry) - ESCALATION.severeFromDelta;
  const added = [...(delta < SLACK ? [ESCALATION.mild] : []), ...(delta > -SLACK ? [ESCALATION.severe] : [])];
  return pi.lastAction === null ? [0, ...added] : added;
}

/** The past, but for what rests on the window's length. */
function withoutWindow(past: KnownPast): KnownPast {
  const kept = (feature: Known<number>): Known<number> => (feature?.basis === 'window' ? null : feature);
  return { ...past, recentMean: kept(past.recentMean), errorRate: kept(past.errorRate) };
}

/** The score's terms: from the past where it is known, else as recorded; null if one is not there at all. */
function termsOf(entry: LedgerEntry, past: KnownPast): PiScoreTerms | null {
  const orRecorded = (feature: Known<number>, weight: number, code: string): number => (feature === null ? (impactOf(entry, code) ?? NaN) : weight * feature.value);
  const terms: PiScoreTerms = {
    base: impactOf(entry, 'feature_base_score') ?? NaN,
    recentMean: orRecorded(past.recentMean, WEIGHTS.recentMean, 'feature_recent_mean_score'),
    errorRate: orRecorded(past.errorRate, WEIGHTS.errorRate, 'feature_recent_error_rate'),
    burst1s: impactOf(entry, 'feature_burst_density_1s') ?? NaN,
    failureStreak: orRecorded(past.failureStreak, WEIGHTS.failureStreak, 'feature_prior_failure_streak'),
  };
  return Object.values(terms).some((term) => Number.isNaN(term)) ? null : terms;
}

/** Scores the terms allow. */
function scoresOf(entry: LedgerEntry, terms: PiScoreTerms, past: KnownPast): number[] {
  return escalations(entry, 2 * terms.base, past).map((added) => piScore(terms, added));
}

/** What a score that differs rests on: the window's length only if the entry's own terms give the score. */
function basisOf(entry: LedgerEntry, past: KnownPast): Basis {
  const own = termsOf(entry, withoutWindow(past));
  return own !== null && scoresOf(entry, own, past).some((score) => Object.is(score, entry.risk_score)) ? 'window' : 'actor';
}

/**
 * Checks the risk score against its terms.
 *
 * @returns the score to go on with: as recorded, unless the entry's own posterior speaks for a recomputed one; null if
 * there is none
 */
export function checkScore(entry: LedgerEntry, past: KnownPast, findings: Findings): number | null {
  const field = 'risk_score';
  const recorded = entry.risk_score;
  const gap = termsGap(entry);
  const terms = gap === null ? termsOf(entry, past) : null;
  if (terms === null) {
    notCheckable(findings, field, gap ?? 'not_finite');
    return recorded;
  }
  checkBase(entry, terms.base, findings);
  const options = scoresOf(entry, terms, past);
  const holds = options.some((score) => Object.is(score, recorded));
  expectThat(findings, { field, basis: holds ? 'actor' : basisOf(entry, past), recorded, recomputed: options.length === 1 ? (options[0] ?? null) : options }, holds);
  return holds ? recorded : settled(entry, past, options);
}

/** Of the recorded score and the recomputed ones, the first that gives the entry's own posterior. */
function settled(entry: LedgerEntry, past: KnownPast, options: readonly number[]): number | null {
  const all = entry.risk_score === null ? options : [entry.risk_score, ...options];
  const dangerous = isDangerous(entry.capability);
  const fits = (score: number): boolean => piPosterior(learnScore(past.state.pi.alphas, score, dangerous)).unsafe === entry.posterior.unsafe;
  return (past.state.fromStart ? all.find(fits) : undefined) ?? all[0] ?? null;
}
