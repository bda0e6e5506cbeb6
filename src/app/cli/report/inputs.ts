import { InputError } from '../../../errors.js';
import type { Answer, ReportInput } from '../../../report/report.js';
import { MOST_LISTED } from '../../../report/findings-section.js';
import type { VerificationReport } from '../../../ledger/report.js';
import type { RecomputeReport } from '../../../replay/recompute.js';
import { readCalls, type ReadCalls } from '../../trace-chunks.js';
import type { Io } from '../io.js';
import { recomputeFile } from '../ledger/replay.js';
import { verifyOne } from '../ledger/verify.js';
import { namingAsync } from '../ledgers.js';
import { attempt, attemptAsync, without } from './attempt.js';
import type { GivenFile } from './given.js';
import type { RowCollector } from './rows.js';

/** Mismatches that are marked on the timeline at most; all are counted. */
const MOST_MARKED = 10_000;

const NO_LEDGER = 'not a ledger: nothing seals it';

async function verification(io: Io, { path, kind }: GivenFile): Promise<Answer<VerificationReport>> {
  if (kind !== 'ledger') return without(NO_LEDGER);
  const answer = await attemptAsync(() => verifyOne(io, path, MOST_MARKED));
  return answer.found === null ? without(answer.why.replace(`${path}: `, '')) : answer;
}

function replay(io: Io, { path, kind }: GivenFile, verified: Answer<VerificationReport>): Answer<RecomputeReport> {
  if (kind !== 'ledger') return without('not a ledger: it holds no evidence of its decisions');
  if (verified.found?.consistent !== true) return without('decisions are not recomputed: the ledger does not verify, and what was altered is no evidence');
  return attempt(() => recomputeFile(io, path, { keepMismatches: MOST_MARKED }));
}

/** Puts faults and mismatches on the timeline. */
function markFindings(rows: RowCollector, input: number, verified: Answer<VerificationReport>, replayed: Answer<RecomputeReport>): void {
  for (const { index, code, message } of verified.found?.faults ?? []) rows.mark(rows.rowOf(input, index), 'fault', `${code}: ${message}`);
  for (const { index, field } of replayed.found?.mismatches ?? []) rows.mark(rows.rowOf(input, index), 'mismatch', `${field} does not follow from the evidence`);
}

/** A file's calls on the timeline, or why there are none. */
async function collect({ path, kind }: GivenFile, input: number, rows: RowCollector): Promise<{ readonly read: ReadCalls; readonly unreadable: string | null }> {
  try {
    return { read: await namingAsync(path, () => readCalls([path], (chunk) => { rows.add(input, chunk, kind === 'ledger'); })), unreadable: null };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { read: { rejects: 0, firstRejects: [] }, unreadable: error.message.replace(`${path}: `, '') };
  }
}

/** Reads one input: its calls onto the timeline, and where it is a ledger whether it holds. */
export async function readInput(io: Io, given: GivenFile, input: number, rows: RowCollector): Promise<ReportInput> {
  const { read, unreadable } = await collect(given, input, rows);
  const verified = unreadable === null ? await verification(io, given) : without<VerificationReport>('it cannot be read');
  const replayed = unreadable === null ? replay(io, given, verified) : without<RecomputeReport>('it cannot be read');
  markFindings(rows, input, verified, replayed);
  return {
    file: given.file,
    // What a torn ledger still holds is on the timeline, and is no evidence.
    unreadable: unreadable ?? (given.kind === 'ledger' && verified.found === null ? verified.why : null),
    isLedger: given.kind === 'ledger',
    rowCount: rows.size(input),
    firstRow: rows.rowOf(input, 0) ?? 0,
    rejectCount: read.rejects,
    firstRejects: read.firstRejects,
    joinedCount: rows.joined(input),
    verification: verified,
    replay: replayed.found === null ? replayed : { found: { ...replayed.found, mismatches: replayed.found.mismatches.slice(0, MOST_LISTED) } },
  };
}
