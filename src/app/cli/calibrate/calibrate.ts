import { type Command, Option } from 'commander';
import { printArtifact } from '../../../ledger/artifact-text.js';
import { calibrate, CIRCULAR, type Calibration } from '../../../risk/calibrate/calibrate.js';
import { parseLabels, type Label } from '../../../risk/calibrate/labels.js';
import { PI_OBJECTIVES, piCalibrate, type PiCalibrationConfig, type PiObjective } from '../../../risk/calibrate/pi-calibrate.js';
import { piThresholdGrid, type PiGridRange } from '../../../risk/calibrate/pi-grid.js';
import { approvedFiles, showApprovals } from '../policy/approve-trace.js';
import { addSweepFigures } from './figures.js';
import { showCalibration } from './page.js';
import { labelsInTraces, type TraceLabels } from './trace-labels.js';
import { addThresholdOptions, calibrateWithMethod, labelText, refuseStrayOptions, type ThresholdCommandOptions } from './threshold.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { say } from '../io.js';
import { reportJson, without, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { naming, readLedgers, TRACE_HELP, withTraces } from '../ledgers.js';
import { addCommonOptions, numberArgument, onlyFile, type CommonOptions } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { addPlotOption, withPlots, type PlotJob, type PlotOption } from '../plot.js';

interface CalibrateOptions extends CommonOptions, PlotOption, Required<PiGridRange>, ThresholdCommandOptions {
  readonly objective: PiObjective;
  readonly baselineThreshold: number;
  readonly falsePositiveWeight: number;
  readonly falseNegativeWeight: number;
  readonly labels?: string;
  readonly approved?: readonly string[];
  readonly curve?: boolean;
}

/** Reads a label file. */
export function readLabels(path: string): Map<string, Label> {
  return naming(path, () => parseLabels(labelText(path)));
}

function configOf(options: CalibrateOptions): PiCalibrationConfig {
  const { objective, baselineThreshold, falsePositiveWeight, falseNegativeWeight } = options;
  return { objective, baselineThreshold, falsePositiveWeight, falseNegativeWeight, thresholdGrid: piThresholdGrid(options) };
}

/** The labels of {@link labelsInTraces} alone. */
function labelsOf(own: TraceLabels | null): Map<string, Label> | undefined {
  return own === null ? undefined : new Map([...own.rows].map(([name, { label }]) => [name, label]));
}

/** The report as JSON; the curve has a row a distinct score and is left out unless asked for. */
function jsonOf(calibration: Calibration, withCurve: boolean): string {
  const { sweep } = calibration;
  if (sweep.kind === 'refusal' || withCurve) return reportJson(calibration);
  const figures = without(sweep, ['curve', 'minimisers', 'safest']);
  return reportJson({ ...calibration, sweep: { ...figures, thresholdCount: sweep.curve.thresholds.length } });
}

/** Prints the host's own report, byte for byte. */
function calibrateAsHost(cli: Cli, files: readonly string[], options: CalibrateOptions, output: Output): void {
  if (options.labels !== undefined) throw usageError("--labels does not go with --format pi: the host's report knows only the controller's own labels");
  const ledgers = readLedgers(cli.io, [onlyFile(files, 'pi')]);
  const [ledger] = ledgers;
  if (ledger === undefined) return;
  if (approvedFiles(files, ledgers, options.approved).approvals !== undefined) say(cli.io, "the ledger is approved; the host's report has no place to say so");
  const text = printArtifact(piCalibrate(ledger, configOf(options)), { pretty: true });
  say(cli.io, CIRCULAR);
  writeJson(output, text + (output.toFile ? '' : '\n'));
}

/** Where an answer and its figures go. */
interface Answer {
  readonly output: Output;
  readonly plots: PlotJob;
}

function calibrateCurve(cli: Cli, files: readonly string[], options: CalibrateOptions, { output, plots }: Answer): void {
  const own = options.labels === undefined ? labelsInTraces(cli.io, files) : null;
  const labels = options.labels === undefined ? labelsOf(own) : readLabels(options.labels);
  const ledgers = readLedgers(cli.io, files, { callIds: own === null ? labels !== undefined : 'places', partial: true });
  const approved = approvedFiles(files, ledgers, options.approved);
  const calibration = { ...calibrate(ledgers, { ...configOf(options), ...(labels === undefined ? {} : { labels }) }), ...approved };
  if (options.json === true) writeJson(output, `${jsonOf(calibration, options.curve === true)}\n`);
  else {
    const page = openPage(output.write, output.colour);
    showCalibration(page, calibration);
    showApprovals(page, approved.approvals);
  }
  if (calibration.sweep.kind === 'refusal') cli.exit(EXIT.notEnough);
  addSweepFigures(plots, calibration);
}

function calibrateFiles(cli: Cli, files: readonly string[], options: CalibrateOptions, answer: Answer): void {
  if (options.plot !== undefined && options.format === 'pi') throw usageError("--plot draws hindcast's own sweep: it does not go with --format pi");
  if (options.method !== undefined) {
    calibrateWithMethod(cli, { files, config: configOf(options), method: options.method }, options, answer);
    return;
  }
  refuseStrayOptions(options);
  if (options.format === 'pi') calibrateAsHost(cli, files, options, answer.output);
  else calibrateCurve(cli, files, options, answer);
}

const HELP = `
Examples:
  hindcast calibrate run.json --labels run.labels.csv --plot roc.svg
  hindcast calibrate run.json --format pi      exactly the host's own report
  hindcast calibrate run.json --labels run.csv --label-source "audit team" \\
      --method np --miss 0.1 --confidence 0.95
  hindcast calibrate may.json --labels all.csv --label-source audit \\
      --method ltt --miss 0.1 --false-alarm 0.2 --confirm june.json

A label file is CSV with the header call_id,label and labels safe or unsafe.
Without one the labels are those in the traces themselves (column label: benign
is safe, attack_succeeded and direct_attack unsafe, all else no label; sessions
are the column session), or else the controller's own decisions, which is
circular.

With --method the answer is one threshold and what it promises:
  np    exact: with the stated confidence, the rates are not exceeded
  ltt   the same by tests; the one that allows for unequal chances of review
  crc   one rate, on average only
  cost  the cheapest on these calls; promises nothing
  host  the host's grid; promises nothing
The label file may then have the columns session, source, and either
probability (the chance that this call was sent to review) or weight (1 over
it). Without sessions calls are taken for independent.
${TRACE_HELP}

Exit codes: 0 calibrated, 1 a ledger does not verify or is not approved, or
other calls contradict the promise, 2 malformed, 3 bad usage, 5 too few labelled
calls, or no threshold that keeps the promise.`;

/** Adds `hindcast calibrate`. */
export function addCalibrate(program: Command, cli: Cli): void {
  const number = (flags: string, text: string, preset: number): Option => new Option(flags, text).argParser(numberArgument).default(preset);
  const command = addPlotOption(addCommonOptions(program.command('calibrate')))
    .summary("find the risk score's best threshold")
    .description("Judges every threshold of the risk score against labels; several ledgers are pooled.")
    .argument('<file...>', 'ledgers or traces')
    .option('--labels <file>', 'CSV of call_id,label from somebody other than the controller (default: those in the traces)')
    .option('--approved <file...>', 'approvals: ledgers that none of them name are refused')
    .option('--curve', 'with --json: add the whole curve, a row a distinct score')
    .addOption(new Option('--objective <name>', "what the host's grid minimises").choices(PI_OBJECTIVES).default('balanced_accuracy'))
    .addOption(number('--baseline-threshold <x>', 'the threshold in force', 0.65))
    .addOption(number('--min-threshold <x>', "start of the host's grid", 0.05))
    .addOption(number('--max-threshold <x>', "end of the host's grid", 0.95))
    .addOption(number('--step <x>', "step of the host's grid", 0.05))
    .addOption(number('--false-positive-weight <x>', 'weight of a safe call flagged', 1))
    .addOption(number('--false-negative-weight <x>', 'weight of an unsafe call passed', 1));
  addThresholdOptions(command)
    .addHelpText('after', HELP)
    .action(async (files: string[], options: CalibrateOptions) => {
      const inputs = [...files, ...(options.labels === undefined ? [] : [options.labels]), ...(options.confirm ?? []), ...(options.approved ?? [])];
      await withPlots(cli, options, inputs, (plots) => withOutput(cli.io, options.out, inputs, (output) => withTraces(cli, [...files, ...(options.confirm ?? [])], (own) => { calibrateFiles(own, files, options, { output, plots }); })));
    });
}
