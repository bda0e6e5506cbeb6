import { streamLabel, timeText, type CollectedStream } from '../../series/streams.js';
import type { StreamKind } from '../../series/record.js';
import { counted } from '../ledger/verify-page.js';
import { costNameOf, planOf, shortestFor, type CostName, type Plan, type PlanOptions, type StreamNumbers } from './plan.js';
import { BOTH_MAX, findRegimes, type Found, type SegmentMethod } from './report.js';
import type { SegmentWindow } from './window.js';
import { windowIn } from './window.js';
import { differenceOf, type Difference } from './words.js';

/** With fewer values not even the whole sample's range bounds the median at 95 %: no prior can be had from them. */
const FEWEST = 6;

/** What the command line says about every stream. */
export interface StreamOptions extends PlanOptions {
  readonly kind: StreamKind;
  readonly method: SegmentMethod;
  readonly level: number;
  readonly most?: number;
  readonly window?: SegmentWindow;
}

/** A stream's name and length. */
interface StreamHead {
  readonly label: string;
  readonly actor: string | null;
  readonly capability: string | null;
  readonly kind: StreamKind;
  readonly n: number;
  /** Records whose score is null: in no regime. */
  readonly nullCount: number;
}

/** A place in time: as the file has it, and as text. */
export interface Moment {
  readonly time: number;
  readonly text: string;
}

/** What segmenting a stream came to. */
export type StreamReport =
  | (StreamHead & { readonly status: 'too few'; readonly neededN: number | null; readonly reason: string })
  | (StreamHead & { readonly status: 'constant'; readonly value: string; readonly start: Moment | null; readonly end: Moment | null })
  | SegmentedStream;

/** A stream that was cut, or found to have one regime. */
export interface SegmentedStream extends StreamHead {
  readonly status: 'segmented';
  readonly inMs: boolean;
  readonly plan: Plan;
  readonly found: Found;
  /** [k]: what the k-th change did. */
  readonly differences: readonly Difference[];
  /** [i]: when the regime that begins with observation i would begin; of a wait, its beginning. */
  readonly startOf: (index: number) => Moment | null;
  /** When observation i was. */
  readonly endOf: (index: number) => Moment | null;
  /** Record of observation i within the file. */
  readonly recordOf: (index: number) => number;
  readonly notes: readonly string[];
}

/** Values as numbers: those of a stream of capabilities are places in `names`. */
function numbersOf(stream: CollectedStream, kind: StreamKind, names: readonly string[] | null): readonly number[] {
  return kind === 'capability' && names !== null ? stream.capabilities.map((name) => names.indexOf(name ?? NAMELESS)) : stream.values;
}

const NAMELESS = '(none)';

function namesOf(kind: StreamKind, streams: readonly CollectedStream[]): readonly string[] | null {
  return kind === 'capability' ? [...new Set(streams.flatMap(({ capabilities }) => capabilities.map((name) => name ?? NAMELESS)))] : null;
}

/**
 * Segments one stream.
 *
 * @param baseline - the same stream in approved data; undefined where none was given, null where it has no such stream
 */
export function segmentStream(stream: CollectedStream, baseline: CollectedStream | null | undefined, options: StreamOptions): StreamReport {
  const { kind } = options;
  const names = namesOf(kind, [stream, baseline ?? stream]);
  const xs = numbersOf(stream, kind, names);
  const head: StreamHead = { label: streamLabel(stream), actor: stream.actor, capability: stream.capability, kind, n: xs.length, nullCount: stream.nullCount };
  const cost = costNameOf(kind, options.cost);
  const neededN = Math.max(FEWEST, 2 * shortestFor(cost, options.shortest));
  const refused = refusalOf(xs.length, neededN, baseline?.values.length ?? (baseline === null ? 0 : undefined));
  if (refused !== null) return { ...head, status: 'too few', ...refused };
  const approved = baseline ? numbersOf(baseline, kind, names) : null;
  const scaleless = approved === null ? null : scalelessText(approved, cost);
  if (scaleless !== null) return { ...head, status: 'too few', neededN: null, reason: scaleless };
  return { ...head, ...analysed(stream, { xs, names, baseline: approved }, cost, options) };
}

/** Why approved values give changes no scale; null where they do. */
function scalelessText(approved: readonly number[], cost: CostName): string | null {
  if (cost !== 'mean' && cost !== 'mean-variance') return null;
  return approved.every((x) => x === approved[0]) ? `all ${String(approved.length)} approved values are ${String(approved[0])}: what does not vary has no scale to measure changes by` : null;
}

/** What there is to say of a stream that is long enough. */
function analysed(stream: CollectedStream, numbers: StreamNumbers, cost: CostName, options: StreamOptions): Omit<Extract<StreamReport, { readonly status: 'constant' }>, keyof StreamHead> | Omit<SegmentedStream, keyof StreamHead> {
  const { xs, names } = numbers;
  const { kind } = options;
  const places = placesOf(stream, kind);
  if (xs.every((x) => x === xs[0])) {
    return { status: 'constant', value: names?.[xs[0] ?? 0] ?? String(xs[0]), start: places.startOf(0), end: places.endOf(xs.length - 1) };
  }
  const plan = planOf(cost, numbers, options);
  return { ...places, status: 'segmented', inMs: stream.epochMs && (kind === 'interval' || kind === 'latency'), plan, ...lookedAt(xs, { plan, names, cost, places }, options) };
}

/** Why a stream of n values cannot be segmented; null where it can. */
function refusalOf(n: number, neededN: number, approved: number | undefined): { readonly neededN: number | null; readonly reason: string } | null {
  if (n < neededN) return { neededN, reason: `two regimes of the shortest length, and ${String(FEWEST)} values for a prior` };
  if (approved === undefined || approved >= FEWEST) return null;
  return { neededN: null, reason: approved === 0 ? 'the approved data hold no such stream' : `the approved data hold ${counted(approved, 'value')} of it, and ${String(FEWEST)} are needed for a prior` };
}

type Places = Pick<SegmentedStream, 'startOf' | 'endOf' | 'recordOf'>;

function placesOf({ times, indices, startTime, epochMs }: CollectedStream, kind: StreamKind): Places {
  const moment = (time: number | null | undefined): Moment | null => (time === null || time === undefined ? null : { time, text: timeText(time, epochMs) });
  const back = kind === 'interval' ? 1 : 0;
  return {
    startOf: (index) => moment(index < back ? startTime : times[index - back]),
    endOf: (index) => moment(times[index]),
    recordOf: (index) => indices[index] ?? NaN,
  };
}

interface Looking {
  readonly plan: Plan;
  readonly names: readonly string[] | null;
  readonly cost: CostName;
  readonly places: Places;
}

function lookedAt(xs: readonly number[], { plan, names, cost, places }: Looking, options: StreamOptions): Pick<SegmentedStream, 'found' | 'differences' | 'notes'> {
  const { method, level, most, window } = options;
  const indices = window === undefined ? null : windowIn(window, xs.length, (index) => places.startOf(index)?.time ?? null);
  const found = findRegimes(xs, plan, { method, level, names, window: indices, ...(most === undefined ? {} : { most }) });
  const notes = [
    ...(window !== undefined && indices === null ? ['no observation of this stream but the first lies in the window: no chance of a change there'] : []),
    ...(method !== 'pelt' && found.method === 'pelt' ? [`more than ${BOTH_MAX.toLocaleString('en-US')} observations: the time of the exact posterior grows with the square of their number, so PELT alone was asked (--method bocpd asks it)`] : []),
    ...coarseNotes(found, plan, most),
    ...(cost === 'exponential' ? waitNotes(xs, found) : []),
    ...(options.hazardLambda === 'evidence' && found.evidence !== null ? ['the hazard was chosen on this series: the Bayes factor is too large'] : []),
  ];
  return { found, notes, differences: found.changes.map((_, k) => differenceOf(levelAt(found, k), levelAt(found, k + 1), plan.family)) };
}

/** What a long series' search leaves out. */
function coarseNotes({ peltChanges }: Found, { every }: Plan, most: number | undefined): readonly string[] {
  if (peltChanges === null || every === 1 || most !== undefined) return [];
  return [`a long series: PELT looked for changes at every ${String(every)} observations, then put each where it costs least; regimes shorter than ${String(2 * every)} may be missed`];
}

function levelAt({ regimes }: Found, k: number): Found['regimes'][number]['level'] {
  const regime = regimes[k];
  if (regime === undefined) throw new RangeError(`there is no regime ${String(k)}`);
  return regime.level;
}

/** From here on waits are told not to be exponential. */
const SPREAD = 1.3;

/** What makes an exponential law doubtful: ties of the clock, and waits that spread more within their regimes. */
function waitNotes(xs: readonly number[], { regimes }: Found): readonly string[] {
  const zeros = xs.filter((x) => x === 0).length;
  let [squares, expected] = [0, 0];
  for (const { level } of regimes) {
    if ('shares' in level || level.sd === null) continue;
    squares += (level.n - 1) * level.sd ** 2;
    expected += (level.n - 1) * level.mean ** 2;
  }
  const spread = Math.sqrt(squares / expected);
  return [
    ...(zeros > 0 ? [`${counted(zeros, 'wait')} of ${String(xs.length)} ${zeros === 1 ? 'is' : 'are'} 0: calls within one tick of the clock`] : []),
    ...(spread > SPREAD ? [`within these regimes waits spread ${spread.toFixed(1)} times as much as exponential ones: some of the changes may be bursts, not regimes; a larger --shortest or --penalty is stricter`] : []),
  ];
}
