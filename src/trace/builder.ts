import { InputError } from '../errors.js';
import { hashWriter, textWriter, type TextWriter } from './bytes-writer.js';
import type { TraceChunk, TraceColumnData } from './chunk.js';
import { codeWriter } from './code-writer.js';
import type { ColumnWriter, Slot } from './column-writer.js';
import { numberWriter } from './number-writer.js';
import type { TraceRow } from './row.js';
import { TRACE_COLUMNS, type TraceColumn, type TraceColumnName } from './schema.js';

/** How rows are laid out. */
export interface TraceBuilderOptions {
  /** Rows of a chunk at most, 1 to 2^24; left out: 65,536. */
  readonly batchRows?: number;
  /** Whether to keep `resource`, which may be sensitive; left out: keep. Dropped, it is null in every row. */
  readonly resource?: 'keep' | 'drop';
  /** Columns to keep, in any order; left out: all. What a source cannot fill costs space all the same, a hash 32 bytes a row. */
  readonly columns?: readonly TraceColumnName[];
}

/** Chunks under construction. */
export interface TraceBuilder {
  /**
   * Adds a row.
   *
   * @returns the chunk that this row completed, null while it has room
   * @throws {@link InputError} naming row, column, value and what was expected; the row is left out whole, the builder goes on
   */
  readonly append: (row: TraceRow) => TraceChunk | null;
  /** Hands over what has been added since the last chunk, null where that is nothing. */
  readonly flush: () => TraceChunk | null;
}

/** Rows that the first chunk has room for at first. */
const FIRST_ROWS = 256;

/** Bytes of text after which a chunk is complete whatever its rows. */
const TEXT_BYTES = 1 << 26;

type Writers = { readonly [N in TraceColumnName]: ColumnWriter };

const NOTHING: ColumnWriter = { room: () => undefined, put: () => undefined, undo: () => undefined, take: (rows) => ({ kind: 'hash', bytes: new Uint8Array(0), validity: null, nullCount: rows }) };

function writerOf(column: TraceColumn): ColumnWriter {
  const { type } = column;
  switch (type) {
    case 'utf8':
      return textWriter(column);
    case 'fixed32':
      return hashWriter(column);
    case 'dictionary8':
    case 'dictionary16':
    case 'dictionary32':
      return codeWriter({ ...column, type });
    default:
      return numberWriter(column);
  }
}

/** Written out, for an object that the compiler knows the shape of. */
function writersOf(of: (name: TraceColumnName) => ColumnWriter): Writers {
  return {
    seq: of('seq'),
    ts: of('ts'),
    ts_res_us: of('ts_res_us'),
    host: of('host'),
    source: of('source'),
    actor: of('actor'),
    session: of('session'),
    turn: of('turn'),
    call_id: of('call_id'),
    phase: of('phase'),
    capability: of('capability'),
    native_capability: of('native_capability'),
    method: of('method'),
    tool: of('tool'),
    resource_class: of('resource_class'),
    resource: of('resource'),
    args_hash: of('args_hash'),
    args_shape_hash: of('args_shape_hash'),
    outcome: of('outcome'),
    error_code: of('error_code'),
    native_error: of('native_error'),
    latency_us: of('latency_us'),
    latency_kind: of('latency_kind'),
    decision: of('decision'),
    decision_reason: of('decision_reason'),
    risk_score: of('risk_score'),
    risk_state: of('risk_state'),
    bytes_in: of('bytes_in'),
    bytes_out: of('bytes_out'),
    label: of('label'),
    chain_hash: of('chain_hash'),
    flags: of('flags'),
    source_file: of('source_file'),
    source_row: of('source_row'),
  };
}

/** One call a column with the name spelt out: each is a place of its own to the compiler, which a loop over names is not. */
function putRow(to: Writers, row: TraceRow, slot: Slot, seq: number): void {
  to.seq.put(row.seq ?? seq, slot);
  to.ts.put(row.ts, slot);
  to.ts_res_us.put(row.ts_res_us, slot);
  to.host.put(row.host, slot);
  to.source.put(row.source, slot);
  to.actor.put(row.actor, slot);
  to.session.put(row.session, slot);
  to.turn.put(row.turn, slot);
  to.call_id.put(row.call_id, slot);
  to.phase.put(row.phase, slot);
  to.capability.put(row.capability, slot);
  to.native_capability.put(row.native_capability, slot);
  to.method.put(row.method, slot);
  to.tool.put(row.tool, slot);
  to.resource_class.put(row.resource_class, slot);
  to.resource.put(row.resource, slot);
  to.args_hash.put(row.args_hash, slot);
  to.args_shape_hash.put(row.args_shape_hash, slot);
  to.outcome.put(row.outcome, slot);
  to.error_code.put(row.error_code, slot);
  to.native_error.put(row.native_error, slot);
  to.latency_us.put(row.latency_us, slot);
  to.latency_kind.put(row.latency_kind, slot);
  to.decision.put(row.decision, slot);
  to.decision_reason.put(row.decision_reason, slot);
  to.risk_score.put(row.risk_score, slot);
  to.risk_state.put(row.risk_state, slot);
  to.bytes_in.put(row.bytes_in, slot);
  to.bytes_out.put(row.bytes_out, slot);
  to.label.put(row.label, slot);
  to.chain_hash.put(row.chain_hash, slot);
  to.flags.put(row.flags, slot);
  to.source_file.put(row.source_file, slot);
  to.source_row.put(row.source_row, slot);
}

/** Columns to keep, in the table's order. */
function chosen(columns: readonly TraceColumnName[] | undefined): readonly TraceColumn[] {
  const unknown = columns?.find((name) => !TRACE_COLUMNS.some((column) => column.name === name));
  if (unknown !== undefined) throw new InputError('BAD_PARAM', `columns must be columns of the trace table, got ${JSON.stringify(unknown)}`);
  return columns === undefined ? TRACE_COLUMNS : TRACE_COLUMNS.filter(({ name }) => columns.includes(name));
}

/**
 * Starts laying rows out by column.
 *
 * @throws {@link InputError} BAD_PARAM
 * @remarks Amortised O(1) a value. Memory is that of one chunk and of the distinct values of the growing dictionaries, which all
 * chunks share; chunks handed over are the caller's.
 * @example
 * ```ts
 * const builder = traceBuilder();
 * builder.append({ actor: 'ext.a', capability: 'fs.read', latency_us: 1500 }); // => null
 * builder.flush()?.rows; // => 1
 * ```
 */
export function traceBuilder({ batchRows = 65536, resource = 'keep', columns }: TraceBuilderOptions = {}): TraceBuilder {
  if (!Number.isInteger(batchRows) || batchRows < 1 || batchRows > 1 << 24) throw new InputError('BAD_PARAM', `batchRows must be an integer in 1..2^24, got ${String(batchRows)}`);
  const kept = chosen(columns).map((column) => ({ column, writer: writerOf(column) }));
  const texts = kept.map(({ writer }) => writer).filter((writer): writer is TextWriter => 'sizeBytes' in writer);
  const to = writersOf((name) => {
    const writer = kept.find(({ column }) => column.name === name)?.writer ?? NOTHING;
    return name === 'resource' && resource === 'drop' ? dropping(writer) : writer;
  });
  const slot: Slot = { at: 0, row: 0 };
  let seq = 0;
  let capacity = Math.min(batchRows, FIRST_ROWS);
  const makeRoom = (): void => {
    if (slot.at > 0) capacity = Math.min(batchRows, 2 * capacity);
    for (const { writer } of kept) writer.room(capacity, slot.at);
  };
  const flush = (): TraceChunk | null => {
    if (slot.at === 0) return null;
    const rows = slot.at;
    slot.at = 0;
    return { rows, columns: Object.fromEntries(kept.map(({ column, writer }): [string, TraceColumnData] => [column.name, writer.take(rows)])) };
  };
  return {
    append: (row) => {
      if (slot.at === 0 || slot.at === capacity) makeRoom();
      try {
        putRow(to, row, slot, seq);
      } catch (refusal) {
        for (const { writer } of kept) writer.undo(slot);
        slot.row += 1;
        throw refusal;
      }
      seq += 1;
      slot.at += 1;
      slot.row += 1;
      return slot.at === batchRows || texts.some((writer) => writer.sizeBytes() >= TEXT_BYTES) ? flush() : null;
    },
    flush,
  };
}

/** A column whose values are left out. */
function dropping(writer: ColumnWriter): ColumnWriter {
  return { ...writer, put: (_, slot) => { writer.put(null, slot); } };
}
