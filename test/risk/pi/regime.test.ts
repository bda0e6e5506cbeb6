import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputError, PI_REGIME_TIERS, piBocpd, piCusum, piRegime, resume, scan, start } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';

const intervals = fc.oneof(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom(0, -0, 100, 1e150, -1e150, 1e-300));
const small = { lambda: 50, threshold: 0.5, maxRunLength: 20 };

detectorLaws(piCusum({ k: 0.5, h: 4 }), intervals, 300);
detectorLaws(piBocpd(small), intervals, 2500);
detectorLaws(piRegime({ cusum: { k: 0.3, h: 3 }, bocpd: small }), fc.oneof(intervals, fc.constant('recover' as const)), 3000);

test('intervals that are no numbers are refused, not absorbed', () => {
  const detector = piRegime(PI_REGIME_TIERS.balanced);
  for (const x of [NaN, Infinity, -Infinity, 1e151]) expect(() => detector.step(detector.init(), x)).toThrow(InputError);
  expect(() => detector.step(detector.init(), 'reset' as 'recover')).toThrow('expected an interval or the word recover');
});

test('parameters that are no numbers are refused', () => {
  expect(() => piCusum({ k: NaN, h: 4 })).toThrow('k must be finite');
  expect(() => piBocpd({ lambda: 50, threshold: NaN, maxRunLength: 200 })).toThrow('threshold must be finite');
  expect(() => piBocpd({ lambda: 50, threshold: 0.5, maxRunLength: 2.5 })).toThrow('maxRunLength must be an integer');
});

test('before any interval the snapshot of a recovery shows the start', () => {
  const [step] = [...scan(piRegime(PI_REGIME_TIERS.strict), ['recover'])];
  expect(step?.out.snapshot).toMatchObject({ bocpdCpProb: 1, triggered: false, triggerCount: 0, cusumBaselineReady: false });
});

test('a snapshot of one tier does not resume another', () => {
  expect(() => resume(piRegime(PI_REGIME_TIERS.strict), start(piRegime(PI_REGIME_TIERS.balanced)))).toThrow(InputError);
});

test('runs beyond the limit are dropped and the rest normalised again', () => {
  const steps = [...scan(piBocpd(small), Array.from({ length: 60 }, (_, i) => 100 + (i % 7)))];
  const { probs, counts } = steps.at(-1)?.state.state ?? { probs: [], counts: [] };
  expect(counts).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(probs.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
});
