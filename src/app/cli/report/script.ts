import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { PageScript } from '../../../report/report-page.js';

/** The script of every page, as the build put it together. */
const SCRIPT_FILE = new URL('../../../../dist/report/page-script.js', import.meta.url);

/** The page's script and the hash that names it. */
export function readPageScript(): PageScript {
  const text = readFileSync(SCRIPT_FILE, 'utf8');
  return { text, sha256: createHash('sha256').update(text, 'utf8').digest('base64') };
}
