import { parentPort } from 'node:worker_threads';
import { InputError } from '../errors.js';
import { verifySegment, type Segment, type SegmentTask } from '../ledger/segment.js';
import { openFile } from './files.js';

/** A segment of a file, numbered so that answers can be put in order. */
export interface WorkerTask extends SegmentTask {
  readonly path: string;
  readonly number: number;
}

/** A worker's answer: null where no entry starts in the segment, or where it could not be read from a guessed start. */
export interface WorkerAnswer {
  readonly number: number;
  readonly segment: Segment | null;
}

parentPort?.on('message', (task: WorkerTask) => {
  const file = openFile(task.path, task.from);
  let segment: Segment | null = null;
  try {
    segment = verifySegment(file.source, task);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  } finally {
    file.close();
  }
  parentPort?.postMessage({ number: task.number, segment } satisfies WorkerAnswer);
});
