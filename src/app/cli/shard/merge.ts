import type { Command } from 'commander';
import { baselinesJson } from '../baseline/baseline.js';
import type { Cli } from '../cli.js';
import { mergeDetection } from '../detect/part.js';
import { worse, EXIT, type ExitCode } from '../exit.js';
import { joinFileParts } from '../file-list.js';
import { writeJson } from '../json.js';
import { withOutput, type Output } from '../output.js';
import { readPart, requireWhole, type NamedPart } from './part.js';
import { STATS_SCHEMA } from '../trace/stats.js';
import { VERIFICATION_SCHEMA } from '../ledger/verify.js';

interface Merged {
  readonly text: string;
  readonly exit: ExitCode;
}

/** Texts of all parts in the order of their places. */
function textsOf(parts: readonly NamedPart[]): readonly string[] {
  return parts.flatMap(({ part }) => part.items).sort((a, b) => a.at - b.at).map(({ value }) => String(value));
}

function merged(parts: readonly NamedPart[]): Merged {
  requireWhole(parts);
  const [first] = parts;
  const exit = parts.reduce<ExitCode>((worst, { part }) => worse(worst, part.exit), EXIT.holds);
  switch (first?.part.command) {
    case 'detect':
      return mergeDetection(first.part.asked, [...parts].sort((a, b) => a.part.shard.index - b.part.shard.index).map(({ part }) => part.items));
    case 'baseline':
      return { text: baselinesJson(textsOf(parts)), exit };
    case 'stats':
      return { text: joinFileParts(STATS_SCHEMA, textsOf(parts)), exit };
    default:
      return { text: joinFileParts(VERIFICATION_SCHEMA, textsOf(parts)), exit };
  }
}

function mergeFiles(cli: Cli, paths: readonly string[], output: Output): void {
  const { text, exit } = merged(paths.map((path) => ({ path, part: readPart(path) })));
  writeJson(output, text);
  cli.exit(exit);
}

const HELP = `
Examples:
  for i in 1 2 3 4; do hindcast verify --shard $i/4 *.jsonl > part$i & done; wait
  hindcast merge part1 part2 part3 part4 > report.json

What is written is what the command would have written with --json in one run,
byte for byte, and the exit code is the one it would have had. Parts may come in
any order, from any machine; all of them must be there, each once, of the same
inputs and options.

verify    every n-th file
stats     every n-th file
detect    streams by the hash of their name; each share reads the whole file,
          and designs detectors for its own streams alone
baseline  actors by the hash of their name; each share reads all ledgers

Exit codes: as the command's; 2 a part is missing or not whole, 3 parts of
different works.`;

/** Adds `hindcast merge`. */
export function addMerge(program: Command, cli: Cli): void {
  program.command('merge')
    .summary('join the parts that --shard wrote')
    .description('Joins what the shares of verify, stats, detect or baseline came to into the report of one run.')
    .argument('<part...>', 'parts, all of one work')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addHelpText('after', HELP)
    .action(async (parts: string[], options: { readonly out?: string }) => withOutput(cli.io, options.out, parts, (output) => { mergeFiles(cli, parts, output); }));
}
