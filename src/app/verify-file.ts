import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readRun } from '../ledger/entries.js';
import { readFrameEnd, readFrameStart, type Frame } from '../ledger/frame.js';
import type { VerificationReport } from '../ledger/report.js';
import { addSegment, follows, openingOf, type Segment } from '../ledger/segment.js';
import { verifyStream } from '../ledger/stream.js';
import { startVerification, type Verification, type VerificationOptions } from '../ledger/verification.js';
import { openWindow } from '../ledger/window.js';
import { openFile } from './files.js';
import type { WorkerAnswer, WorkerTask } from './verify-worker.js';

/** How to verify a file. */
export interface FileOptions extends VerificationOptions {
  /** Threads that check entries. Default: as many as the machine has cores; 1 for small files and pipes. */
  readonly threads?: number;
  /** Bytes a thread takes at a time. Default 8 MiB. */
  readonly segmentBytes?: number;
}

const SEGMENT_BYTES = 1 << 23;
const WORKER_FILE = new URL('./verify-worker.js', import.meta.url);

/**
 * Verifies a ledger file, on several threads where it is large. The report is the same whatever the number of threads.
 *
 * @param path - the file; `-` is the standard input
 * @throws {@link InputError} as `verifyStream`; the system's own error where the file cannot be opened
 */
export async function verifyFile(path: string, options: FileOptions = {}): Promise<VerificationReport> {
  const { threads = availableParallelism(), segmentBytes = SEGMENT_BYTES } = options;
  const file = openFile(path);
  try {
    if (threads < 2 || path === '-' || file.sizeBytes === null || file.sizeBytes < 4 * segmentBytes) return verifyStream(file.source, options);
    return await verifyInParallel(path, file.sizeBytes, { ...options, threads, segmentBytes });
  } finally {
    file.close();
  }
}

type Parallel = FileOptions & { readonly threads: number; readonly segmentBytes: number };

async function verifyInParallel(path: string, sizeBytes: number, options: Parallel): Promise<VerificationReport> {
  const verification = startVerification(options);
  const file = openFile(path);
  const window = openWindow(file.source);
  const { frame, entriesFollow } = readFrameStart(window);
  try {
    if (!entriesFollow) {
      readFrameEnd(window, frame);
      return verification.finish(frame);
    }
    const opening = openingOf(window);
    const first = window.offset(window.at);
    const lead = frame.form === 'json-lines' ? 1 : 0;
    const tasks = Array.from({ length: Math.ceil((sizeBytes - first) / options.segmentBytes) }, (_, number): WorkerTask => {
      const at = first + number * options.segmentBytes;
      return { path, number, form: frame.form, from: number === 0 ? first : at - lead, exact: number === 0, until: at + options.segmentBytes, opening };
    });
    const end = await mergeSegments(tasks, { path, verification, frame, at: first }, options);
    finishFrame(path, end, frame);
    return verification.finish(frame);
  } finally {
    file.close();
  }
}

function finishFrame(path: string, end: number, frame: Frame): void {
  const file = openFile(path, end);
  try {
    readFrameEnd(openWindow(file.source, { base: end }), frame);
  } finally {
    file.close();
  }
}

interface Merge {
  readonly path: string;
  readonly verification: Verification;
  readonly frame: Frame;
  /** File offset at which the next segment must start. */
  at: number;
}

/** Reads a stretch again from where it is known to start: its start had been guessed wrong, or it is broken. */
function reread(merge: Merge, until: number): boolean {
  const { path, verification, frame } = merge;
  const file = openFile(path, merge.at);
  try {
    const window = openWindow(file.source, { base: merge.at });
    const events = { onUnknown: verification.onUnknown, onHash: verification.hashes.add };
    const entriesFollow = readRun({ window, form: frame.form, chain: verification.chain, events, firstIndex: 0 }, until);
    merge.at = window.offset(window.at);
    return entriesFollow;
  } finally {
    file.close();
  }
}

/** Puts an answer where it belongs. True while entries follow. */
function addAnswer(merge: Merge, segment: Segment | null, until: number): boolean {
  if (merge.at >= until) return true;
  if (segment === null || !follows(merge.verification, merge.at, segment)) return reread(merge, until);
  addSegment(merge.verification, segment);
  merge.at = segment.end;
  return segment.entriesFollow;
}

/** Keeps a worker's garbage small: it needs little, and there may be many. */
const WORKER_LIMITS = { maxOldGenerationSizeMb: 48, maxYoungGenerationSizeMb: 8 };

/** Segments handed out and answers waiting for those before them. */
interface Progress {
  handedOut: number;
  merged: number;
  entriesFollow: boolean;
  readonly waiting: Map<number, Segment | null>;
}

/** Merges the answers that are next in order. */
function mergeReady(tasks: readonly WorkerTask[], progress: Progress, merge: Merge): void {
  for (;;) {
    const segment = progress.waiting.get(progress.merged);
    if (segment === undefined || !progress.entriesFollow) return;
    progress.waiting.delete(progress.merged);
    progress.entriesFollow = addAnswer(merge, segment, tasks[progress.merged]?.until ?? Infinity);
    progress.merged += 1;
  }
}

/** Hands segments to workers and merges the answers in order; returns the file offset behind the entries. */
async function mergeSegments(tasks: readonly WorkerTask[], merge: Merge, { threads, onProgress }: Parallel): Promise<number> {
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => new Worker(WORKER_FILE, { resourceLimits: WORKER_LIMITS }));
  const progress: Progress = { handedOut: 0, merged: 0, entriesFollow: true, waiting: new Map() };
  const idle = new Set(workers);
  // A few segments ahead at most, so that answers cannot pile up behind a slow one.
  const handOut = (): void => {
    for (const worker of idle) {
      if (progress.handedOut === tasks.length || progress.handedOut >= progress.merged + 3 * workers.length) return;
      idle.delete(worker);
      worker.postMessage(tasks[progress.handedOut]);
      progress.handedOut += 1;
    }
  };
  try {
    await new Promise<void>((resolve, reject) => {
      const take = (worker: Worker, answer: WorkerAnswer): void => {
        progress.waiting.set(answer.number, answer.segment);
        idle.add(worker);
        mergeReady(tasks, progress, merge);
        onProgress?.(merge.verification.chain.count, merge.at);
        if (!progress.entriesFollow || progress.merged === tasks.length) resolve();
        else handOut();
      };
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('message', (answer: WorkerAnswer) => {
          try {
            take(worker, answer);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
      }
      handOut();
    });
    if (progress.entriesFollow) reread(merge, Infinity);
    return merge.at;
  } finally {
    await Promise.all(workers.map(async (worker) => worker.terminate()));
  }
}
