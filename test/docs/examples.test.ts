import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import * as api from '../../src/index.js';
import { guidePages } from '../../tools/docs/pages.js';
import { consoleSteps, shownPattern, workFolder } from './console.js';
import { fencesOf } from './fences.js';

/** Names that an example imports; it sees no others. */
function importsOf(code: string): readonly string[] {
  return [...code.matchAll(/^import \{([^}]*)\} from 'hindcast';$/gm)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()).filter((name) => name !== ''));
}

/** Runs an example of the library; a line `value; // => expected` becomes an assertion. */
function runLibraryExample(code: string): void {
  const names = importsOf(code);
  const checked = code.replaceAll(/^import .*$/gm, '').replaceAll(/^(.*); \/\/ => (.*)$/gm, 'expect($1).toEqual($2);');
  const { outputText } = ts.transpileModule(checked, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
  const values = names.map((name) => (api as Readonly<Record<string, unknown>>)[name]);
  names.forEach((name, i) => { expect(values[i], `${name} is exported`).toBeDefined(); });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- our own pages
  const run = new Function('expect', ...names, outputText) as (...scope: unknown[]) => void;
  run(expect, ...values);
}

const pages = guidePages().map((page) => [page, fencesOf(page).filter(({ language }) => ['ts', 'console'].includes(language))] as const).filter(([, fences]) => fences.length > 0);

describe.each(pages)('%s', (_page, fences) => {

  it.each(fences.filter(({ language }) => language === 'ts').map((fence) => [fence.line, fence.code] as const))('the example at line %i does what it says', (_, code) => {
    expect(code).toMatch(/\/\/ =>/);
    runLibraryExample(code);
  });

  const consoles = fences.filter(({ language }) => language === 'console');
  if (consoles.length === 0) return;
  // One folder a page: later commands read what earlier ones wrote.
  const { run, remove } = workFolder();
  afterAll(remove);
  it.each(consoles.map((fence) => [fence.line, fence.code] as const))('the session at line %i is what the commands print', async (_, code) => {
    for (const { command, exit, shown } of consoleSteps(code)) {
      const result = await run(command);
      expect(result.exit, `${command}: ${result.err}`).toBe(exit);
      if (shown.length > 0) expect(result.out, command).toMatch(shownPattern(shown));
    }
  });
});
