import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEntry, formatFloat, readLedger, spellingOf, startKernel } from '../../src/index.js';
import { smallLedgers } from './samples.js';

const seed = 20260101;
const entry = readLedger(smallLedgers().get('20 entries') ?? Buffer.alloc(0)).entries[0] ?? assert.fail();
const kernel = startKernel();
const scoreSlot = kernel.slot('risk_score');

const [untilScore = '', fromScore = ''] = formatEntry(entry).split(/(?<="risk_score":)[^,]+/);

/** Whether the kernel proves the entry with this text for its risk score. */
function proves(number: string): boolean {
  const text = `${untilScore}${number}${fromScore}`;
  kernel.memory.fill(0, kernel.window, kernel.window + 8192);
  kernel.memory.write(text, kernel.window, 'utf8');
  kernel.expect(null);
  return kernel.prove(kernel.window) !== 0;
}

/** The double the kernel read, or NaN where it left it open. */
function valueRead(): number {
  return kernel.values[scoreSlot / 2 + 1] ?? NaN;
}

const doubles = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.tuple(fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -60, max: 60 })).map(([m, e]) => Number(`${String(m)}e${String(e)}`)),
  fc.tuple(fc.nat(10 ** 6), fc.integer({ min: 0, max: 8 })).map(([n, k]) => n / 10 ** k),
  fc.integer({ min: -60, max: 60 }).map((e) => 2 ** e),
);

test('a number is proven only if a known writer would spell it so, and then read as JavaScript reads it', () => {
  fc.assert(fc.property(doubles, fc.integer({ min: -3, max: 3 }), (x, nudge) => {
    for (const canonical of [formatFloat(x), formatFloat(x, 'older')]) {
      const lastDigit = /(\d)(e[^e]*)?$/.exec(canonical);
      const nudged = lastDigit ? canonical.slice(0, lastDigit.index) + String((Number(lastDigit[1]) + 10 + nudge) % 10) + (lastDigit[2] ?? '') : canonical;
      for (const text of [canonical, nudged, `${canonical}0`, canonical.replace('.', '.0'), canonical.replace('e', '0e')]) {
        if (!proves(text)) continue;
        assert.notEqual(spellingOf(text), null, `${text} was proven`);
        const value = valueRead();
        if (!Number.isNaN(value)) assert.ok(Object.is(value, Number(text)), `${text} was read as ${String(value)}`);
      }
    }
  }), { seed, numRuns: 20_000 });
});

test('17 digits that read back to a double but are not its shortest text are not proven', () => {
  fc.assert(fc.property(fc.double({ min: 1e-5, max: 1e6, noNaN: true }), (x) => {
    const long = x.toPrecision(17);
    if (spellingOf(long) === null) assert.equal(proves(long), false, long);
  }), { seed, numRuns: 20_000 });
});

test('few of the numbers that a host writes are left to the slow road', () => {
  let left = 0;
  const runs = 20_000;
  fc.assert(fc.property(fc.double({ min: 2 ** -16, max: 1, noNaN: true }), (x) => {
    if (!proves(formatFloat(x))) left += 1;
  }), { seed, numRuns: runs });
  // Powers of two and ties are; uniform doubles hardly ever are.
  expect(left).toBeLessThan(runs / 20);
  let uniform = 0;
  for (let i = 1; i <= runs; i += 1) if (!proves(formatFloat((i * Math.SQRT2) % 1))) uniform += 1;
  expect(uniform).toBeLessThan(runs / 1000);
});

test.each(['1', '01.0', '1.', '.5', '+1.0', '1e5', '1.0e5', '0.0e5', '-', 'nul', '1.50', '00.5', '0.000001', '1e-5', '10e-7', '1e-06', '1e+6', '1E-7', '1e16x', '0x1p3', '--1.0', '1.0.0', 'NaN', 'Infinity', '1_0.0', '"1.0"'])('%s is not proven to be a number of the host', (text) => {
  expect(proves(text)).toBe(false);
});

test.each(['0.0', '-0.0', '1.0', '-1.5', '0.00001', '1e-6', '1e16', '1e+16', '7.667648073722e-53', 'null', '12345678901234.0'])('%s is proven', (text) => {
  expect(proves(text)).toBe(true);
});

test('strings are proven exactly where they are valid UTF-8 in the host\'s own escapes', () => {
  const proven = (bytes: Buffer): boolean => {
    const [before = '', after = ''] = formatEntry({ ...entry, method: '@@' }).split('@@');
    kernel.memory.fill(0, kernel.window, kernel.window + 8192);
    Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]).copy(kernel.memory, kernel.window);
    kernel.expect(null);
    return kernel.prove(kernel.window) !== 0;
  };
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
    assert.ok(proven(Buffer.from(JSON.stringify(text).slice(1, -1))), JSON.stringify(text));
  }), { seed, numRuns: 3000 });
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 24 }), (bytes) => {
    const raw = Buffer.from(bytes);
    let canonical = false;
    try {
      const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
      canonical = JSON.stringify(JSON.parse(`"${text}"`)).slice(1, -1) === text;
    } catch {
      canonical = false;
    }
    assert.equal(proven(raw), canonical, raw.toString('hex'));
  }), { seed, numRuns: 20_000 });
});
