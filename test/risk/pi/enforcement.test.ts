import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  PI_BANDS, PI_QUOTA_MODES, piActionOfBand, piEnforcement, piMergePolicy, piQuota, piQuotaConfig, piRollout, piRolloutTrigger, piScoreBands, scan,
  type PiQuotaEvent, type PiRolloutEvent,
} from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';

const time = fc.integer({ min: -100_000, max: 100_000 });
const score = fc.oneof(fc.double(), fc.constantFrom(NaN, 0.4, 0.3, 0.95, 0));
detectorLaws(piEnforcement(piScoreBands('balanced')), score, 100);
detectorLaws(
  piRollout(piRolloutTrigger({ window_size: 10 })),
  fc.oneof<fc.Arbitrary<PiRolloutEvent>[]>(
    fc.record({ op: fc.constantFrom('advance' as const, 'rollback' as const), tsMs: time }),
    fc.record({ op: fc.constant('set_phase' as const), phase: fc.constantFrom('shadow' as const, 'enforce_new' as const), tsMs: time }),
    fc.record({ op: fc.constant('record' as const), tsMs: time, latencyMs: fc.nat(400), wasError: fc.boolean(), wasFalsePositive: fc.boolean() }),
  ),
  400,
);
detectorLaws(
  piQuota(PI_QUOTA_MODES.strict),
  fc.oneof<fc.Arbitrary<PiQuotaEvent>[]>(
    fc.record({ op: fc.constant('call' as const), tsMs: time, capability: fc.constantFrom('exec', 'http', 'write', 'read') }),
    fc.record({ op: fc.constant('write' as const), bytes: fc.nat() }),
    fc.record({ op: fc.constantFrom('spawn' as const, 'exit' as const) }),
  ),
  5000,
);

test('terminate is never left, and no step down is longer than one level', () => {
  fc.assert(
    fc.property(fc.array(score), (scores) => {
      let terminated = false;
      for (const { out } of scan(piEnforcement(piScoreBands('safe')), scores)) {
        if (terminated) expect(out.to).toBe('terminate');
        expect(PI_BANDS.indexOf(out.from) - PI_BANDS.indexOf(out.to)).toBeLessThanOrEqual(1);
        terminated = out.to === 'terminate';
      }
    }),
    { seed: 20260101 },
  );
});

test('the severer of machine and policy wins, and a prompt is hardened where there are four actions', () => {
  expect(PI_BANDS.map((band) => piMergePolicy(band, 'prompt'))).toEqual(['prompt', 'prompt', 'prompt', 'deny', 'terminate']);
  expect(PI_BANDS.map(piActionOfBand)).toEqual(['allow', 'harden', 'harden', 'deny', 'terminate']);
});

test('a rollback by hand leaves enforcement on, one by the trigger turns it off', () => {
  const bad = { op: 'record' as const, tsMs: 9, latencyMs: 1, wasError: true, wasFalsePositive: false };
  const byHand = [...scan(piRollout(), [{ op: 'rollback' as const, tsMs: 7 }])].at(-1);
  expect(byHand?.state.state).toMatchObject({ phase: 'shadow', enforce: true, rolledBackFrom: 'enforce_all', lastTransitionMs: 7 });
  const steps = [...scan(piRollout(), Array.from({ length: 10 }, () => bad))];
  expect(steps.map(({ out }) => out.changed)).toEqual([...Array.from({ length: 9 }, () => false), true]);
  expect(steps.at(-1)?.state.state).toMatchObject({ phase: 'shadow', enforce: false, rolledBackFrom: 'enforce_all', lastTransitionMs: 9 });
});

test('setting the phase it is in changes nothing but enforcement', () => {
  const [step] = [...scan(piRollout(piRolloutTrigger(), { phase: 'log_only', startMs: 3 }), [{ op: 'set_phase' as const, phase: 'log_only' as const, tsMs: 8 }])];
  expect(step?.state.state).toMatchObject({ phase: 'log_only', enforce: false, lastTransitionMs: 3, transitionCount: 0 });
});

test('a trigger is clamped once and for all, with the default for a rate that is no number', () => {
  expect(piRolloutTrigger({ max_error_rate: NaN, max_false_positive_rate: Infinity, window_size: 99_999, max_latency_ms: 0 })).toEqual({
    max_error_rate: 0.1, max_false_positive_rate: 1, window_size: 10_000, max_latency_ms: 1,
  });
});

test('after a clock that went back, stamps behind a newer one still fill the minute', () => {
  const calls = [100_000, 1000, 110_000].map((tsMs) => ({ op: 'call' as const, tsMs, capability: 'read' }));
  const steps = [...scan(piQuota(piQuotaConfig({ max_hostcalls_per_minute: 2 })), calls)];
  expect(steps.map(({ out }) => out.limit)).toEqual([null, null, 'per_minute']);
});

test('settings and events that are none are refused', () => {
  expect(() => piQuotaConfig({ max_http_requests: 1.5 })).toThrow('max_http_requests must be an integer');
  expect(() => piQuota(PI_QUOTA_MODES.prompt).step(piQuota(PI_QUOTA_MODES.prompt).init(), { op: 'fork' } as unknown as PiQuotaEvent)).toThrow('op must be call');
  expect(() => piEnforcement({ ...piScoreBands('safe'), deny: NaN })).toThrow('deny must be finite');
  expect(() => piRollout(piRolloutTrigger(), { phase: 'all' as 'shadow' })).toThrow('phase must be one of shadow');
  const tracker = piRollout();
  expect(() => tracker.step(tracker.init(), { op: 'set_phase', phase: 'x' as 'shadow', tsMs: 0 })).toThrow('phase must be one of');
  expect(() => tracker.step(tracker.init(), { op: 'stop', tsMs: 0 } as unknown as PiRolloutEvent)).toThrow('op must be advance');
});
