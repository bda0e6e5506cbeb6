import type { Envelope } from '../../../risk/envelope/envelope.js';
import type { Cli } from '../cli.js';
import { showCheck } from './check-page.js';
import { checkFiles, codeOfCheck, type CheckOptions, type CheckReport } from './check-report.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { requireRereadable, withTraces } from '../ledgers.js';
import { withOutput, type Output } from '../output.js';
import { withPlots, type PlotJob, type PlotOption } from '../plot.js';
import { readEnvelope } from '../policy/parts.js';

/** Options of `hindcast envelope check`. */
export interface EnvelopeCheckOptions extends CheckOptions, PlotOption {
  readonly json?: boolean;
  readonly out?: string;
}

function report(cli: Cli, files: readonly string[], options: EnvelopeCheckOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): void {
  const envelope = readEnvelope(options.envelope);
  const found = checkFiles(cli, files, envelope, options);
  for (const path of found.calibratedOn) say(cli.io, `${path} is among the traces that the envelope was calibrated on: that it fits is no evidence`);
  if (options.json === true) writeJson(output, `${reportJson(found)}\n`);
  else showCheck(openPage(output.write, output.colour), found);
  cli.exit(codeOfCheck(found));
  addCoverage(cli, plots, found, envelope);
}

/** The figure of a check; failure rates have no bounds that single values could be outside of. */
function addCoverage(cli: Cli, plots: PlotJob, found: CheckReport, envelope: Envelope): void {
  if (!plots.wanted) return;
  if (envelope.measure === 'error') say(cli.io, '--plot: coverage is drawn of values with bounds, and this envelope is of failure rates');
  else if (found.groups.some(({ status }) => status === 'judged')) plots.add(({ envelopeCoverageFigure }) => [envelopeCoverageFigure(found, envelope)]);
}

/** Runs `hindcast envelope check`. */
export async function envelopeCheck(cli: Cli, files: readonly string[], options: EnvelopeCheckOptions): Promise<void> {
  requireRereadable(files, 'hindcast envelope check');
  const inputs = [...files, options.envelope];
  await withPlots(cli, options, inputs, (plots) => withOutput(cli.io, options.out, inputs, (output) => withTraces(cli, files, (own) => { report(own, files, options, { output, plots }); })));
}
