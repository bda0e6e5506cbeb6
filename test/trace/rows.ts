import fc from 'fast-check';
import {
  arrowStreamWriter, bytesSource, readArrowStream, rowsOf, traceBuilder, TRACE_CAPABILITIES, TRACE_DECISIONS, TRACE_ERROR_CODES, TRACE_HOSTS, TRACE_LABELS,
  TRACE_LATENCY_KINDS, TRACE_OUTCOMES, TRACE_PHASES, TRACE_RESOURCE_CLASSES, TRACE_RISK_STATES,
  type ArrowReadOptions, type TraceBuilderOptions, type TraceChunk, type TraceMetadata, type TraceReading, type TraceRow,
} from '../../src/index.js';

export const METADATA: TraceMetadata = {
  adapter: 'test@1',
  coverage: { executed: 'yes', policy_denied: 'no', gate_denied: 'partly', bad_call: 'not_applicable', nested: 'no', cannot_show: ['latency of what was refused'] },
  clock: 'wall',
};

const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const term = fc.oneof(fc.constantFrom('a', 'b', 'c'), text);
const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 3 });
const count = fc.maxSafeNat();

/** Rows with every column, values of every size. */
export const anyRow: fc.Arbitrary<TraceRow> = fc.record({
  seq: count,
  ts: orNull(fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }), fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }))),
  ts_res_us: fc.nat(),
  host: fc.constantFrom(...TRACE_HOSTS),
  source: term,
  actor: term,
  session: orNull(term),
  turn: orNull(fc.nat()),
  call_id: orNull(text),
  phase: fc.constantFrom(...TRACE_PHASES),
  capability: fc.constantFrom(...TRACE_CAPABILITIES),
  native_capability: orNull(term),
  method: orNull(term),
  tool: orNull(term),
  resource_class: fc.constantFrom(...TRACE_RESOURCE_CLASSES),
  resource: orNull(text),
  args_hash: orNull(hex),
  args_shape_hash: orNull(hex),
  outcome: fc.constantFrom(...TRACE_OUTCOMES),
  error_code: orNull(fc.constantFrom(...TRACE_ERROR_CODES)),
  native_error: orNull(term),
  latency_us: orNull(count),
  latency_kind: orNull(fc.constantFrom(...TRACE_LATENCY_KINDS)),
  decision: fc.constantFrom(...TRACE_DECISIONS),
  decision_reason: orNull(term),
  risk_score: orNull(fc.double({ noNaN: true, noDefaultInfinity: true })),
  risk_state: orNull(fc.constantFrom(...TRACE_RISK_STATES)),
  bytes_in: orNull(count),
  bytes_out: orNull(count),
  label: orNull(fc.constantFrom(...TRACE_LABELS)),
  chain_hash: orNull(hex),
  flags: fc.nat({ max: 4095 }),
  source_file: orNull(term),
  source_row: orNull(fc.integer({ min: 1 })),
}, { noNullPrototype: true });

export function chunksOf(rows: readonly TraceRow[], options: TraceBuilderOptions = {}): TraceChunk[] {
  const builder = traceBuilder(options);
  return [...rows.map((row) => builder.append(row)), builder.flush()].filter((chunk) => chunk !== null);
}

export function streamOf(chunks: readonly TraceChunk[], metadata: TraceMetadata = METADATA): Uint8Array {
  const parts: Uint8Array[] = [];
  const writer = arrowStreamWriter(metadata, (bytes) => parts.push(bytes.slice()));
  for (const chunk of chunks) writer.write(chunk);
  writer.end();
  return Uint8Array.from(Buffer.concat(parts));
}

export function read(bytes: Uint8Array, options?: ArrowReadOptions): { reading: TraceReading; chunks: TraceChunk[] } {
  const reading = readArrowStream(bytesSource(bytes, 4096), options);
  return { reading, chunks: [...reading.chunks] };
}

export const rowsOfAll = (chunks: readonly TraceChunk[]): TraceRow[] => chunks.flatMap((chunk) => [...rowsOf(chunk)]);
