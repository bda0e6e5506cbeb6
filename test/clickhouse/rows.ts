import fc from 'fast-check';
import { traceBuilder, TRACE_CAPABILITIES, TRACE_LABELS, TRACE_LATENCY_KINDS, TRACE_RISK_STATES, type TraceChunk, type TraceRow } from '../../src/index.js';

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null, freq: 6 });

/** Texts that would do harm if they were SQL. */
const HOSTILE: readonly string[] = ["'", '`', '\\', "\\'", "'); DROP TABLE calls; --", '`.`x', '{x:String}', '?', '%s', '\u0000', '\n\t\r', '\u{1f4a9}', '  ', "a' OR '1'='1", '\\x41', '*/ /*'];

/** Rows as many streams have them: few actors and capabilities, times that crowd, scores that tie. */
export const streamRow: fc.Arbitrary<TraceRow> = fc.record({
  actor: fc.constantFrom('a', 'b', ...HOSTILE.slice(0, 6)),
  session: orNull(fc.constantFrom('s1', 's2', ...HOSTILE)),
  capability: fc.constantFrom(...TRACE_CAPABILITIES.slice(0, 6)),
  native_capability: orNull(fc.constantFrom(...HOSTILE)),
  latency_us: orNull(fc.oneof(fc.nat(20), fc.maxSafeNat())),
  latency_kind: orNull(fc.constantFrom(...TRACE_LATENCY_KINDS.slice(0, 2))),
  risk_score: orNull(fc.oneof(fc.integer({ min: 0, max: 8 }).map((n) => n / 8), fc.double({ noNaN: true, noDefaultInfinity: true }))),
  risk_state: orNull(fc.constantFrom(...TRACE_RISK_STATES)),
  label: orNull(fc.constantFrom(...TRACE_LABELS)),
  outcome: fc.constantFrom('success', 'error', 'denied'),
  resource: orNull(fc.constantFrom('/a', '/b', ...HOSTILE)),
  ts: orNull(fc.integer({ min: 1_700_000_000_000_000, max: 1_700_000_020_000_000 })),
}, { noNullPrototype: true });

/** The same rows at every run. */
export function sampleRows(row: fc.Arbitrary<TraceRow>, count: number): TraceRow[] {
  return fc.sample(row, { seed: 20260101, numRuns: count });
}

export function chunksOf(rows: readonly TraceRow[], batchRows = 500): TraceChunk[] {
  const builder = traceBuilder({ batchRows });
  return [...rows.map((row) => builder.append(row)), builder.flush()].filter((chunk) => chunk !== null);
}
