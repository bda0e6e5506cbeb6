import { describe, expect, it } from 'vitest';
import { piBudgetConfig, piExport, piRiskConfig, piScoreBands, PI_BUDGET_TIERS, type PiRiskConfig } from '../../../src/index.js';
import { detector, envelopeOf, policyOf, thresholdOf } from './parts.js';

const policy = policyOf();

describe('piExport to score bands', () => {
  it('takes calibrated bands as they are and says of the others that they promise nothing', () => {
    const deny = policy.bands.deny ?? NaN;
    const { config, notExpressible, carried } = piExport(policy, 'pi-bands');
    expect(config).toMatchObject({ allow: 0, deny, terminate: 0.9 });
    expect(carried).toEqual([`deny from ${String(deny)} on, as calibrated`]);
    for (const part of ['score bands cannot be configured', "the host's online controller does not use its bands at all", 'prompt: not calibrated', 'envelope latency by capability: the host has no place', 'detector cusum of interval by actor (npm): no place', 'holds no promise']) {
      expect(notExpressible.some((sentence) => sentence.includes(part))).toBe(true);
    }
  });

  it('never gives a milder answer to a higher score, and says which presets it moved', () => {
    const { config, clamped } = piExport(policyOf({ thresholds: [{ band: 'prompt', threshold: { ...thresholdOf(0.2), threshold: 0.95 } }] }), 'pi-bands');
    expect(config).toEqual({ allow: 0, harden: 0.4, prompt: 0.95, deny: 0.95, terminate: 0.95 });
    expect(clamped).toEqual([{ key: 'deny', asked: 0.75, got: 0.95 }, { key: 'terminate', asked: 0.9, got: 0.95 }]);
  });

  it('never flags where calibration says to flag nothing', () => {
    const nothing = { ...thresholdOf(0.2, 'cost'), kind: 'flag nothing' as const, threshold: null, observed: null };
    const { config, carried } = piExport(policyOf({ thresholds: [{ band: 'deny', threshold: nothing }] }), 'pi-bands');
    expect(config).toEqual({ ...piScoreBands('balanced'), deny: 2, terminate: 2 });
    expect(carried).toEqual(['deny never (2: scores end at 1), as calibrated; it promises nothing']);
  });
});

describe('piExport to a risk configuration', () => {
  it('takes alpha of the strictest envelope, clamped as the host clamps', () => {
    const { config, clamped, notExpressible } = piExport(policy, 'pi-risk-config');
    expect(config).toEqual(piRiskConfig({ enabled: true, alpha: 0.05 }));
    expect(clamped).toEqual([]);
    expect(notExpressible).toContainEqual('threshold deny: the host has no configuration key for a threshold; it reaches the host only through a caller of its library');
    const wide = piExport(policyOf({ envelopes: [envelopeOf(0.7)] }), 'pi-risk-config');
    expect(wide).toMatchObject({ config: { alpha: 0.5 }, clamped: [{ key: 'alpha', asked: 0.7, got: 0.5 }] });
    expect(piRiskConfig(wide.config as PiRiskConfig)).toEqual(wide.config);
    expect(piExport(policyOf({ envelopes: [] }), 'pi-risk-config').notExpressible[0]).toContain("the host's default stands");
  });
});

describe('piExport to a budget configuration', () => {
  it('takes what detectors of waits and envelopes of latencies have in common with the host', () => {
    const { config, carried, notExpressible } = piExport(policy, 'pi-budget');
    expect(config).toEqual(piBudgetConfig({ tier: 'balanced', regime_shift: { cusum_k: 0.5, cusum_h: 4.5 }, safety_envelope: { conformal_confidence: 0.95, conformal_calibration_size: 60 } }));
    expect(carried).toEqual(['cusum_k, cusum_h from detector cusum of interval by actor (npm)', 'conformal_confidence and conformal_calibration_size from envelope latency by capability']);
    expect(notExpressible.join('\n')).toContain('the false-alarm rate is not the one designed');
  });

  it('clamps as the host clamps, and says so', () => {
    const { config, clamped } = piExport(policyOf({ envelopes: [envelopeOf(0.9, [1, 2, 3])] }), 'pi-budget');
    expect(config).toMatchObject({ safety_envelope: { conformal_confidence: 0.5, conformal_calibration_size: 16 } });
    expect(clamped.map(({ key, got }) => [key, got])).toEqual([['safety_envelope.conformal_confidence', 0.5], ['safety_envelope.conformal_calibration_size', 16]]);
  });

  it('leaves the host alone where no part speaks its language, and says aloud which', () => {
    const { config, carried, notExpressible } = piExport(policyOf({ envelopes: [], detectors: [{ ...detector, stream: 'error' }, { ...detector, kind: 'glr' }] }), 'pi-budget');
    expect(config).toEqual(PI_BUDGET_TIERS.balanced);
    expect(carried).toEqual([]);
    expect(notExpressible).toContainEqual("detector cusum of error by actor (npm), detector glr of interval by actor (npm): the host's budget controller watches intervals alone, by a Gaussian CUSUM and a BOCPD with a constant hazard");
  });
});
