import type { DictionaryColumn, LedgerColumns } from './columns.js';
import { ACTIONS, RISK_STATES, type LedgerEntry } from './entry.js';
import type { Kernel } from './kernel.js';

/** A numeric column that grows by doubling. */
interface Growing<A extends Float64Array | Int32Array | Uint8Array> {
  readonly push: (value: number) => void;
  readonly done: () => A;
}

function growing<A extends Float64Array | Int32Array | Uint8Array>(make: (length: number) => A): Growing<A> {
  let array = make(1024);
  let count = 0;
  return {
    push: (value) => {
      if (count === array.length) {
        const larger = make(2 * count);
        larger.set(array);
        array = larger;
      }
      array[count] = value;
      count += 1;
    },
    done: () => array.slice(0, count) as A,
  };
}

/** A growing dictionary column. */
function growingDictionary(): { push: (value: string) => void; done: () => DictionaryColumn } {
  const index = new Map<string, number>();
  const codes = growing((n) => new Int32Array(n));
  return {
    push: (value) => {
      let code = index.get(value);
      if (code === undefined) {
        code = index.size;
        index.set(value, code);
      }
      codes.push(code);
    },
    done: () => ({ values: [...index.keys()], codes: codes.done() }),
  };
}

/** Text of a string whose bytes lie between its quotes, escapes and all. */
function textAt(memory: Buffer, start: number, end: number): string {
  const text = memory.toString('latin1', start, end);
  if (!/[\\\x80-\xff]/.test(text)) return text;
  return JSON.parse(`"${memory.toString('utf8', start, end)}"`) as string;
}

/** Columns that grow entry by entry, from either road. */
export interface ColumnBuilder {
  readonly addProven: (kernel: Kernel) => void;
  readonly addDecoded: (entry: LedgerEntry) => void;
  readonly done: () => LedgerColumns;
}

type FieldSlots = Readonly<Record<'ts' | 'actor' | 'call' | 'capability' | 'score' | 'action' | 'state' | 'error', number>>;

function slotsOf({ slot }: Kernel): FieldSlots {
  return {
    ts: slot('ts_ms'),
    actor: slot('extension_id'),
    call: slot('call_id'),
    capability: slot('capability'),
    score: slot('risk_score'),
    action: slot('selected_action'),
    state: slot('derived_state'),
    error: slot('outcome_error_code'),
  };
}

function startsAt({ spans }: Kernel, slot: number): number {
  return spans[slot] ?? 0;
}

function numberAt({ memory, spans }: Kernel, slot: number): number {
  return Number(memory.toString('latin1', spans[slot], spans[slot + 1]));
}

function stringAt({ memory, spans }: Kernel, slot: number): string {
  return textAt(memory, spans[slot] ?? 0, spans[slot + 1] ?? 0);
}

function valueAt({ values }: Kernel, slot: number): number {
  return values[slot / 2 + 1] ?? NaN;
}

/** Byte that `null` starts with. */
const NULL_START = 0x6e;

/** The kernel leaves a double open where one rounding would not give it; null stays NaN. */
function floatAt(kernel: Kernel, slot: number): number {
  const value = valueAt(kernel, slot);
  return Number.isNaN(value) && kernel.memory[startsAt(kernel, slot)] !== NULL_START ? numberAt(kernel, slot) : value;
}

function exact(integer: number): number {
  return Number.isSafeInteger(integer) ? integer : NaN;
}

/**
 * Starts empty columns.
 *
 * @param withCallIds - whether to keep every call_id, which costs far more memory than all else together
 */
export function buildColumns(withCallIds: boolean): ColumnBuilder {
  const tsMs = growing((n) => new Float64Array(n));
  const riskScore = growing((n) => new Float64Array(n));
  const actor = growingDictionary();
  const capability = growingDictionary();
  const action = growing((n) => new Uint8Array(n));
  const state = growing((n) => new Uint8Array(n));
  const failed = growing((n) => new Uint8Array(n));
  const callIds: string[] = [];
  let count = 0;
  let slots: FieldSlots | null = null;
  return {
    addProven: (kernel) => {
      const at = (slots ??= slotsOf(kernel));
      riskScore.push(floatAt(kernel, at.score));
      tsMs.push(exact(numberAt(kernel, at.ts)));
      actor.push(stringAt(kernel, at.actor));
      capability.push(stringAt(kernel, at.capability));
      action.push(valueAt(kernel, at.action));
      state.push(valueAt(kernel, at.state));
      failed.push(kernel.memory[startsAt(kernel, at.error)] === NULL_START ? 0 : 1);
      if (withCallIds) callIds.push(stringAt(kernel, at.call));
      count += 1;
    },
    addDecoded: (entry) => {
      riskScore.push(entry.risk_score ?? NaN);
      tsMs.push(exact(Number(entry.ts_ms)));
      actor.push(entry.extension_id);
      capability.push(entry.capability);
      action.push(ACTIONS.indexOf(entry.selected_action));
      state.push(RISK_STATES.indexOf(entry.derived_state));
      failed.push(entry.outcome_error_code === null ? 0 : 1);
      if (withCallIds) callIds.push(entry.call_id);
      count += 1;
    },
    done: () => ({
      count,
      tsMs: tsMs.done(),
      riskScore: riskScore.done(),
      actor: actor.done(),
      capability: capability.done(),
      action: action.done(),
      state: state.done(),
      failed: failed.done(),
      callIds: withCallIds ? callIds : null,
    }),
  };
}
