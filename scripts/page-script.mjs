// Puts the modules of src/report/page together into dist/report/page-script.js, the one script of a report page: plain
// text that can be read in the page as it stands. Their imports are resolved here; nothing is minified.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Script } from 'node:vm';
import ts from 'typescript';

const IMPORT = /^import (?:\{[^}]*\} from )?'([^']+)';\n/gm;

function compiled(path) {
  const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, removeComments: true, verbatimModuleSyntax: true, newLine: ts.NewLineKind.LineFeed },
  });
  return outputText;
}

/** A module's text after those that it imports. */
function collect(path, done) {
  if (done.has(path)) return;
  done.set(path, '');
  const text = compiled(path);
  if (/\bimport [^\n]* as /.test(text)) throw new Error(`${path}: an import under another name cannot be put together`);
  for (const [, from] of text.matchAll(IMPORT)) collect(resolve(dirname(path), from.replace(/\.js$/, '.ts')), done);
  done.delete(path);
  done.set(path, text.replace(IMPORT, '').replace(/^export \{\s*\};\n/gm, '').replace(/^export (?=const|function|async|class|let)/gm, ''));
}

/** The script's text. */
export function pageScript() {
  const modules = new Map();
  collect(resolve('src/report/page/start.ts'), modules);
  const text = `'use strict';\n(() => {\n${[...modules.values()].join('')}})();\n`;
  if (/^\s*(?:import|export)\b/m.test(text) || /<\/?script|<!--/i.test(text)) throw new Error('the page script holds what may not stand in a page');
  new Script(text); // The same name in two modules is an error of syntax.
  return text;
}

/** Writes it to where the program reads it. */
export function writePageScript() {
  const target = join('dist', 'report', 'page-script.js');
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, pageScript());
}
