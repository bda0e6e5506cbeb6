import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folder, hindcast } from './session.js';

it('hindcast record says what it lacks where strace is not installed, and leaves no file', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = folder();
  try {
    const out = join(folder(), 'a.arrows');
    expect(await hindcast(['record', '-o', out, '--', 'true'])).toMatchObject({ code: 3, out: '', err: expect.stringContaining('strace is not installed: on Debian, apt-get install strace') as string });
    expect(existsSync(out)).toBe(false);
  } finally {
    process.env['PATH'] = path;
  }
});

it('hindcast record needs a program and a file of a known form', async () => {
  expect((await hindcast(['record', '-o', join(folder(), 'a.arrows')])).code).toBe(3);
  expect((await hindcast(['record', '-o', join(folder(), 'a.txt'), '--', 'true'])).code).toBe(3);
});
