import type { Command } from 'commander';
import { dataHash } from '../../../ledger/hash.js';
import { sealEntry } from '../../../ledger/seal.js';
import { generateEntries } from '../../../replay/generate/generate.js';
import { openAtomic, type AtomicFile } from '../../atomic-file.js';
import { formOf, ledgerText, placeholder, type LedgerLayout } from '../../ledger-text.js';
import type { Cli } from '../cli.js';
import { usageError } from '../exit.js';
import { countArgument } from '../options.js';
import { startProgress } from '../../progress.js';

interface GenerateOptions {
  readonly entries: number;
  readonly seed: number;
  readonly out: string;
  readonly pretty?: boolean;
  readonly sortKeys?: boolean;
}

/** Where the labels of a ledger file go. */
export function labelPathOf(ledgerPath: string): string {
  return ledgerPath.replace(/\.jsonl?$/, '.labels.csv');
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface Target {
  readonly ledger: AtomicFile;
  readonly labels: AtomicFile;
  readonly layout: LedgerLayout;
  readonly onProgress: (entries: number, done: number) => void;
}

/** Thirteen digits, as every time from 2001 to 2286 has. */
const PLACEHOLDER_MS = 1_000_000_000_000n;

/** Writes entry after entry; the artifact's own hashes, which come first, are filled in at the end. */
function writeLedger({ entries, seed }: GenerateOptions, { ledger, labels, layout, onProgress }: Target): void {
  const encoder = new TextEncoder();
  const text = ledgerText(layout);
  const count = BigInt(entries);
  const blank = encoder.encode(text.start(placeholder(count, PLACEHOLDER_MS)));
  const hash = dataHash();
  let [index, head, tail, latest]: [number, string | null, string | null, bigint] = [0, null, null, PLACEHOLDER_MS];
  ledger.append(blank);
  labels.append(encoder.encode('call_id,label\n'));
  for (const { entry, label } of generateEntries({ entries, seed })) {
    const sealed = sealEntry(entry, tail);
    ledger.append(encoder.encode(text.entry(sealed, index)));
    labels.append(encoder.encode(`${csvCell(entry.call_id)},${label}\n`));
    tail = sealed.ledger_hash;
    head ??= tail;
    hash.add(tail);
    if (entry.ts_ms > latest) latest = entry.ts_ms;
    index += 1;
    if ((index & 1023) === 0) onProgress(index, index);
  }
  const header = { ...placeholder(count, latest), head_ledger_hash: head, tail_ledger_hash: tail, data_hash: hash.digest() };
  ledger.append(encoder.encode(text.end(header)));
  const start = encoder.encode(text.start(header));
  if (start.length !== blank.length) throw new RangeError('the start of the ledger must not change its length');
  ledger.overwrite(0, start);
}

function generate(cli: Cli, options: GenerateOptions): void {
  const form = formOf(options.out);
  if (form === null) throw usageError('--out must end in .json (an artifact) or .jsonl (JSON Lines)');
  if (options.pretty === true && form === 'json-lines') throw usageError('--pretty does not go with .jsonl: an entry is one line there');
  const layout = { form, pretty: options.pretty ?? false, sortKeys: options.sortKeys ?? false };
  const ledger = openAtomic(options.out);
  const labels = openAtomic(labelPathOf(options.out));
  const progress = startProgress(cli.io, 'generating', options.entries);
  try {
    writeLedger(options, { ledger, labels, layout, onProgress: progress.update });
    ledger.commit();
    labels.commit();
  } finally {
    progress.stop();
    ledger.abandon();
    labels.abandon();
  }
}

const HELP = `
Example:
  hindcast generate --entries 100000 --seed 1 --out big.ledger.json

Writes big.ledger.json and its labels, big.ledger.labels.csv. The same entries
and seed give the same bytes. A generated ledger verifies and replays without a
mismatch; the labels come from the generator's script, not from the controller.

Exit codes: 0 generated, 3 bad usage.`;

/** Adds `hindcast generate`. */
export function addGenerate(program: Command, cli: Cli): void {
  program.command('generate')
    .summary('make a synthetic ledger, with labels')
    .description('Makes a deterministic synthetic ledger: several actors, quiet and busy times, attacks, entries of realistic size.')
    .requiredOption('--entries <n>', 'number of entries', countArgument)
    .requiredOption('--seed <n>', 'seed; the same seed gives the same ledger', countArgument)
    .requiredOption('-o, --out <file>', 'ledger to write: .json for an artifact, .jsonl for JSON Lines')
    .option('--pretty', 'two spaces a level, instead of compact')
    .option('--sort-keys', 'members in alphabetical order, as some JSON tools leave them')
    .addHelpText('after', HELP)
    .action((options: GenerateOptions) => { generate(cli, options); });
}
