import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { conformalPValues, conformalSize, random, type Random, twoSidedPValues, weightedThreshold } from '../../src/index.js';

/** One benign call. */
interface TraceEvent {
  readonly capability: string;
  /** Position of its user task: suite and task, whichever pipeline ran it. */
  readonly task: number;
  /** log(1 + characters) of the result; NaN where there is none. */
  readonly outBytes: number;
  /** log(1 + characters) of the arguments. */
  readonly argBytes: number;
}

/** Benign calls of agent runs. */
export interface Traces {
  readonly events: readonly TraceEvent[];
  readonly tasks: number;
  readonly sessions: number;
}

interface Row {
  readonly session_id: string;
  readonly capability: string;
  readonly label: string;
  readonly arg_bytes: number;
  readonly out_bytes: number | null;
}

/** Reads DIR/agentdojo; or says what is missing. */
export function readTraces(folder: string): Traces | string {
  const [events, sessions] = ['events.jsonl.gz', 'sessions.csv'].map((name) => join(folder, 'agentdojo', name));
  const missing = [events, sessions].find((path) => path === undefined || !existsSync(path));
  if (events === undefined || sessions === undefined || missing !== undefined) return `${missing ?? ''} is absent`;
  return parseTraces(gunzipSync(readFileSync(events)).toString(), readFileSync(sessions, 'utf8'));
}

/** The benign calls, each with its user task: the same task run by many pipelines is one. */
export function parseTraces(events: string, sessions: string): Traces {
  const [head = '', ...rows] = sessions.trim().split('\n').map((line) => line.trim());
  const column = (name: string): number => head.split(',').indexOf(name);
  const [session, suite, task] = [column('session_id'), column('suite'), column('user_task')];
  const taskOf = new Map(rows.map((line) => line.split(',')).map((cells) => [cells[session] ?? '', `${cells[suite] ?? ''}/${cells[task] ?? ''}`]));
  const benign = events.trim().split('\n').map((line) => JSON.parse(line) as Row).filter(({ label }) => label === 'benign');
  const tasks = [...new Set(benign.map(({ session_id }) => taskOf.get(session_id) ?? ''))];
  return {
    tasks: tasks.length,
    sessions: new Set(benign.map(({ session_id }) => session_id)).size,
    events: benign.map((row) => ({
      capability: row.capability,
      task: tasks.indexOf(taskOf.get(row.session_id) ?? ''),
      outBytes: row.out_bytes === null ? NaN : Math.log1p(row.out_bytes),
      argBytes: Math.log1p(row.arg_bytes),
    })),
  };
}

type Score = 'outBytes' | 'argBytes';

/** How values are judged. Plain p-values are at most alpha with chance alpha or less; smoothed ones with chance alpha. */
const WAYS = ['two-sided', 'upper', 'task: upper', 'task: smoothed', 'weighted'] as const;
type Way = (typeof WAYS)[number];

/** Which calls of the calibration half and of the other one: one of each task, drawn at random, or all. */
const perTask = (way: Way): boolean => way.startsWith('task');

const ALPHAS = [0.01, 0.05, 0.1] as const;

function shuffled(n: number, source: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i -= 1) {
    const j = source.integer(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

function onePerTask(events: readonly TraceEvent[], source: Random): TraceEvent[] {
  const byTask = new Map<number, TraceEvent[]>();
  for (const event of events) byTask.set(event.task, [...(byTask.get(event.task) ?? []), event]);
  return [...byTask.values()].map((calls) => calls[source.integer(calls.length)]).filter((event) => event !== undefined);
}

const countBy = (events: readonly TraceEvent[]): ReadonlyMap<number, number> => events.reduce((counts, { task }) => counts.set(task, (counts.get(task) ?? 0) + 1), new Map<number, number>());

/**
 * All calls, every task of the same weight whatever its number of calls: a promise about a random call of a new task.
 * Tasks flagged, each by its share of calls, and tasks judged.
 *
 * @see Lee, Barber & Willett (2023), Distribution-free inference with hierarchical data, arXiv:2306.06342.
 */
function weightedByTask([calibration, judged]: readonly [readonly TraceEvent[], readonly TraceEvent[]], score: Score, alpha: number): readonly [number, number] {
  const [sizes, counts] = [countBy(calibration), countBy(judged)];
  const weights = calibration.map(({ task }) => 1 / (sizes.get(task) ?? 1));
  const { threshold } = weightedThreshold(calibration.map((event) => event[score]), weights, { alpha });
  return [judged.reduce((sum, event) => sum + (event[score] > threshold ? 1 / (counts.get(event.task) ?? 1) : 0), 0), counts.size];
}

/** P-values of the other half's calls against the calibration half's. */
function judge(way: Way, calibration: readonly number[], values: readonly number[], source: Random): readonly number[] {
  if (way.endsWith('two-sided')) return values.map(twoSidedPValues(calibration).pValue);
  const against = conformalPValues(calibration);
  return way.endsWith('smoothed') ? values.map((x) => against.smoothed(x, 1 - source.uniform())) : values.map(against.pValue);
}

/** What one split showed: false alarms and calls judged by way, alpha and capability; calibration sizes. */
interface Split {
  readonly flagged: ReadonlyMap<string, readonly [number, number]>;
  readonly sizes: ReadonlyMap<string, number>;
}

const keyOf = (way: Way, alpha: number, capability: string): string => `${way}|${String(alpha)}|${capability}`;
const ALL = 'all';

function splitOnce({ events, tasks }: Traces, score: Score, source: Random): Split {
  const chosen = new Set(shuffled(tasks, source).slice(0, Math.floor(tasks / 2)));
  const [flagged, sizes] = [new Map<string, readonly [number, number]>(), new Map<string, number>()];
  const add = (key: string, hits: number, n: number): void => {
    const [h, m] = flagged.get(key) ?? [0, 0];
    flagged.set(key, [h + hits, m + n]);
  };
  for (const capability of new Set(events.map((event) => event.capability))) {
    const own = events.filter((event) => event.capability === capability && !Number.isNaN(event[score]));
    const halves = [own.filter(({ task }) => chosen.has(task)), own.filter(({ task }) => !chosen.has(task))] as const;
    const singles = halves.map((half) => onePerTask(half, source));
    for (const alpha of ALPHAS) for (const name of [capability, ALL]) add(keyOf('weighted', alpha, name), ...weightedByTask(halves, score, alpha));
    for (const way of WAYS.filter((one) => one !== 'weighted')) {
      const [calibration = [], judged = []] = (perTask(way) ? singles : halves).map((half) => half.map((event) => event[score]));
      sizes.set(`${String(perTask(way))}|${capability}`, calibration.length);
      const pValues = judge(way, calibration, judged, source);
      for (const alpha of ALPHAS) {
        const hits = pValues.filter((p) => p <= alpha).length;
        for (const name of [capability, ALL]) add(keyOf(way, alpha, name), hits, pValues.length);
      }
    }
  }
  return { flagged, sizes };
}

/** Mean and 5th and 95th percentile (nearest rank) of the false-alarm rate over splits with a call to judge; null where there is none. */
export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function spreadOf(rates: readonly number[]): Spread | null {
  if (rates.length === 0) return null;
  const order = rates.toSorted((a, b) => a - b);
  const at = (p: number): number => order[Math.ceil(p * order.length) - 1] ?? NaN;
  return { mean: rates.reduce((a, b) => a + b, 0) / rates.length, low: at(0.05), high: at(0.95) };
}

const percent = (x: number): string => (100 * x).toFixed(1);
const spreadText = (spread: Spread | null): string => (spread === null ? '-' : `${(100 * spread.mean).toFixed(2)} [${percent(spread.low)}, ${percent(spread.high)}]`).padStart(20);

/** False-alarm rates of one score over seeded splits, by capability and over all calls. */
export function splitRates(traces: Traces, score: Score, splits: number, source: Random): { readonly rate: (way: Way, alpha: number, capability: string) => Spread | null; readonly sizes: (isPerTask: boolean, capability: string) => readonly number[] } {
  const drawn = Array.from({ length: splits }, () => splitOnce(traces, score, source));
  return {
    rate: (way, alpha, capability) => spreadOf(drawn.flatMap(({ flagged }) => {
      const [hits, n] = flagged.get(keyOf(way, alpha, capability)) ?? [0, 0];
      return n === 0 ? [] : [hits / n];
    })),
    sizes: (isPerTask, capability) => drawn.map(({ sizes }) => sizes.get(`${String(isPerTask)}|${capability}`) ?? 0),
  };
}

/** In how many of the splits too few calls were left for any alarm at alpha. */
function tooFew(sizes: readonly number[], alpha: number): string | null {
  const needed = conformalSize(alpha);
  const short = sizes.filter((n) => n < needed).length;
  return short === 0 ? null : `${percent(short / sizes.length)} % of splits (${String(Math.min(...sizes))} to ${String(Math.max(...sizes))} of ${String(needed)})`;
}

const SPLITS = 200;

/** Prints both scores' tables; whether every mean over all calls is within two points of its nominal value where it must be. */
export function reportTraces(traces: Traces, seed: number): boolean {
  const capabilities = [...new Set(traces.events.map(({ capability }) => capability))].sort();
  const count = (capability: string, of: (event: TraceEvent) => number): number => new Set(traces.events.filter((event) => event.capability === capability).map(of)).size;
  console.log(`${String(traces.events.length)} benign calls, ${String(traces.sessions)} sessions, ${String(traces.tasks)} user tasks (suite and task; every pipeline that ran it counts to the same).`);
  console.log(`One random half of the tasks calibrates, capability by capability, the other is judged; ${String(SPLITS)} splits, seed ${String(seed)}: mean [5th, 95th percentile] of the false-alarm rate in %.`);
  let within = true;
  for (const score of ['outBytes', 'argBytes'] as const) {
    const { rate, sizes } = splitRates(traces, score, SPLITS, random(seed));
    console.log(`\nscore: log(1 + ${score === 'outBytes' ? 'out_bytes' : 'arg_bytes'}), ${String(traces.events.filter((event) => Number.isNaN(event[score])).length)} calls without`);
    console.log(`${'capability (calls, tasks)'.padEnd(30)}alpha${WAYS.map((way) => way.padStart(20)).join('')}`);
    for (const capability of [...capabilities, ALL]) {
      const about = capability === ALL ? 'all calls' : `${capability} (${String(traces.events.filter((event) => event.capability === capability).length)}, ${String(count(capability, ({ task }) => task))})`;
      for (const alpha of ALPHAS) {
        const spreads = WAYS.map((way) => rate(way, alpha, capability));
        const isOff = (way: Way): boolean => Math.abs((spreads[WAYS.indexOf(way)]?.mean ?? alpha) - alpha) > 0.02;
        if (capability === ALL && isOff('task: smoothed')) within = false;
        const verdict = capability !== ALL ? '' : `  within 2 points: ${HELD.map((way) => `${way} ${isOff(way) ? 'NO' : 'yes'}`).join(', ')}`;
        console.log(`${about.padEnd(30)}${`${String(100 * alpha)} %`.padStart(5)}${spreads.map(spreadText).join('')}${verdict}`);
      }
    }
    for (const alpha of ALPHAS) {
      for (const [isPerTask, what] of [[false, 'all calls, two-sided'], [true, 'one a task, upper']] as const) {
        const short = capabilities.flatMap((capability) => {
          const text = tooFew(sizes(isPerTask, capability), isPerTask ? alpha : alpha / 2);
          return text === null ? [] : [`${capability} in ${text}`];
        });
        if (short.length > 0) console.log(`Infinity at ${String(100 * alpha)} %, ${what}: ${short.join('; ')}`);
      }
    }
  }
  console.log(REMARKS);
  return within;
}

/** Ways whose mean is held against its nominal value: with one call a task plain p-values are mostly out of reach of any alarm. */
const HELD: readonly Way[] = ['two-sided', 'upper', 'task: smoothed'];

const REMARKS = `
'two-sided', 'upper': all calls. 'task': one call a task, drawn at random. 'weighted': upper, all calls, every task of one weight, whatever its
number of calls. Plain p-values flag at most alpha, less where values tie or calls are too few (then never: Infinity); smoothed ones exactly alpha.
That is promised where calls are exchangeable: one call a task; and of the weighted threshold for a random call of a new task. All calls of a half
are not exchangeable: a task comes many times, and a new one is the strangest of k + 1 with chance 1 / (k + 1), whatever alpha. So the rates scatter
by split far more than their number of calls suggests, and their mean is promised by nobody; with few tasks it can lie above alpha.
Two-sided is the default here: an empty result is as strange as a huge one, and half of alpha is spent on it.`;
