import { isArrowStream } from '../arrow-head.js';
import { isTcpdHead } from './tcpd.js';

/** What a file of observations can be. */
export type SeriesForm = 'ledger' | 'ledger lines' | 'telemetry' | 'calls' | 'csv' | 'tcpd' | 'trace';

/** Bytes that surely tell what a file is. */
export const HEAD_BYTES: number = 1 << 16;

const latin1 = new TextDecoder('latin1');

/** The object that a line is; undefined for any other text. */
function objectOf(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

const ENTRIES = /"entries"\s*:\s*\[/;
const HASH = /"ledger_hash"\s*:/;
const TELEMETRY = /"schema"\s*:\s*"pi\.ext\.hostcall_telemetry\./;

/** Whether the first line is a record by itself, be it a broken one; null where that cannot be told yet. */
function isLine(line: string, complete: boolean): boolean | null {
  const object = objectOf(line);
  if (object !== undefined) return !('entries' in object);
  if (complete) return /^\{.+\}\s*$/.test(line) && !ENTRIES.test(line);
  return null;
}

/**
 * What a file is, from its beginning: comma-separated values unless its first character is a brace, or it is an Arrow stream.
 *
 * @param head - its first bytes
 * @param enough - whether these are all there are, or {@link HEAD_BYTES} of them
 * @returns null where more bytes are needed
 */
export function formOfHead(head: Uint8Array, enough: boolean): SeriesForm | null {
  if (isArrowStream(head)) return 'trace';
  const text = latin1.decode(head.subarray(0, HEAD_BYTES));
  const start = text.search(/[^ \t\r\n]/);
  if (start < 0) return enough ? 'csv' : null;
  if (text[start] !== '{') return 'csv';
  return isTcpdHead(text) ? 'tcpd' : formOfJson(text, start, enough);
}

/** As {@link formOfHead} for a text whose first character, at `start`, is a brace. */
function formOfJson(text: string, start: number, enough: boolean): SeriesForm | null {
  const feed = text.indexOf('\n', start);
  if (isLine(feed < 0 ? text.slice(start) : text.slice(start, feed), feed >= 0) === true) return formOfLine(text);
  if (!enough) return null;
  if (!ENTRIES.test(text)) return formOfLine(text);
  return TELEMETRY.test(text) ? 'telemetry' : 'ledger';
}

function formOfLine(text: string): SeriesForm {
  return HASH.test(text) ? 'ledger lines' : 'calls';
}
