import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectSeries } from '../../../src/app/series/streams.js';
import { bytesSource, InputError, type TraceRow } from '../../../src/index.js';
import { readBytes } from '../../../src/app/files.js';
import type { SeriesColumns } from '../../../src/app/series/record.js';
import { folder, hindcast } from '../cli/session.js';
import { chunksOf, streamOf } from '../../trace/rows.js';

function series(rows: readonly TraceRow[], columns: SeriesColumns) {
  return collectSeries(bytesSource(streamOf(chunksOf(rows, { batchRows: 3 }))), columns, { by: 'actor' });
}

function refusal(rows: readonly TraceRow[], columns: SeriesColumns): string {
  try {
    series(rows, columns);
  } catch (error) {
    if (error instanceof InputError) return error.message;
  }
  throw new Error('not refused');
}

async function imported(name: string): Promise<string> {
  const path = join(folder(), 'calls.arrows');
  expect((await hindcast(['import', `datasets/npm/${name}`, '-o', path])).code).toBe(0);
  return path;
}

describe('the series of a trace', () => {
  test.each(['interval', 'score', 'error'] as const)('is that of the ledger it was imported from: %s', async (stream) => {
    const from = 'datasets/npm/npm-approved.ledger.json';
    const read = (path: string) => collectSeries(bytesSource(readBytes(path)), { stream }, { by: 'actor', sort: true });
    const [trace, ledger] = [read(await imported('npm-approved.ledger.json')), read(from)];
    expect(trace.recordCount).toBe(729);
    expect(trace.streams.map(({ actor, values, times }) => ({ actor, values, times }))).toEqual(ledger.streams.map(({ actor, values, times }) => ({ actor, values, times })));
  });

  test('is that of the recorded calls it was imported from: latency', async () => {
    const read = (path: string) => collectSeries(bytesSource(readBytes(path)), { stream: 'latency' }, { by: 'none' });
    expect(read(await imported('npm-routine.calls.jsonl')).streams[0]?.values).toEqual(read('datasets/npm/npm-routine.calls.jsonl').streams[0]?.values);
  });

  test('passes over records that are no attempts, and tells tools of one capability apart', () => {
    const rows: TraceRow[] = [{ actor: 'a', ts: 1000, capability: 'tool.call', native_capability: 'comm.send' }, { actor: 'a', ts: 2000, phase: 'decision' }, { actor: 'a', ts: 4500, capability: 'fs.read' }];
    const [stream] = series(rows, { stream: 'capability' }).streams;
    expect(stream?.capabilities).toEqual(['comm.send', 'read']);
    expect(series(rows, {}).streams[0]?.values).toEqual([3.5]);
  });

  test('is refused where the trace lacks what it needs, or kinds of latency would be pooled', () => {
    expect(refusal([{ latency_us: 1 }], { stream: 'interval' })).toContain('ts is null');
    expect(refusal([{ outcome: 'unknown' }], { stream: 'error' })).toContain('how the call ended is not known');
    expect(refusal([{}], { stream: 'latency' })).toContain('latency_us is null');
    expect(refusal([{ latency_us: 1, latency_kind: 'exec' }, { latency_us: 1, latency_kind: 'wall' }], { stream: 'latency' })).toContain('latency_kind is wall after exec');
    expect(refusal([{}], { stream: 'value' })).toContain('a trace has no field value');
    expect(refusal([{}], { time: 'ts' })).toContain('a trace has its times in ts');
  });

  test('counts failures by error code and outcome', () => {
    const rows: TraceRow[] = [{ outcome: 'success' }, { outcome: 'error' }, { outcome: 'success', error_code: 'io' }, { outcome: 'timeout' }];
    expect(series(rows, { stream: 'error' }).streams[0]?.values).toEqual([0, 1, 1, 1]);
  });
});

test('detect and segment take traces as they take recorded calls', async () => {
  const [approved, incident] = [await imported('npm-approved.calls.jsonl'), await imported('npm-incident.calls.jsonl')];
  const own = await hindcast(['detect', incident, '--baseline', approved]);
  const calls = await hindcast(['detect', 'datasets/npm/npm-incident.calls.jsonl', '--baseline', 'datasets/npm/npm-approved.calls.jsonl']);
  expect([own.code, own.out.split('\n')[0]?.split('  ')[0]]).toEqual([1, calls.out.split('\n')[0]?.split('  ')[0]]);
  expect((await hindcast(['segment', incident, '--stream', 'interval'])).out.split('\n').slice(3)).toEqual((await hindcast(['segment', 'datasets/npm/npm-incident.calls.jsonl', '--stream', 'interval'])).out.split('\n').slice(3));
});
