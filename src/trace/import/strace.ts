import { InputError } from '../../errors.js';
import { basenameOf } from './basename.js';
import type { Importer, ImportInput, ImportReading, ImportSink } from './importer.js';
import { readLines } from './lines.js';
import { isStraceLine, readStraceLine, type Begun, type SystemCall } from './strace/line.js';
import { record, rowOfDraft, startRecording } from './strace/recording.js';

/** A call and the line it ended on. */
interface Met {
  readonly call: SystemCall;
  readonly line: number;
}

/** All calls of a file; lines that cannot be read go to the sink. */
function callsOf({ pull }: ImportInput, refuse: (line: number, why: InputError) => void): { readonly met: readonly Met[]; readonly unfinished: number } {
  const met: Met[] = [];
  const begun: Begun = new Map();
  readLines(pull, {
    line: (text, number) => {
      if (text.trim() === '') return;
      try {
        const read = readStraceLine(text, begun);
        if (read.kind === 'call') met.push({ call: read.call, line: number });
      } catch (refusal) {
        if (!(refusal instanceof InputError)) throw refusal;
        refuse(number, refusal);
      }
    },
    bad: refuse,
  });
  return { met, unfinished: begun.size };
}

function read(input: ImportInput, sink: ImportSink): ImportReading {
  let rejects = 0;
  const { met, unfinished } = callsOf(input, (line, why) => {
    rejects += 1;
    sink.reject(line, why);
  });
  const recording = startRecording();
  const lines = new Map(met.map(({ call, line }) => [call, line]));
  // A child's first calls may stand before the line that says whose child it is, but start after it.
  for (const { call } of met.toSorted((a, b) => a.call.startUs - b.call.startUs || a.line - b.line)) record(recording, call);
  const { drafts } = recording;
  const actor = drafts.find(({ capability, errno }) => capability === 'process.exec' && errno === null)?.process.program ?? 'unknown';
  const session = basenameOf(input.file);
  drafts.forEach((draft, i) => {
    const place = lines.get(draft.call) ?? 1;
    try {
      sink.row({ ...rowOfDraft(draft, { actor, session }), call_id: `${draft.process.name}-${String(i + 1)}`, source_file: input.file, source_row: place });
    } catch (refusal) {
      if (!(refusal instanceof InputError)) throw refusal;
      sink.reject(place, refusal);
    }
  });
  const processes = new Set(recording.processes.values()).size;
  return {
    records: drafts.length + rejects,
    findings: [],
    notes: [`processes: ${String(processes)}; system calls: ${String(met.length)}, of which ${String(drafts.length)} are rows and the others give their bytes and processes`, ...(unfinished > 0 ? [`calls that never ended: ${String(unfinished)}`] : [])],
  };
}

/**
 * A program's system calls as `strace -f -ttt -T -y` writes them: what it and its children started, opened, removed and connected
 * to. The id of a call begins with its process: 1 is the program, 1.2 its second child.
 *
 * @remarks The calls of a file are held in memory while it is read.
 */
export const straceImporter: Importer = {
  name: 'strace',
  version: 1,
  reads: 'system calls, as strace -f -ttt -T -y writes them',
  recognises: ({ layout, header }) => layout === 'cells' && isStraceLine(header.join(',')),
  fills: ['ts', 'session', 'call_id', 'native_capability', 'method', 'tool', 'resource', 'error_code', 'native_error', 'latency_us', 'latency_kind', 'bytes_in', 'bytes_out', 'source_file', 'source_row'],
  coverage: {
    executed: 'yes', policy_denied: 'no', gate_denied: 'not_applicable', bad_call: 'not_applicable', nested: 'yes',
    cannot_show: ['calls that strace was not asked for', 'what passes through mapped memory and io_uring', 'names of hosts: connections are by address', 'environment variables, which no system call reads'],
  },
  clock: 'wall',
  read,
};
