import { execFileSync } from 'node:child_process';
import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { bashCompletion } from '../../../src/app/cli/completion/bash.js';
import { completionModel } from '../../../src/app/cli/completion/model.js';
import { buildProgram } from '../../../src/app/cli/run.js';
import { openUnvetted } from '../../../src/app/trace-files/vetted.js';
import { file, hindcast } from './session.js';

/** What bash offers for the last of the words, after the script has been sourced. */
function offered(script: string, words: readonly string[]): readonly string[] {
  const ask = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hindcast; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p hindcast >&2`;
  return execFileSync('bash', ['--norc', '-c', ask, script, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n').filter((word) => word !== '');
}

const io = { stdout: { write: () => undefined, isTTY: false }, stderr: { write: () => undefined, isTTY: false }, env: {}, clock: () => 0, open: openUnvetted, live: () => { throw new Error('nothing is read'); } };
const commands = completionModel(buildProgram({ io, exit: () => undefined }, '0.0.0'));

describe('completion in bash', async () => {
  const script = file('hindcast.bash', (await hindcast(['completion', 'bash'])).out);

  it.each([
    [['hindcast', 'ver'], ['verify']],
    [['hindcast', 'policy', ''], ['make', 'show', 'diff', 'check', 'export']],
    [['hindcast', 'policy', 'ex'], ['export']],
    [['hindcast', 'verify', '--fo'], ['--format']],
    [['hindcast', 'verify', '--format', ''], ['pi', 'hindcast']],
    [['hindcast', 'verify', 'a.json', '--format', '=', 'p'], ['pi']],
    [['hindcast', 'policy', 'export', 'x', '--for', 'pi-b'], ['pi-bands', 'pi-budget']],
    [['hindcast', 'detect', 'x', '--arl0', ''], []],
    [['hindcast', 'policy', 'make', '--source', 'a', 'b'], []],
    [['hindcast', 'help', 'seg'], ['segment']],
    [['hindcast', 'completion', ''], ['bash', 'zsh', 'fish']],
  ])('offers for %j: %j', (words, expected) => {
    expect(offered(script, words)).toEqual(expected);
  });

  it('knows every command and every option', () => {
    for (const { path, options, commands: inside } of commands.filter(({ path: [first] }) => first !== 'help')) {
      const words = ['hindcast', ...path];
      expect(offered(script, [...words, '-'])).toEqual(options.flatMap(({ flags }) => flags));
      if (inside.length > 0) expect(offered(script, [...words, ''])).toEqual(inside.map(({ name }) => name));
    }
  });
});

describe('scripts of every shell', () => {
  it.each(['bash', 'zsh', 'fish'])('%s: the same text each time, naming every command', async (shell) => {
    const { code, out } = await hindcast(['completion', shell]);
    expect(code).toBe(0);
    expect((await hindcast(['completion', shell])).out).toBe(out);
    for (const { path } of commands) for (const name of path) expect(out).toContain(name);
  });

  it('quote what a shell would take for its own', () => {
    const odd = new Command('hindcast').addCommand(new Command('odd').description("it's $HOME `date`").addOption(new Option('--a <name>', 'a: b').choices(['$(date)', "don't"])));
    const script = file('odd.bash', bashCompletion(completionModel(odd)));
    expect(offered(script, ['hindcast', 'odd', '--a', ''])).toHaveLength(2);
    expect(offered(script, ['hindcast', ''])).toEqual(['odd', 'help']);
  });

  it('refuse a shell they do not know', async () => {
    expect((await hindcast(['completion', 'tcsh'])).code).toBe(3);
  });
});

describe('the help of every command', () => {
  it.each(commands.filter(({ path: [first] }) => first !== 'help').map(({ path }) => path.join(' ')))('hindcast %s --help has an example that starts with it', async (path) => {
    const { code, out } = await hindcast([...path.split(' ').filter((word) => word !== ''), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Examples?:$/m);
    expect(out.slice(out.search(/^Examples?:$/m))).toContain(`hindcast ${path}`.trim());
  });
});
