import { extname } from 'node:path';

/** How a trace is stored. */
export type TraceForm = 'arrow stream' | 'arrow file' | 'parquet' | 'json lines';

/** Extensions by form; the first is what a user is told. */
export const EXTENSIONS: Readonly<Record<TraceForm, readonly string[]>> = {
  'arrow stream': ['.arrows'],
  'arrow file': ['.arrow', '.feather', '.ipc'],
  parquet: ['.parquet', '.pq'],
  'json lines': ['.jsonl', '.ndjson'],
};

/** Bytes that {@link formOfContent} looks at, at most. */
export const HEAD_BYTES = 64;

/**
 * The form of a trace, by its first bytes alone: what a file is called says nothing about what is in it.
 *
 * @param head - the first bytes, {@link HEAD_BYTES} of them where there are as many
 * @returns null where they begin no trace
 */
export function formOfContent(head: Uint8Array): TraceForm | null {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (text.startsWith('\xff\xff\xff\xff')) return 'arrow stream';
  if (text.startsWith('ARROW1')) return 'arrow file';
  if (text.startsWith('PAR1')) return 'parquet';
  return /^\s*\{/.test(text) ? 'json lines' : null;
}

/** The form that a path's extension asks for; null where it asks for none. */
export function formOfPath(path: string): TraceForm | null {
  const extension = extname(path).toLowerCase();
  const found = Object.entries(EXTENSIONS).find(([, extensions]) => extensions.includes(extension));
  return found === undefined ? null : (found[0] as TraceForm);
}
