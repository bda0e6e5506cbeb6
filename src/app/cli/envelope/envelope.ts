import { type Command, Option } from 'commander';
import type { StreamKind } from '../../series/record.js';
import type { Cli } from '../cli.js';
import { TRACE_HELP } from '../ledgers.js';
import { envelopeCheck, type EnvelopeCheckOptions } from './check.js';
import { envelopeFit, type EnvelopeFitOptions } from './fit.js';
import { numberArgument } from '../options.js';
import { addPlotOption } from '../plot.js';
import { addSeriesOptions } from '../series-options.js';

const STREAMS: readonly StreamKind[] = ['interval', 'latency', 'score', 'error', 'value'];

const FIT_HELP = `
Examples:
  hindcast envelope fit approved.ledger.json --stream score --alpha 0.05 \\
      -o envelope.json
  hindcast envelope fit may.json --alpha 0.01 --confidence 0.95 --sort \\
      --baseline base.json --approved approval.json -o envelope.json
  hindcast envelope fit calls.jsonl --stream latency -o latency.json

Bounds are two-sided: in a burst waits get short, which an upper bound does not
see. At --alpha 0.05 a group needs 39 values, at 0.01 199; with --confidence
0.95 93 and 473. A group with fewer gets no bound, and is named.

The traces must be others than those of the baseline. --baseline refuses the
same ledger and a ledger that goes on where the baseline's ends; a piece cut out
of the baseline's ledger only --baseline-ledger shows, which compares every
entry. Calls that are no ledger have no entry hashes, and cannot be compared.
Where there is one ledger only, cut it in two by time; as JSON Lines both parts
verify:
  jq -c '.entries[]' run.ledger.json > run.jsonl
  head -n 400 run.jsonl > base.jsonl; tail -n +401 run.jsonl > rest.jsonl
Halves of one run share its hour and its task, so bounds from them promise less
for the next run than those from a run of its own.
${TRACE_HELP}

Exit codes: 0 fitted, 1 a ledger does not verify or is not approved, 2
malformed, 3 bad usage or traces that overlap, 5 no group has a bound.`;

const CHECK_HELP = `
Examples:
  hindcast envelope check today.ledger.json --envelope envelope.json
  hindcast envelope check a.json b.json --envelope envelope.json --correction bh
  hindcast envelope check a.json --envelope envelope.json --plot coverage.svg

Some values fall outside by chance, alpha of the envelope of all. A finding is a
group with more of them than chance explains, all groups judged together; a
group that the envelope does not know is one as well.
${TRACE_HELP}

Exit codes: 0 no finding, 1 findings or a ledger that does not verify, 2
malformed, 3 bad usage, 5 no group could be judged.`;

function addFit(envelope: Command, cli: Cli): void {
  const command = addSeriesOptions(envelope.command('fit'), STREAMS);
  command.options.find(({ long }) => long === '--by')?.default('capability');
  command
    .setOptionValueWithSource('by', 'capability', 'default')
    .summary('learn bounds from approved traces')
    .description('Fits bounds on what approved behaviour looks like, group by group, from traces that the baseline was not fitted on.')
    .argument('<file...>', 'calibration traces: ledgers, trace tables, calls, telemetry or CSV')
    .option('--alpha <x>', 'share that may be outside; for --stream error, chance that limits miss', numberArgument, 0.05)
    .option('--confidence <x>', 'hold the share with this confidence over the calibration draw', numberArgument)
    .addOption(new Option('--sides <which>', 'which ends are bounded (default: two; for --stream error upper)').choices(['two', 'lower', 'upper']))
    .option('--baseline <file>', 'baseline that must have been fitted on other traces')
    .option('--baseline-ledger <file...>', 'its ledgers, to compare entry by entry')
    .option('--approved <file...>', 'approvals: traces that none of them names are refused')
    .option('--json', 'print the envelope as JSON')
    .option('-o, --out <file>', 'write the envelope to a file, whole or not at all')
    .addHelpText('after', FIT_HELP)
    .action(async (files: string[], options: EnvelopeFitOptions) => envelopeFit(cli, files, options));
}

function addCheck(envelope: Command, cli: Cli): void {
  addPlotOption(addSeriesOptions(envelope.command('check'), STREAMS))
    .summary('compare traces with an envelope')
    .description('Compares traces with an envelope, group by group; stream and groups are the envelope\'s (--stream and --by are not needed).')
    .argument('<file...>', 'traces to judge; several are pooled')
    .requiredOption('--envelope <file>', 'what "hindcast envelope fit" wrote')
    .option('--alpha <x>', 'error of all findings together', numberArgument, 0.05)
    .addOption(new Option('--correction <name>', 'chance of any false finding (holm), or share of false ones (bh, by)').choices(['holm', 'bh', 'by']).default('holm'))
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addHelpText('after', CHECK_HELP)
    .action(async (files: string[], options: EnvelopeCheckOptions) => envelopeCheck(cli, files, options));
}

const HELP = `
Examples:
  hindcast envelope fit approved.ledger.json --stream score -o envelope.json
  hindcast envelope check today.ledger.json --envelope envelope.json`;

/** Adds `hindcast envelope`. */
export function addEnvelope(program: Command, cli: Cli): void {
  const envelope = program.command('envelope')
    .summary('bounds on approved behaviour: fit, check')
    .description('Bounds on waits, latencies, scores or failure rates by capability or actor, with a stated promise.')
    .helpCommand(false)
    .addHelpText('after', HELP);
  addFit(envelope, cli);
  addCheck(envelope, cli);
}
