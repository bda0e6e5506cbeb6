import { type Command, Option } from 'commander';
import type { PiTarget } from '../../../risk/policy/pi-export.js';
import type { Cli } from '../cli.js';
import { TRACE_HELP } from '../ledgers.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { numberArgument } from '../options.js';
import { withOutput } from '../output.js';
import { policyCheck, type PolicyCheckOptions } from './check.js';
import { policyDiff, type PolicyDiffOptions } from './diff.js';
import { policyExport, type PolicyExportOptions } from './export.js';
import { policyMake, type PolicyMakeOptions } from './make.js';
import { showPolicy } from './page.js';
import { readPolicy, thresholdArgument } from './parts.js';

const TARGETS: readonly PiTarget[] = ['pi-bands', 'pi-risk-config', 'pi-budget'];

const HELP = `
Examples:
  hindcast policy make --threshold threshold.json --envelope envelope.json \\
      --name npm -o npm.policy.json
  hindcast policy show npm.policy.json
  hindcast policy check npm.policy.json --ledger today.json
  hindcast policy export npm.policy.json --for pi-bands`;

const MAKE_HELP = `
Examples:
  hindcast calibrate may.json --labels may.csv --label-source audit \\
      --method np --miss 0.1 --json --out threshold.json
  hindcast detect june.json --baseline approved.json --json --out detector.json
  hindcast policy make --threshold deny=threshold.json \\
      --envelope envelope.json --detector detector.json \\
      --approval approval.json --source approved.json may.json \\
      --name npm -o npm.policy.json

The parts are what hindcast calibrate --method, envelope fit, detect (all with
--json) and approve wrote. A threshold may say what a call at or above it gets:
harden, prompt, deny (if nothing is said) or terminate. Promises, provenance and
bands follow from the parts; a content hash covers all of it. Parts know traces
by hash: --source names them, and says which ledgers a baseline stands for.

Exit codes: 0 made, 1 an approval was changed, 2 malformed, 3 bad usage or parts
that contradict each other, 5 no part.`;

const SHOW_HELP = `
Examples:
  hindcast policy show npm.policy.json
  hindcast policy show npm.policy.json --json

Exit codes: 0 shown, 1 changed after it was made, 2 malformed, 3 bad usage.`;

const DIFF_HELP = `
Examples:
  hindcast policy diff may.policy.json june.policy.json

Says in words and numbers what changed: bands, promises, bounds, calibration
data, approvals.

Exit codes: 0 the same, 1 different or changed after it was made, 2 malformed, 3
bad usage.`;

const CHECK_HELP = `
Examples:
  hindcast policy check npm.policy.json
  hindcast policy check npm.policy.json --source may.json approved.json
  hindcast policy check npm.policy.json --ledger today.json

A policy holds together if its hash is that of its content, every part is
whole, its detectors run, and promises, limits, bands and provenance follow from
the numbers in the parts. That those are the numbers of the data it cannot see:
whoever can write the file can seal other ones. With --ledger each part is tried
on ledgers (or calls, or telemetry) from their beginning: calls that a threshold
would have flagged, groups outside an envelope, alarms, each beside what chance
alone would give.
${TRACE_HELP}

Exit codes: 0 holds together and nothing found, 1 changed after it was made, a
--source it was not made of or that contradicts it, a group outside, an alarm,
or a ledger that does not verify, 2 malformed, 3 bad usage, 5 some part could
not be judged. A call that a threshold flags is an answer, not a finding.`;

const EXPORT_HELP = `
Examples:
  hindcast policy export npm.policy.json --for pi-bands
  hindcast policy export npm.policy.json --for pi-budget --out budget.json

  pi-bands        the score from which each of the host's answers holds
  pi-risk-config  settings of the host's online controller
  pi-budget       settings of the host's budget controller

The configuration goes to standard output, clamped as the host clamps it; what
it cannot express is said on standard error, and in --json. No promise survives:
the host's methods are others, and it has no key for a calibrated threshold.

Exit codes: 0 exported, 1 changed after it was made, 2 malformed, 3 bad usage.`;

const withJson = (command: Command): Command => command
  .option('--json', 'print the report as JSON')
  .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output');

function addMake(policy: Command, cli: Cli, madeBy: string): void {
  policy.command('make')
    .summary('put thresholds, envelopes and detectors together')
    .description('Makes one policy of thresholds, envelopes and detectors, with what each promises and where it comes from.')
    .option('--threshold <file...>', 'calibrated thresholds, as FILE or BAND=FILE', thresholdArgument)
    .option('--envelope <file...>', 'envelopes')
    .option('--detector <file...>', 'reports of "hindcast detect --json"')
    .option('--approval <file...>', 'approvals')
    .option('--source <file...>', 'ledgers and baselines that the parts come from, to name them')
    .option('--name <text>', 'what the policy is called', 'unnamed')
    .option('--json', 'print the policy as JSON')
    .option('-o, --out <file>', 'write the policy to a file, whole or not at all')
    .addHelpText('after', MAKE_HELP)
    .action(async (options: PolicyMakeOptions) => policyMake(cli, madeBy, options));
}

function addShow(policy: Command, cli: Cli): void {
  withJson(policy.command('show'))
    .summary('what a policy says, promises and comes from')
    .description('Shows what a policy says, what each part promises, and where it comes from.')
    .argument('<file>', 'policy')
    .addHelpText('after', SHOW_HELP)
    .action(async (file: string, { json = false, out }: PolicyDiffOptions) => withOutput(cli.io, out, [file], (output) => {
      const read = readPolicy(file);
      if (json) writeJson(output, `${reportJson(read)}\n`);
      else showPolicy(openPage(output.write, output.colour), read, file);
    }));
}

function addDiff(policy: Command, cli: Cli): void {
  withJson(policy.command('diff'))
    .summary('what changed between two policies')
    .description('Says what changed between two policies, in words and numbers.')
    .argument('<before>', 'policy')
    .argument('<after>', 'another')
    .addHelpText('after', DIFF_HELP)
    .action(async (before: string, after: string, options: PolicyDiffOptions) => policyDiff(cli, [before, after], options));
}

function addCheck(policy: Command, cli: Cli): void {
  withJson(policy.command('check'))
    .summary('does it hold together, and what would it have said?')
    .description('Checks that a policy holds together, that it was made of given files, and what it would have said of others.')
    .argument('<file>', 'policy')
    .option('--source <file...>', 'files that it must have been made of')
    .option('--ledger <file...>', 'traces to try it on')
    .option('--alpha <x>', 'error of all findings of an envelope together', numberArgument, 0.05)
    .option('--sort', 'put records in order of time first: calls that overlap end out of order')
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string, options: PolicyCheckOptions) => policyCheck(cli, file, options));
}

function addExport(policy: Command, cli: Cli): void {
  withJson(policy.command('export'))
    .summary("turn a policy into the host's configuration")
    .description("Turns a policy into one of the host's configurations, and says what is lost on the way.")
    .argument('<file>', 'policy')
    .addOption(new Option('--for <target>', 'which configuration').choices(TARGETS).makeOptionMandatory())
    .addHelpText('after', EXPORT_HELP)
    .action(async (file: string, options: PolicyExportOptions) => policyExport(cli, file, options));
}

/** Adds `hindcast policy`. */
export function addPolicy(program: Command, cli: Cli): void {
  const policy = program.command('policy')
    .summary('thresholds, envelopes and detectors to sign: make, show, diff, check, export')
    .description('Thresholds, envelopes and detectors in one file, with their promises, provenance and a content hash.')
    .helpCommand(false)
    .addHelpText('after', HELP);
  addMake(policy, cli, `hindcast ${program.version() ?? ''}`.trim());
  addShow(policy, cli);
  addDiff(policy, cli);
  addCheck(policy, cli);
  addExport(policy, cli);
}
