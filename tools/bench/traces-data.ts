import { closeSync, openSync, writeSync } from 'node:fs';
import { arrowFileWriter, arrowStreamWriter, TRACE_OUTCOMES, type TraceChunk, type TraceCodes, type TraceColumnName, type TraceMetadata, type TraceTexts } from '../../src/index.js';

/** The columns that are generated. */
const BENCH_COLUMNS: readonly TraceColumnName[] = ['ts', 'actor', 'session', 'native_capability', 'outcome', 'latency_us', 'risk_score', 'resource'];

const METADATA: TraceMetadata = {
  adapter: 'bench@1',
  coverage: { executed: 'yes', policy_denied: 'no', gate_denied: 'no', bad_call: 'no', nested: 'no', cannot_show: [] },
  clock: 'wall',
};
const BATCH = 65_536;

const named = (count: number, name: string): string[] => Array.from({ length: count }, (_, i) => `${name}${String(i)}`);
const DICTIONARIES = { actor: named(1000, 'actor-'), session: named(20_000, 'session-'), native_capability: named(48, 'capability.') };
const RESOURCES = Array.from({ length: 10_000 }, (_, i) => Buffer.from(`/srv/app${String(i % 97)}/module-${String(i)}.js`));

/** Integers that look random, the same in every run. */
function integers(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function codeColumn(codes: TraceCodes['codes'], values: readonly string[]): TraceCodes {
  return { kind: 'code', codes, values, size: values.length, validity: null, nullCount: 0 };
}

function textColumn(rows: number, next: () => number): TraceTexts {
  const offsets = new Int32Array(rows + 1);
  const chosen = Array.from({ length: rows }, () => RESOURCES[next() % RESOURCES.length] ?? Buffer.alloc(0));
  chosen.forEach((text, i) => { offsets[i + 1] = (offsets[i] ?? 0) + text.length; });
  return { kind: 'text', offsets, bytes: Buffer.concat(chosen), validity: null, nullCount: 0 };
}

/** Generated calls in chunks: bursts in time, heavy-tailed latencies in whole microseconds, scores that differ in every bit. */
export function* benchChunks(rows: number): Generator<TraceChunk> {
  const next = integers(20260101);
  let time = 1_795_000_000_000_000n;
  for (let done = 0; done < rows; done += BATCH) {
    const count = Math.min(BATCH, rows - done);
    const ts = BigInt64Array.from({ length: count }, () => (time += BigInt(next() % 8 === 0 ? next() % 20_000 : next() % 300)));
    const latency = BigInt64Array.from({ length: count }, () => BigInt(Math.floor(200 * Math.exp((next() + next() + next()) / 2 ** 31))));
    const scores = Float64Array.from({ length: count }, () => ((next() / 2 ** 32) * (next() + 1)) / 2 ** 32);
    const pick = (width: number): number => Math.floor((next() / 2 ** 32) ** 1.5 * width);
    const plain = { validity: null, nullCount: 0 };
    yield {
      rows: count,
      columns: {
        ts: { kind: 'number', values: ts, ...plain },
        actor: codeColumn(Int32Array.from({ length: count }, () => pick(1000)), DICTIONARIES.actor),
        session: codeColumn(Int32Array.from({ length: count }, () => pick(20_000)), DICTIONARIES.session),
        native_capability: codeColumn(Int16Array.from({ length: count }, () => pick(48)), DICTIONARIES.native_capability),
        outcome: codeColumn(Int8Array.from({ length: count }, () => (next() % 20 === 0 ? 1 : 0)), TRACE_OUTCOMES),
        latency_us: { kind: 'number', values: latency, ...plain },
        risk_score: { kind: 'number', values: scores, ...plain },
        resource: textColumn(count, next),
      },
    };
  }
}

function withFile(path: string, write: (sink: (bytes: Uint8Array) => void) => void): void {
  const descriptor = openSync(path, 'w');
  try {
    write((bytes) => { for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at); });
  } finally {
    closeSync(descriptor);
  }
}

/** Writes the generated calls as an Arrow stream or file. Returns the seconds that writing took, generating left out. */
export function writeBench(path: string, rows: number, form: 'stream' | 'file'): number {
  let seconds = 0;
  withFile(path, (sink) => {
    const writer = form === 'stream' ? arrowStreamWriter(METADATA, sink, { columns: BENCH_COLUMNS }) : arrowFileWriter(METADATA, sink, { columns: BENCH_COLUMNS });
    for (const chunk of benchChunks(rows)) {
      const start = performance.now();
      if ('learn' in writer && seconds === 0) (writer as ReturnType<typeof arrowFileWriter>).learn(chunk);
      writer.write(chunk);
      seconds += (performance.now() - start) / 1000;
    }
    writer.end();
  });
  return seconds;
}
