import type { Command } from 'commander';
import { calibrate, type Calibration } from '../../../risk/calibrate/calibrate.js';
import { percent, short, thresholdText } from '../calibrate/page.js';
import type { Cli } from '../cli.js';
import { showBehaviour } from './behaviour.js';
import { showPromise, showRegimes } from './change.js';
import { loadRun, runNamed, RUNS, treatmentOf, type DemoRun, type Treatment } from './data.js';
import { EXIT } from '../exit.js';
import { showOnePage, type OnePage } from './one-page.js';
import { openPage, type Page } from '../layout.js';
import { wantsColour } from '../../terminal.js';
import { counted } from '../ledger/verify-page.js';

function step(page: Page, question: string, command: string): void {
  page.gap();
  page.text(question, 'strong');
  page.text(`  $ hindcast ${command}`, 'quiet');
}

function showRecords(page: Page, runs: readonly DemoRun[]): boolean {
  step(page, '1. Are the records whole?', 'verify npm-*.ledger.json');
  for (const { name, verified: { report } } of runs) {
    const verdict = report.consistent ? 'internally consistent' : `NOT consistent: ${counted(report.faultCount, 'fault')}`;
    page.row(name, `${counted(report.entryCount, 'entry', 'entries')}, ${verdict}`, report.consistent ? 'good' : 'bad');
  }
  return runs.every(({ verified }) => verified.report.consistent);
}

function showReplays(page: Page, runs: readonly DemoRun[]): boolean {
  step(page, '2. Did the controller decide as its own figures say?', 'replay npm-*.ledger.json');
  const mismatches = runs.reduce((sum, { replayed }) => sum + replayed.mismatchCount, 0);
  const values = runs.reduce((sum, { replayed }) => sum + Object.values(replayed.checked).reduce((a, b) => a + b, 0), 0);
  page.row('recomputed', `${counted(values, 'value')}: ${mismatches === 0 ? 'no mismatch' : counted(mismatches, 'mismatch', 'mismatches')}`, mismatches === 0 ? 'good' : 'bad');
  return mismatches === 0;
}

function tally(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([name, n]) => `${name} ${n.toLocaleString('en-US')}`).join(', ');
}

function showTreatment(page: Page, runs: readonly DemoRun[]): void {
  step(page, '5. Did the controller tell the hostile calls apart?', 'replay npm-incident.ledger.json --format pi');
  const rows: readonly (readonly [string, Treatment])[] = [['safe calls', treatmentOf(runs, 'safe')], ['hostile calls', treatmentOf(runs, 'unsafe')]];
  page.table(
    [{ title: 'by process ancestry' }, { title: 'calls', right: true }, { title: 'action' }, { title: 'state' }],
    rows.map(([name, { count, actions, states }]) => [name, count.toLocaleString('en-US'), tally(actions), tally(states)]),
  );
  const [[, safe], [, hostile]] = rows as [[string, Treatment], [string, Treatment]];
  const alike = Object.keys(safe.actions).join() === Object.keys(hostile.actions).join() && Object.keys(safe.states).join() === Object.keys(hostile.states).join();
  if (alike) page.text('  No: it treated them like all others.', 'bad');
}

function calibrationRow(name: string, { sweep, best, inForce }: Calibration): readonly string[] {
  if (sweep.kind === 'refusal' || best === null) return [name, '-', 'not enough data', '', '', ''];
  const caught = (tp: number, fn: number): string => `${String(tp)} of ${String(tp + fn)}`;
  return [name, short(sweep.auc, 3), caught(inForce.unsafeFlagged, inForce.unsafePassed), thresholdText(best), caught(best.unsafeFlagged, best.unsafePassed), percent(best.safeFlagged, best.safeFlagged + best.safePassed)];
}

function showCalibrations(page: Page, runs: readonly DemoRun[]): void {
  step(page, '6. Could its score have told them apart, at another threshold than 0.65?', 'calibrate npm-incident.ledger.json --labels npm-incident.labels.csv');
  const { verified, labels } = runNamed(runs, 'incident');
  const independent = calibrate([verified], { labels });
  page.table(
    [{ title: 'labels from' }, { title: 'ROC area', right: true }, { title: 'at 0.65', right: true }, { title: 'cheapest', right: true }, { title: 'caught', right: true }, { title: 'false alarms', right: true }],
    [calibrationRow('the controller', calibrate([verified])), calibrationRow('process ancestry', independent)],
  );
  page.text("  The controller's labels are its own decisions: circular, they cannot show what it missed. Labels from elsewhere can.");
  const { best, sweep } = independent;
  if (best === null || sweep.kind === 'refusal') return;
  page.text(`  What the score cannot do: an area of ${short(sweep.auc, 3)} is not 1. ${thresholdText(best)} is the best of ${String(sweep.curve.thresholds.length)} thresholds on these very calls, and still misses ${String(best.unsafePassed)} hostile calls and stops ${String(best.safeFlagged)} safe ones. On other attacks it will do worse.`, 'warn');
}

async function demo(cli: Cli, onePage: OnePage): Promise<void> {
  const { stdout } = cli.io;
  const page = openPage(stdout.write, wantsColour(stdout.isTTY, cli.io.env));
  const runs = RUNS.map(loadRun);
  page.text('Recorded npm installs; a risk controller judged and sealed every call. Three were approved, the same three ran later (routine), one ran a hostile script (incident).');
  page.text('To try a step: cd datasets/npm, and hindcast is node ../../dist/app/cli/main.js', 'quiet');
  const whole = showRecords(page, runs);
  const replays = showReplays(page, runs);
  const ask = (question: string, command: string): void => { step(page, question, command); };
  showBehaviour(page, runs, ask);
  showTreatment(page, runs);
  showCalibrations(page, runs);
  showRegimes(page, runNamed(runs, 'incident'), ask);
  showPromise(page, runNamed(runs, 'incident'), ask);
  await showOnePage(cli, page, onePage, ask);
  if (!whole || !replays) cli.exit(EXIT.mismatch);
}

/** Adds `hindcast demo`. */
export function addDemo(program: Command, cli: Cli): void {
  program.command('demo')
    .summary('see it work on recorded npm installs')
    .description('Takes recorded runs of npm ci, one of them with a hostile install script, through verification, replay, baseline, drift, calibration and segmentation, and ends with all of it on one page.')
    .option('-o, --out <file>', 'where to write that page (default: a new temporary folder)')
    .addHelpText('after', '\nExample:\n  hindcast demo\n\nExit codes: 0 the recorded runs hold, 1 they were changed, 3 they are not there.')
    .action(async ({ out }: { readonly out?: string }) => demo(cli, { out, version: program.version() ?? '0.0.0' }));
}
