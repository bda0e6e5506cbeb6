import { PI_REGIME_TIERS, piRegime, scan, type PiRegimeSnapshot } from '../../../src/index.js';
import { listField, numberOf, textField } from '../input.js';
import type { Subject } from '../subject.js';

function hostSnapshot(s: PiRegimeSnapshot): Record<string, unknown> {
  return {
    bocpd_changepoint_count: s.bocpdChangepointCount,
    bocpd_cp_prob: s.bocpdCpProb,
    bocpd_warmed_up: s.bocpdWarmedUp,
    cusum_alarm_count: s.cusumAlarmCount,
    cusum_baseline_ready: s.cusumBaselineReady,
    cusum_high: s.cusumHigh,
    cusum_low: s.cusumLow,
    trigger_count: s.triggerCount,
    trigger_source: s.triggerSource,
    triggered: s.triggered,
  };
}

/** The host's regime detector in one of its tiers, step by step. */
export const subject: Subject = (input) => {
  const tier = textField(input, 'tier');
  if (tier !== 'strict' && tier !== 'balanced' && tier !== 'throughput') throw new Error(`no tier ${tier}`);
  const { cusum, bocpd } = PI_REGIME_TIERS[tier];
  const intervals = listField(input, 'intervals').map((x) => (x === 'recover' ? x : numberOf(x)));
  return {
    config: {
      enabled: true,
      bocpd_lambda: bocpd.lambda,
      bocpd_max_run_length: bocpd.maxRunLength,
      bocpd_threshold: bocpd.threshold,
      cusum_h: cusum.h,
      cusum_k: cusum.k,
    },
    steps: [...scan(piRegime(PI_REGIME_TIERS[tier]), intervals)].map(({ out: { recovered, cusumAlarm, bocpdAlarm, snapshot } }) =>
      recovered
        ? { recover: true, snapshot: hostSnapshot(snapshot) }
        : { cusum_alarm: cusumAlarm, bocpd_alarm: bocpdAlarm, snapshot: hostSnapshot(snapshot) },
    ),
  };
};
