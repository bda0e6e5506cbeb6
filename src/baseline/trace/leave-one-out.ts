import { textAt, type TraceChunk } from '../../trace/chunk.js';
import { resourceReader } from './resource-keys.js';
import { groupKey, resourceOptions, type ResourceOptions } from './resources.js';

/** What approved sessions say of each other. */
export interface LeaveOneOut {
  readonly sessions: number;
  /** Sessions with a call that touches what no other session touches. */
  readonly novel: readonly string[];
}

/**
 * Judges every approved session by all the others: how often harmless sessions touch something new, which is the rate of false
 * alarms to expect of sessions like these.
 *
 * @param chunks - of approved traces; rows without a session are one session
 * @remarks O(rows). Keys are counted by session, which gives the same as fitting without each session in turn.
 * @throws {@link InputError} BAD_PARAM
 */
export function leaveOneSessionOut(chunks: Iterable<TraceChunk>, options: ResourceOptions = {}): LeaveOneOut {
  const read = resourceReader(resourceOptions(options));
  const sessions = new Set<string>();
  /** The one session that touched a key; null once there are several. */
  const sole = new Map<string, string | null>();
  for (const chunk of chunks) {
    for (const { row, group, capability, keys } of read(chunk).touched) {
      const session = textAt(chunk, 'session', row) ?? '';
      for (const key of keys) {
        const name = `${groupKey(group, capability)} ${key}`;
        sole.set(name, (sole.get(name) ?? session) === session && sole.get(name) !== null ? session : null);
      }
    }
    addSessions(sessions, chunk);
  }
  const alone = new Set([...sole.values()].filter((session) => session !== null));
  return { sessions: sessions.size, novel: [...sessions].filter((session) => alone.has(session)) };
}

function addSessions(sessions: Set<string>, chunk: TraceChunk): void {
  for (let row = 0; row < chunk.rows; row += 1) sessions.add(textAt(chunk, 'session', row) ?? '');
}
