import type { StreamKind } from '../../series/record.js';
import { collectSeries, streamKey, type CollectedStream, type StreamBy, type StreamName } from '../../series/streams.js';
import { withOpen } from '../../files.js';
import { usageError } from '../exit.js';
import type { Io } from '../io.js';
import { naming } from '../ledgers.js';
import { columnsOf, type SeriesOptions } from '../series-options.js';

const NAMELESS = '(none)';

/** The key of a stream in an envelope: a name by itself, two as a JSON list. */
export function keyOf(name: StreamName, by: StreamBy): string {
  if (by === 'none') return 'all';
  if (by === 'actor,capability') return streamKey(name);
  return (by === 'actor' ? name.actor : name.capability) ?? NAMELESS;
}

/** A key for people. */
export function labelOf(key: string, by: string): string {
  if (by !== 'actor,capability') return key;
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts.map((part) => (typeof part === 'string' ? part : NAMELESS)).join(' ') : key;
  } catch {
    return key;
  }
}

/** One file's streams. */
export interface FileStreams {
  readonly path: string;
  readonly kind: StreamKind;
  readonly streams: readonly CollectedStream[];
}

/**
 * Collects the streams of files, each by itself: their ends are never joined. All files must give the same stream.
 *
 * @throws as `collectSeries`, the file named
 */
export function streamsOfFiles(io: Io, files: readonly string[], options: SeriesOptions): FileStreams[] {
  const columns = columnsOf(options);
  // Only waits need the order of time: calls that overlap end out of it.
  const sort = options.sort ?? (options.stream !== undefined && options.stream !== 'interval');
  let kind: StreamKind | null = null;
  return files.map((path) => {
    const asked = kind === null ? columns : { ...columns, stream: kind };
    const { about, streams } = withOpen(naming(path, () => io.open(path)), ({ source }) => naming(path, () => collectSeries(source, asked, { by: options.by, sort })));
    kind ??= about.stream;
    if (about.stream !== kind) throw usageError(`${path} gives the stream ${about.stream}, the files before it ${kind}: name one with --stream`);
    return { path, kind: about.stream, streams };
  });
}

/** Milliseconds, where times are or latencies are in them. */
export function unitOf(kind: StreamKind, streams: readonly CollectedStream[]): string | null {
  if (kind === 'latency') return 'ms';
  return kind === 'interval' && streams.length > 0 && streams.every(({ epochMs }) => epochMs) ? 'ms' : null;
}
