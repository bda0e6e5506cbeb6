import { InputError } from '../errors.js';
import { skipSpace } from '../ledger/lexeme.js';
import type { ByteSource } from '../ledger/source.js';
import type { ImportSink } from '../trace/import/importer.js';
import { recordOfText } from '../trace/import/line-records.js';

/** Records met and lines passed so far. */
export interface StartCounter {
  records: number;
  line: number;
}

/** Bytes in which a first line must end for the lines before it to be told apart. */
const MOST = 1 << 20;

/** Why a line is no record; null where it is one, or where it is white space alone. */
function refusalOf(line: Uint8Array): InputError | null {
  if (skipSpace(line, 0) === line.length) return null;
  try {
    recordOfText(new TextDecoder('utf-8', { fatal: true }).decode(line), 'the line', JSON.parse);
    return null;
  } catch (refusal) {
    return refusal instanceof InputError ? refusal : new InputError('INVALID_UTF8', 'the line must be UTF-8, got other bytes');
  }
}

/** Bytes of a source that can be looked at before they are taken. */
interface Lookahead {
  held: Uint8Array;
  /** Position behind the first line feed; 0 where none is near. */
  readonly firstLine: () => number;
}

function lookahead(pull: ByteSource): Lookahead {
  let ended = false;
  const ahead: Lookahead = {
    held: new Uint8Array(0),
    firstLine: () => {
      for (;;) {
        const feed = ahead.held.indexOf(0x0a);
        if (feed >= 0 || ended || ahead.held.length >= MOST) return feed + 1;
        const piece = new Uint8Array(1 << 16);
        const count = pull(piece);
        ended = count === 0;
        ahead.held = Uint8Array.from(Buffer.concat([ahead.held, piece.subarray(0, count)]));
      }
    },
  };
  return ahead;
}

/**
 * A source of lines from its first line on that is a JSON object: what a file of entries is, is told by its first.
 * Lines before it are rejected, white space aside.
 */
export function skipUnreadableStart(pull: ByteSource, counter: StartCounter, sink: ImportSink): ByteSource {
  const ahead = lookahead(pull);
  for (let end = ahead.firstLine(); end > 0; end = ahead.firstLine()) {
    const line = ahead.held.subarray(0, end - 1);
    const why = refusalOf(line);
    if (why === null && skipSpace(line, 0) < line.length) break;
    counter.line += 1;
    if (why !== null) {
      counter.records += 1;
      sink.reject(counter.line, why);
    }
    ahead.held = ahead.held.subarray(end);
  }
  return (into) => {
    if (ahead.held.length === 0) return pull(into);
    const part = ahead.held.subarray(0, into.length);
    into.set(part);
    ahead.held = ahead.held.subarray(part.length);
    return part.length;
  };
}
