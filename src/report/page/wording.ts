import { visibleText } from '../../visible-text.js';
import type { PageData, TextColumn, WordColumn } from './page-data.js';
import { textOf, type Calls } from './unpack.js';

/** One call in words, every text safe to show; empty where there is nothing to say. */
export interface CallWords {
  /** Number of the call on the timeline, from 0, as the rest of the page counts. */
  readonly row: number;
  readonly input: string;
  readonly place: string;
  readonly time: string;
  readonly actor: string;
  readonly capability: string;
  readonly decision: string;
  readonly state: string;
  readonly outcome: string;
  readonly reason: string;
  readonly score: string;
  readonly latency: string;
  readonly callId: string;
  readonly resource: string;
  readonly label: string;
  readonly found: readonly string[];
  /** Whether what was found is a finding of this call, and no change of regime at it alone. */
  readonly isFinding: boolean;
}

/** A time in UTC; empty where there is none. */
export function utc(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString().replace('T', ' ') : '';
}

/** Says of a call what the page holds of it. */
export function callWords({ numbers, texts }: Calls, { words, findingBits }: Pick<PageData, 'words' | 'findingBits'>, notes: ReadonlyMap<number, readonly string[]>, call: number): CallWords {
  const word = (name: WordColumn): string => visibleText(words[name][(numbers[name][call] ?? 0) - 1] ?? '');
  const text = (name: TextColumn): string => visibleText(textOf(texts[name], call));
  const figure = (value: number | undefined, unit: string): string => (value === undefined || Number.isNaN(value) ? '' : `${String(value)}${unit}`);
  const row = numbers.row[call] ?? 0;
  const place = numbers.place[call] ?? 0;
  return {
    row,
    input: word('input'),
    place: place === 0 ? '' : String(place),
    time: utc(numbers.tsMs[call] ?? NaN),
    actor: word('actor'),
    capability: word('capability'),
    decision: word('decision'),
    state: word('state'),
    outcome: word('outcome'),
    reason: word('reason'),
    score: figure(numbers.score[call], ''),
    latency: figure(numbers.latency[call], ' \u00b5s'),
    callId: text('callId'),
    resource: text('resource'),
    label: word('label'),
    found: (notes.get(row) ?? []).map(visibleText),
    isFinding: ((numbers.marks[call] ?? 0) & findingBits) !== 0,
  };
}

/** A call in one sentence, for whoever cannot see the timeline. */
export function spokenCall(words: CallWords): string {
  const { row, capability, decision, outcome, resource, time, found, label } = words;
  const parts = [`call ${String(row)}`, capability, resource, decision === '' ? '' : `decision ${decision}`, outcome, time, label === '' ? '' : `labelled ${label}`, found.length === 0 ? 'nothing found' : `found: ${found.join('; ')}`];
  return parts.filter((part) => part !== '').join(', ');
}
