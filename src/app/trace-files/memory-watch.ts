import { workerData } from 'node:worker_threads';

const { mostBytes, parent } = workerData as { readonly mostBytes: number; readonly parent: number };
const PERIOD_MS = 20;

// Ends its own process when that takes too much memory, or when nobody is left to hear its answer.
setInterval(() => {
  if (process.memoryUsage.rss() > mostBytes || process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}, PERIOD_MS);
