// Checks the types of the notebooks' cells: strict, with Deno's own types, which its kernel runs past.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { moduleText } from './cells.mjs';
import { deno as kernel } from './kernel.mjs';

const home = resolve('build/notebooks/types');

/**
 * @param notebooks - name and cells of each
 * @returns what is wrong, a sentence each: notebook, cell and line in it
 */
export function typeFaults(notebooks) {
  mkdirSync(home, { recursive: true });
  const globals = join(home, 'deno.d.ts');
  writeFileSync(globals, execFileSync(kernel, ['types'], { encoding: 'utf8', maxBuffer: 1 << 26 }));
  copyFileSync('notebooks/show.ts', join(home, 'show.ts'));
  const files = notebooks.map(({ name, cells }) => {
    const file = join(home, `${name}.ts`);
    writeFileSync(file, moduleText(cells));
    return file;
  });
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson({ ...config.compilerOptions, lib: ['esnext'], allowImportingTsExtensions: true, isolatedDeclarations: false, declaration: false, noEmit: true }, process.cwd());
  const program = ts.createProgram([...files, join(home, 'show.ts'), globals], options);
  return ts.getPreEmitDiagnostics(program).map(inWords);
}

function inWords({ file, start, messageText }) {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ');
  if (file === undefined || start === undefined) return message;
  const before = file.text.slice(0, start);
  const id = [...before.matchAll(/^\/\/ cell (.*)$/gm)].at(-1)?.[1];
  const line = before.slice(before.lastIndexOf(`// cell ${id}`)).split('\n').length - 1;
  const name = file.fileName.slice(file.fileName.lastIndexOf('/') + 1, -'.ts'.length);
  return id === undefined ? `${name}.ts: ${message}` : `${name}, cell ${id}, line ${line}: ${message}`;
}
