import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { samples } from '../../../tools/mutate-traces/samples.js';
import { file, fresh, hindcast } from '../trace-files/built.js';

const MAIN = resolve('dist/app/cli/main.js');
const bytesOf = (form: 'arrow stream' | 'arrow file' | 'parquet' | 'json lines'): Buffer => samples().get(form)?.bytes ?? Buffer.alloc(0);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('convert writes the form that the extension names, and says what it wrote', async () => {
  const input = file(bytesOf('arrow stream'));
  for (const [extension, start] of [['.arrows', '\xff\xff\xff\xff'], ['.arrow', 'ARROW1'], ['.parquet', 'PAR1'], ['.jsonl', '{"schema"']] as const) {
    const out = fresh(extension);
    const session = await hindcast('convert', input, out);
    expect(session).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(out).toString('latin1').startsWith(start)).toBe(true);
    expect(session.out).toContain('40 rows in 1 batch written');
    expect(session.out).toContain(sha256(readFileSync(out)));
    expect(session.out).toContain('no SHA-256 is known');
  }
});

test('convert --json reports on one object', async () => {
  const out = fresh('.bin');
  const { code, out: json } = await hindcast('convert', file(bytesOf('parquet')), out, '--to', 'arrows', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(json)).toMatchObject({ schema: 'hindcast.convert.v1', out, from: 'parquet', to: 'arrow stream', rows: 40, lostBytes: 0, verified: false, writtenSha256: sha256(readFileSync(out)) });
});

test('a torn stream is written as far as it is whole, and the exit code says so', async () => {
  const bytes = bytesOf('arrow stream');
  const out = fresh('.arrows');
  const { code, out: page } = await hindcast('convert', file(bytes.subarray(0, bytes.length - 200)), out);
  expect(code).toBe(1);
  expect(page).toContain('32 rows in 1 batch written');
  expect(page.replace(/\s+/g, ' ')).toMatch(/the last [\d,]+ of [\d,]+ bytes are no complete batch or line, and are left out/);
  expect(existsSync(out)).toBe(true);
});

test('a refused trace leaves what was there, and no other file', async () => {
  const out = file('before', '.parquet');
  const { code, err } = await hindcast('convert', file(Buffer.from('ARROW1 and nothing sound')), out);
  expect(code).toBe(2);
  expect(err).toContain('Arrow');
  expect(readFileSync(out, 'utf8')).toBe('before');
  expect(readdirSync(dirname(out)).filter((name) => name.includes(basename(out)) && name !== basename(out))).toEqual([]);
});

test('bytes with another hash than the known one are refused, from the option or from the file beside', async () => {
  const bytes = bytesOf('arrow file');
  const input = file(bytes);
  const right = await hindcast('convert', input, fresh('.parquet'), '--sha256', sha256(bytes));
  expect(right).toMatchObject({ code: 0 });
  expect(right.out).toContain('compared before they were read');
  writeFileSync(`${input}.sha256`, `${'0'.repeat(64)}  ${basename(input)}\n`);
  const wrong = await hindcast('convert', input, fresh('.parquet'));
  expect(wrong).toMatchObject({ code: 1, out: '' });
  expect(wrong.err).toContain('nothing of them was read');
  expect(await hindcast('convert', input, fresh('.parquet'), '--sha256', 'abc')).toMatchObject({ code: 3 });
});

test('convert refuses to write over its input, over what a hash vouches for, and without a form', async () => {
  const input = file(bytesOf('arrow stream'), '.arrows');
  expect(await hindcast('convert', input, input)).toMatchObject({ code: 3, err: expect.stringContaining('is the input file') as string });
  const out = fresh('.parquet');
  writeFileSync(`${out}.sha256`, 'x');
  expect(await hindcast('convert', input, out)).toMatchObject({ code: 3, err: expect.stringContaining('remove it first') as string });
  expect(await hindcast('convert', input, fresh('.csv'))).toMatchObject({ code: 3, err: expect.stringContaining('.parquet') as string });
});

test('convert goes from the standard input to the standard output', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'convert', '-', '-'], { input: bytesOf('parquet') });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  expect(stdout.equals(bytesOf('json lines'))).toBe(true);
});

test('a reader of the standard output that has seen enough is no error', () => {
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', `"$1" "$2" convert "$3" - | head -c 10; echo`, 'sh', process.execPath, MAIN, file(bytesOf('arrow stream'))]);
  expect({ status, out: stdout.toString(), err: stderr.toString() }).toEqual({ status: 0, out: '{"schema":\n', err: '' });
});
