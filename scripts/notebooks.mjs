// The notebooks: opens them; with --test, holds them against what is committed; with --update [NAME...], runs them and saves;
// with --picture, takes the README's picture of one.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { names, nodeModule, readCells, transpile } from './notebooks/cells.mjs';
import { installKernel } from './notebooks/kernel.mjs';
import { jupyterEnvironment, openNotebooks } from './notebooks/open.mjs';
import { unprinted } from './notebooks/prose.mjs';
import { typeFaults } from './notebooks/types.mjs';

const CLIENT = ['nbclient==0.11.0', 'nbformat==5.11.1', 'jupyter_client==8.10.0'];
const MOST_BYTES = 1_000_000;
const MOST_SECONDS = 60;
const home = resolve('build/notebooks');
const python = join(home, 'venv/bin/python');
const fileOf = (name) => join('notebooks', `${name}.ipynb`);

function must(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error === undefined && status === 0) return;
  console.error(`notebooks: ${[command, ...args.slice(0, 3)].join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}

/** The kernel, and what runs notebooks without a window, in an environment of its own: needs python3 with venv (Debian: python3-venv). */
function installClient() {
  installKernel();
  if (!existsSync(python)) must('python3', ['-m', 'venv', join(home, 'venv')]);
  must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...CLIENT]);
}

/** Runs a notebook from the top. Its kernel works in notebooks/, wherever the file is. */
function execute(file, target) {
  const { status, stderr } = spawnSync(python, ['scripts/notebooks/execute.py', file, target, resolve('notebooks')], { encoding: 'utf8', env: jupyterEnvironment() });
  return { ran: status === 0, message: stderr.trim().split('\n').slice(-12).join('\n') };
}

/** The same cells under Node: what each showed. */
function onNode(name, cells) {
  const folder = join(home, 'node');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'show.mjs'), transpile(readFileSync('notebooks/show.ts', 'utf8')));
  writeFileSync(join(folder, `${name}.mjs`), nodeModule(cells));
  return JSON.parse(execFileSync(process.execPath, ['scripts/notebooks/on-node.mjs', name], { encoding: 'utf8', maxBuffer: 1 << 27 }));
}

let [passed, failed] = [0, 0];

function check(title, faults) {
  if (faults.length === 0) passed += 1;
  else failed += 1;
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${title}${faults.map((fault) => `\n       ${fault}`).join('')}`);
}

function testNotebook(name) {
  const cells = readCells(fileOf(name));
  const out = join(home, `${name}.ipynb`);
  const before = Date.now();
  const { ran, message } = execute(fileOf(name), out);
  const seconds = (Date.now() - before) / 1000;
  check(`${name} runs (${seconds.toFixed(1)} s, at most ${String(MOST_SECONDS)})`, [...(ran ? [] : [message]), ...(seconds < MOST_SECONDS ? [] : ['it took too long'])]);
  if (!ran) return;
  const again = readFileSync(out, 'utf8') === readFileSync(fileOf(name), 'utf8');
  check(`${name} shows what is committed, byte for byte`, again ? [] : [...differing(cells, readCells(out)), 'npm run notebooks -- --update saves what it shows now']);
  check(`${name} shows the same under Node ${process.versions.node}`, differing(cells, onNode(name, cells), toEightDigits));
  check(`${name} shows one thing a cell, and prints nothing`, cells.filter(({ kind, outputs }) => kind === 'code' && !(outputs.length === 1 && outputs[0].data !== undefined)).map(({ id }) => `cell ${id} does not: what a kernel prints may get lost, so let each cell end in show(), table() or lines()`));
  check(`${name} claims no number that it does not print`, unprinted(cells));
  const { size } = statSync(fileOf(name));
  check(`${name} has ${String(Math.ceil(size / 1000))} kB, at most ${String(MOST_BYTES / 1000)}`, size <= MOST_BYTES ? [] : ['it is too large']);
}

/** The code cells whose outputs differ. */
function differing(expected, got, asText = JSON.stringify) {
  const shown = new Map(got.map(({ id, outputs }) => [id, asText(outputs)]));
  return expected.filter(({ kind, id, outputs }) => kind === 'code' && shown.get(id) !== asText(outputs)).map(({ id, outputs }) => `cell ${id} differs: ${firstDifference(asText(outputs), shown.get(id) ?? '')}`);
}

/** Outputs without the last digits of a drawing's coordinates, in which engines differ, and the name made of them. */
function toEightDigits(outputs) {
  return JSON.stringify(outputs, (media, text) => (media === 'image/svg+xml' ? text.replaceAll(/hc[0-9a-f]{16}/g, 'id').replaceAll(/\d+\.\d{6,}(?:e-?\d+)?/g, (digits) => Number(digits).toPrecision(8)) : text));
}

function firstDifference(a, b) {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return `expected ${a.slice(Math.max(0, at - 40), at + 60)}, got ${b.slice(Math.max(0, at - 40), at + 60)}`;
}

/** A test that cannot fail tests nothing: errors seeded into a copy must be found. */
function testSeeded() {
  const [name] = names;
  const cells = readCells(fileOf(name));
  const wrong = cells.map((cell, i) => (i === cells.findLastIndex(({ kind }) => kind === 'code') ? { ...cell, source: `${cell.source}\nexport const seeded: number = 'text';` } : cell));
  check('a seeded type error is found', typeFaults([{ name: 'seeded', cells: wrong }]).some((fault) => fault.includes("'string' is not assignable to type 'number'")) ? [] : ['the type check let it pass']);
  const thrown = JSON.parse(readFileSync(fileOf(name), 'utf8'));
  thrown.cells.find(({ cell_type: kind }) => kind === 'code').source = "throw new Error('seeded');";
  const file = join(home, 'seeded.ipynb');
  writeFileSync(file, JSON.stringify(thrown));
  const { ran, message } = execute(file, file);
  check('a seeded throw fails the run', ran || !message.includes('seeded') ? [`the run ${ran ? 'passed' : `said: ${message}`}`] : []);
}

function test() {
  installClient();
  check('the cells hold to their types', typeFaults(names.map((name) => ({ name, cells: readCells(fileOf(name)) }))));
  testSeeded();
  names.forEach(testNotebook);
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && names.length > 0 ? 0 : 1;
}

function update(which) {
  installClient();
  for (const name of which.length === 0 ? names : which) {
    const { ran, message } = execute(fileOf(name), fileOf(name));
    if (!ran) {
      console.error(message);
      return 1;
    }
    console.log(`${fileOf(name)} is saved`);
  }
  return 0;
}

async function picture() {
  installClient();
  const { takePicture } = await import('./notebooks/picture.mjs');
  return takePicture(python, home);
}

const [mode, ...rest] = process.argv.slice(2);
const MODES = { '--test': test, '--update': () => update(rest), '--picture': picture };
process.exit(await (MODES[mode] ?? (() => openNotebooks(process.argv.slice(2))))());
