import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const readme = readFileSync('README.md', 'utf8');

test('the library example of the README runs as it stands', () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-readme-'));
  try {
    const file = join(folder, 'example.mjs');
    writeFileSync(file, outputText.replace("'hindcast'", JSON.stringify(pathToFileURL('dist/index.js').href)));
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    expect(printed).toContain("'exec', 6");
    expect(printed.trimEnd().split('\n').at(-1)).toBe('0');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the session shown in the README is what the demo prints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-readme-'));
  const page = join(folder, 'report.html');
  const printed = execFileSync(process.execPath, ['dist/app/cli/main.js', 'demo', '-o', page], { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '' } });
  expect(readFileSync(page, 'utf8').startsWith('<!doctype html>')).toBe(true);
  rmSync(folder, { recursive: true, force: true });
  const [, shown = ''] = /## What the demo shows\n\n```\n([\s\S]*?)```/.exec(readme) ?? [];
  const temporary = /\S*\/(base\.json|report\.html)/g;
  for (const line of shown.split('\n').filter((l) => l.trim() !== '')) expect(printed.replace(temporary, '$1')).toContain(line.replace(temporary, '$1'));
});

test('every file the README points to is there', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(([^)#:]+)\)/g)) expect(() => readFileSync(target), target).not.toThrow();
});
