import { Worker } from 'node:worker_threads';
import { InputError } from '../../errors.js';
import { perform } from './perform.js';
import type { ReaderMessage, TraceTask } from './task.js';

/** Milliseconds between two signs of life, at least. */
const QUIET_MS = 50;

function tell(message: ReaderMessage): void {
  process.send?.(message);
}

/** What an error says, in a form that can be sent. */
function toldOf(error: unknown): ReaderMessage {
  const rssBytes = process.memoryUsage.rss();
  if (error instanceof InputError) return { kind: 'refused', code: error.code, message: error.message, offset: error.offset, rssBytes };
  const { code, syscall, path, message, stack }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  return code === undefined ? { kind: 'mistake', stack: stack ?? message } : { kind: 'system', message, code, syscall, path };
}

async function answer(task: TraceTask): Promise<ReaderMessage> {
  let toldMs = 0;
  const onProgress = (rows: number, bytes: number): void => {
    const nowMs = performance.now();
    if (nowMs - toldMs < QUIET_MS) return;
    toldMs = nowMs;
    tell({ kind: 'progress', rows, bytes });
  };
  try {
    return { kind: 'done', result: await perform(task, onProgress), rssBytes: process.memoryUsage.rss() };
  } catch (error) {
    return toldOf(error);
  }
}

// The thread that watches this process's memory works on while this one is stuck.
const watch = new Worker(new URL('./memory-watch.js', import.meta.url), { workerData: { mostBytes: Number(process.argv[2]), parent: process.ppid } });
watch.unref();
watch.once('online', () => { tell({ kind: 'ready' }); });
process.on('message', (task: TraceTask) => void answer(task).then(tell));
process.once('disconnect', () => process.exit());
