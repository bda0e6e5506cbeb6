import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { hindcast } from '../app/cli/session.js';

/** A command of a console block with what the page shows below it. */
export interface ConsoleStep {
  readonly command: string;
  /** Exit code that the page names with `# exit N`; 0 where it names none. */
  readonly exit: number;
  readonly shown: readonly string[];
}

/** What a step really did. */
export interface StepResult {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** The steps of a console block: `$ command`, lines that end in a backslash going on, then what it prints. */
export function consoleSteps(code: string): readonly ConsoleStep[] {
  return code.split(/^\$ /m).slice(1).map((part) => {
    const lines = part.split('\n');
    const last = lines.findIndex((line) => !line.endsWith('\\'));
    const text = lines.slice(0, last + 1).map((line) => line.replace(/\\$/, '').trim()).join(' ');
    const [, exit = '0'] = /# exit (\d+)$/.exec(text) ?? [];
    return { command: text.replace(/\s*# exit \d+$/, ''), exit: Number(exit), shown: lines.slice(last + 1).filter((line, i, all) => line !== '' || i < all.length - 1) };
  });
}

/** The words of a command that needs no shell; null where it does. */
function wordsOf(command: string): readonly string[] | null {
  const words = [...command.matchAll(/'([^']*)'|"([^"$`\\]*)"|([^\s'"]+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
  return /[|<>;&*$`()]/.test(command.replaceAll(/'[^']*'|"[^"$`\\]*"/g, '')) || words[0] !== 'hindcast' ? null : words;
}

/** A folder to work in: the recorded runs, and a `hindcast` for shells. */
export function workFolder(): { readonly folder: string; readonly run: (command: string) => Promise<StepResult>; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-docs-'));
  const recorded = resolve('datasets/npm');
  for (const name of readdirSync(recorded)) symlinkSync(join(recorded, name), join(folder, name));
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'hindcast'), `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/app/cli/main.js')}' "$@"\n`);
  chmodSync(join(bin, 'hindcast'), 0o755);
  return { folder, run: async (command) => within(folder, async () => runStep(command, bin)), remove: () => { rmSync(folder, { recursive: true, force: true }); } };
}

async function within<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    return await work();
  } finally {
    process.chdir(before);
  }
}

async function runStep(command: string, bin: string): Promise<StepResult> {
  const words = wordsOf(command);
  if (words !== null) {
    const { code, out, err } = await hindcast(words.slice(1));
    return { exit: code, out, err };
  }
  try {
    const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
    return { exit: 0, out: execFileSync('bash', ['--norc', '-c', command], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }), err: '' };
  } catch (error) {
    const { status, stdout, stderr } = error as { readonly status: number; readonly stdout: string; readonly stderr: string };
    return { exit: status, out: stdout, err: stderr };
  }
}

/** The pattern of a shown output: a line `...` stands for any lines. */
export function shownPattern(shown: readonly string[]): RegExp {
  const escaped = shown.map((line) => (line.trim() === '...' ? '(?:.*\\n)*?' : `${line.trimEnd().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}[ ]*\\n`));
  return new RegExp(`^${escaped.join('')}\\s*$`);
}
