import { Option, type Command } from 'commander';
import { reportPage } from '../../../report/report-page.js';
import { verdictOf } from '../../../report/verdict.js';
import type { Report } from '../../../report/report.js';
import { escapeForTerminal, wantsColour } from '../../terminal.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import type { Io } from '../io.js';
import { openPage } from '../layout.js';
import { requireRereadable } from '../ledgers.js';
import { withOutput } from '../output.js';
import { gatherReport, type ReportTask } from './gather.js';
import { readPageScript } from './script.js';

interface ReportOptions {
  readonly out: string;
  readonly baseline?: readonly string[];
  readonly policy?: string;
  readonly labels?: string;
}

function codeOf(report: Report): ExitCode {
  if (report.inputs.some(({ unreadable }) => unreadable !== null)) return EXIT.malformed;
  const { tone } = verdictOf(report);
  return tone === 'bad' ? EXIT.mismatch : tone === 'open' ? EXIT.notEnough : EXIT.holds;
}

/** Gathers and writes a page; returns its size in bytes and what it says. */
export async function writeReport(cli: Cli, task: ReportTask, out: string): Promise<{ readonly report: Report; readonly bytes: number }> {
  const report = await gatherReport(cli, task);
  const text = reportPage(report, readPageScript());
  const inputs = [...task.files, ...task.baseline, ...(task.policy === undefined ? [] : [task.policy]), ...(task.labels === undefined ? [] : [task.labels])];
  await withOutput(cli.io, out, inputs, (output) => { output.write(text); });
  return { report, bytes: Buffer.byteLength(text) };
}

/** Says in a line of its own where a page is; a path is never cut. */
export function namePage({ stdout }: Io, path: string): void {
  stdout.write(`  Open ${escapeForTerminal(path)}\n`);
}

async function runReport(cli: Cli, files: readonly string[], options: ReportOptions, version: string): Promise<void> {
  const { out, baseline = [], policy, labels } = options;
  if (out === '-') throw usageError('--out must name a file: a page is too long for a terminal');
  requireRereadable([...files, ...baseline], 'hindcast report');
  const { report, bytes } = await writeReport(cli, { files, baseline, policy, labels, version }, out);
  const { tone, headline, lines } = verdictOf(report);
  const page = openPage(cli.io.stdout.write, wantsColour(cli.io.stdout.isTTY, cli.io.env));
  page.verdict(tone === 'bad' || tone === 'good' ? tone : 'warn', headline);
  for (const line of lines) page.row(line.title.toLowerCase(), line.text, line.tone === 'bad' ? 'bad' : line.tone === 'open' ? 'quiet' : 'plain');
  page.row('page', `${(bytes / 1e6).toFixed(2)} MB, for any browser; it loads nothing`, 'quiet');
  namePage(cli.io, out);
  cli.exit(codeOf(report));
}

const HELP = `
Examples:
  hindcast report incident.ledger.json -o report.html
  hindcast report incident.ledger.json incident.calls.jsonl \\
      --baseline approved.ledger.json approved.calls.jsonl \\
      --labels incident.labels.csv -o report.html

One file that any browser opens: verdict, timeline, evidence, provenance. It
loads nothing, sends nothing and runs one script, which its own policy names by
hash. The same bytes and options give the same page.

FILE is a ledger, a trace in any form, or anything "hindcast import" reads.
Recorded calls given beside their ledger are put together with it by call id.
Of the approved files each is used for what it holds: ledgers and fitted
baselines for drift and detectors, recorded calls, traces and fitted resources
for what was touched. A question that lacks what it needs is answered with that.

Beyond 200,000 calls the timeline holds those with findings and every so-many-th
other; everything else on the page is about all of them.

Exit codes: 0 nothing found (changes of regime alone are noted: no rate of false
ones is promised), 1 findings (the page has them), 2 an input cannot
be read (the page says so), 3 bad usage, 5 nothing could be checked.`;

/** Adds `hindcast report`. */
export function addReport(program: Command, cli: Cli): void {
  program.command('report')
    .summary('one page with verdict, timeline and evidence')
    .description('Writes what the other commands find in ledgers and traces as one self-contained HTML page.')
    .argument('<file...>', 'ledgers, traces or recorded calls')
    .addOption(new Option('-o, --out <file>', 'the page to write, whole or not at all').makeOptionMandatory())
    .option('--baseline <file...>', 'what was approved: ledgers, calls, traces, or what "hindcast baseline" or "novel --fit" wrote')
    .option('--policy <file>', 'a policy whose parts are tried on the inputs')
    .option('--labels <file>', 'independent labels (call_id,label): what was caught, what missed')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ReportOptions) => runReport(cli, files, options, program.version() ?? '0.0.0'));
}
