import { fitBaseline, type Baseline } from '../../../baseline/baseline.js';
import type { ComparableBaseline } from '../../../baseline/baseline-capability.js';
import { driftReport, type DriftReport } from '../../../baseline/drift.js';
import { startNovel } from '../../../baseline/trace/novel.js';
import { InputError } from '../../../errors.js';
import { requireUsable, type VerifiedLedger } from '../../../ledger/report.js';
import type { Answer, NovelFindings, NovelRow, ReportInput } from '../../../report/report.js';
import { readCalls } from '../../trace-chunks.js';
import { actorsOf, latestMs } from '../actors.js';
import { pairsOf, readBaselines } from '../baseline/drift.js';
import type { Io } from '../io.js';
import { namingAsync, readLedgers } from '../ledgers.js';
import { approved } from '../trace/novel.js';
import { rules } from '../trace/novel-page.js';
import { attempt, attemptAsync, without } from './attempt.js';
import type { GivenFile } from './given.js';
import type { RowCollector } from './rows.js';

const NO_BASELINE = 'no approved calls were given to compare with (--baseline)';

/** Actors that are compared at most. */
const MOST_ACTORS = 20;

/** Whether an input is a ledger with entries that verifies. */
export function isSealed(input: ReportInput | undefined): boolean {
  return input !== undefined && input.isLedger && input.rowCount > 0 && input.verification.found?.consistent === true;
}

/** Inputs that statistics may be computed from: ledgers that verify, or traces where there is none. */
export function usableInputs(given: readonly GivenFile[], inputs: readonly ReportInput[]): readonly GivenFile[] {
  const ledgers = given.filter(({ kind }, i) => kind === 'ledger' && isSealed(inputs[i]));
  return ledgers.length > 0 ? ledgers : given.filter(({ kind }, i) => kind === 'trace' && inputs[i]?.unreadable === null);
}

function read(io: Io, files: readonly GivenFile[]): VerifiedLedger[] {
  const ledgers = readLedgers(io, files.map(({ path }) => path));
  ledgers.forEach(requireUsable);
  return ledgers;
}

/** Baselines of approved ledgers, an actor each. */
function fitted(io: Io, files: readonly GivenFile[], actors: readonly string[]): Baseline[] {
  const ledgers = read(io, files);
  const generatedAtMs = latestMs(ledgers);
  return actorsOf(ledgers).filter((actor) => actors.includes(actor)).slice(0, MOST_ACTORS).map((actor) => fitBaseline(ledgers, { actor, generatedAtMs }));
}

/** What comparing with a baseline came to. */
export interface Compared {
  readonly drift: Answer<readonly DriftReport[]>;
  readonly baselines: Answer<readonly Baseline[]>;
}

/** Fits or reads baselines and compares the inputs with them. */
export function compareBaselines(io: Io, usable: readonly GivenFile[], baselines: readonly GivenFile[]): Compared {
  const both = (why: string): Compared => ({ drift: without(why), baselines: without(why) });
  if (baselines.length === 0) return both(NO_BASELINE);
  const kept = baselines.filter(({ kind }) => kind === 'baseline');
  const sealed = baselines.filter(({ kind }) => kind === 'ledger' || kind === 'trace');
  if (kept.length + sealed.length === 0) return both('none of the approved files is a ledger, a trace with scores or a fitted baseline');
  if (usable.length === 0) return both('no input has scores and outcomes that may be relied on: a ledger that verifies, or its trace');
  const live = attempt(() => read(io, usable));
  if (live.found === null) return both(live.why);
  const ledgers = live.found;
  const own: Answer<readonly Baseline[]> = kept.length > 0 ? without('it was fitted before: its figures are in its file') : attempt(() => fitted(io, sealed, actorsOf(ledgers)));
  const comparable: Answer<readonly ComparableBaseline[]> = kept.length > 0 ? attempt(() => kept.flatMap(({ path }) => readBaselines(path))) : own;
  if (comparable.found === null) return { drift: comparable, baselines: own };
  const known = comparable.found;
  const drift = attempt(() => {
    const pairs = pairsOf(known, actorsOf(ledgers), undefined).slice(0, MOST_ACTORS);
    if (pairs.length === 0) throw new InputError('BAD_PARAM', 'no actor of the inputs has a baseline');
    return pairs.map(({ baseline, actor }) => driftReport(baseline, ledgers, { actor }));
  });
  return { drift, baselines: own };
}

async function search(given: readonly GivenFile[], at: readonly number[], baselines: readonly GivenFile[], rows: RowCollector): Promise<NovelFindings> {
  const resources = await approved(baselines.map(({ path }) => path), {});
  const [found, judged] = [[] as NovelRow[], { calls: 0, withoutResource: 0 }];
  if (resources.calls === resources.withoutResource) throw new InputError('TOO_FEW', 'no approved call names a resource');
  for (const [i, { path }] of given.entries()) {
    const input = at[i] ?? 0;
    const one = startNovel(resources);
    await namingAsync(path, () => readCalls([path], (chunk) => {
      for (const call of one.add(chunk)) {
        const row = rows.rowOf(input, call.row);
        found.push({ call, row });
        rows.mark(row, 'novel', `new with ${call.capability}: ${call.keys.map(({ key }) => key).join(', ')}`);
      }
    }));
    const { calls, withoutResource } = one.counts();
    judged.calls += calls;
    judged.withoutResource += withoutResource;
  }
  return { ...judged, rows: found, approvedCalls: resources.calls, approvedResources: resources.groups.reduce((sum, { keys }) => sum + keys.length, 0), rules: rules(resources) };
}

/** Which calls touch what no approved call touched; ledgers do not say what was touched. */
export async function findNovel(given: readonly GivenFile[], inputs: readonly ReportInput[], baselines: readonly GivenFile[], rows: RowCollector): Promise<Answer<NovelFindings>> {
  const at = given.flatMap(({ kind }, i) => (kind !== 'ledger' && inputs[i]?.unreadable === null ? [i] : []));
  if (at.length === 0) return without('what was touched cannot be compared: a ledger keeps only a hash of it; recorded calls or a trace beside it would do');
  const fittedBefore = baselines.filter(({ kind }) => kind === 'resources');
  const calls = baselines.filter(({ kind }) => kind === 'calls' || kind === 'trace');
  const approvedFiles = fittedBefore.length > 0 ? fittedBefore : calls;
  if (approvedFiles.length === 0) return without(baselines.length === 0 ? NO_BASELINE : 'none of the approved files says what calls touched: recorded calls, a trace or fitted resources would do');
  return attemptAsync(() => search(at.map((i) => given[i]).filter((file) => file !== undefined), at, approvedFiles, rows));
}
