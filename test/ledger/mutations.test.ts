import assert from 'node:assert/strict';
import { expect, test } from 'vitest';
import { bytesSource, formatLedger, InputError, readLedger, startKernel, verifyStream } from '../../src/index.js';
import { verifyNaively } from '../naive/verify.js';
import { mutate, replacements, testRandom, tryByte } from './mutate.js';
import { smallLedgers } from './samples.js';

/** All bytes and all mutations in `npm run test:mutations`, a seeded share of them in `npm test`. */
const ALL = process.env['HINDCAST_ALL_MUTATIONS'] === '1';
const TRIES = ALL ? Infinity : 2_500;
const kernel = startKernel();
const MUTATIONS = ALL ? 10_000 : 1_000;

for (const [name, text] of smallLedgers()) {
  test(`no change of a byte of the ledger ${JSON.stringify(name)} goes unseen that changes a value`, () => {
    const original = readLedger(text);
    const random = testRandom(20260101);
    const every = Math.max(1, Math.round((2 * text.length) / TRIES));
    const seen = { refused: 0, found: 0, unchanged: 0, 'not covered': 0 };
    for (let at = 0; at < text.length; at += 1) {
      const bytes = replacements(text[at] ?? 0, random);
      for (const byte of bytes) {
        if (random(every) === 0) seen[tryByte(text, original, { at, byte }, kernel)] += 1;
      }
    }
    expect(seen.found).toBeGreaterThan(0);
    // Only the digits of generated_at_ms may change a value unseen.
    expect(seen['not covered']).toBeLessThanOrEqual(2 * String(original.header?.generated_at_ms).length);
  });
}

test('mutated files give a coded error or a verdict, and the verdict of the naive reading', () => {
  const random = testRandom(7);
  const texts = [...smallLedgers().values()].flatMap((text) => {
    const ledger = readLedger(text);
    const entries = ledger.entries.slice(0, 4);
    const few = formatLedger({ header: ledger.header, entries });
    return [Buffer.from(few), Buffer.from(JSON.stringify(JSON.parse(few), null, 2)), Buffer.from(formatLedger({ header: null, entries }))];
  });
  const prototypeKeys = Object.getOwnPropertyNames(Object.prototype).length;
  let verdicts = 0;
  let slowestMs = 0;
  for (let i = 0; i < MUTATIONS; i += 1) {
    const text = mutate(texts[i % texts.length] ?? Buffer.alloc(0), random);
    const start = performance.now();
    try {
      const report = verifyStream(bytesSource(text), { kernel });
      verdicts += 1;
      if (report.form === 'artifact') assert.deepStrictEqual(report, verifyNaively(text).report, `mutation ${String(i)}`);
    } catch (error) {
      assert.ok(error instanceof InputError, `mutation ${String(i)}: ${String(error)}`);
    } finally {
      slowestMs = Math.max(slowestMs, performance.now() - start);
    }
  }
  console.info(`${String(MUTATIONS)} mutated files, ${String(verdicts)} verdicts, the slowest in ${slowestMs.toFixed(1)} ms`);
  expect(verdicts).toBeGreaterThan(MUTATIONS / 20);
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototypeKeys);
});
