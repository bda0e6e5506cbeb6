import { canonicalJson } from '../../../canonical-json.js';
import { wantsColour } from '../../terminal.js';
import type { Io } from '../io.js';
import { writeJson } from '../json.js';
import { openPage, type Page } from '../layout.js';
import { withOutput } from '../output.js';

/** Where an artifact goes. */
export interface ArtifactOptions {
  readonly json?: boolean;
  readonly out?: string;
}

/**
 * Hands over an artifact: its canonical text into the file of `--out`, or with `--json` to standard output; a page for
 * people is shown unless `--json` is given.
 *
 * @param inputs - files that must not be written over
 * @param show - writes the page
 */
export async function writeArtifact(io: Io, { json = false, out }: ArtifactOptions, inputs: readonly string[], { artifact, show }: { readonly artifact: object; readonly show: (page: Page) => void }): Promise<void> {
  const text = `${canonicalJson(artifact)}\n`;
  if (out !== undefined) await withOutput(io, out, inputs, (output) => { output.write(text); });
  else if (json) writeJson(io.stdout, text);
  if (json) return;
  const page = openPage(io.stdout.write, wantsColour(io.stdout.isTTY, io.env));
  show(page);
  page.gap();
  if (out === undefined) page.row('not saved', 'name a file with --out', 'warn');
  else page.row('saved', out);
}
