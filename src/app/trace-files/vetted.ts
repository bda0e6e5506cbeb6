import { createHash } from 'node:crypto';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../../errors.js';
import type { ByteSource } from '../../ledger/source.js';
import { TRACE_SCHEMA } from '../../trace/schema.js';
import { openFile, sizeOfFile, withSource, type OpenFile } from '../files.js';
import { peekInput } from '../input.js';
import { after, pieces, takeHead } from '../peeked.js';
import { formOfContent } from './form.js';
import { knownHash } from './known-hash.js';
import { traceReaders, type ReaderLimits, type TraceReaders } from './readers.js';
import type { CheckResult } from './task.js';

/** Bytes within which a trace in JSON Lines names its schema. */
const SCHEMA_WITHIN = 4096;

/** Whether bytes begin a trace, in any form; calls in JSON Lines are none. */
export function isTrace(head: Uint8Array): boolean {
  const form = formOfContent(head);
  if (form !== 'json lines') return form !== null;
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, SCHEMA_WITHIN)).toString('latin1').includes(`"${TRACE_SCHEMA}"`);
}

/** A trace that another process has read to its end and checked. */
export interface VettedTrace {
  /** SHA-256 of the file's bytes as they were given, in whatever form. */
  readonly sha256: string;
  readonly about: CheckResult;
}

/** A file open for reading. */
export interface VettedFile extends OpenFile {
  /** Where it is a trace: `source` then gives an Arrow stream, whatever form the file has. */
  readonly trace: VettedTrace | null;
}

/** Opens files that were prepared; every other file as it is. */
export type OpenVetted = (path: string) => VettedFile;

/** Opens a file as it is; nothing is known of its content. */
export function openUnvetted(path: string): VettedFile {
  return { ...openFile(path), trace: null };
}

/** A trace begins to be vetted; returns who is told how far that has come. */
type OnTrace = (path: string, sizeBytes: number) => { readonly update: (rows: number, bytes: number) => void; readonly stop: () => void };

/** How traces are vetted. */
export interface VettingOptions extends ReaderLimits {
  readonly onTrace?: OnTrace;
}

/** A place for the traces of one command. */
interface Workshop {
  readonly readers: TraceReaders;
  /** A file in a folder that is removed at the end. */
  readonly place: (name: string) => string;
  readonly atEnd: (what: () => void) => void;
  readonly options: VettingOptions;
}

/** SHA-256 of a file's bytes in hexadecimal digits. */
export function sha256Of(path: string): string {
  const hash = createHash('sha256');
  withSource(path, (source) => { for (const piece of pieces(source)) hash.update(piece); });
  return hash.digest('hex');
}

/** Whether a file is an Arrow stream as it stands. */
function isStream(path: string): boolean {
  return withSource(path, (source) => formOfContent(takeHead(source, 4)) === 'arrow stream');
}

/** The error of a trace that stops short. */
function tornError(lostBytes: number): InputError {
  return new InputError('TORN_TAIL', `the trace stops short: its last ${String(lostBytes)} bytes are no complete batch or line`);
}

/** Bytes to be read in another process. */
interface Unread {
  readonly path: string;
  /** Null where no hash is known. */
  readonly sha256: string | null;
}

/** Has a trace read in another process, and written anew where it is no stream or packed; tells where to read it. */
async function checked(unread: Unread, { readers, place }: Workshop, told: ReturnType<OnTrace> | undefined): Promise<{ readonly out: string; readonly about: CheckResult }> {
  const size = sizeOfFile(unread.path) ?? 0;
  if (isStream(unread.path)) return { out: unread.path, about: await readers.perform({ kind: 'check', ...unread }, size, told?.update) };
  const out = place('trace.arrows');
  writeFileSync(out, '', { mode: 0o600 });
  return { out, about: await readers.perform({ kind: 'convert', out, form: 'arrow stream', ...unread }, size, told?.update) };
}

/** What is another as soon as somebody writes to a file or puts another in its place. */
function stateOf(path: string): string {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join();
}

/** Has a trace checked; then it can be opened, if it is still what was checked. */
async function vet(path: string, name: string, workshop: Workshop): Promise<() => VettedFile> {
  const sha256 = knownHash(name, undefined)?.sha256 ?? null;
  const before = stateOf(path);
  const told = workshop.options.onTrace?.(name, sizeOfFile(path) ?? 0);
  try {
    const { out, about } = await checked({ path, sha256 }, workshop, told);
    if (about.lostBytes > 0) throw tornError(about.lostBytes);
    const trace = { sha256: sha256 ?? sha256Of(path), about };
    return () => {
      if (stateOf(path) !== before) throw new InputError('CONTENT_HASH', 'the file was changed after it had been checked: copy it, and read the copy');
      return { ...openFile(out), trace };
    };
  } finally {
    told?.stop();
  }
}

/** Prepares what can be read once only: a trace is kept in a file, anything else goes on where its first bytes end. */
async function prepareOnce(file: OpenFile, path: string, workshop: Workshop): Promise<() => VettedFile> {
  const head = takeHead(file.source, SCHEMA_WITHIN);
  const source: ByteSource = after(head, file.source);
  if (!isTrace(head)) {
    workshop.atEnd(file.close);
    return () => ({ ...file, source, close: () => undefined, trace: null });
  }
  const kept = workshop.place('input');
  await pipeline(Readable.from(pieces(source), { objectMode: false }), createWriteStream(kept, { mode: 0o600 }));
  file.close();
  return vet(kept, path, workshop);
}

async function prepare(path: string, workshop: Workshop): Promise<() => VettedFile> {
  const file = openFile(path);
  if (path === '-' || file.sizeBytes === null) return prepareOnce(file, path, workshop);
  file.close();
  const head = peekInput(path);
  return head !== null && isTrace(head) ? vet(path, path, workshop) : () => openUnvetted(path);
}

/** What opens a file that could not be prepared: why, each time. */
async function orWhyNot(opening: Promise<() => VettedFile>): Promise<() => VettedFile> {
  return opening.catch((error: unknown) => () => { throw error; });
}

/**
 * Prepares files for reading in this process, the one door through which traces come in: each trace, recognised by content, gzip or
 * not, has been read to its end and checked by another process, under a limit of memory and time, before it can be opened here. One
 * that is no Arrow stream, or is packed, has been written as one into a temporary file, which is removed afterwards. A known hash
 * (`FILE.sha256`) is compared before. Other files are opened as they are.
 *
 * @param paths - `-` is the standard input; what can be read once only can be opened once, unless it is a trace
 * @param use - gets the function that opens files
 * @throws by the function that opens, for the file that it is asked for: {@link InputError} TORN_TAIL, READER_STOPPED, CONTENT_HASH (also
 * where the file has changed since), BAD_GZIP, what the form's reader throws, and what the file system has against it
 */
export async function withVettedFiles<T>(paths: readonly string[], use: (open: OpenVetted) => T | Promise<T>, options: VettingOptions = {}): Promise<T> {
  const readers = traceReaders(options);
  const endings: (() => void)[] = [];
  const place = (name: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
    endings.push(() => { rmSync(folder, { recursive: true, force: true }); });
    return join(folder, name);
  };
  try {
    const openings = new Map<string, () => VettedFile>();
    for (const path of new Set(paths)) openings.set(path, await orWhyNot(prepare(path, { readers, place, atEnd: (what) => endings.push(what), options })));
    readers.close();
    return await use((path) => (openings.get(path) ?? (() => openUnvetted(path)))());
  } finally {
    readers.close();
    for (const end of endings) end();
  }
}
