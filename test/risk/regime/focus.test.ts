import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { focus, InputError, random, scan, type FocusParams, type GlrFamily } from '../../../src/index.js';
import { detectorLaws } from '../../laws/detector.js';
import { naiveGlr } from '../../naive/glr.js';
import { expectClose, referenceCases } from '../../stats/reference.js';

const real = fc.oneof(fc.double({ min: -20, max: 20, noNaN: true }), fc.integer({ min: -3, max: 3 }));
const families: readonly (readonly [GlrFamily, fc.Arbitrary<number>, number | null])[] = [
  [{ kind: 'gaussian', mean: 1, sd: 2 }, real, 0],
  [{ kind: 'gaussian', mean: null, sd: 2 }, real, null],
  [{ kind: 'exponential', mean: 10 }, fc.double({ min: 0.001, max: 100, noNaN: true }), 1],
  [{ kind: 'bernoulli', p0: 0.2 }, fc.constantFrom(0, 0, 1), 0.2],
  [{ kind: 'poisson', mean: 3 }, fc.nat(9), 3],
];

for (const [family, observations] of families) {
  detectorLaws(focus({ family, threshold: 6 }), observations, 2000);
  detectorLaws(focus({ family, threshold: 1e6, maxCandidates: 4, sides: 'up' }), observations, 500);
}
detectorLaws(focus({ family: { kind: 'gaussian', mean: null, sd: 1 }, threshold: 5, sides: 'down', afterAlarm: 'latch' }), fc.double({ min: -1e149, max: 1e149, noNaN: true }), 2000);

/** Standard units as the naive definition wants them. */
function standard(family: GlrFamily, x: number): number {
  if (family.kind === 'gaussian') return (x - (family.mean ?? 0)) / family.sd;
  return family.kind === 'exponential' ? x / family.mean : x;
}

describe('the statistic', () => {
  it.each(families)('is the maximum over every start and size: %o', (family, observations, before) => {
    fc.assert(
      fc.property(fc.array(observations, { minLength: 1, maxLength: 60 }), fc.constantFrom('both' as const, 'up' as const, 'down' as const), (xs, sides) => {
        const steps = [...scan(focus({ family, threshold: 1e9, sides }), xs)];
        const flip = family.kind === 'exponential' ? -1 : 1;
        const sign = sides === 'both' ? 0 : sides === 'up' ? flip : -flip;
        steps.forEach(({ out }, t) => {
          const { statistic } = naiveGlr(family.kind, xs.slice(0, t + 1).map((x) => standard(family, x)), before, sign as -1 | 0 | 1);
          expect(Math.abs(out.statistic - statistic)).toBeLessThanOrEqual(1e-9 * Math.max(1, statistic));
        });
      }),
      { seed: 20260101, numRuns: 150 },
    );
  });

  it.each(families.slice(0, 3))('names the likeliest start: %o', (family, _observations, before) => {
    const source = random(5);
    const draw = (): number => (family.kind === 'exponential' ? 10 * source.exponential() : 1 + 2 * source.normal());
    for (let run = 0; run < 20; run += 1) {
      const xs = Array.from({ length: 100 }, (_, i) => (i < 60 ? draw() : draw() * (family.kind === 'exponential' ? 0.3 : 1) + (family.kind === 'gaussian' ? 4 : 0)));
      const out = [...scan(focus({ family, threshold: 1e9 }), xs)].at(-1)?.out;
      expect(out?.changeIndex).toBe(naiveGlr(family.kind, xs.map((x) => standard(family, x)), before, 0).start);
    }
  });

  it.each([...referenceCases('sequences', 'gaussianGlrKnownMean'), ...referenceCases('sequences', 'gaussianGlrUnknownMean')])('equals reference $id', ({ id, input, expected, tol }) => {
    const { x, mean, sd } = input as { x: number[]; mean?: number; sd: number };
    const outs = [...scan(focus({ family: { kind: 'gaussian', mean: mean ?? null, sd }, threshold: 1e9 }), x)].map(({ out }) => out);
    const got = { stat: outs.map(({ statistic }) => statistic), changeEstimate: outs.map(({ changeIndex }) => (changeIndex === null ? 0 : changeIndex + 1)) };
    expectClose(got, expected, tol, id);
  });

  it.each([...referenceCases('sequences', 'bernoulliGlr'), ...referenceCases('sequences', 'exponentialGlr')])('equals reference $id', ({ id, input, expected, tol }) => {
    const { x, p0, mean0 } = input as { x: number[]; p0?: number; mean0: number };
    const family: GlrFamily = p0 === undefined ? { kind: 'exponential', mean: mean0 } : { kind: 'bernoulli', p0 };
    expectClose([...scan(focus({ family, threshold: 1e9 }), x)].map(({ out }) => out.statistic), expected, tol, id);
  });
});

it('few candidates are enough on clean data', () => {
  const source = random(20260101);
  const xs = Float64Array.from({ length: 50_000 }, source.normal);
  const { state } = focus({ family: { kind: 'gaussian', mean: null, sd: 1 }, threshold: 1e9 }).bulk(xs);
  expect(state.dropped).toBe(0);
  expect(state.above.starts.length + state.below.starts.length).toBeLessThan(60);
});

it('a full list drops candidates, counts them, and never overstates', () => {
  const xs = Array.from({ length: 100 }, (_, i) => 0.001 * i * i);
  const family: GlrFamily = { kind: 'gaussian', mean: 0, sd: 1 };
  const exact = [...scan(focus({ family, threshold: 1e9 }), xs)];
  const capped = [...scan(focus({ family, threshold: 1e9, maxCandidates: 5 }), xs)];
  expect(exact.at(-1)?.state.state.dropped).toBe(0);
  expect(capped.at(-1)?.state.state.dropped).toBeGreaterThan(0);
  capped.forEach(({ out }, i) => { expect(out.statistic).toBeLessThanOrEqual((exact[i]?.out.statistic ?? NaN) * (1 + 1e-12)); });
});

describe('the bulk form', () => {
  it.each(families)('equals the streaming form exactly, cut anywhere: %o', (family, observations) => {
    const ways: Pick<FocusParams, 'sides' | 'afterAlarm'>[] = [{}, { sides: 'down' }, { afterAlarm: 'latch' }];
    fc.assert(
      fc.property(fc.array(observations, { maxLength: 120 }), fc.nat(120), fc.constantFrom(...ways), (xs, cut, way) => {
        const detector = focus({ family, threshold: 4, ...way });
        const steps = [...scan(detector, xs)];
        const first = detector.bulk(Float64Array.from(xs.slice(0, cut)));
        const rest = detector.bulk(Float64Array.from(xs.slice(cut)), first.state);
        expect(rest.state).toEqual(steps.at(-1)?.state.state ?? detector.init());
        expect([...first.alarms, ...rest.alarms]).toEqual(steps.flatMap(({ out }, i) => (out.alarm?.index === i ? [out.alarm] : [])));
      }),
      { seed: 20260101, numRuns: 100 },
    );
  });
});

describe('bad input', () => {
  const family: GlrFamily = { kind: 'gaussian', mean: 0, sd: 1 };
  it.each([
    [{ family: { ...family, sd: 0 }, threshold: 5 }, 'sd must be finite and > 0, got 0'],
    [{ family: { ...family, mean: NaN }, threshold: 5 }, 'mean must be finite'],
    [{ family, threshold: NaN }, 'threshold must be finite and > 0'],
    [{ family, threshold: 5, maxCandidates: 1 }, 'maxCandidates must be an integer'],
    [{ family: { kind: 'bernoulli', p0: 1 }, threshold: 5 }, 'p0 must be in (0, 1)'],
  ] as const)('is refused: %o', (params, message) => {
    expect(() => focus(params)).toThrow(InputError);
    expect(() => focus(params)).toThrow(message);
  });

  it('is refused with its place in the stream', () => {
    expect(() => focus({ family, threshold: 5 }).bulk(Float64Array.of(0, NaN))).toThrow('observation 1 must be finite, got NaN');
    expect(() => focus({ family, threshold: 5 }).bulk(Float64Array.of(0, 1e151))).toThrow('observation 1 must lie within 1e150 scales');
    expect(() => focus({ family: { kind: 'exponential', mean: 1 }, threshold: 5 }).bulk(Float64Array.of(1, 0))).toThrow('observation 1 must be > 0');
    expect(() => focus({ family: { kind: 'poisson', mean: 1 }, threshold: 5 }).bulk(Float64Array.of(0.5))).toThrow('observation 0 must be a count');
  });
});
