import { expect, test } from 'vitest';
import { readArrowStream, rowsOf } from '../../../src/index.js';
import { isTrace, withVettedStream } from '../../../src/app/trace-files/vetted.js';
import { readCalls } from '../../../src/app/trace-chunks.js';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { file } from './built.js';

test('a trace in any form comes as an Arrow stream of the same rows', async () => {
  const found = await Promise.all([...samples().values()].map(async ({ bytes }) =>
    withVettedStream(file(bytes), (source) => [...readArrowStream(source).chunks].flatMap((chunk) => [...rowsOf(chunk)]))));
  expect(found[0]).toHaveLength(40);
  for (const rows of found) expect(rows).toEqual(found[0]);
});

test('calls are read from traces in any form; one that was cut off is refused', async () => {
  for (const [form, { bytes }] of samples()) {
    let rows = 0;
    await readCalls([file(bytes)], (chunk) => { rows += chunk.rows; });
    expect(rows).toBe(40);
    await expect(readCalls([file(bytes.subarray(0, bytes.length - 9))], () => undefined)).rejects.toMatchObject({ code: form === 'parquet' ? 'BAD_PARQUET' : 'TORN_TAIL' });
  }
});

test('traces are told from other files by their first bytes', () => {
  for (const { bytes } of samples().values()) expect(isTrace(bytes)).toBe(true);
  expect(isTrace(Buffer.from('{"call_id":"a"}\n'))).toBe(false);
  expect(isTrace(Buffer.from('a,b\n'))).toBe(false);
});
