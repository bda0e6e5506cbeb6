// Notebooks as data: their cells, their outputs, and their code as one module.
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** The notebooks' names, without `.ipynb`. */
export const names = readdirSync('notebooks').filter((file) => file.endsWith('.ipynb')).map((file) => file.slice(0, -'.ipynb'.length)).sort();

const whole = (text) => (Array.isArray(text) ? text.join('') : text);

/** Cells of a notebook file: kind, id, source and outputs, each text in one piece. */
export function readCells(path) {
  return JSON.parse(readFileSync(path, 'utf8')).cells.map(({ cell_type: kind, id, source, outputs = [] }) => ({ kind, id, source: whole(source), outputs: outputs.map(plainOutput) }));
}

function plainOutput({ output_type: type, name, text, data = {}, evalue }) {
  if (type === 'stream') return { stream: name, text: whole(text) };
  if (type === 'error') return { error: evalue };
  return { data: Object.fromEntries(Object.entries(data).map(([media, value]) => [media, whole(value)]).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** All that outputs show in words. */
export function shownText(cells) {
  return cells.flatMap(({ outputs }) => outputs.map(({ text, data }) => text ?? data?.['text/plain'] ?? '')).join('\n');
}

/** The code cells as one module, each below a comment that names it. */
export function moduleText(cells) {
  return `${cells.filter(({ kind }) => kind === 'code').map(({ id, source }) => `// cell ${id}\n${source}`).join('\n;\n')}\nexport {};\n`;
}

/** The code cells as one JavaScript module for Node, which says before each which one it is. */
export function nodeModule(cells) {
  const parts = cells.filter(({ kind }) => kind === 'code').map(({ id, source }) => `notebook(${JSON.stringify(id)});\n${source}`);
  return transpile(`${parts.join('\n;\n')}\nexport {};\n`.replaceAll(/(from ')\.\/(\w+)\.ts(')/g, '$1./$2.mjs$3'));
}

/** TypeScript without its types. */
export function transpile(text) {
  return ts.transpileModule(text, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } }).outputText;
}
