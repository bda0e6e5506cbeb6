// Opens the notebooks in the Jupyter of this machine, with a kernel that comes from npm.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { installKernel } from './kernel.mjs';

/** Environment in which Jupyter finds the kernel of this checkout first. */
export function jupyterEnvironment() {
  const { JUPYTER_PATH: given = '' } = process.env;
  return { ...process.env, NO_COLOR: '1', JUPYTER_PATH: [resolve('notebooks/jupyter'), given].filter((path) => path !== '').join(delimiter) };
}

function onPath(program) {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '').some((folder) => {
    try {
      accessSync(join(folder, process.platform === 'win32' ? `${program}.exe` : program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const MISSING = `npm run notebooks needs Jupyter, and there is none on the PATH. Install one of

  pip install jupyterlab                 (in a virtual environment: python3 -m venv ENV && ENV/bin/pip install jupyterlab)
  sudo apt-get install jupyter-notebook  (Debian, Ubuntu)

and run npm run notebooks again, with the environment's bin folder on the PATH. It brings the kernel itself, from npm.
To read them only, open notebooks/*.ipynb in VS Code or on GitHub: their outputs are saved in them.`;

/** @returns the exit code */
export function openNotebooks(further) {
  const program = ['jupyter-lab', 'jupyter-notebook'].find(onPath);
  if (program === undefined) {
    console.error(MISSING);
    return 1;
  }
  installKernel();
  const { status, error } = spawnSync(program, [...further, 'notebooks'], { stdio: 'inherit', env: jupyterEnvironment() });
  if (error !== undefined) console.error(`npm run notebooks: ${program} did not start: ${error.message}`);
  return status ?? 1;
}
