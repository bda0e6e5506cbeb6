import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HEAD_BYTES } from '../../trace-files/form.js';
import { withVettedFiles, type VettedFile } from '../../trace-files/vetted.js';

/** Bytes within which a line ends, or is taken for one that is too long to tell what it is. */
const LINE_BYTES = 4096;
const BRACE = 0x7b;
const LINE_FEED = 0x0a;

/** Whether bytes are enough to tell a trace from anything else: a line where they begin with a brace, else a few. */
function isEnough(bytes: Uint8Array): boolean {
  if (bytes[0] === BRACE) return bytes.includes(LINE_FEED) || bytes.length >= LINE_BYTES;
  return bytes.length >= HEAD_BYTES || bytes.includes(LINE_FEED);
}

/** The first bytes of an input that comes as it comes: enough to tell whether it is a trace. */
export async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  while (!isEnough(head)) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Uint8Array.from(Buffer.concat([head, next.value]));
  }
  return head;
}

async function* joined(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
}

/** Keeps a trace that comes as it comes in a temporary file until it has ended, since it is checked as a whole, and hands it over. */
export async function withKept(head: Uint8Array, chunks: AsyncIterator<Uint8Array>, use: (open: () => VettedFile) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-'));
  const path = join(folder, 'input');
  try {
    await pipeline(joined(head, chunks), createWriteStream(path, { mode: 0o600 }));
    await withVettedFiles([path], (open) => { use(() => open(path)); });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
