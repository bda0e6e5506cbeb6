import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PI_BUDGET_TIERS, piBudget, piBudgetConfig, piBudgetKey, piRiskConfig, scan, type PiBudgetPartial, type PiOverload, type PiRecovery } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';

const depth = fc.option(fc.nat(100));
const overload = fc.record({ op: fc.constant('overload' as const), tsMs: fc.integer({ min: -1000, max: 100_000 }), reason: fc.string(), queueDepth: depth, queueCapacity: depth });
const recovery = fc.record({ op: fc.constant('recovery' as const), success: fc.boolean() });
const quick: PiBudgetPartial = {
  tier: 'strict',
  recovery_successes_to_exit: 2,
  regime_shift: { bocpd_max_run_length: 10 },
  safety_envelope: { conformal_calibration_size: 16, min_observations: 4 },
};

detectorLaws(piBudget(quick), fc.oneof<fc.Arbitrary<PiOverload | PiRecovery>[]>(overload, recovery), 8000);
detectorLaws(piBudget({ enabled: false }), overload, 10);

const signals = (n: number, gapMs: number): PiOverload[] => Array.from({ length: n }, (_, i) => ({ op: 'overload', tsMs: i * gapMs, reason: 'quota_exceeded' }));
const only = (on: 'regime_shift' | 'safety_envelope' | 'oco_tuner' | null): PiBudgetPartial => ({
  overload_signals_to_fallback: 1000,
  regime_shift: { enabled: on === 'regime_shift' },
  safety_envelope: { enabled: on === 'safety_envelope' },
  oco_tuner: { enabled: on === 'oco_tuner' },
});
const firstEntry = (config: PiBudgetPartial, events: readonly PiOverload[]): unknown => {
  const entered = [...scan(piBudget(config), events)].map(({ out }) => out.entered);
  const at = entered.findIndex((causes) => causes.length > 0);
  return at < 0 ? null : [at + 1, ...(entered[at] ?? [])];
};

test('each part of the controller alone puts an extension into fallback', () => {
  expect(firstEntry(only(null), signals(40, 1000))).toBeNull();
  expect(firstEntry({ ...only(null), overload_signals_to_fallback: 4 }, signals(40, 1000))).toEqual([4, 'signals']);
  expect(firstEntry(only('safety_envelope'), signals(40, 1000))).toEqual([20, 'envelope']);
  expect(firstEntry(only('regime_shift'), [...signals(20, 1000), { op: 'overload', tsMs: 90_000, reason: 'x' }])).toEqual([expect.any(Number), 'regime']);
  expect(firstEntry(only('oco_tuner'), [{ op: 'overload', tsMs: 0, reason: 'x', queueDepth: 9, queueCapacity: 10 }])).toEqual([1, 'rollback']);
});

test('a signal exactly as old as the window still counts, an older one does not', () => {
  const config = { ...only(null), overload_signals_to_fallback: 2, overload_window_ms: 100 };
  expect(firstEntry(config, signals(2, 100))).toEqual([2, 'signals']);
  expect(firstEntry(config, signals(5, 101))).toBeNull();
});

test('recovery takes successes in a row, and leaves the last signal, its reason and the tuner as they are', () => {
  const events = [...signals(2, 10), ...[true, false, true, true].map((success) => ({ op: 'recovery' as const, success }))];
  const steps = [...scan(piBudget(quick), events)];
  expect(steps.map(({ out }) => out.left)).toEqual([false, false, false, false, false, true]);
  const last = steps.at(-1)?.state.state;
  expect(last).toMatchObject({ inFallback: false, signals: [], lastSignalMs: 10, lastTriggerReason: 'quota_exceeded', healthySuccessStreak: 0 });
  expect(last?.oco?.rounds).toBe(6);
  expect(last?.envelope).toMatchObject({ successes: 0, failures: 0 });
});

test('calls of an extension that is not in fallback change nothing', () => {
  const controller = piBudget();
  const { state } = controller.step(null, { op: 'overload', tsMs: 0, reason: 'x' });
  for (const before of [null, state]) expect(controller.step(before, { op: 'recovery', success: false }).state).toBe(before);
});

test('clamping twice is clamping once, whatever a configuration says', () => {
  const odd = fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(Infinity, -Infinity, 0, -0, -1, 1e300, 5e-324));
  const whole = fc.integer({ min: -10, max: 20_000 });
  const unsound = fc.oneof(odd, fc.constant(NaN));
  const partial = (numbers: readonly string[], counts: readonly string[], of: fc.Arbitrary<number>): fc.Arbitrary<object> =>
    fc.record(Object.fromEntries<fc.Arbitrary<number>>([...numbers.map((k) => [k, of] as const), ...counts.map((k) => [k, whole] as const)]), { requiredKeys: [] });
  const { regime_shift, safety_envelope, oco_tuner } = PI_BUDGET_TIERS.balanced;
  const counts = ['bocpd_max_run_length', 'conformal_calibration_size', 'min_observations'];
  const keys = (config: object, kept: boolean): string[] => Object.keys(config).filter((k) => k !== 'enabled' && counts.includes(k) === kept);
  const config = fc.record(
    {
      tier: fc.constantFrom('strict' as const, 'balanced' as const, 'throughput' as const),
      overload_window_ms: whole,
      overload_signals_to_fallback: whole,
      recovery_successes_to_exit: whole,
      regime_shift: partial(keys(regime_shift, false), keys(regime_shift, true), unsound),
      safety_envelope: partial(keys(safety_envelope, false), keys(safety_envelope, true), odd),
      oco_tuner: partial(keys(oco_tuner, false), [], unsound),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(config, (given) => {
      const once = piBudgetConfig(given);
      expect(piBudgetConfig(once)).toEqual(once);
      expect(JSON.parse(JSON.stringify(once))).toEqual(once);
      expect(() => piBudget(once)).not.toThrow();
    }),
    { seed: 20260101 },
  );
});

test('the tiers are left as they are, and a named tier alone still means the balanced settings', () => {
  for (const tier of Object.values(PI_BUDGET_TIERS)) expect(piBudgetConfig(tier)).toEqual(tier);
  expect(piBudgetConfig({ tier: 'strict' })).toEqual({ ...PI_BUDGET_TIERS.balanced, tier: 'strict' });
  expect(piBudgetConfig({ tier: 'strict', regime_shift: { cusum_k: NaN } }).regime_shift.cusum_k).toBe(0.3);
});

test('what the host could not have read is refused', () => {
  expect(() => piBudgetConfig({ tier: 'lax' as 'strict' })).toThrow('tier must be strict, balanced or throughput, got lax');
  expect(() => piBudgetConfig({ tier: 'constructor' as 'strict' })).toThrow('tier must be');
  expect(() => piBudgetConfig({ overload_window_ms: 0.5 })).toThrow('overload_window_ms must be an integer, got 0.5');
  expect(() => piBudgetConfig({ safety_envelope: { pac_bayes_delta: NaN } })).toThrow('pac_bayes_delta must be a number');
  expect(() => piBudget().step(null, { op: 'overload', tsMs: 0.5, reason: 'x' })).toThrow('tsMs must be an integer');
  expect(() => piBudget().step(null, { op: 'start' } as unknown as PiRecovery)).toThrow('op must be overload or recovery, got start');
});

test('ids lose the white space that the host knows, and no other', () => {
  expect(piBudgetKey('\u0085\u3000 ext a\t\n')).toBe('ext a');
  expect(piBudgetKey('\uFEFFext.a\u200B')).toBe('\uFEFFext.a\u200B');
  for (const id of ['', ' \u00A0\u2028', null, undefined]) expect(piBudgetKey(id)).toBeNull();
});

test('the online controller is clamped to its own limits', () => {
  expect(piRiskConfig()).toEqual({ enabled: false, enforce: true, alpha: 0.01, window_size: 128, ledger_limit: 2048, decision_timeout_ms: 50, fail_closed: true });
  const low = piRiskConfig({ alpha: -1, window_size: -1, ledger_limit: 0, decision_timeout_ms: 0 });
  expect(low).toMatchObject({ alpha: 1e-6, window_size: 8, ledger_limit: 32, decision_timeout_ms: 1 });
  const high = piRiskConfig({ alpha: Infinity, window_size: 1e6, ledger_limit: 1e6, decision_timeout_ms: 1e6 });
  expect(high).toMatchObject({ alpha: 0.5, window_size: 4096, ledger_limit: 20_000, decision_timeout_ms: 2000 });
  expect(piRiskConfig(high)).toEqual(high);
  expect(() => piRiskConfig({ alpha: NaN })).toThrow('alpha must be a number, got NaN');
});
