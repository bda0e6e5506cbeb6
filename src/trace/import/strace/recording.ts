import type { TraceRow } from '../../row.js';
import { TRACE_FLAGS, type TraceCapability, type TraceErrorCode, type TraceResourceClass } from '../../words.js';
import { classOfCapability, outcomeOfError } from '../meanings.js';
import { classOfTarget, resourceOf } from '../resources.js';
import type { SystemCall } from './line.js';
import { addressAt, commandLine, descriptorOf, pathAt } from './paths.js';

/** A row in the making: bytes and the end of a connection come later. */
export interface Draft {
  readonly call: SystemCall;
  readonly process: Process;
  readonly program: string;
  readonly capability: TraceCapability;
  readonly resource: string;
  readonly cut: boolean;
  errno: string | null;
  /** Whether a connection was begun and its end not seen. */
  pending: boolean;
  sent: number;
  got: number;
}

/** A process: its place among its ancestors, what it runs, and what its descriptors are. */
interface Process {
  readonly name: string;
  program: string;
  children: number;
  readonly files: Map<number, Draft>;
}

/** All that a recording knows while its calls go by in order of their starts. */
export interface Recording {
  /** Processes by the number of any of their threads. */
  readonly processes: Map<number, Process>;
  readonly drafts: Draft[];
  roots: number;
}

/** A recording of nothing so far. */
export function startRecording(): Recording {
  return { processes: new Map(), drafts: [], roots: 0 };
}

function processOf(recording: Recording, pid: number): Process {
  const known = recording.processes.get(pid);
  if (known !== undefined) return known;
  recording.roots += 1;
  const made: Process = { name: String(recording.roots), program: 'unknown', children: 0, files: new Map() };
  recording.processes.set(pid, made);
  return made;
}

/** A child, or a thread, which is its process. */
function onClone(recording: Recording, { pid, returned, parts }: SystemCall): void {
  const parent = processOf(recording, pid);
  if (returned === null || returned <= 0) return;
  if (parts.join().includes('CLONE_THREAD')) {
    recording.processes.set(returned, parent);
    return;
  }
  parent.children += 1;
  recording.processes.set(returned, { name: `${parent.name}.${String(parent.children)}`, program: parent.program, children: 0, files: new Map(parent.files) });
}

interface Touch {
  readonly capability: TraceCapability;
  readonly resource: string | null;
  readonly cut?: boolean;
}

function addDraft(recording: Recording, call: SystemCall, { capability, resource, cut = false }: Touch): Draft | null {
  const process = processOf(recording, call.pid);
  if (resource === null) return null;
  const draft: Draft = { call, process, program: process.program, capability, resource, cut, errno: call.errno, pending: false, sent: 0, got: 0 };
  recording.drafts.push(draft);
  return draft;
}

function onExec(recording: Recording, call: SystemCall): void {
  const process = processOf(recording, call.pid);
  const path = pathAt(call.parts[0]) ?? '';
  const { words, cut } = commandLine(call.parts[1]);
  // One that failed is known by where it was looked for.
  const line = call.errno === null && words.length > 0 ? words : [path, ...words.slice(1)];
  if (call.errno === null) process.program = path.slice(path.lastIndexOf('/') + 1);
  addDraft(recording, call, { capability: 'process.exec', resource: line.join(' '), cut });
}

function onOpen(recording: Recording, call: SystemCall, [path, flags]: readonly [string | null, string]): void {
  const writes = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND/.test(flags);
  const draft = addDraft(recording, call, { capability: writes ? 'fs.write' : 'fs.read', resource: path });
  if (draft !== null && call.returned !== null && call.returned >= 0) draft.process.files.set(call.returned, draft);
}

function onConnect(recording: Recording, call: SystemCall): void {
  const descriptor = descriptorOf(call.parts[0]);
  const draft = addDraft(recording, call, { capability: call.name === 'bind' ? 'net.bind' : 'net.connect', resource: addressAt(call.parts[1]) });
  if (draft === null || descriptor === null) return;
  draft.pending = call.errno === 'EINPROGRESS';
  if (draft.pending) draft.errno = null;
  draft.process.files.set(descriptor, draft);
}

const SOCKET_ERRORS: ReadonlyMap<string, string> = new Map([['101', 'ENETUNREACH'], ['104', 'ECONNRESET'], ['110', 'ETIMEDOUT'], ['111', 'ECONNREFUSED'], ['113', 'EHOSTUNREACH']]);

/** How a connection that was begun has ended, as the program asked. */
function onSocketError(recording: Recording, { pid, parts }: SystemCall): void {
  const draft = processOf(recording, pid).files.get(descriptorOf(parts[0]) ?? -1);
  if (draft?.pending !== true || parts[2] !== 'SO_ERROR') return;
  const [, word = '0'] = /^\[([A-Z0-9]+)\]/.exec(parts[3] ?? '') ?? [];
  draft.pending = false;
  draft.errno = word === '0' ? null : (SOCKET_ERRORS.get(word) ?? word);
}

function onBytes(recording: Recording, { pid, parts, returned }: SystemCall, way: 'sent' | 'got'): void {
  const draft = processOf(recording, pid).files.get(descriptorOf(parts[0]) ?? -1);
  if (draft !== undefined && returned !== null && returned > 0) draft[way] += returned;
}

function onDuplicate(recording: Recording, { pid, parts, returned }: SystemCall): void {
  const { files } = processOf(recording, pid);
  const draft = files.get(descriptorOf(parts[0]) ?? -1);
  if (draft !== undefined && returned !== null && returned >= 0) files.set(returned, draft);
}

type Effect = (recording: Recording, call: SystemCall) => void;

const touches = (capability: TraceCapability, paths: (parts: readonly string[]) => readonly (string | null)[]): Effect => (recording, call) => {
  addDraft(recording, call, { capability, resource: resourceOf(paths(call.parts).filter((path) => path !== null)) });
};

const write: Effect = (recording, call) => { onBytes(recording, call, 'sent'); };
const read: Effect = (recording, call) => { onBytes(recording, call, 'got'); };
const deleted = touches('fs.write.delete', ([path]) => [pathAt(path)]);
const written = touches('fs.write', ([path]) => [pathAt(path)]);

/** What each system call does to a recording; all others leave it as it is. */
const EFFECTS: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  ...['clone', 'clone3', 'fork', 'vfork'].map((name): [string, Effect] => [name, onClone]),
  ['execve', onExec],
  ['open', (recording, call) => { onOpen(recording, call, [pathAt(call.parts[0]), call.parts[1] ?? '']); }],
  ['creat', (recording, call) => { onOpen(recording, call, [pathAt(call.parts[0]), 'O_CREAT']); }],
  ['openat', (recording, call) => { onOpen(recording, call, [pathAt(call.parts[1], call.parts[0]), call.parts[2] ?? '']); }],
  ['openat2', (recording, call) => { onOpen(recording, call, [pathAt(call.parts[1], call.parts[0]), call.parts[2] ?? '']); }],
  ['unlink', deleted], ['rmdir', deleted],
  ['unlinkat', touches('fs.write.delete', ([folder, path]) => [pathAt(path, folder)])],
  ['mkdir', written], ['chmod', written], ['truncate', written],
  ['mkdirat', touches('fs.write', ([folder, path]) => [pathAt(path, folder)])],
  ['fchmodat', touches('fs.write', ([folder, path]) => [pathAt(path, folder)])],
  ['rename', touches('fs.write', ([from, to]) => [pathAt(from), pathAt(to)])],
  ['renameat', touches('fs.write', ([folder, from, other, to]) => [pathAt(from, folder), pathAt(to, other)])],
  ['renameat2', touches('fs.write', ([folder, from, other, to]) => [pathAt(from, folder), pathAt(to, other)])],
  ['symlink', touches('fs.write', ([, path]) => [pathAt(path)])],
  ['symlinkat', touches('fs.write', ([, folder, path]) => [pathAt(path, folder)])],
  ['link', touches('fs.write', ([from, to]) => [pathAt(from), pathAt(to)])],
  ['linkat', touches('fs.write', ([folder, from, other, to]) => [pathAt(from, folder), pathAt(to, other)])],
  ['connect', onConnect], ['bind', onConnect], ['getsockopt', onSocketError],
  ...['read', 'pread64', 'readv', 'preadv', 'recvfrom', 'recvmsg'].map((name): [string, Effect] => [name, read]),
  ...['write', 'pwrite64', 'writev', 'pwritev', 'sendto', 'sendmsg', 'sendfile'].map((name): [string, Effect] => [name, write]),
  ...['dup', 'dup2', 'dup3', 'fcntl'].map((name): [string, Effect] => [name, (recording, call) => { if (name !== 'fcntl' || call.parts[1]?.startsWith('F_DUPFD') === true) onDuplicate(recording, call); }]),
  ['close', (recording, { pid, parts }) => { processOf(recording, pid).files.delete(descriptorOf(parts[0]) ?? -1); }],
]);

/** The system calls that a recording needs, for strace. */
export const RECORDED_CALLS: readonly string[] = [...EFFECTS.keys()];

/** Takes the next call, in order of starts. */
export function record(recording: Recording, call: SystemCall): void {
  EFFECTS.get(call.name)?.(recording, call);
}

const CODES: ReadonlyMap<string, TraceErrorCode> = new Map<string, TraceErrorCode>([
  ['ENOENT', 'not_found'], ['ENOTDIR', 'not_found'], ['EACCES', 'denied'], ['EPERM', 'denied'], ['EROFS', 'denied'], ['ETIMEDOUT', 'timeout'], ['EINTR', 'cancelled'],
  ['ECONNREFUSED', 'network'], ['ECONNRESET', 'network'], ['ENETUNREACH', 'network'], ['EHOSTUNREACH', 'network'], ['EADDRNOTAVAIL', 'network'],
]);

function classOf({ capability, resource }: Draft): TraceResourceClass {
  if (!capability.startsWith('net.')) return classOfCapability(capability);
  return resource.startsWith('unix:') ? 'net.loopback' : classOfTarget(resource);
}

/** The row of a draft when nothing more will come. */
export function rowOfDraft(draft: Draft, { actor, session }: { readonly actor: string; readonly session: string }): Omit<TraceRow, 'source_file' | 'source_row' | 'call_id'> {
  const { call, capability, errno, pending, sent, got } = draft;
  const code = errno === null ? null : (CODES.get(errno) ?? 'io');
  const unknown = (pending && sent + got === 0) || (call.returned === null && errno === null);
  return {
    ts: call.startUs, ts_res_us: 1, host: 'other', source: 'strace', actor, session, capability, native_capability: call.name, method: call.name,
    tool: draft.program, resource_class: classOf(draft), resource: draft.resource,
    outcome: unknown ? 'unknown' : outcomeOfError(code), error_code: code, native_error: errno,
    latency_us: call.durationUs, latency_kind: call.durationUs === null ? null : 'exec',
    bytes_in: sent, bytes_out: got, flags: draft.cut ? TRACE_FLAGS.TRUNCATED : 0,
  };
}
