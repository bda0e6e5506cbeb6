import fc from 'fast-check';
import assert from 'node:assert/strict';
import { test } from 'vitest';
import { canonicalJson } from '../../src/canonical-json.js';
import { type Detector, type Json, type Snapshot, scan, start } from '../../src/detector.js';

/** Whether a value is what JSON can carry: no NaN, Infinity, -0, undefined, typed array or Map. */
function isFiniteJson(value: unknown): boolean {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every(isFiniteJson);
  return typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isFiniteJson);
}

/**
 * The laws every detector keeps. Call once per detector with a generator of its observations.
 *
 * @param stateBytesMax - bound on the JSON text of the state, after any number of observations
 */
export function detectorLaws<X, S extends Json, Y>(detector: Detector<X, S, Y>, observations: fc.Arbitrary<X>, stateBytesMax: number): void {
  const stream = fc.array(observations, { maxLength: 200 });
  const seed = 20260101;
  const name = `${detector.kind} ${JSON.stringify(detector.params)}`;
  const run = (xs: readonly X[], from?: Snapshot<S>): { outs: Y[]; last: Snapshot<S> } => {
    const steps = [...scan(detector, xs, from)];
    return { outs: steps.map((s) => s.out), last: steps.at(-1)?.state ?? from ?? start(detector) };
  };

  test(`${name}: same input, same output`, () => {
    fc.assert(fc.property(stream, (xs) => { assert.deepStrictEqual(run(xs), run(xs)); }), { seed });
  });
  test(`${name}: a snapshot through JSON at any point changes nothing, its members in another order`, () => {
    fc.assert(fc.property(stream, fc.nat(200), (xs, cut) => {
      const k = Math.min(cut, xs.length);
      const whole = run(xs);
      const first = run(xs.slice(0, k));
      const thawed = JSON.parse(canonicalJson(first.last)) as Snapshot<S>;
      const rest = run(xs.slice(k), thawed);
      assert.deepStrictEqual([...first.outs, ...rest.outs], whole.outs);
      assert.deepStrictEqual(rest.last, whole.last);
    }), { seed });
  });
  test(`${name}: step leaves its input state alone`, () => {
    fc.assert(fc.property(stream, (xs) => {
      let state = detector.init();
      for (const x of xs) {
        const before = structuredClone(state);
        const next = detector.step(state, x).state;
        assert.deepStrictEqual(state, before);
        state = next;
      }
    }), { seed });
  });
  test(`${name}: params and state are finite JSON`, () => {
    assert.ok(isFiniteJson(detector.params));
    fc.assert(fc.property(stream, (xs) => {
      let state = detector.init();
      for (const x of xs) {
        state = detector.step(state, x).state;
        assert.ok(isFiniteJson(state), JSON.stringify(state));
      }
    }), { seed });
  });
  test(`${name}: state stays within ${String(stateBytesMax)} bytes of JSON`, () => {
    fc.assert(fc.property(fc.array(observations, { minLength: 100, maxLength: 500 }), (xs) => {
      assert.ok(JSON.stringify(run(xs).last.state).length <= stateBytesMax);
    }), { seed, numRuns: 20 });
  });
}
