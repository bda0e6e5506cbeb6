import { Presets, SingleBar } from 'cli-progress';
import type { Io } from './cli/io.js';

const PATIENCE_MS = 1000;

/** A bar for work that goes through a file. */
export interface Progress {
  readonly update: (entries: number, bytes: number) => void;
  readonly stop: () => void;
}

function rateText(perSec: number): string {
  return perSec >= 10_000 ? `${Math.round(perSec / 1000).toLocaleString('en-US')}k` : Math.round(perSec).toLocaleString('en-US');
}

/**
 * A progress bar on standard error, with records a second and the time left: on a terminal only, and only once the
 * work has taken a second.
 *
 * @param sizeBytes - size of the file; null where it has none, as a pipe, which gets no bar
 */
export function startProgress(io: Io, what: string, sizeBytes: number | null): Progress {
  const nothing = { update: (): void => undefined, stop: (): void => undefined };
  if (!io.stderr.isTTY || sizeBytes === null) return nothing;
  const startMs = io.clock();
  let bar: SingleBar | null = null;
  const open = (): SingleBar => {
    const made = new SingleBar({
      format: `${what} [{bar}] {percentage}% | {entries} records | {rate} records/s | ETA {left} s`,
      barsize: 10,
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      linewrap: null,
    }, Presets.legacy);
    made.start(sizeBytes, 0, { entries: '0', rate: '0', left: '-' });
    return made;
  };
  return {
    update: (entries, bytes) => {
      const elapsedMs = io.clock() - startMs;
      if (elapsedMs < PATIENCE_MS) return;
      bar ??= open();
      const left = Math.ceil(((sizeBytes - bytes) / Math.max(bytes, 1)) * (elapsedMs / 1000));
      bar.update(bytes, { entries: entries.toLocaleString('en-US'), rate: rateText((entries * 1000) / elapsedMs), left });
    },
    stop: () => { bar?.stop(); },
  };
}
