// Takes the picture of a notebook that the README shows: some of its cells, as JupyterLab has them.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findChromium } from '../chromium.mjs';

const [NAME, FIRST, LAST] = ['baseline-and-drift', 'watch', 'delay'];
const CONVERTER = 'nbconvert==7.17.2';

/** @param python - the environment that has Jupyter's tools */
export async function takePicture(python, home) {
  const page = join(home, `${NAME}.html`);
  for (const args of [['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', CONVERTER], ['-m', 'nbconvert', '--log-level', 'ERROR', '--to', 'html', '--template', 'lab', '--output-dir', home, join('notebooks', `${NAME}.ipynb`)]]) {
    if (spawnSync(python, args, { stdio: 'inherit' }).status !== 0) return 1;
  }
  mkdirSync('docs/images', { recursive: true });
  const { executablePath, env } = findChromium();
  const browser = await chromium.launch({ executablePath, env, args: ['--no-sandbox'] });
  const tab = await browser.newPage({ viewport: { width: 900, height: 1000 }, colorScheme: 'light' });
  await tab.route(/^https?:/, (route) => route.abort());
  await tab.goto(pathToFileURL(page).href);
  const [top, bottom] = await Promise.all([FIRST, LAST].map((id) => tab.locator(`[id="cell-id=${id}"]`).boundingBox()));
  const path = resolve('docs/images/notebook.png');
  await tab.screenshot({ path, fullPage: true, clip: { x: 0, y: top.y - 70, width: 900, height: bottom.y + bottom.height - top.y + 64 } });
  await browser.close();
  console.log(path);
  return 0;
}
