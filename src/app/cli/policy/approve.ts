import { type Command, InvalidArgumentError } from 'commander';
import { InputError } from '../../../errors.js';
import { approveTraces, type Approval } from '../../../risk/policy/approval.js';
import { timeOf } from '../../series/record.js';
import { readTrace, traceOf } from './approve-trace.js';
import type { Cli } from '../cli.js';
import { requireRereadable, TRACE_HELP, withTraces } from '../ledgers.js';
import type { Page } from '../layout.js';
import { writeArtifact, type ArtifactOptions } from './artifact.js';
import { counted } from '../ledger/verify-page.js';

interface ApproveOptions extends ArtifactOptions {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** Reads an ISO time with its zone, as the same time in UTC. */
function timeArgument(text: string): string {
  try {
    if (/^[-+.\d]+$/.test(text)) throw new InvalidArgumentError('It must be a time with its zone, such as 2026-01-31T12:00:00Z.');
    return new Date(timeOf(text, '--at', { name: '', utc: false }).time ?? NaN).toISOString();
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError('It must be a time with its zone, such as 2026-01-31T12:00:00Z.') : error;
  }
}

function showApproval(page: Page, { traces, approvedBy, at, reason, contentHash }: Approval): void {
  page.verdict('strong', `${approvedBy} approves ${counted(traces.length, 'trace')}, ${at}`);
  page.row('reason', reason);
  for (const { file, dataHash, entryCount, kind } of traces) {
    page.row('trace', `${file ?? '?'}, ${entryCount === null ? 'no ledger: known by the hash of its bytes' : `${counted(entryCount, 'entry', 'entries')}, internally consistent`}`);
    page.row(kind === 'ledger' ? 'data hash' : 'file hash', dataHash, 'quiet');
  }
  page.row('content hash', contentHash, 'quiet');
}

async function approve(cli: Cli, files: readonly string[], { by, reason, at, ...options }: ApproveOptions): Promise<void> {
  requireRereadable(files, 'hindcast approve');
  const traces = await withTraces(cli, files, ({ io }) => files.map((path) => traceOf(readTrace(io, path).source)));
  const approval = approveTraces({ traces, approvedBy: by, at, reason });
  await writeArtifact(cli.io, options, files, { artifact: approval, show: (page) => { showApproval(page, approval); } });
}

const HELP = `
Examples:
  hindcast approve monday.ledger.json --by "Ada Lovelace" \\
      --reason "reviewed call by call" --at 2026-01-31T12:00:00Z -o approval.json
  hindcast approve a.json b.json --by ada --reason review \\
      --at "$(date -u +%FT%TZ)" -o approval.json

A ledger must verify, and is named by its data hash: moved or renamed it stays
approved, changed or cut it does not. Any other file is named by its bytes.
Then "--approved approval.json" restricts hindcast baseline, envelope fit and
calibrate to what was approved. The content hash shows that a record was
changed; it does not show who wrote it.
${TRACE_HELP}

Exit codes: 0 recorded, 1 a ledger does not verify, 2 malformed, 3 bad usage.`;

/** Adds `hindcast approve`. */
export function addApprove(program: Command, cli: Cli): void {
  program.command('approve')
    .summary('record that a person approved traces')
    .description('Records that a person approved traces as what normal looks like: which (by hash), who, when and why.')
    .argument('<file...>', 'ledgers, or other traces')
    .requiredOption('--by <name>', 'who approves')
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--at <time>', 'when, with its zone', timeArgument)
    .option('--json', 'print the record as JSON')
    .option('-o, --out <file>', 'write the record to a file, whole or not at all')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: ApproveOptions) => approve(cli, files, options));
}
