import { type Command } from 'commander';
import { fitBaseline, type Baseline } from '../../../baseline/baseline.js';
import { fitPiBaseline } from '../../../baseline/pi-model.js';
import { printArtifact } from '../../../ledger/artifact-text.js';
import { requireUsable, type VerifiedLedger } from '../../../ledger/report.js';
import { actorsOf, latestMs, onlyActor } from '../actors.js';
import { showBaseline } from './page.js';
import { approvedFiles, showApprovals } from '../policy/approve-trace.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, worse, type ExitCode } from '../exit.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { readLedgers, TRACE_HELP, withTraces } from '../ledgers.js';
import { addCommonOptions, millisecondsArgument, numberArgument, onlyFile, type CommonOptions } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';
import { partWriter } from '../shard/part.js';
import { SHARD_HELP, shardArgument } from '../shard/option.js';
import { shardOf, type Shard } from '../../shard.js';

interface BaselineCommandOptions extends CommonOptions, PlotOption {
  readonly actor?: string;
  readonly generatedAt?: bigint;
  readonly level: number;
  readonly approved?: readonly string[];
  readonly shard?: Shard;
}

/** Enough for something: a capability with both limits of its median. */
function codeOf({ evidence }: Baseline): ExitCode {
  const known = evidence.capabilities.some(({ quantiles }) => quantiles.some((q) => q.p === 0.5 && q.lower !== null && q.upper !== null));
  return known ? EXIT.holds : EXIT.notEnough;
}

/** The actors to fit: the one named, or all there are. */
function chosenActors(ledgers: readonly VerifiedLedger[], named: string | undefined): readonly string[] {
  const actors = actorsOf(ledgers);
  if (named === undefined) return actors;
  if (!actors.includes(named)) throw usageError(`there is no entry of the actor ${named}; there are ${actors.slice(0, 5).join(', ')}${actors.length > 5 ? ', ...' : ''}`);
  return [named];
}

/** A baseline, and who approved what it was fitted on. */
type ApprovedBaseline = Baseline & ReturnType<typeof approvedFiles>;

/** Baselines as a file holds them, from the JSON of each: one alone as it is, several in a list. */
export function baselinesJson(texts: readonly string[]): string {
  const [only = '', ...more] = texts;
  if (more.length === 0) return `${only}\n`;
  // No JSON text has a line feed but between its parts.
  const items = texts.map((text) => `    ${text.replaceAll('\n', '\n    ')}`);
  return `{\n  "schema": ${JSON.stringify(BASELINES_SCHEMA)},\n  "baselines": [\n${items.join(',\n')}\n  ]\n}\n`;
}

/** The actors whose hash falls into the share: an actor's calls are never in two. */
function writeShard(cli: Cli, { actors, asked, shard }: { readonly actors: readonly string[]; readonly asked: object; readonly shard: Shard }, fit: (actor: string) => ApprovedBaseline, output: Output): void {
  const part = partWriter(output, { command: 'baseline', shard, asked });
  let worst: ExitCode = EXIT.holds;
  for (const [at, actor] of actors.entries()) {
    if (shardOf(actor, shard.count) !== shard.index) continue;
    const baseline = fit(actor);
    part.item({ at, value: reportJson(baseline) });
    worst = worse(worst, codeOf(baseline));
  }
  part.end(worst);
  cli.exit(worst);
}

function writeBaselines(baselines: readonly ApprovedBaseline[], json: boolean, output: Output): void {
  if (json) {
    writeJson(output, baselinesJson(baselines.map((baseline) => reportJson(baseline))));
    return;
  }
  const page = openPage(output.write, output.colour);
  baselines.forEach((baseline, i) => {
    if (i > 0) page.gap();
    showBaseline(page, baseline);
    showApprovals(page, baseline.approvals);
  });
}

/** Options that leave no baseline of ours to draw. */
function refusePlot({ plot, format, shard }: BaselineCommandOptions): void {
  if (plot !== undefined && (format === 'pi' || shard !== undefined)) throw usageError("--plot draws hindcast's own whole baseline: it goes neither with --format pi nor with --shard");
}

function baselineFiles(cli: Cli, files: readonly string[], options: BaselineCommandOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): void {
  refusePlot(options);
  const paths = options.format === 'pi' ? [onlyFile(files, options.format)] : files;
  const ledgers = readLedgers(cli.io, paths);
  ledgers.forEach(requireUsable);
  const approved = approvedFiles(paths, ledgers, options.approved);
  const generatedAtMs = options.generatedAt ?? latestMs(ledgers);
  const actors = chosenActors(ledgers, options.actor);
  const [first] = ledgers;
  const { shard, level } = options;
  if (options.format === 'pi' && first !== undefined) {
    if (shard !== undefined) throw usageError('--shard writes a part of the report of --format hindcast');
    if (approved.approvals !== undefined) say(cli.io, "the ledgers are approved; the host's baseline has no place to say so");
    const artifact = fitPiBaseline(first, { actor: onlyActor(ledgers, options.actor), generatedAtMs });
    writeJson(output, printArtifact(artifact, { pretty: true }) + (output.toFile ? '' : '\n'));
    return;
  }
  const fit = (actor: string): ApprovedBaseline => ({ ...fitBaseline(ledgers, { actor, generatedAtMs, level }), ...approved });
  if (shard !== undefined) {
    const asked = { ledgers: ledgers.map(({ report }) => report.computedDataHash), actors, level, generatedAt: generatedAtMs.toString(), ...approved };
    writeShard(cli, { actors, asked, shard }, fit, output);
    return;
  }
  const baselines = actors.map(fit);
  writeBaselines(baselines, options.json === true, output);
  for (const baseline of baselines) {
    cli.exit(codeOf(baseline));
    const { actor, evidence: { transitions } } = baseline;
    plots.add(({ scoreFigure, stationaryFigure, transitionFigure }) => [scoreFigure(baseline), transitionFigure(transitions, { actor }), stationaryFigure(transitions, { actor })]);
  }
}

/** Schema text of a file with the baselines of several actors. */
export const BASELINES_SCHEMA = 'hindcast.baselines.v1';

const HELP = `
Examples:
  hindcast baseline approved.json --json --out base.json
  hindcast baseline monday.json tuesday.json --actor npm
  hindcast baseline approved.json --actor npm --format pi
  hindcast baseline approved.json --plot scores.svg

Without --actor every actor gets its baseline. Ledgers are pooled, never joined
at their ends.
${TRACE_HELP}

Exit codes: 0 fitted, 1 a ledger does not verify or is not approved, 2
malformed, 3 bad usage, 5 no capability of an actor has calls enough for limits
of its median score.`;

/** Adds `hindcast baseline`. */
export function addBaseline(program: Command, cli: Cli): void {
  addPlotOption(addCommonOptions(program.command('baseline')))
    .summary('learn what is normal for an actor')
    .description('Fits what is normal for each actor: scores, error rates and bursts by capability, and transitions between risk states, each with its limits.')
    .argument('<file...>', 'ledgers or traces of approved behaviour')
    .option('--actor <id>', 'the actor (extension_id); needed with --format pi where there are several')
    .option('--generated-at <ms>', 'generated_at_ms of the baseline (default: the largest ts_ms)', millisecondsArgument)
    .option('--level <x>', 'confidence of each limit', numberArgument, 0.95)
    .option('--approved <file...>', 'approvals: ledgers that none of them names are refused')
    .option('--shard <i/n>', SHARD_HELP, shardArgument)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: BaselineCommandOptions) => {
      const inputs = [...files, ...(options.approved ?? [])];
      await withPlots(cli, options, inputs, (plots) => withOutput(cli.io, options.out, inputs, (output) => withTraces(cli, files, (own) => { baselineFiles(own, files, options, { output, plots }); })));
    });
}
