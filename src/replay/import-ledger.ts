import { InputError } from '../errors.js';
import { readRun, type EntryEvents, type EntryRun } from '../ledger/entries.js';
import { LEDGER_SCHEMA } from '../ledger/entry.js';
import { readFrameEnd, readFrameStart, type Frame } from '../ledger/frame.js';
import type { VerificationReport } from '../ledger/report.js';
import type { ByteSource } from '../ledger/source.js';
import { startVerification, type Verification } from '../ledger/verification.js';
import { openWindow, peek, type Window } from '../ledger/window.js';
import type { Importer, ImportInput, ImportReading, ImportSink, JsonRecord, SourceHead } from '../trace/import/importer.js';
import type { TraceRow } from '../trace/row.js';
import { provenRows, rowOfEntry } from './ledger-row.js';
import { skipUnreadableStart, type StartCounter } from './ledger-start.js';

/** A ledger being imported, and whether the chain does not hold at the entry that comes next. */
interface Counter extends StartCounter {
  broken: boolean;
}

/** Makes a row of every entry as it is verified. */
function eventsOf(counter: Counter, { file }: ImportInput, sink: ImportSink, verification: Verification): EntryEvents {
  const proven = provenRows();
  const take = (make: (place: { file: string; row: number }) => TraceRow): void => {
    counter.records += 1;
    counter.line += 1;
    try {
      sink.row(make({ file, row: counter.line }));
    } catch (refusal) {
      if (!(refusal instanceof InputError)) throw refusal;
      sink.reject(counter.line, refusal);
    }
    counter.broken = false;
  };
  return {
    onProven: (kernel) => { take((place) => proven(kernel, place)); },
    onDecoded: (entry) => { take((place) => rowOfEntry(entry, place, counter.broken)); },
    onUnknown: verification.onUnknown,
    onHash: verification.hashes.add,
  };
}

/** The refusal of an entry without the place that the ledger's reader puts before it. */
function reasonOf({ code, message }: InputError): InputError {
  return new InputError(code, message.replace(/^(?:line \d+|entries\[\d+\]), (?:byte \d+: )?/, '').replace(/^byte \d+: /, ''));
}

/** Leaves the rest of a line behind that is too long to hold. */
function skipLine(window: Window): void {
  for (;;) {
    const { memory } = window.kernel;
    const feed = memory.subarray(window.at, window.end).indexOf(0x0a);
    window.at = feed < 0 ? window.end : window.at + feed + 1;
    if (feed >= 0 || !window.more()) return;
  }
}

/** Steps to the next entry after one that could not be read; false where it cannot be told where that is. */
function stepOver({ window, form }: EntryRun, { code }: InputError): boolean {
  if (form === 'json-lines') {
    // A line that is merely no entry has been taken already.
    if (code === 'ENTRY_TOO_LARGE') skipLine(window);
    return true;
  }
  const next = peek(window);
  if (next === 0x2c) window.at += 1;
  return next === 0x2c || next === 0x5d;
}

const BLANK_LINE = 'the line is empty';

/** Reads all entries; one that cannot be read is rejected. Returns whether the end of entries was reached. */
function readAllEntries(run: EntryRun, counter: Counter, sink: ImportSink): boolean {
  for (;;) {
    try {
      readRun(run);
      return true;
    } catch (refusal) {
      if (!(refusal instanceof InputError)) throw refusal;
      const why = reasonOf(refusal);
      counter.line += 1;
      if (!why.message.startsWith(BLANK_LINE)) {
        counter.records += 1;
        sink.reject(counter.line, why);
      }
      if (!stepOver(run, refusal)) return false;
    }
  }
}

/** What verification has to say of a chain that was read to its end. */
function wordsOf({ consistent, faultCount, faults, entryCount }: VerificationReport): Pick<ImportReading, 'findings' | 'notes'> {
  if (consistent) return { findings: [], notes: [entryCount === 0 ? 'the ledger is empty' : 'the ledger verifies: every link and hash holds'] };
  const first = faults.slice(0, 3).map(({ index, code, message }) => `[${String(index)}] ${code}: ${message}`).join('; ');
  return { findings: [`the ledger does not verify (faults: ${String(faultCount)}): ${first}`], notes: [] };
}

/** Tries what comes after the entries; what is wrong there is a finding, since the rows are there. */
function attempt<T>(use: () => T): T | string {
  try {
    return use();
  } catch (refusal) {
    if (!(refusal instanceof InputError)) throw refusal;
    return reasonOf(refusal).message;
  }
}

function finish(window: Window, frame: Frame, verification: Verification, whole: boolean): Pick<ImportReading, 'findings' | 'notes'> {
  const end = whole ? attempt(() => { readFrameEnd(window, frame); }) : 'the ledger breaks off within its entries: what follows, if anything, cannot be told apart';
  const report = attempt(() => verification.finish(frame));
  const words = typeof report === 'string' ? { findings: [`the ledger cannot be verified as a whole: ${report}`], notes: [] } : wordsOf(report);
  return typeof end === 'string' ? { findings: [...words.findings, end], notes: [] } : words;
}

function read(input: ImportInput, sink: ImportSink): ImportReading {
  const counter: Counter = { records: 0, line: 0, broken: false };
  const pull: ByteSource = input.head.layout === 'lines' ? skipUnreadableStart(input.pull, counter, sink) : input.pull;
  const window = openWindow(pull);
  const verification = startVerification({ keepFaults: 3, onFault: () => { counter.broken = true; } });
  const { frame, entriesFollow } = readFrameStart(window);
  const events = eventsOf(counter, input, sink, verification);
  const whole = !entriesFollow || readAllEntries({ window, form: frame.form, chain: verification.chain, events, firstIndex: 0 }, counter, sink);
  return { records: counter.records, ...finish(window, frame, verification, whole) };
}

const isEntry = (record: JsonRecord): boolean => 'ledger_hash' in record && 'derived_state' in record;

function recognises({ layout, records, schema }: SourceHead): boolean {
  if (layout === 'document' && schema === LEDGER_SCHEMA) return true;
  return (layout === 'document' || layout === 'lines') && records.some(isEntry);
}

/**
 * Entries of the host's risk ledger, as its artifact or one a line. Every link and hash is verified on the way; rows are made
 * whether or not they hold, and what does not is a finding and the flag CHAIN_BROKEN.
 */
export const ledgerImporter: Importer = {
  name: 'pi.ledger',
  version: 1,
  reads: 'risk ledgers (*.ledger.json, or entries one a line)',
  recognises,
  fills: ['ts', 'call_id', 'native_capability', 'method', 'args_hash', 'error_code', 'native_error', 'decision_reason', 'risk_score', 'risk_state', 'chain_hash', 'source_file', 'source_row'],
  coverage: {
    executed: 'yes', policy_denied: 'no', gate_denied: 'yes', bad_call: 'not_applicable', nested: 'not_applicable',
    cannot_show: ['what a call touched: there is no resource value', 'latencies', 'sessions and turns', 'calls made while the controller was disabled', 'sizes of requests and responses'],
  },
  clock: 'wall',
  read,
};
