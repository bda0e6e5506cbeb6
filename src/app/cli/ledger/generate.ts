import { type Command, Option } from 'commander';
import { generateEntries } from '../../../replay/generate/generate.js';
import { SCENARIO_NAMES, SCENARIO_PLANS, type ScenarioName } from '../../../replay/scenarios/plots.js';
import { openAtomic } from '../../atomic-file.js';
import { formOf } from '../../ledger-text.js';
import type { Cli } from '../cli.js';
import { usageError } from '../exit.js';
import { countArgument } from '../options.js';
import { startProgress } from '../../progress.js';
import { generateScenarioFiles } from './scenario-files.js';
import { writeLedger } from './write-ledger.js';

interface GenerateOptions {
  readonly entries?: number;
  readonly scenario?: ScenarioName;
  readonly seed: number;
  readonly out: string;
  readonly pretty?: boolean;
  readonly sortKeys?: boolean;
}

/** Where the labels of a ledger file go. */
export function labelPathOf(ledgerPath: string): string {
  return ledgerPath.replace(/\.jsonl?$/, '.labels.csv');
}

function generateLedger(cli: Cli, options: GenerateOptions, entries: number): void {
  const form = formOf(options.out);
  if (form === null) throw usageError('--out must end in .json (an artifact) or .jsonl (JSON Lines)');
  if (options.pretty === true && form === 'json-lines') throw usageError('--pretty does not go with .jsonl: an entry is one line there');
  const layout = { form, pretty: options.pretty ?? false, sortKeys: options.sortKeys ?? false };
  const ledger = openAtomic(options.out);
  const labels = openAtomic(labelPathOf(options.out));
  const progress = startProgress(cli.io, 'generating', entries);
  try {
    writeLedger(generateEntries({ entries, seed: options.seed }), { count: entries, ledger, labels, layout, onProgress: progress.update });
    ledger.commit();
    labels.commit();
  } finally {
    progress.stop();
    ledger.abandon();
    labels.abandon();
  }
}

function generate(cli: Cli, options: GenerateOptions): void {
  const { entries, scenario, seed, out } = options;
  if ((entries === undefined) === (scenario === undefined)) throw usageError('generate needs --entries N or --scenario NAME, and not both');
  if (scenario === undefined) generateLedger(cli, options, entries ?? 0);
  else if (options.pretty === true || options.sortKeys === true) throw usageError('--pretty and --sort-keys go with --entries');
  else generateScenarioFiles(cli, { name: scenario, seed, folder: out });
}

const HELP = `
Examples:
  hindcast generate --entries 100000 --seed 1 --out big.ledger.json
  hindcast generate --scenario slow-exfiltration --seed 1 --out exfiltration

Writes big.ledger.json and its labels, big.ledger.labels.csv. The same entries
and seed give the same bytes. A generated ledger verifies and replays without a
mismatch; the labels come from the generator's script, not from the controller.

--scenario writes into the folder --out: approved.arrows, four weeks of everyday
work; observed.arrows, four weeks more in which something happens; a ledger of
each as the host would have kept it (*.ledger.json); observed.labels.csv; and
truth.json: what happens, from which call on, and whether anyone means harm.

${Object.entries(SCENARIO_PLANS).map(([name, { hostile }]) => `  ${name.padEnd(20)} ${hostile ? 'an attack' : 'harmless'}`).join('\n')}

Exit codes: 0 generated, 3 bad usage.`;

/** Adds `hindcast generate`. */
export function addGenerate(program: Command, cli: Cli): void {
  program.command('generate')
    .summary('make a synthetic ledger or scenario, with labels')
    .description('Makes a deterministic synthetic ledger: several actors, quiet and busy times, attacks, entries of realistic size; or a scenario with its truth.')
    .option('--entries <n>', 'number of entries', countArgument)
    .addOption(new Option('--scenario <name>', 'or: a scenario, with an approved period').choices(SCENARIO_NAMES))
    .requiredOption('--seed <n>', 'seed; the same seed gives the same ledger', countArgument)
    .requiredOption('-o, --out <file>', 'ledger to write: .json for an artifact, .jsonl for JSON Lines; of a scenario, the folder')
    .option('--pretty', 'two spaces a level, instead of compact')
    .option('--sort-keys', 'members in alphabetical order, as some JSON tools leave them')
    .addHelpText('after', HELP)
    .action((options: GenerateOptions) => { generate(cli, options); });
}
