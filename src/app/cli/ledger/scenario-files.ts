import { join } from 'node:path';
import type { ScenarioCall } from '../../../replay/scenarios/call.js';
import { scenarioEntries } from '../../../replay/scenarios/entries.js';
import type { ScenarioName } from '../../../replay/scenarios/plots.js';
import { generateScenario, type ScenarioTruth } from '../../../replay/scenarios/scenario.js';
import { SCENARIO_COLUMNS, SCENARIO_METADATA, scenarioRow } from '../../../replay/scenarios/trace-row.js';
import { traceBuilder } from '../../../trace/builder.js';
import { openAtomic, type AtomicFile } from '../../atomic-file.js';
import { wantsColour } from '../../terminal.js';
import type { Cli } from '../cli.js';
import { openPage } from '../layout.js';
import { openTraceOutput, type TraceOutput } from '../trace/import-output.js';
import { writeLedger, type LabelledEntry } from './write-ledger.js';

/** Files that are put in their places together, or not at all. */
interface Files {
  readonly commits: (() => void)[];
  readonly abandons: (() => void)[];
}

function file(files: Files, path: string): AtomicFile {
  const opened = openAtomic(path);
  files.commits.push(opened.commit);
  files.abandons.push(opened.abandon);
  return opened;
}

function trace(files: Files, path: string): TraceOutput {
  const opened = openTraceOutput(path);
  files.commits.push(() => { opened.commit(); });
  files.abandons.push(opened.abandon);
  return opened;
}

function writeTrace(output: TraceOutput, calls: readonly ScenarioCall[]): void {
  const builder = traceBuilder({ columns: SCENARIO_COLUMNS });
  output.start(SCENARIO_METADATA, SCENARIO_COLUMNS);
  for (const call of calls) {
    const chunk = builder.append(scenarioRow(call));
    if (chunk !== null) output.write(chunk);
  }
  const last = builder.flush();
  if (last !== null) output.write(last);
}

function* labelled(calls: readonly ScenarioCall[]): Generator<LabelledEntry, undefined> {
  const hostile = new Set(calls.filter((call) => call.hostile).map(({ callId }) => callId));
  for (const entry of scenarioEntries(calls)) yield { entry, label: hostile.has(entry.call_id) ? 'unsafe' : 'safe' };
}

function writePeriod(files: Files, folder: string, name: 'approved' | 'observed', calls: readonly ScenarioCall[]): void {
  writeTrace(trace(files, join(folder, `${name}.arrows`)), calls);
  const ledger = file(files, join(folder, `${name}.ledger.json`));
  const labels = name === 'observed' ? file(files, join(folder, `${name}.labels.csv`)) : null;
  writeLedger(labelled(calls), { count: calls.length, ledger, labels, layout: { form: 'artifact', pretty: false, sortKeys: false }, onProgress: () => undefined });
}

function showTruth(cli: Cli, folder: string, { scenario, summary, hostile, approvedCalls, observedCalls, unsafeCalls, change, over }: ScenarioTruth): void {
  const count = (value: number): string => value.toLocaleString('en-US');
  const { stdout, env } = cli.io;
  const page = openPage(stdout.write, wantsColour(stdout.isTTY, env));
  page.verdict('good', scenario, folder);
  page.gap();
  page.row('story', summary);
  page.row('calls', `${count(approvedCalls)} approved, ${count(observedCalls)} observed, ${count(unsafeCalls)} of them unsafe by construction`);
  if (change !== null) page.row('change', `at call ${count(change.index)}, ${change.callId}, ${new Date(change.tsMs).toISOString()}${over === null ? '' : `; over at call ${count(over.index)}`}`);
  page.row('meaning', hostile ? 'an attack' : 'harmless: whatever raises an alarm here is no attack');
}

/** Writes a scenario's traces, ledgers, labels and truth into a folder, all of them or none. */
export function generateScenarioFiles(cli: Cli, { name, seed, folder }: { readonly name: ScenarioName; readonly seed: number; readonly folder: string }): void {
  const { approved, observed, truth } = generateScenario({ name, seed });
  const files: Files = { commits: [], abandons: [] };
  try {
    writePeriod(files, folder, 'approved', approved);
    writePeriod(files, folder, 'observed', observed);
    file(files, join(folder, 'truth.json')).append(Buffer.from(`${JSON.stringify(truth, null, 2)}\n`));
    for (const commit of files.commits) commit();
  } finally {
    for (const abandon of files.abandons) abandon();
  }
  showTruth(cli, folder, truth);
}
