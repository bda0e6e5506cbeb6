import type { Command } from 'commander';
import { InputError } from '../../../errors.js';
import { decodeUnsealedEntry } from '../../../ledger/decode.js';
import type { LedgerHeader, UnsealedEntry } from '../../../ledger/entry.js';
import { isSpace, type JsonNode } from '../../../ledger/lexeme.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { sealLedger } from '../../../ledger/seal.js';
import { readBytes } from '../../files.js';
import { formOf, ledgerText } from '../../ledger-text.js';
import type { Cli } from '../cli.js';
import { say } from '../io.js';
import { writeJson } from '../json.js';
import { naming } from '../ledgers.js';
import { millisecondsArgument } from '../options.js';
import { withOutput } from '../output.js';

interface SealCommandOptions {
  readonly out?: string;
  readonly prevHash?: string;
  readonly generatedAt?: bigint;
  readonly pretty?: boolean;
}

const LINE_FEED = 0x0a;

/** One JSON text a line; empty lines are skipped. */
function* lines(bytes: Uint8Array): Generator<{ readonly node: JsonNode; readonly place: string }> {
  let line = 1;
  for (let start = 0; start < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    const text = bytes.subarray(start, end);
    if (!text.every(isSpace)) yield { node: parseJson(text, { base: start }), place: `line ${String(line)}` };
    start = end + 1;
  }
}

function isLedger(node: JsonNode): boolean {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'object' && node.fields.some((f) => f.key === 'entries');
}

/** Entries without hashes, as an array or one a line. Fields that a sealed entry does not have are told to `drop`. */
function readUnsealed(bytes: Uint8Array, drop: (path: string) => void): UnsealedEntry[] {
  const first = bytes.find((byte) => !isSpace(byte));
  if (first === undefined) throw new InputError('EMPTY_INPUT', 'there is no entry to seal: the file is empty');
  if (first !== '['.charCodeAt(0)) {
    return Array.from(lines(bytes), ({ node, place }) => {
      if (isLedger(node)) throw new InputError('WRONG_TYPE', `${place} is a whole ledger: seal takes its entries, as a JSON array or one a line`);
      return decodeUnsealedEntry(node, place, drop);
    });
  }
  const nodes = parseJson(bytes) as readonly JsonNode[];
  return nodes.map((node, i) => decodeUnsealedEntry(node, `entries[${String(i)}]`, drop));
}

/** The largest time stamp: when an artifact with these entries was made at the earliest. */
function latestOf(entries: readonly UnsealedEntry[]): bigint {
  return entries.reduce((latest, { ts_ms: tsMs }) => (tsMs > latest ? tsMs : latest), entries[0]?.ts_ms ?? 0n);
}

async function seal(cli: Cli, file: string, options: SealCommandOptions): Promise<void> {
  const dropped = new Map<string, number>();
  const entries = naming(file, () => readUnsealed(readBytes(file), (path) => dropped.set(path, (dropped.get(path) ?? 0) + 1)));
  const { header, entries: sealed } = sealLedger(entries, { prevHash: options.prevHash ?? null, generatedAtMs: options.generatedAt ?? latestOf(entries) });
  const text = ledgerText({ form: formOf(options.out ?? '') ?? 'artifact', pretty: options.pretty ?? false });
  await withOutput(cli.io, options.out, [file], (output) => {
    writeJson(output, text.start(header as LedgerHeader));
    sealed.forEach((entry, i) => { writeJson(output, text.entry(entry, i)); });
    writeJson(output, text.end(header as LedgerHeader) + (output.toFile ? '' : '\n'));
  });
  if (dropped.size > 0) {
    const named = [...dropped].slice(0, 5).map(([path, times]) => `${path} (${String(times)})`).join(', ');
    say(cli.io, `left out what an entry's seal does not cover: ${named}${dropped.size > 5 ? ', ...' : ''}`);
  }
}

/** Adds `hindcast seal`. */
export function addSeal(program: Command, cli: Cli): void {
  program.command('seal')
    .summary('seal entries into a ledger')
    .description('Binds entries into a hash chain, byte for byte as the host would. The seal has no key: it shows consistency, not who made it.')
    .argument('<file>', 'entries without hashes: a JSON array, or JSON Lines')
    .option('-o, --out <file>', 'the ledger: an artifact, or JSON Lines if the name ends in .jsonl')
    .option('--prev-hash <hash>', 'hash the chain goes on from, instead of starting one')
    .option('--generated-at <ms>', 'generated_at_ms of the artifact (default: the largest ts_ms)', millisecondsArgument)
    .option('--pretty', 'two spaces a level, instead of compact')
    .addHelpText('after', '\nExample:\n  hindcast seal entries.jsonl --out sealed.ledger.json\n\nExit codes: 0 sealed, 2 malformed, 3 bad usage.')
    .action(async (file: string, options: SealCommandOptions) => seal(cli, file, options));
}
