import { type Command, Option } from 'commander';
import { parseResources, RESOURCE_GROUPINGS } from '../../../baseline/trace/parse-resources.js';
import { startNovel, type NovelCall } from '../../../baseline/trace/novel.js';
import type { ResourceGrouping } from '../../../baseline/trace/resource-keys.js';
import { RESOURCES_SCHEMA, startResources, type ResourceOptions, type Resources } from '../../../baseline/trace/resources.js';
import { InputError } from '../../../errors.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { readBytes } from '../../files.js';
import { peekInput } from '../../input.js';
import { readCalls, requireAll } from '../../trace-chunks.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { say } from '../io.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { naming, namingAsync, TRACE_HELP } from '../ledgers.js';
import { showNovel, showResources } from './novel-page.js';
import { countArgument } from '../options.js';
import { withOutput, type Output } from '../output.js';
import { writeArtifact } from '../policy/artifact.js';
import { counted } from '../ledger/verify-page.js';

interface NovelOptions {
  readonly baseline?: readonly string[];
  readonly fit?: boolean;
  readonly depth?: number;
  readonly by?: ResourceGrouping;
  readonly home?: string;
  readonly json?: boolean;
  readonly out?: string;
}

function chosen({ depth, by, home }: Pick<NovelOptions, 'depth' | 'by' | 'home'>): ResourceOptions {
  return { ...(depth === undefined ? {} : { depth }), ...(by === undefined ? {} : { by }), ...(home === undefined ? {} : { home }) };
}

/** Whether a file holds resources that were fitted before. */
export function isFitted(path: string): boolean {
  const head = Buffer.from(peekInput(path)?.subarray(0, 4096) ?? []).toString('latin1');
  return head.trimStart().startsWith('{') && new RegExp(`"schema"\\s*:\\s*"${RESOURCES_SCHEMA.replaceAll('.', '\\.')}"`).test(head);
}

/** Fits calls that are approved; all must be readable, since what is not read would be found new. */
async function fitFiles(files: readonly string[], options: Pick<NovelOptions, 'depth' | 'by' | 'home'>): Promise<Resources> {
  const fit = startResources(chosen(options));
  for (const path of files) {
    await namingAsync(path, async () => { requireAll(await readCalls([path], fit.add)); });
  }
  return files.length === 1 ? naming(files[0] ?? '', fit.resources) : fit.resources();
}

/** What approved calls touch, by files of fitted resources or of the calls themselves. */
export async function approved(files: readonly string[], options: Pick<NovelOptions, 'depth' | 'by' | 'home'>): Promise<Resources> {
  const [first = ''] = files;
  if (!files.some(isFitted)) return fitFiles(files, options);
  if (files.length > 1) throw usageError('--baseline takes one file of fitted resources, or traces of approved calls');
  const resources = naming(first, () => parseResources(parseJson(readBytes(first))));
  for (const [name, asked] of Object.entries(chosen(options))) {
    const own = resources[name as keyof ResourceOptions];
    if (own !== asked) throw usageError(`${first} was fitted with --${name} ${String(own)}: leave --${name} out, or fit anew`);
  }
  return resources;
}

async function compare(cli: Cli, files: readonly string[], { resources, json }: { readonly resources: Resources; readonly json: boolean }, output: Output): Promise<void> {
  const search = startNovel(resources);
  const novel: NovelCall[] = [];
  const read = await namingAsync(files.join(', '), () => readCalls(files, (chunk) => { novel.push(...search.add(chunk)); }));
  const counts = naming(files.join(', '), search.counts);
  for (const reject of read.firstRejects) say(cli.io, `kept out: ${reject}`);
  const found = { ...counts, novelCalls: novel.length, novel };
  if (json) writeJson(output, `${reportJson({ schema: 'hindcast.novel.v1', depth: resources.depth, by: resources.by, home: resources.home, approvedCalls: resources.calls, rejects: read.rejects, ...found })}\n`);
  else {
    const page = openPage(output.write, output.colour);
    showNovel(page, found, resources);
    if (read.rejects > 0) page.row('kept out', `${counted(read.rejects, 'record')} that cannot be read`, 'bad');
  }
  if (novel.length > 0 || read.rejects > 0) cli.exit(EXIT.mismatch);
}

async function runNovel(cli: Cli, files: readonly string[], options: NovelOptions): Promise<void> {
  const { baseline = [], fit = false } = options;
  if (fit === baseline.length > 0) throw usageError('either --baseline FILE to compare with, or --fit to learn from the files given');
  if ([...files, ...baseline].filter((path) => path === '-').length > 0) throw usageError('"hindcast novel" reads files, not the standard input');
  if (fit) {
    const resources = await fitFiles(files, options);
    await writeArtifact(cli.io, options, files, { artifact: resources, show: (page) => { showResources(page, resources); } });
    return;
  }
  const resources = await approved(baseline, options);
  if (resources.calls === resources.withoutResource) throw new InputError('TOO_FEW', 'no approved call names a resource');
  await withOutput(cli.io, options.out, [...files, ...baseline], (output) => compare(cli, files, { resources, json: options.json === true }, output));
}

const HELP = `
Examples:
  hindcast novel today.calls.jsonl --baseline approved.calls.jsonl
  hindcast novel --fit monday.arrows tuesday.arrows --out approved.resources.json
  hindcast novel today.arrows --baseline approved.resources.json --json
  hindcast novel today.arrows --baseline approved.arrows --by source_file

A resource is a path cut at --depth segments (temporary names, dates and hashes
in it made one), host:port, or what a command runs: its program; of shells and
interpreters their script or next word. It is compared with what approved calls
of the same capability touched. Calls are pooled unless --by says otherwise: by
actor far more harmless calls are new, as one actor shows too little. --by may
also name a column that describes sessions: source (kind of artifact), host,
source_file, tool, or session itself; calls are then compared with approved
calls of the same value.

FILE is a trace or anything "hindcast import" reads. Ledgers and
telemetry name no resource and are refused; recorded calls do.

What it cannot show: hostile use of what approved calls use too (a file that
every program reads), anything below the depth at which paths are cut, what an
option or a variable makes of an approved command (node --require, LD_PRELOAD),
and where a shell sends its output.
${TRACE_HELP}

Exit codes: 0 nothing new, 1 novel calls or records that cannot be read, 2
malformed or without resources, 3 bad usage, 5 no approved calls.`;

/** Adds `hindcast novel`. */
export function addNovel(program: Command, cli: Cli): void {
  program.command('novel')
    .summary('calls that touch what no approved call touched')
    .description('Lists the calls that touch a path, address or command which approved calls of the same capability never touched.')
    .argument('<file...>', 'traces or recorded calls to judge; with --fit, approved ones')
    .option('--baseline <file...>', 'approved calls, or what --fit wrote')
    .option('--fit', 'learn what the files touch, instead of judging them')
    .option('--depth <n>', 'segments of a path that count (default: 3)', countArgument)
    .addOption(new Option('--by <column>', 'whose resources are kept apart (default: all, pooled)').choices(RESOURCE_GROUPINGS))
    .option('--home <path>', 'what ~ stands for in paths')
    .option('--json', 'print the report, or the resources, as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: NovelOptions) => runNovel(cli, files, options));
}
