import type { RegimeRow, RegimeStream } from '../../../report/changes.js';
import type { Answer, ReportInput } from '../../../report/report.js';
import type { Figure } from '../../../plot/figure.js';
import { segmentationFigure } from '../../../plot/segments.js';
import { withOpen } from '../../files.js';
import type { StreamKind } from '../../series/record.js';
import { collectSeries, streamLabel, type CollectedStream } from '../../series/streams.js';
import type { Io } from '../io.js';
import { naming } from '../ledgers.js';
import { segmentStream, type SegmentedStream, type StreamReport } from '../segment/stream.js';
import { levelText } from '../segment/words.js';
import { attempt, without } from './attempt.js';
import type { GivenFile } from './given.js';
import type { RowCollector } from './rows.js';
import { isWatchable } from './watch.js';

/** Streams of an input that are cut, the longest first; an actor each. */
const MOST_STREAMS = 4;

/** Observations of which the chance of each change is computed; the work grows with their square. */
const MOST_EXACT = 2000;

/** What is cut, and what may change in it. */
const CUT: readonly (readonly [StreamKind, string])[] = [['capability', 'What is called'], ['score', 'Scores']];

interface Cutting {
  readonly given: GivenFile;
  readonly input: number;
  readonly what: string;
  readonly rows: RowCollector;
}

function probabilityText(p: number | null): string | null {
  if (p === null) return null;
  return p > 0.9995 ? '> 0.999' : p < 0.0005 ? '< 0.001' : p.toFixed(3);
}

function regimeRows({ found, differences, plan, inMs, startOf, recordOf }: SegmentedStream, { input, rows }: Cutting): RegimeRow[] {
  return found.regimes.map(({ from, to, level }, k) => {
    const change = found.changes[k - 1];
    return {
      from, to, n: level.n,
      row: rows.rowOf(input, recordOf(from)),
      begins: startOf(from)?.text.replace('T', ' ') ?? null,
      level: levelText(level, plan, inMs),
      change: change === undefined ? null : { words: differences[k - 1]?.words ?? '', probability: probabilityText(change.probability) },
    };
  });
}

/** The series and its regimes as a picture; categories have none. */
function figureOf({ found, label, kind }: SegmentedStream, values: readonly number[], { what }: Cutting): Figure | null {
  const regimes = found.regimes.flatMap(({ from, to, level }) => ('mean' in level ? [{ from, to, level }] : []));
  if (regimes.length < found.regimes.length) return null;
  return segmentationFigure({ title: `${what} of ${label}`, label: kind, values, regimes, changes: found.changes, observation: 'call' });
}

function streamOf(report: StreamReport, values: readonly number[], cutting: Cutting): RegimeStream {
  const head = { input: cutting.given.file.name, stream: report.label, what: cutting.what, n: report.n, figure: null };
  if (report.status === 'too few') return { ...head, regimes: [], notes: [], refused: `Too few observations: ${report.reason}` };
  if (report.status === 'constant') return { ...head, regimes: [], notes: [], refused: null };
  const found = regimeRows(report, cutting);
  for (const { row, change } of found) if (change !== null) cutting.rows.mark(row, 'change', `${cutting.what.toLowerCase()} of ${report.label} changes here: ${change.words}`);
  return { ...head, regimes: found, notes: report.notes, refused: null, figure: figureOf(report, values, cutting) };
}

/** Cuts one kind of stream of an input; nothing where the input has none. */
function cut(io: Io, kind: StreamKind, cutting: Cutting): RegimeStream[] {
  const { given: { path } } = cutting;
  const streams = attempt(() => withOpen(naming(path, () => io.open(path)), ({ source }) => naming(path, () => collectSeries(source, { stream: kind }, { by: 'actor', sort: true }).streams)));
  if (streams.found === null) return [];
  const longest = streams.found.toSorted((a, b) => b.values.length - a.values.length);
  const found = longest.slice(0, MOST_STREAMS).filter(({ values }) => kind !== 'score' || values.length > 0).map((stream) => one(stream, kind, cutting));
  const rest = longest.length - MOST_STREAMS;
  const note = `${String(rest)} shorter ${rest === 1 ? 'stream' : 'streams'} of other actors not cut; "hindcast segment" cuts all`;
  return rest > 0 ? found.map((stream, i) => (i === found.length - 1 ? { ...stream, notes: [...stream.notes, note] } : stream)) : found;
}

function one(stream: CollectedStream, kind: StreamKind, cutting: Cutting): RegimeStream {
  const report = attempt(() => segmentStream(stream, undefined, { kind, method: stream.values.length > MOST_EXACT ? 'pelt' : 'both', level: 0.9, penalty: 'auto', hazardLambda: 'length' }));
  if (report.found !== null) return streamOf(report.found, stream.values, cutting);
  return { input: cutting.given.file.name, stream: streamLabel(stream), what: cutting.what, n: stream.values.length, regimes: [], notes: [], refused: report.why, figure: null };
}

/** Cuts the inputs into regimes: of what is called, and of scores where there are any. */
export function cutInputs(io: Io, given: readonly GivenFile[], inputs: readonly ReportInput[], rows: RowCollector): Answer<readonly RegimeStream[]> {
  const found = given.flatMap((file, input) => {
    // Calls that stand beside a ledger's are cut there.
    if (!isWatchable(inputs[input])) return [];
    return CUT.flatMap(([kind, what]) => cut(io, kind, { given: file, input, what, rows }));
  });
  return found.length === 0 ? without('no input has calls in an order that may be relied on') : { found };
}
