import type { Command } from 'commander';
import type { ComparableBaseline } from '../../../baseline/baseline-capability.js';
import { driftReport, type DriftReport } from '../../../baseline/drift.js';
import { parseBaseline } from '../../../baseline/parse-baseline.js';
import { printArtifact } from '../../../ledger/artifact-text.js';
import type { JsonNode } from '../../../ledger/lexeme.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { requireUsable } from '../../../ledger/report.js';
import { readBytes } from '../../files.js';
import { BASELINES_SCHEMA } from './baseline.js';
import { actorsOf } from '../actors.js';
import type { Cli } from '../cli.js';
import { showDrift } from './drift-page.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { naming, readLedgers, TRACE_HELP, withTraces } from '../ledgers.js';
import { addCommonOptions, numberArgument, onlyFile, type CommonOptions } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';

interface DriftCommandOptions extends CommonOptions, PlotOption {
  readonly actor?: string;
  readonly capability?: string;
  readonly alpha: number;
}

/** Any finding is worth a stop: a test's, which the promise covers, as well as those beside it. */
function codeOf({ verdict, newCapabilities, hostAlarms }: DriftReport): ExitCode {
  if (verdict === 'drift' || newCapabilities.length > 0 || hostAlarms.length > 0) return EXIT.mismatch;
  return verdict === 'no drift found' ? EXIT.holds : EXIT.notEnough;
}

function member(node: JsonNode, key: string): JsonNode | undefined {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'object') return undefined;
  return node.fields.find((field) => field.key === key)?.value;
}

/** The baselines of a file: one, or those of several actors. */
export function readBaselines(path: string): ComparableBaseline[] {
  return naming(path, () => {
    const node = parseJson(readBytes(path));
    const several = member(node, 'schema') === BASELINES_SCHEMA ? member(node, 'baselines') : undefined;
    return Array.isArray(several) ? (several as readonly JsonNode[]).map(parseBaseline) : [parseBaseline(node)];
  });
}

/** Which baseline goes with which actor's entries. */
export function pairsOf(baselines: readonly ComparableBaseline[], actors: readonly string[], named: string | undefined): { readonly baseline: ComparableBaseline; readonly actor: string }[] {
  if (named !== undefined) {
    const own = baselines.find(({ host }) => host.extension_id === named) ?? (baselines.length === 1 ? baselines[0] : undefined);
    if (own === undefined) throw usageError(`the baselines hold none of the actor ${named}`);
    return [{ baseline: own, actor: named }];
  }
  return baselines.filter(({ host }) => actors.includes(host.extension_id)).map((baseline) => ({ baseline, actor: baseline.host.extension_id }));
}

/** The host's artifact is one report a capability; all of them are an array. */
function hostArtifact(report: DriftReport, capability: string | undefined): unknown {
  const reports = report.capabilities.map(({ host }) => host);
  if (capability === undefined) return reports;
  const one = reports.find((host) => host.capability === capability);
  if (one === undefined) throw usageError(`${report.actor} has no call of the capability ${capability}`);
  return one;
}

function driftAsHost(reports: readonly DriftReport[], options: DriftCommandOptions, output: Output): ExitCode {
  const [report, ...more] = reports;
  if (report === undefined || more.length > 0) throw usageError('--format pi takes one actor: name it with --actor');
  const artifact = hostArtifact(report, options.capability);
  writeJson(output, printArtifact(artifact, { pretty: true }) + (output.toFile ? '' : '\n'));
  return report.hostAlarms.length > 0 ? EXIT.mismatch : EXIT.holds;
}

interface Inputs {
  readonly baseline: string;
  readonly files: readonly string[];
}

/** A report for each actor that has both a baseline and live calls. */
function compare(cli: Cli, { baseline: path, files }: Inputs, options: DriftCommandOptions): DriftReport[] {
  const baselines = readBaselines(path);
  const ledgers = readLedgers(cli.io, options.format === 'pi' ? [onlyFile(files, options.format)] : files);
  ledgers.forEach(requireUsable);
  const actors = actorsOf(ledgers);
  const pairs = pairsOf(baselines, actors, options.actor);
  if (pairs.length === 0) throw usageError(`no actor of the ledgers has a baseline in ${path}; --actor compares another`);
  const missing = actors.filter((actor) => options.actor === undefined && pairs.every((pair) => pair.actor !== actor));
  if (missing.length > 0) say(cli.io, `without a baseline, not compared: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', ...' : ''}`);
  return pairs.map(({ baseline, actor }) => driftReport(baseline, ledgers, { actor, alpha: options.alpha }));
}

function driftFiles(cli: Cli, inputs: Inputs, options: DriftCommandOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): void {
  if (options.plot !== undefined && options.format === 'pi') throw usageError("--plot draws hindcast's own report: it does not go with --format pi");
  if (options.capability !== undefined && options.format !== 'pi') throw usageError('--capability goes with --format pi');
  const reports = compare(cli, inputs, options);
  if (options.format === 'pi') {
    cli.exit(driftAsHost(reports, options, output));
    return;
  }
  if (options.json === true) writeJson(output, `${reportJson(reports.length === 1 ? reports[0] : { schema: 'hindcast.drifts.v1', reports })}\n`);
  else {
    const page = openPage(output.write, output.colour);
    reports.forEach((report, i) => {
      if (i > 0) page.gap();
      showDrift(page, report);
    });
  }
  for (const report of reports) {
    cli.exit(codeOf(report));
    plots.add(({ driftRateFigure, driftScoreFigure }) => [driftScoreFigure(report), driftRateFigure(report)]);
  }
}

const HELP = `
Examples:
  hindcast drift base.json today.json
  hindcast drift base.json today.json --format pi --capability exec

The baseline is what "hindcast baseline --json" or --format pi wrote. With
--format pi: the host's reports, one a capability, as an array.

Alpha promises how rarely the tests alarm when nothing has changed
(driftDetected). A capability the baseline has never seen (newCapabilities) and
the host's own thresholds (hostAlarms) are reported beside them, and are not
covered by that promise.
${TRACE_HELP}

Exit codes: 0 no drift found, 1 any of those three or a ledger that does not
verify, 2 malformed, 3 bad usage, 5 not enough data: no test could be made, or
null scores left a capability's scores untested.`;

/** Adds `hindcast drift`. */
export function addDrift(program: Command, cli: Cli): void {
  addPlotOption(addCommonOptions(program.command('drift')))
    .summary('ask whether a baseline still holds')
    .description('Compares live ledgers with a baseline, capability by capability: the thresholds of the host, and tests that know how many calls there are.')
    .argument('<baseline>', 'baseline of approved behaviour')
    .argument('<ledger...>', 'live ledgers or traces; several are pooled')
    .option('--actor <id>', "the actor (default: the baseline's)")
    .option('--alpha <x>', 'probability of any false alarm over all tests', numberArgument, 0.05)
    .option('--capability <name>', 'with --format pi: the report of this capability alone')
    .addHelpText('after', HELP)
    .action(async (baseline: string, files: string[], options: DriftCommandOptions) =>
      withPlots(cli, options, [baseline, ...files], (plots) =>
        withOutput(cli.io, options.out, [baseline, ...files], (output) => withTraces(cli, files, (own) => { driftFiles(own, { baseline, files }, options, { output, plots }); }))));
}
