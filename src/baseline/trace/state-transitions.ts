import type { TraceChunk } from '../../trace/chunk.js';
import type { TraceCodeName } from '../../trace/schema.js';
import { chunksFrom, unitedCodes, type TraceChunks, type UnitedCodes } from './group-codes.js';
import { compareText } from './resources.js';

/** How often one state came right after another. */
export interface TransitionCount {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** What follows what, in which streams. */
export interface TransitionQuestion {
  readonly state: TraceCodeName;
  /** Column whose values make the streams. */
  readonly stream: TraceCodeName;
}

/** Grows in steps. */
function grown(array: Int32Array, size: number): Int32Array {
  if (array.length >= size) return array;
  const wider = new Int32Array(2 * size).fill(-1);
  wider.set(array);
  return wider;
}

function listed(counts: ReadonlyMap<number, number>, states: UnitedCodes, width: number): TransitionCount[] {
  const names = states.values();
  return [...counts]
    .map(([place, count]) => ({ from: names[Math.floor(place / width)] ?? '', to: names[place % width] ?? '', count }))
    .sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
}

/** No dictionary has more values. */
const WIDTH = 2 ** 26;
/** States up to which counts are kept in a table instead of a map. */
const FEW = 256;

/** Counts neighbouring states, chunk by chunk. */
export interface TransitionCounter {
  readonly add: (chunk: TraceChunk) => void;
  readonly counts: () => TransitionCount[];
}

/** Starts with no chunk. */
export function transitionCounter(states: UnitedCodes, streams: UnitedCodes): TransitionCounter {
  const few = new Float64Array(FEW * FEW);
  const many = new Map<number, number>();
  let last: Int32Array = new Int32Array(0);
  return {
    add: (chunk) => {
      const [to, in_] = [states.of(chunk), streams.of(chunk)];
      last = grown(last, streams.size());
      for (let row = 0; row < chunk.rows; row += 1) {
        const [code, at] = [to[row] as number, in_[row] as number];
        if (code < 0 || at < 0) continue;
        const from = last[at] as number;
        last[at] = code;
        if (from < 0) continue;
        if (from < FEW && code < FEW) few[from * FEW + code] = (few[from * FEW + code] as number) + 1;
        else many.set(from * WIDTH + code, (many.get(from * WIDTH + code) ?? 0) + 1);
      }
    },
    counts: () => {
      const all = new Map(many);
      few.forEach((count, place) => { if (count > 0) all.set(Math.floor(place / FEW) * WIDTH + (place % FEW), count); });
      return listed(all, states, WIDTH);
    },
  };
}

/**
 * Counts neighbouring states within each stream, in the order of the rows. Rows without a state or a stream are left out, so the
 * states on either side of one are neighbours.
 *
 * @returns pairs that occur, in order of their texts
 * @throws {@link InputError} MISSING_FIELD
 * @remarks O(rows); memory grows with the distinct streams. Streams are told apart by this column alone: give traces of
 * different origin one by one. Counts of parts that share no stream add up: {@link mergeTransitions}.
 */
export function stateTransitions(source: TraceChunks, { state, stream }: TransitionQuestion): TransitionCount[] {
  const counter = transitionCounter(unitedCodes(state), unitedCodes(stream));
  for (const chunk of chunksFrom(source)) counter.add(chunk);
  return counter.counts();
}

/** The transitions of two parts that share no stream; a stream cut in two would lose the transition at the cut. */
export function mergeTransitions(a: readonly TransitionCount[], b: readonly TransitionCount[]): TransitionCount[] {
  const merged = new Map<string, TransitionCount>();
  for (const each of [...a, ...b]) {
    const name = JSON.stringify([each.from, each.to]);
    merged.set(name, { ...each, count: each.count + (merged.get(name)?.count ?? 0) });
  }
  return [...merged.values()].sort((x, y) => compareText(x.from, y.from) || compareText(x.to, y.to));
}
