import type { TraceForm } from '../../src/app/trace-files/form.js';
import { parquetWriter } from '../../src/app/trace-files/parquet-write.js';
import { arrowFileWriter, arrowStreamWriter, traceBuilder, traceJsonlWriter, TRACE_COLUMNS, type TraceChunk, type TraceMetadata, type TraceRow } from '../../src/index.js';

/** A sound trace, and which of its bytes say how the others are to be read. */
export interface Sample {
  readonly form: TraceForm;
  readonly bytes: Buffer;
  /** Stretches of metadata, from and to. */
  readonly metadata: readonly (readonly [number, number])[];
}

const METADATA: TraceMetadata = {
  adapter: 'sample@1',
  clock: 'wall',
  coverage: { executed: 'yes', policy_denied: 'no', gate_denied: 'partly', bad_call: 'no', nested: 'not_applicable', cannot_show: ['sizes', 'what was refused'] },
};

/** Rows with nulls, repeated and new names, and texts beyond ASCII. */
function rowOf(i: number): TraceRow {
  const some = <T>(value: T, every: number): T | null => (i % every === 0 ? null : value);
  return {
    ts: 1_700_000_000_000_000 + 1000 * i, ts_res_us: 1000, host: 'pi', source: 'sample', actor: `actor ${String(i % 4)}`, session: some(`session ${String(i >> 3)}`, 5), turn: some(i, 4),
    call_id: `call-${String(i)}`, phase: 'call', capability: i % 2 === 0 ? 'fs.read' : 'net.http', native_capability: 'read', method: some('get', 3), tool: some(`tool ${String(i)}`, 6),
    resource_class: 'file', resource: some(`/données/${String(i % 7)}`, 4), args_hash: some('0123456789abcdef'.repeat(4), 3), outcome: 'success', error_code: i % 9 === 0 ? 'io' : null,
    native_error: i % 9 === 0 ? 'EIO' : null, latency_us: some(37 * i, 5), latency_kind: some('exec' as const, 5), decision: 'allow', risk_score: some(i / 64, 3), risk_state: 'safe_fast',
    bytes_in: some(10 * i, 2), label: some('benign' as const, 8), flags: i % 16, source_file: 'sample.jsonl', source_row: i + 1,
  };
}

function chunks(): TraceChunk[] {
  const builder = traceBuilder({ batchRows: 16 });
  const full = Array.from({ length: 40 }, (_, i) => builder.append(rowOf(i)));
  return [...full, builder.flush()].filter((chunk) => chunk !== null);
}

/** The frames' headers within a stretch of Arrow messages. */
function messageHeads(bytes: Buffer, from: number): [number, number][] {
  const heads: [number, number][] = [];
  for (let at = from; bytes.readInt32LE(at) === -1;) {
    const size = bytes.readInt32LE(at + 4);
    heads.push([at, at + 8 + size]);
    if (size === 0) break;
    at += 8 + size + bodyLength(bytes.subarray(at + 8, at + 8 + size));
  }
  return heads;
}

/** The body's length of a message: the field 3 of its root table. */
function bodyLength(message: Buffer): number {
  const root = message.readInt32LE(0);
  const vtable = root - message.readInt32LE(root);
  const slots = message.readUInt16LE(vtable);
  const offset = slots < 12 ? 0 : message.readUInt16LE(vtable + 10);
  return offset === 0 ? 0 : Number(message.readBigInt64LE(root + offset));
}

function collected(write: (sink: (bytes: Uint8Array) => void) => void): Buffer {
  const parts: Buffer[] = [];
  write((bytes) => parts.push(Buffer.from(bytes)));
  return Buffer.concat(parts);
}

/** One sound trace in each form, of three batches. */
export function samples(): ReadonlyMap<TraceForm, Sample> {
  const all = chunks();
  const columns = TRACE_COLUMNS.map(({ name }) => name);
  const stream = collected((sink) => {
    const writer = arrowStreamWriter(METADATA, sink);
    all.forEach(writer.write);
    writer.end();
  });
  const file = collected((sink) => {
    const writer = arrowFileWriter(METADATA, sink);
    all.forEach(writer.learn);
    all.forEach(writer.write);
    writer.end();
  });
  const parquet = collected((sink) => {
    const writer = parquetWriter(METADATA, sink, columns);
    all.forEach(writer.write);
    writer.end();
  });
  const lines = collected((sink) => {
    const writer = traceJsonlWriter(METADATA, sink);
    all.forEach(writer.write);
    writer.end();
  });
  const footer = file.length - 10 - file.readInt32LE(file.length - 10);
  const list: Sample[] = [
    { form: 'arrow stream', bytes: stream, metadata: messageHeads(stream, 0) },
    { form: 'arrow file', bytes: file, metadata: [...messageHeads(file, 8), [footer, file.length]] },
    { form: 'parquet', bytes: parquet, metadata: [[parquet.length - 8 - parquet.readInt32LE(parquet.length - 8), parquet.length]] },
    { form: 'json lines', bytes: lines, metadata: [[0, lines.indexOf(10)]] },
  ];
  return new Map(list.map((sample) => [sample.form, sample]));
}
