import type { Cli } from '../cli.js';
import { showCheck } from './check-page.js';
import { checkFiles, codeOfCheck, type CheckOptions } from './check-report.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { requireRereadable, withTraces } from '../ledgers.js';
import { withOutput, type Output } from '../output.js';
import { readEnvelope } from '../policy/parts.js';

/** Options of `hindcast envelope check`. */
export interface EnvelopeCheckOptions extends CheckOptions {
  readonly json?: boolean;
  readonly out?: string;
}

function report(cli: Cli, files: readonly string[], options: EnvelopeCheckOptions, output: Output): void {
  const envelope = readEnvelope(options.envelope);
  const found = checkFiles(cli, files, envelope, options);
  for (const path of found.calibratedOn) say(cli.io, `${path} is among the traces that the envelope was calibrated on: that it fits is no evidence`);
  if (options.json === true) writeJson(output, `${reportJson(found)}\n`);
  else showCheck(openPage(output.write, output.colour), found);
  cli.exit(codeOfCheck(found));
}

/** Runs `hindcast envelope check`. */
export async function envelopeCheck(cli: Cli, files: readonly string[], options: EnvelopeCheckOptions): Promise<void> {
  requireRereadable(files, 'hindcast envelope check');
  await withOutput(cli.io, options.out, [...files, options.envelope], (output) => withTraces(cli, files, (own) => { report(own, files, options, output); }));
}
