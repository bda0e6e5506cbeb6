import { type Command, Option } from 'commander';
import { InputError } from '../../../errors.js';
import type { VerifiedLedger } from '../../../ledger/report.js';
import { calibrateThreshold, type ThresholdOptions } from '../../../risk/calibrate/calibrate-threshold.js';
import type { CalibratedThreshold, CalibrationMethod } from '../../../risk/calibrate/calibrated-threshold.js';
import { costsOf } from '../../../risk/calibrate/calibrate.js';
import { callsByController, callsOf, type Calls } from '../../../risk/calibrate/calls.js';
import { parseLabelRows, type LabelRow } from '../../../risk/calibrate/label-rows.js';
import type { PiCalibrationConfig } from '../../../risk/calibrate/pi-calibrate.js';
import { readBytes } from '../../files.js';
import { approvedFiles } from '../policy/approve-trace.js';
import { labelsInTraces, type TraceLabels } from './trace-labels.js';
import { addThresholdFigures } from './figures.js';
import { showThreshold } from './threshold-page.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { naming, readLedgers } from '../ledgers.js';
import { countArgument, numberArgument, type CommonOptions } from '../options.js';
import type { Output } from '../output.js';
import type { PlotJob } from '../plot.js';

/** What `--method` and its companions say. */
export interface ThresholdCommandOptions {
  readonly method?: CalibrationMethod;
  readonly miss?: number;
  readonly falseAlarm?: number;
  readonly confidence?: number;
  readonly labelSource?: string;
  readonly forceControllerLabels?: boolean;
  readonly leastProbability?: number;
  readonly split?: 'time' | 'session' | 'none';
  readonly seed?: number;
  readonly confirm?: readonly string[];
}

/** Options that mean nothing without `--method`. */
const COMPANIONS = ['miss', 'falseAlarm', 'confidence', 'labelSource', 'forceControllerLabels', 'leastProbability', 'split', 'seed', 'confirm'] as const;

/** Adds `--method` and its companions. */
export function addThresholdOptions(command: Command): Command {
  const number = (flags: string, text: string): Option => new Option(flags, text).argParser(numberArgument);
  return command
    .addOption(new Option('--method <name>', 'one threshold with a stated promise').choices(['np', 'ltt', 'crc', 'cost', 'host']))
    .addOption(number('--miss <x>', 'share of unsafe calls that may pass'))
    .addOption(number('--false-alarm <x>', 'share of safe calls that may be flagged'))
    .addOption(number('--confidence <x>', 'confidence of the promise and of every limit (default: 0.95)'))
    .option('--label-source <name>', 'who labelled the calls')
    .option('--force-controller-labels', "take the controller's own decisions for labels, and say so everywhere")
    .addOption(number('--least-probability <x>', "smallest chance of review that any call had (default: the label file's)"))
    .addOption(new Option('--split <how>', 'hold calls out to confirm on: later ones, or sessions drawn at random (default: none)').choices(['time', 'session', 'none']))
    .option('--confirm <file...>', 'other ledgers to confirm on, under the same labels')
    .option('--seed <n>', 'seed of drawn sessions (default: 1)', countArgument);
}

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** Refuses companions of `--method` without it: they would promise what nobody keeps. */
export function refuseStrayOptions(options: ThresholdCommandOptions): void {
  const stray = COMPANIONS.find((name) => options[name] !== undefined);
  if (stray !== undefined) throw usageError(`${flagOf(stray)} goes with --method`);
}

/** The text of a label file. */
export function labelText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readBytes(path));
  } catch (error) {
    if (error instanceof TypeError) throw new InputError('INVALID_UTF8', 'the label file is not valid UTF-8');
    throw error;
  }
}

interface Given extends ThresholdCommandOptions {
  readonly labels?: string;
  readonly approved?: readonly string[];
}

function checkOptions(method: CalibrationMethod, options: Given & CommonOptions, labelled: boolean): void {
  if (options.format === 'pi') throw usageError('--method does not go with --format pi');
  const rates = [options.miss, options.falseAlarm].filter((rate) => rate !== undefined).length;
  const promises = method === 'np' || method === 'ltt' || method === 'crc';
  if (!promises && rates > 0) throw usageError(`--miss and --false-alarm go with np, ltt or crc: ${method} promises nothing`);
  if (promises && rates === 0) throw usageError(`--method ${method} needs --miss, --false-alarm${method === 'crc' ? '' : ' or both'}`);
  checkLabels(method, options, labelled);
}

/** Who labelled the calls of traces, as the command line has it or else they themselves. */
function sourceOf({ source }: TraceLabels, { labelSource }: Given): { readonly labelSource: string } {
  const named = labelSource ?? source;
  if (named === null) throw usageError('the traces have labels, and do not say whose: name who labelled the calls with --label-source');
  return { labelSource: named };
}

function checkLabels(method: CalibrationMethod, { labels, labelSource, forceControllerLabels }: Given, labelled: boolean): void {
  if (labelled) return;
  if (labels === undefined && labelSource !== undefined) throw usageError('--label-source goes with --labels');
  if (labels === undefined && forceControllerLabels !== true && method !== 'host') {
    throw usageError(`--method ${method} needs --labels and --label-source: the controller's own decisions cannot show that a decision was wrong (--force-controller-labels takes them all the same)`);
  }
  if (labels !== undefined && labelSource === undefined) throw usageError('--labels needs --label-source with --method: say who labelled the calls');
}

/** What the library is asked, of what the command line says. */
function questionOf(method: CalibrationMethod, config: PiCalibrationConfig, options: Given): ThresholdOptions {
  const { miss, falseAlarm, confidence, labelSource, forceControllerLabels, leastProbability, split = 'none', seed } = options;
  const named = { miss, falseAlarm, confidence, labelSource, forceControllerLabels, leastProbability };
  const given = Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined));
  return { ...config, ...given, method, split: { by: split, ...(seed === undefined ? {} : { seed }) }, ...(seed === undefined ? {} : { bootstrap: { seed } }) };
}

function rowsOf(path: string | undefined): { readonly labels?: ReadonlyMap<string, LabelRow> } {
  return path === undefined ? {} : { labels: naming(path, () => parseLabelRows(labelText(path))) };
}

/** What `calibrate --method` works on. */
export interface MethodInput {
  readonly files: readonly string[];
  readonly config: PiCalibrationConfig;
  readonly method: CalibrationMethod;
}

function exitWith(cli: Cli, { kind, confirmed }: CalibratedThreshold): void {
  if (kind === 'none') cli.exit(EXIT.notEnough);
  if (confirmed?.verdict === 'contradicts') cli.exit(EXIT.mismatch);
}

/** Labels that the traces have themselves, where no others were asked for. */
function ownLabels({ io }: Cli, paths: readonly string[], { labels, forceControllerLabels = false }: Given): TraceLabels | null {
  return labels === undefined && !forceControllerLabels ? labelsInTraces(io, paths) : null;
}

/** All labelled calls, those held out too. */
function labelledCalls(ledgers: readonly VerifiedLedger[], labels: ReadonlyMap<string, LabelRow> | undefined, { leastProbability }: Given): Calls {
  return (labels === undefined ? callsByController(ledgers) : callsOf(ledgers, labels, leastProbability)).calls;
}

/** Runs `calibrate --method`. */
export function calibrateWithMethod(cli: Cli, { files, config, method }: MethodInput, options: Given & CommonOptions, { output, plots }: { readonly output: Output; readonly plots: PlotJob }): void {
  const paths = [...files, ...(options.confirm ?? [])];
  const own = ownLabels(cli, paths, options);
  const asked = own === null ? options : { ...options, ...sourceOf(own, options) };
  checkOptions(method, asked, own !== null);
  const labels = own?.rows ?? rowsOf(options.labels).labels;
  const reading = { callIds: own === null ? labels !== undefined : 'places' as const, partial: true };
  const ledgers = readLedgers(cli.io, files, reading);
  const confirm = readLedgers(cli.io, options.confirm ?? [], reading);
  const approved = approvedFiles(paths, [...ledgers, ...confirm], options.approved);
  const calibrated = calibrateThreshold(ledgers, { ...questionOf(method, config, asked), confirm, ...(labels === undefined ? {} : { labels }) });
  if (options.json === true) writeJson(output, `${reportJson({ ...calibrated, ...approved })}\n`);
  else showThreshold(openPage(output.write, output.colour), { ...calibrated, ...approved });
  exitWith(cli, calibrated);
  if (plots.wanted) addThresholdFigures(cli.io, plots, calibrated, { calls: labelledCalls(ledgers, labels, options), costs: costsOf(config), confidence: options.confidence });
}
