// The notebooks' kernel: Deno, from npm, under build/notebooks, where notebooks/jupyter/kernels/deno/kernel.json looks for it.
// It is no dependency of the project: 90 MB that nothing else needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VERSION = '2.9.6';
const home = resolve('build/notebooks/deno');

/** Path of the kernel's program. */
export const deno = join(home, 'node_modules/.bin/deno');

/** Installs the kernel where it is not there yet. */
export function installKernel() {
  const installed = join(home, 'node_modules/deno/package.json');
  if (existsSync(installed) && JSON.parse(readFileSync(installed, 'utf8')).version === VERSION) return;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', '--loglevel', 'error', `deno@${VERSION}`], { cwd: home, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  if (status === 0) return;
  console.error(`notebooks: npm could not install their kernel, deno ${VERSION}`);
  process.exit(1);
}
