import { InputError } from '../../errors.js';
import { startChain } from '../../ledger/chain.js';
import type { LedgerColumns } from '../../ledger/columns.js';
import { decodeEntry } from '../../ledger/decode.js';
import { judge } from '../../ledger/judge.js';
import type { LedgerFault } from '../../ledger/report.js';
import { bytesSource, type ByteSource } from '../../ledger/source.js';
import { readVerified } from '../../ledger/stream.js';
import { lineNode } from './json.js';
import { lineReader, wholeReader, type RecordReader } from './lines.js';
import type { RecordSink, SeriesColumns, SeriesRecord, StreamKind } from './record.js';

const FAULTS_SHOWN = 3;

function refuseFaults(faults: readonly LedgerFault[], count: number): void {
  if (count === 0) return;
  const first = faults.slice(0, FAULTS_SHOWN).map((f) => `[${String(f.index)}] ${f.code}: ${f.message}`).join('; ');
  throw new InputError('INVALID_LEDGER', `the ledger does not verify (faults: ${String(count)}): ${first}`);
}

/** The stream of a ledger; it holds neither durations nor values of one's own. */
function ledgerStream({ stream = 'interval' }: SeriesColumns): StreamKind {
  if (stream === 'latency') throw new InputError('BAD_PARAM', 'a ledger holds no latency of calls: give the host\'s telemetry (pi.ext.hostcall_telemetry.v1) or the recorded calls (JSON Lines with latency_ms)');
  if (stream === 'bytes') throw new InputError('BAD_PARAM', 'a ledger holds no sizes of requests: give a trace with bytes_in');
  if (stream === 'value') throw new InputError('BAD_PARAM', 'a ledger has no field value: choose --stream interval, score or error');
  return stream;
}

function safeTime(time: number, index: number): number {
  if (Number.isNaN(time)) throw new InputError('UNSAFE_INTEGER', `entry ${String(index)}: ts_ms must be within 2^53 milliseconds`);
  return time;
}

const FIGURES: Readonly<Record<'score' | 'error', (columns: LedgerColumns, i: number) => number | null>> = {
  score: ({ riskScore }, i) => (Number.isNaN(riskScore[i]) ? null : (riskScore[i] ?? null)),
  error: ({ failed }, i) => failed[i] ?? null,
};

/** Hands over the records of a ledger that has been verified. */
function recordsOf(ledger: LedgerColumns, stream: StreamKind, sink: RecordSink): void {
  const figure = stream === 'score' || stream === 'error' ? FIGURES[stream] : () => null;
  for (let index = 0; index < ledger.count; index += 1) {
    sink.onRecord({
      index,
      line: null,
      actor: ledger.actor.values[ledger.actor.codes[index] ?? 0] ?? null,
      capability: ledger.capability.values[ledger.capability.codes[index] ?? 0] ?? null,
      time: safeTime(ledger.tsMs[index] ?? NaN, index),
      epochMs: true,
      value: figure(ledger, index),
    });
  }
}

/**
 * Reads a ledger from a source of bytes in bounded memory but for its columns.
 *
 * @throws {@link InputError} as `readVerified`; INVALID_LEDGER with the first faults; BAD_PARAM for what no ledger holds
 */
export function readLedgerRecords(source: ByteSource, columns: SeriesColumns, sink: RecordSink): void {
  const stream = ledgerStream(columns);
  const ends: Parameters<NonNullable<RecordSink['onChain']>>[0][] = [];
  const { report, columns: ledger } = readVerified(source, { keepFaults: FAULTS_SHOWN, onChain: (chain) => ends.push(chain) });
  refuseFaults(report.faults, report.faultCount);
  sink.onStart({ form: 'ledger', stream });
  for (const chain of ends) sink.onChain?.(chain);
  recordsOf(ledger, stream, sink);
}

/** As {@link readLedgerRecords} for bytes that are pushed: they are collected first. */
export function ledgerReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  ledgerStream(columns);
  return wholeReader((bytes) => { readLedgerRecords(bytesSource(bytes), columns, sink); });
}

/**
 * Reads a ledger of lines as it grows: every entry is verified, and handed over at once.
 *
 * @throws {@link InputError} INVALID_LEDGER at the first entry that does not verify; as `decodeEntry`
 */
export function ledgerLinesReader(columns: SeriesColumns, sink: RecordSink): RecordReader {
  const stream = ledgerStream(columns);
  const faults: LedgerFault[] = [];
  const chain = startChain((fault) => faults.push(fault));
  return lineReader((line, number) => {
    const node = lineNode(line, number);
    if (node === undefined) return;
    const index = chain.count;
    const entry = decodeEntry(node, `line ${String(number)}`);
    if (index === 0) sink.onStart({ form: 'ledger', stream });
    const expected = chain.expected();
    chain.add({ ledgerHash: entry.ledger_hash, prevHash: entry.prev_ledger_hash }, judge(entry, expected === undefined ? entry.prev_ledger_hash : expected, node), false);
    refuseFaults(faults, faults.length);
    sink.onChain?.(chain);
    const time = Number(entry.ts_ms);
    const record: SeriesRecord = {
      index,
      line: number,
      actor: entry.extension_id,
      capability: entry.capability,
      time: safeTime(Number.isSafeInteger(time) ? time : NaN, index),
      epochMs: true,
      value: stream === 'score' ? entry.risk_score : stream === 'error' ? Number(entry.outcome_error_code !== null) : null,
    };
    sink.onRecord(record);
  });
}
