import type { LedgerEntry } from '../ledger/entry.js';
import { isDangerous } from '../risk/pi/base-score.js';
import { WEIGHTS } from '../risk/pi/score.js';
import { TRIGGER_LIMITS, triggersWhere, type PiTrigger } from '../risk/pi/triggers.js';
import { burstTerm, possibleBursts } from './check-burst.js';
import { quarantineExpected } from './check-decision.js';
import { expectThat, notCheckable, type Basis, type Findings, type NotCheckableReason } from './finding.js';
import { windowGap, type Known, type KnownPast } from './known-past.js';
import { impactOf } from './recorded.js';

/** Whether a trigger must be there, or why that cannot be said. */
type Verdict = boolean | NotCheckableReason;

const isMethod = (entry: LedgerEntry, ...methods: readonly string[]): boolean => methods.includes(entry.method.toLowerCase());

/** Whether a feature reaches its limit: by the term written down, which is checked apart, else by the past. */
function reaches(known: Known<number>, term: number | null, weight: number, limit: number): boolean | null {
  if (term !== null) return term >= weight * limit;
  return known === null ? null : known.value >= limit;
}

function burstVerdict(entry: LedgerEntry, past: KnownPast): Verdict {
  const term = impactOf(entry, 'feature_burst_density_1s');
  if (term !== null) return term >= WEIGHTS.burst1s * TRIGGER_LIMITS.burst1s;
  const possible = possibleBursts(past.state, entry);
  if (possible === null) return 'inexact_time';
  const raised = [...possible.likely, ...possible.odd].map((count) => burstTerm(count) >= WEIGHTS.burst1s * TRIGGER_LIMITS.burst1s);
  if (raised.every((r) => r)) return true;
  return raised.some((r) => r) ? 'call_start_not_recorded' : false;
}

/** A trigger of the arguments is open where the host looks at the arguments at all, and impossible elsewhere. */
const byArguments = (looked: boolean): Verdict => (looked ? 'arguments_not_recorded' : false);

function targetVerdict(entry: LedgerEntry): Verdict {
  if (!isDangerous(entry.capability)) return false;
  if (entry.method === 'http' || entry.method === 'exec') return true;
  return entry.method === 'tool' ? 'arguments_not_recorded' : false;
}

function escalationVerdict({ capability }: LedgerEntry, { state }: KnownPast): Verdict {
  if (!isDangerous(capability)) return false;
  const { lastAction } = state.pi;
  return lastAction === null && !state.fromStart ? 'history_unknown' : lastAction === 'harden';
}

function transitionVerdict({ capability }: LedgerEntry, { state }: KnownPast): Verdict {
  if (!isDangerous(capability)) return false;
  const { lastCapability } = state.pi;
  if (lastCapability === null) return state.fromStart ? false : 'history_unknown';
  return lastCapability !== capability && !isDangerous(lastCapability);
}

function breachVerdict({ e_process: e, e_threshold: threshold }: LedgerEntry): Verdict {
  return e === null || threshold === null ? 'not_finite' : e >= threshold;
}

const VERDICTS: Readonly<Record<PiTrigger, (entry: LedgerEntry, past: KnownPast) => Verdict>> = {
  quarantined: () => false,
  e_process_breach: breachVerdict,
  drift_detected: (entry) => entry.drift_detected,
  feature_budget_exceeded: () => 'times_not_recorded',
  burst_rate_anomaly: burstVerdict,
  high_error_rate: (entry, past) =>
    reaches(past.errorRate, impactOf(entry, 'feature_recent_error_rate'), WEIGHTS.errorRate, TRIGGER_LIMITS.errorRate) ?? windowGap(past.windowSize),
  consecutive_failure_escalation: (entry, past) =>
    reaches(past.failureStreak, impactOf(entry, 'feature_prior_failure_streak'), WEIGHTS.failureStreak, TRIGGER_LIMITS.failureStreak) ?? 'history_unknown',
  suspicious_exec_detail: (entry) => byArguments(isMethod(entry, 'exec', 'tool')),
  dcg_rule_hit: (entry) => byArguments(isMethod(entry, 'exec', 'tool')),
  dcg_heredoc_hit: (entry) => byArguments(isMethod(entry, 'exec', 'tool')),
  sensitive_path_target: (entry) => byArguments(isMethod(entry, 'fs', 'tool')),
  public_network_target: (entry) => byArguments(entry.capability.toLowerCase() === 'http'),
  secret_env_access: (entry) => byArguments(isMethod(entry, 'env')),
  dangerous_capability_escalation: escalationVerdict,
  unseen_capability_transition: transitionVerdict,
  sensitive_target_mismatch: targetVerdict,
  decision_timeout: (entry) => entry.fallback_reason === 'decision_timeout',
};

/** In quarantine the host raises two triggers at most. */
function quarantineVerdict(trigger: PiTrigger): Verdict {
  if (trigger === 'quarantined') return true;
  return trigger === 'feature_budget_exceeded' ? 'times_not_recorded' : false;
}

const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((t, i) => t === b[i]);

/** What triggers that differ rest on: the window's length only if nothing but the error rate's own trigger is amiss. */
function triggerBasis(entry: LedgerEntry, past: KnownPast, recomputed: readonly string[]): Basis {
  const open = past.errorRate?.basis === 'window' && impactOf(entry, 'feature_recent_error_rate') === null;
  const others = (triggers: readonly string[]): string[] => triggers.filter((t) => t !== 'high_error_rate');
  return open && sameList(others(entry.triggers), others(recomputed)) && entry.triggers.length !== recomputed.length ? 'window' : 'actor';
}

/** Checks which triggers are there, and their order. Those that cannot be told are taken as recorded. */
export function checkTriggers(entry: LedgerEntry, past: KnownPast, findings: Findings): void {
  const quarantined = quarantineExpected(entry, past);
  const recomputed = triggersWhere((trigger) => {
    const verdict = quarantined ? quarantineVerdict(trigger) : VERDICTS[trigger](entry, past);
    if (typeof verdict === 'boolean') return verdict;
    notCheckable(findings, `triggers.${trigger}`, verdict);
    return entry.triggers.includes(trigger);
  });
  expectThat(findings, { field: 'triggers', basis: triggerBasis(entry, past, recomputed), recorded: entry.triggers, recomputed }, sameList(recomputed, entry.triggers));
}
