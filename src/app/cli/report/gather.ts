import type { Label } from '../../../risk/calibrate/labels.js';
import type { Answer, Report, ReportInput } from '../../../report/report.js';
import { readLabels } from '../calibrate/calibrate.js';
import type { Cli } from '../cli.js';
import { withTraces } from '../ledgers.js';
import { compareBaselines, findNovel, usableInputs } from './compare.js';
import { lookAt, type GivenFile } from './given.js';
import { readInput } from './inputs.js';
import { labelFindings, scoreFigureOf } from './labelled.js';
import { applyPolicy } from './policy.js';
import { cutInputs } from './regimes.js';
import { rowCollector, type RowCollector } from './rows.js';
import { watchInputs } from './watch.js';

/** What a page is asked to be about. */
export interface ReportTask {
  readonly files: readonly string[];
  readonly baseline: readonly string[];
  readonly policy: string | undefined;
  readonly labels: string | undefined;
  readonly version: string;
}

/** What is asked where nothing can be chosen. */
const ASKED: Report['options'] = [
  ['drift', 'alpha 0.05 over all tests of an actor (Holm)'],
  ['limits', '95 %, of levels of regimes 90 %'],
  ['detectors', 'a false alarm in at least 1,000 observations in the mean, with probability 0.9 over baselines'],
];

/** An answer whose reason names files as the page does, wherever they are. */
function named<T>(answer: Answer<T>, files: readonly GivenFile[]): Answer<T> {
  if (!('why' in answer)) return answer;
  const longestFirst = files.toSorted((a, b) => b.path.length - a.path.length);
  return { found: null, why: longestFirst.reduce((why, { path, file }) => why.replaceAll(path, file.name), answer.why) };
}

/** The inputs, ledgers first: calls of other files are put beside theirs. */
async function readInputs(cli: Cli, given: readonly GivenFile[], rows: RowCollector): Promise<ReportInput[]> {
  const inputs: ReportInput[] = [];
  for (const [input, file] of given.entries()) inputs.push(await readInput(cli.io, file, input, rows));
  return inputs;
}

const ledgersFirst = (files: readonly GivenFile[]): GivenFile[] => [...files.filter(({ kind }) => kind === 'ledger'), ...files.filter(({ kind }) => kind !== 'ledger')];

/**
 * Gathers what a page says: every question is asked by the function that its own command asks it with, and one that cannot be
 * answered is answered with the reason.
 */
export async function gatherReport(cli: Cli, task: ReportTask): Promise<Report> {
  const all = lookAt([
    ...task.files.map((path) => ({ path, role: 'input' })), ...task.baseline.map((path) => ({ path, role: 'baseline' })),
    ...(task.policy === undefined ? [] : [{ path: task.policy, role: 'policy' }]), ...(task.labels === undefined ? [] : [{ path: task.labels, role: 'labels' }]),
  ]);
  const of = (role: string): GivenFile[] => all.filter(({ file }) => file.role === role);
  const [given, baselines, [policy], [labelFile]] = [ledgersFirst(of('input')), of('baseline'), of('policy'), of('labels')];
  const labels: ReadonlyMap<string, Label> = labelFile === undefined ? new Map() : readLabels(labelFile.path);
  const rows = rowCollector();
  const inputs = await readInputs(cli, given, rows);
  const readable = given.filter((_, i) => inputs[i]?.unreadable === null);
  return withTraces(cli, [...readable, ...baselines].map(({ path }) => path), async (own) => {
    const usable = usableInputs(given, inputs);
    const { drift, baselines: normal } = compareBaselines(own.io, usable, baselines);
    const novel = await findNovel(given, inputs, baselines, rows);
    const detections = await watchInputs(own.io, given, inputs, { baselines, rows });
    const regimes = cutInputs(own.io, given, inputs, rows);
    const found = applyPolicy(own, policy, usable, { given, rows });
    const timeline = rows.rows(labels);
    return {
      version: task.version,
      options: ASKED,
      inputs,
      novel: named(novel, all),
      drift: named(drift, all),
      baselines: named(normal, all),
      detections,
      regimes,
      policy: named(found, all),
      others: all.filter(({ file }) => file.role !== 'input').map(({ file }) => file),
      rows: timeline,
      labels: labelFindings(timeline, labelFile?.file.name, () => scoreFigureOf(own.io, usable, labels)),
    };
  });
}
