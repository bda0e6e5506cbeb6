/** What a term of an explanation means, one sentence a code. A ledger's hashes cover these texts. */
const SENTENCES: Readonly<Record<string, string>> = {
  feature_base_score: 'Starting score of the capability, method and arguments.',
  feature_recent_mean_score: 'Mean score of the calls made lately.',
  feature_recent_error_rate: 'Share of recent calls that ended in an error.',
  feature_burst_density_1s: 'Calls that ended within a second before this one.',
  feature_prior_failure_streak: 'Failures in a row directly before this call.',
  posterior_unsafe: 'Posterior weight of the unsafe state.',
  posterior_suspicious: 'Half the posterior weight of the suspicious state.',
  expected_loss_delta_vs_allow: 'Expected loss saved as against letting the call through.',
  trigger_quarantined: 'The extension is in quarantine, so every call of it is terminated.',
  trigger_e_process_breach: 'The evidence against the usual rate of high scores reached its threshold.',
  trigger_drift_detected: 'Recent scores have moved away from the scores before them.',
  trigger_feature_budget_exceeded: 'Reading the features of this call took longer than it may.',
  trigger_burst_rate_anomaly: 'Calls come in faster than this extension should need.',
  trigger_high_error_rate: 'Many of the recent calls of this extension ended in an error.',
  trigger_consecutive_failure_escalation: 'Several calls in a row have failed before this one.',
  trigger_suspicious_exec_detail: 'The command line has a detail that harmful commands are known for.',
  trigger_dcg_rule_hit: 'The command matches a rule for destructive commands.',
  trigger_dcg_heredoc_hit: 'A document inside the command has a destructive line in it.',
  trigger_sensitive_path_target: 'The path lies in a place that belongs to the system.',
  trigger_public_network_target: 'The address is on the public network.',
  trigger_secret_env_access: 'The variable asked for has the name of a secret.',
  trigger_dangerous_capability_escalation: 'Another dangerous call right after one that had to be hardened.',
  trigger_unseen_capability_transition: 'A dangerous capability follows one that is not.',
  trigger_sensitive_target_mismatch: 'A dangerous capability aims at a sensitive kind of target.',
  trigger_decision_timeout: 'The decision took longer than it may.',
  fallback_decision_timeout: 'The fallback for decisions out of time was used in place of the action chosen.',
  budget_exhausted: 'The explanation would have cost more than it may and was cut to its core.',
  action_allow: 'The selected action lets the call through as it is.',
  action_harden: 'The selected action runs the call under tighter rules.',
  action_deny: 'The selected action refuses the call.',
  action_terminate: 'The selected action ends the extension.',
};

/** The sentence that goes with a code; the code itself where there is none. */
export function rationaleOf(code: string): string {
  return SENTENCES[code] ?? code;
}
