import { describe, expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../../src/app/terminal.js';
import { file, hindcast } from './session.js';

const COMMANDS = ['verify', 'calibrate', 'seal', 'replay', 'baseline', 'drift', 'detect', 'generate', 'demo'];

describe('the command line', () => {
  it('prints its version and its help with the exit codes, both with code 0', async () => {
    expect(await hindcast(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    const help = await hindcast(['--help']);
    expect(help.code).toBe(0);
    for (const code of ['0', '1', '2', '3', '5']) expect(help.out).toMatch(new RegExp(`^  ${code}  `, 'm'));
    for (const command of COMMANDS) expect(help.out).toContain(`  ${command} `);
  });

  it.each(COMMANDS)('has help for %s that fits 80 columns and names its exit codes', async (command) => {
    const { code, out } = await hindcast([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain('Exit codes: 0');
    for (const line of out.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it.each([
    [[]],
    [['frobnicate']],
    [['verify']],
    [['verify', '--frobnicate', 'x']],
    [['verify', 'x', '--format', 'xml']],
    [['calibrate', 'x', '--step', 'abc']],
    [['calibrate', 'x', '--step', '1e999']],
    [['calibrate', 'x', '--objective', 'speed']],
    [['calibrate', 'x', '--step', '0']],
    [['calibrate', 'x', '--min-threshold', '0.9', '--max-threshold', '0.1']],
    [['seal', 'x', '--generated-at', 'now']],
    [['verify', '/nowhere/at/all.json']],
    [['verify', '/']],
    [['verify', 'a.json', 'b.json', '--format', 'pi']],
  ])('takes %j for bad usage: code 3, a sentence on stderr, nothing on stdout', async (argv) => {
    const { code, out, err } = await hindcast(argv);
    expect(code).toBe(3);
    expect(out).toBe('');
    expect(err).not.toBe('');
    expect(err).not.toContain(' at '.repeat(2));
  });

  it('says in one clear sentence why a file cannot be read', async () => {
    expect((await hindcast(['verify', '/nowhere.json'])).err).toBe('hindcast: /nowhere.json: there is no such file\n');
    expect((await hindcast(['calibrate', '/tmp'])).err).toBe('hindcast: /tmp: it is a folder\n');
  });

  it('lets no control character of an argument through', async () => {
    const { err } = await hindcast(['verify', '/\u001b[31mx\rOK']);
    expect(err).toContain('\\u001b');
    expect(stripVTControlCharacters(err)).toBe(err);
    expect((await hindcast(['\u001b]0;title'])).err).not.toContain('\u001b');
  });

  it('takes malformed input for code 2, and the worst of several files for its code', async () => {
    const broken = file('broken.json', '{"schema":');
    expect((await hindcast(['verify', broken])).code).toBe(2);
    expect((await hindcast(['verify', broken, '/nowhere.json'])).code).toBe(3);
    expect((await hindcast(['verify', broken, 'datasets/npm/npm-incident.ledger.json'])).code).toBe(2);
  });
});
