import { expect, test } from 'vitest';
import { groupNameAt, ledgerName } from '../../../src/baseline/trace/group-name.js';
import { hostCapability } from '../../../src/trace/import/meanings.js';
import { chunksOf } from '../../trace/rows.js';
import type { TraceRow } from '../../../src/index.js';

const WORDS = ['read', 'write', 'http', 'exec', 'env', 'events', 'session', 'ui', 'tool', 'log', 'internal', 'own.word'];

function nameOf(row: TraceRow): string {
  const [chunk] = chunksOf([row]);
  return chunk === undefined ? '' : groupNameAt(chunk, 0, row.capability ?? 'unknown');
}

test('every word of a ledger comes back from the trace of it', () => {
  for (const word of WORDS) expect(nameOf({ capability: hostCapability(word), native_capability: word })).toBe(word);
});

test('a trace that was no ledger goes by the words of ledgers where they have one, and by its own where they have none', () => {
  expect(['process.exec', 'fs.read', 'fs.write', 'net.http', 'env.read', 'ipc.publish', 'session.state', 'ui', 'log', 'tool.call'].map(ledgerName)).toEqual(['exec', 'read', 'write', 'http', 'env', 'events', 'session', 'ui', 'log', 'tool']);
  expect(['process.exec.background', 'net.http.search', 'model.request', 'unknown'].map(ledgerName)).toEqual(['process.exec.background', 'net.http.search', 'model.request', 'unknown']);
  expect(nameOf({ capability: 'process.exec', native_capability: 'Bash' })).toBe('exec');
});

test('a capability that says nothing of the effect goes by the first of host, tool and method that names one', () => {
  expect(nameOf({ capability: 'tool.call', native_capability: 'send_email', tool: 'mail' })).toBe('send_email');
  expect(nameOf({ capability: 'tool.mcp', tool: 'mail', method: 'call' })).toBe('mail');
  expect(nameOf({ capability: 'tool.call' })).toBe('tool');
  expect(nameOf({ capability: 'unknown' })).toBe('unknown');
});
