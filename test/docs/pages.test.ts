import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { completionModel } from '../../src/app/cli/completion/model.js';
import { commandHelps } from '../../tools/docs/help.js';
import * as api from '../../src/index.js';
import { guidePages, madePages } from '../../tools/docs/pages.js';

describe('pages made from the sources', () => {
  it.each([...madePages()])('%s is up to date (npm run docs)', (path, text) => {
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('the guides', () => {
  const guides = guidePages().filter((path) => path !== 'docs/commands.md').map((path) => readFileSync(path, 'utf8')).join('\n');
  const lines = [...readFileSync('src/index.ts', 'utf8').matchAll(/^export \{(.*)\} from '\.\/((?:stats|risk\/(?:regime|conformal|bounds|envelope|calibrate))\/.*)\.js';$/gm)];
  const functions = lines.flatMap(([, names = '']) => names.split(',').map((name) => name.trim())).filter((name) => typeof (api as Readonly<Record<string, unknown>>)[name] === 'function' && !name.startsWith('pi'));

  it('name every exported statistical function', () => {
    expect(functions.length).toBeGreaterThan(100);
    expect(functions.filter((name) => !new RegExp(`\\b${name}\\b`).test(guides))).toEqual([]);
  });
});

describe('examples in the help', () => {
  const [first] = commandHelps();
  const known = first?.command.parent === undefined || first.command.parent === null ? [] : completionModel(first.command.parent);

  /** Commands in a list of examples, continued lines joined. */
  const examplesOf = (after: readonly (readonly string[])[]): readonly string[] =>
    after.filter(([head = '']) => /^Examples?:$/.test(head)).flatMap(([, ...lines]) => lines.join('\n').replaceAll(/\\\n\s*/g, ' ').split('\n'))
      .flatMap((line) => [...line.matchAll(/hindcast ((?:[a-z]+ ?)[^|;&)]*)/g)].map(([, text = '']) => text.replace(/ {2,}.*$/, '')));

  it.each(commandHelps().map(({ path, after }) => [path.join(' '), examplesOf(after)] as const))('of hindcast %s use options that there are', (_, examples) => {
    for (const example of examples) {
      const words = example.replace(/ -- .*$/, '').replaceAll(/"[^"]*"|'[^']*'/g, 'text').split(/\s+/);
      const command = known.filter(({ path }) => path.length > 0 && path.every((name, i) => words[i] === name)).sort((a, b) => b.path.length - a.path.length)[0];
      expect(command, example).toBeDefined();
      words.forEach((word, i) => {
        if (!word.startsWith('--')) return;
        const option = command?.options.find(({ flags }) => flags.includes(word));
        expect(option, `${example}: ${word}`).toBeDefined();
        if (typeof option?.value === 'object' && option.value !== null) expect(option.value).toContain(words[i + 1]);
      });
    }
  });
});
