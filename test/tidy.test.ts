import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const SKIPPED = new Set(['node_modules', 'dist', 'build', 'docs', 'datasets', '.git', 'home', 'golden', 'reference', 'vectors']);

/** Our own text files below a folder. */
function textFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((item) => {
    const path = folder === '.' ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) return SKIPPED.has(item.name) && !path.startsWith('tools/') ? [] : textFiles(path);
    return /\.(ts|mjs|cjs|js|json|md|yml)$/.test(path) && path !== 'package-lock.json' ? [path] : [];
  });
}

const own = textFiles('.');

test('every dependency is pinned to one version', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, Record<string, string>>;
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});

test('no file holds unfinished work, a skipped test or a path of somebody\'s machine', () => {
  const banned = new RegExp(['TO' + 'DO', 'FIX' + 'ME', '\\bX' + 'XX\\b', String.raw`\b(it|test|describe)\.(skip|todo|only)\b`, '@ts-' + 'ignore', '/work/' + '\\w', '/root/' + '\\w', 'expect\\(true\\)'].join('|'));
  const hits = own.flatMap((name) => readFileSync(name, 'utf8').split('\n').flatMap((line, i) => (banned.test(line) ? [`${name}:${String(i + 1)}: ${line.trim()}`] : [])));
  expect(hits).toEqual([]);
});

test('no source file is longer than 250 lines of code', () => {
  const long = own.filter((name) => name.startsWith('src/') && !['src/index.ts', 'src/ledger/kernel-bytes.ts'].includes(name)).filter((name) => {
    const code = readFileSync(name, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('//'));
    return code.length > 250;
  });
  expect(long).toEqual([]);
});
