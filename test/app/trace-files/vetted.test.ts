import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readArrowStream, rowsOf } from '../../../src/index.js';
import { isTrace, withVettedFiles } from '../../../src/app/trace-files/vetted.js';
import { readCalls } from '../../../src/app/trace-chunks.js';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { file } from './built.js';

test('a trace in any form comes as an Arrow stream of the same rows', async () => {
  const paths = [...samples().values()].flatMap(({ bytes }) => [file(bytes), file(gzipSync(bytes))]);
  const found = await withVettedFiles(paths, (open) => paths.map((path) => {
    const { source, trace, close } = open(path);
    const rows = [...readArrowStream(source).chunks].flatMap((chunk) => [...rowsOf(chunk)]);
    close();
    return { rows, sha256: trace?.sha256 };
  }));
  expect(found[0]?.rows).toHaveLength(40);
  found.forEach(({ rows, sha256 }, i) => {
    expect(rows).toEqual(found[0]?.rows);
    expect(sha256).toBe(createHash('sha256').update(readFileSync(paths[i] ?? '')).digest('hex'));
  });
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

test('a file that cannot be read says so when it is opened, and leaves the others alone', async () => {
  const [sound] = [...samples().values()];
  const [good, torn, ledger] = [file(sound?.bytes ?? ''), file(sound?.bytes.subarray(0, -9) ?? ''), file('{"entries":[]}')];
  await withVettedFiles([good, torn, ledger, '/nowhere'], (open) => {
    expect(() => open(torn)).toThrow('the trace stops short');
    expect(() => open('/nowhere')).toThrow('ENOENT');
    expect(open(good).trace?.about.rows).toBe(40);
    expect(open(ledger).trace).toBeNull();
  });
});

test('a trace that is changed after it was checked is not opened', async () => {
  const [sound] = [...samples().values()];
  const path = file(sound?.bytes ?? '');
  await withVettedFiles([path], (open) => {
    writeFileSync(path, sound?.bytes.subarray(0, -1) ?? '');
    expect(() => open(path)).toThrow('the file was changed after it had been checked');
  });
});

test('a pipe or a device where a hash should stand is neither waited for nor read', async () => {
  const [sound] = [...samples().values()];
  const [piped, endless] = [file(sound?.bytes ?? ''), file(sound?.bytes ?? '')];
  execFileSync('mkfifo', [`${piped}.sha256`]);
  symlinkSync('/dev/zero', `${endless}.sha256`);
  await withVettedFiles([piped, endless], (open) => {
    expect(() => open(piped)).toThrow('must begin with a SHA-256');
    expect(() => open(endless)).toThrow('must begin with a SHA-256');
  });
});
