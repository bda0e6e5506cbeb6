import type { NumberColumn, PackedNumbers, PackedTexts, PageData } from './page/page-data.js';
import { cut } from './html.js';
import { FINDING_BITS, LABEL_WORDS, MARKS, type TextCodes, type TimelineRows } from './timeline-rows.js';

/** Calls that a page holds at most; of more than these those with a finding and every so-many-th other are kept. */
const MOST_CALLS = 200_000;

/** Characters that are kept of what a call touched, and of its id. */
const MOST_TEXT = 160;

/** Rows for which what was found is said one by one; the lists of findings hold the rest. */
const MOST_NOTES = 5000;

/** Capabilities with a lane of their own. */
const MOST_LANES = 10;

/** Which rows a page holds, and how the others were left out. */
export interface KeptRows {
  readonly rows: Uint32Array;
  /** 1 where all are kept; else one of so many without a finding. */
  readonly oneIn: number;
}

/** Chooses the rows that a page holds: all, or those with a finding or a label and every k-th of the others. */
export function keptRows({ count, marks, label }: TimelineRows, most: number = MOST_CALLS): KeptRows {
  const all = Uint32Array.from({ length: count }, (_, i) => i);
  if (count <= most) return { rows: all, oneIn: 1 };
  const stands = (row: number): boolean => ((marks[row] ?? 0) & FINDING_BITS) !== 0 || label[row] === 2;
  const standing = all.reduce((sum, row) => sum + (stands(row) ? 1 : 0), 0);
  const oneIn = Math.ceil((count - standing) / Math.max(1, most - Math.min(standing, most - 1)));
  return { rows: all.filter((row) => stands(row) || row % oneIn === 0), oneIn };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function bytesOf(values: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Whole numbers in the narrowest type that holds them. */
export function packNumbers(values: ArrayLike<number>): PackedNumbers {
  let most = 0;
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, values[i] ?? 0);
  if (most < 256) return { type: 'u8', data: base64(Uint8Array.from(values)) };
  if (most < 65536) return { type: 'u16', data: base64(bytesOf(Uint16Array.from(values))) };
  return { type: 'u32', data: base64(bytesOf(Uint32Array.from(values))) };
}

function packDoubles(values: Float64Array): PackedNumbers {
  return { type: 'f64', data: base64(bytesOf(values)) };
}

/** Texts as one run of UTF-8. */
function packTexts(texts: readonly string[]): PackedTexts {
  const parts = texts.map((text) => Buffer.from(cut(text, MOST_TEXT), 'utf8'));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => { offsets[i + 1] = (offsets[i] ?? 0) + part.length; });
  return { offsets: packNumbers(offsets), bytes: base64(Buffer.concat(parts)) };
}

/** Capabilities by how often they are called, the most frequent first; codes from 1. */
export function laneCodes({ codes, values }: TextCodes, most: number = MOST_LANES): number[] {
  const counts = new Float64Array(values.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] ?? 0) + 1;
  const ranked = Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  return ranked.slice(0, ranked.length > most ? most - 1 : most).map((code) => code + 1);
}

/** Lays the calls out for the page's script. */
export function packRows(rows: TimelineRows, inputs: readonly string[], { rows: kept }: KeptRows): PageData {
  const gathered = (values: ArrayLike<number>, plus: number): number[] => Array.from(kept, (row) => (values[row] ?? 0) + plus);
  const doubles = (values: Float64Array): PackedNumbers => packDoubles(Float64Array.from(kept, (row) => values[row] ?? NaN));
  const coded = ({ codes }: TextCodes): PackedNumbers => packNumbers(gathered(codes, 1));
  const columns: Record<NumberColumn, PackedNumbers> = {
    row: packNumbers(kept),
    tsMs: doubles(rows.tsMs),
    input: packNumbers(gathered(rows.input, 1)),
    place: packNumbers(gathered(rows.place, 0)),
    actor: coded(rows.actor),
    capability: coded(rows.capability),
    decision: coded(rows.decision),
    outcome: coded(rows.outcome),
    reason: coded(rows.reason),
    state: coded(rows.state),
    score: doubles(rows.score),
    latency: doubles(rows.latency),
    marks: packNumbers(gathered(rows.marks, 0)),
    label: packNumbers(gathered(rows.label, 0)),
  };
  const short = ({ values }: TextCodes): string[] => values.map((value) => cut(value, MOST_TEXT));
  const shown = new Set(kept);
  return {
    count: kept.length,
    columns,
    texts: { callId: packTexts(Array.from(kept, (row) => rows.callId[row] ?? '')), resource: packTexts(Array.from(kept, (row) => rows.resource[row] ?? '')) },
    words: { input: inputs, actor: short(rows.actor), capability: short(rows.capability), decision: short(rows.decision), outcome: short(rows.outcome), reason: short(rows.reason), state: short(rows.state), label: LABEL_WORDS },
    notes: [...rows.notes].filter(([row]) => shown.has(row)).slice(0, MOST_NOTES).map(([row, words]) => [row, words.slice(0, 5).map((text) => cut(text, 240))] as const),
    lanes: laneCodes(rows.capability),
    findingBits: FINDING_BITS,
    bits: MARKS,
  };
}
