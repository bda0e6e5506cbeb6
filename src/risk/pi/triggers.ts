/** Every trigger the host can raise, in the order it raises them. */
export const TRIGGERS = [
  'quarantined',
  'e_process_breach',
  'drift_detected',
  'feature_budget_exceeded',
  'burst_rate_anomaly',
  'high_error_rate',
  'consecutive_failure_escalation',
  'suspicious_exec_detail',
  'dcg_rule_hit',
  'dcg_heredoc_hit',
  'sensitive_path_target',
  'public_network_target',
  'secret_env_access',
  'dangerous_capability_escalation',
  'unseen_capability_transition',
  'sensitive_target_mismatch',
  'decision_timeout',
] as const;

/** A trigger's code. */
export type PiTrigger = (typeof TRIGGERS)[number];

/** Triggers that come from looking at a call's arguments. */
export const ARGUMENT_TRIGGERS: readonly PiTrigger[] = TRIGGERS.slice(7, 13);

/** From where a feature raises its trigger: densities and rates in [0, 1]. */
export const TRIGGER_LIMITS = { burst1s: 0.5, errorRate: 0.4, failureStreak: 0.25 } as const;

/**
 * The triggers that hold, in the host's order.
 *
 * @param holds - whether a trigger holds
 */
export function triggersWhere(holds: (trigger: PiTrigger) => boolean): PiTrigger[] {
  return TRIGGERS.filter(holds);
}
