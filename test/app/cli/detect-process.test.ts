import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { folder } from './session.js';

const MAIN = resolve('dist/app/cli/main.js');

it('prints an alarm as soon as its line has come, and saves its state at SIGINT', async () => {
  const state = join(folder(), 'state.json');
  const child = spawn(process.execPath, [MAIN, 'detect', '-', '--mean', '0', '--sd', '1', '--arl0', '100', '--state', state], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
  const alarmed = new Promise<void>((done) => {
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
      if (out.includes('ALARM')) done();
    });
  });
  const closed = once(child, 'close') as Promise<[number]>;
  // The input stays open: the alarm cannot wait for its end. The last line is not finished.
  child.stdin.write('value\n0.1\n-0.2\n0.1\n5\n3');
  await alarmed;
  child.kill('SIGINT');
  const [code] = await closed;
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('1 alarm in 1 of 1 watched stream');
  expect(out).toContain('ended from outside');
  expect((JSON.parse(readFileSync(state, 'utf8')) as { records: number }).records).toBe(4);
});
