import { formatFixed } from '../../stats/fixed.js';
import type { Action, ExplanationLevel } from '../../ledger/entry.js';
import type { PiExpectedLoss, PiPosterior } from './expected-loss.js';
import type { PiScoreTerms } from './score.js';

/** The decision an explanation is about. */
export interface PiVerdict {
  readonly action: Action;
  readonly score: number;
  readonly posterior: PiPosterior;
  readonly loss: PiExpectedLoss;
  readonly triggers: readonly string[];
  readonly fallbackReason: string | null;
}

/** One term of an explanation: its code and what it did to the decision. */
export interface PiTerm {
  readonly code: string;
  readonly impact: number;
}

/** Terms an explanation may have. */
export const EXPLANATION_TERMS = 12;

/** Milliseconds an explanation may take: in the host's older and in its newer versions. */
export const EXPLANATION_MS: readonly number[] = [2, 25];

/** Terms of every explanation that is not cut short, before triggers and fallback. */
const FIXED_TERMS = 8;

/** Number of terms an explanation would have. */
export function termCount({ triggers, fallbackReason }: Pick<PiVerdict, 'triggers' | 'fallbackReason'>): number {
  return FIXED_TERMS + triggers.length + (fallbackReason === null ? 0 : 1);
}

/** Order of UTF-8 bytes, which is that of code points. */
function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i += 1;
  const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
  const surrogate = (unit: number): boolean => unit >= 0xd800 && unit < 0xe000;
  if (surrogate(x) !== surrogate(y) && !Number.isNaN(x) && !Number.isNaN(y)) return surrogate(x) ? 1 : -1;
  return a < b ? -1 : 1;
}

/** The host's order of terms: the larger first, equal ones by the bytes of their code. */
export function byMagnitude(a: PiTerm, b: PiTerm): number {
  return Math.abs(b.impact) - Math.abs(a.impact) || byBytes(a.code, b.code);
}

/** The terms the host explains a decision by, unsorted. */
export function explanationTerms(verdict: PiVerdict, terms: PiScoreTerms): PiTerm[] {
  const { posterior, loss, action, fallbackReason } = verdict;
  return [
    { code: 'feature_base_score', impact: terms.base },
    { code: 'feature_recent_mean_score', impact: terms.recentMean },
    { code: 'feature_recent_error_rate', impact: terms.errorRate },
    { code: 'feature_burst_density_1s', impact: terms.burst1s },
    { code: 'feature_prior_failure_streak', impact: terms.failureStreak },
    { code: 'posterior_unsafe', impact: posterior.unsafe },
    { code: 'posterior_suspicious', impact: 0.5 * posterior.suspicious },
    { code: 'expected_loss_delta_vs_allow', impact: loss.allow - loss[action] },
    ...verdict.triggers.map((code) => ({ code: `trigger_${code}`, impact: 0.1 })),
    ...(fallbackReason === null ? [] : [{ code: `fallback_${fallbackReason}`, impact: 0.25 }]),
  ];
}

/** All the host says when an explanation ran out of its budget. */
export function exhaustedTerms(action: Action): PiTerm[] {
  return [
    { code: `action_${action}`, impact: 1 },
    { code: 'budget_exhausted', impact: 1 },
  ];
}

/** How much the host writes down about a decision. */
export function explanationLevel({ action, triggers, fallbackReason }: Pick<PiVerdict, 'action' | 'triggers' | 'fallbackReason'>, exhausted: boolean): ExplanationLevel {
  if (exhausted) return 'compact';
  if (fallbackReason !== null || action === 'deny' || action === 'terminate') return 'full';
  return action === 'harden' || triggers.length > 0 ? 'standard' : 'compact';
}

/** The host's one-line summary; numbers have three decimals, ties to even. */
export function explanationSummary(verdict: Pick<PiVerdict, 'action' | 'score' | 'posterior' | 'triggers'>, exhausted: boolean): string {
  const { action, score, posterior, triggers } = verdict;
  const start = `action=${action} score=${formatFixed(score, 3)}`;
  if (exhausted) return `${start} conservative_explanation_fallback=true`;
  const named = triggers.length === 0 ? 'none' : triggers.slice().sort(byBytes).join('|');
  return `${start} unsafe=${formatFixed(posterior.unsafe, 3)} suspicious=${formatFixed(posterior.suspicious, 3)} triggers=${named}`;
}
