// Holds traces against pyarrow, installed under build/pyarrow: npm run test:pyarrow [-- TRACE]. Needs python3 with venv and pip.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PYARROW = '26.0.1';
const home = resolve('build/pyarrow');
const python = join(home, 'bin/python');
const main = resolve('dist/app/cli/main.js');

function must(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error === undefined && status === 0) return;
  console.error(`test:pyarrow: ${[command, ...args.slice(0, 3)].join(' ')} failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}

if (!existsSync(python)) must('python3', ['-m', 'venv', home]);
must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `pyarrow==${PYARROW}`]);
const folder = mkdtempSync(join(tmpdir(), 'hindcast-pyarrow-'));
try {
  const given = process.argv[2];
  const trace = given ?? join(folder, 'incident.arrows');
  if (given === undefined) must(process.execPath, [main, 'import', 'datasets/npm/npm-incident.calls.jsonl', '-o', trace]);
  must(python, ['tools/pyarrow/check.py', process.execPath, main, trace, folder]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
