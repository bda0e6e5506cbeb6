import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  fitResources, InputError, leaveOneSessionOut, mergeResources, novelCalls, parseJson, parseResources, traceBuilder,
  type TraceCapability, type TraceChunk, type TraceRow,
} from '../../../src/index.js';

const CAPABILITIES: Readonly<Record<string, TraceCapability>> = { read: 'fs.read', write: 'fs.write', exec: 'process.exec', http: 'net.http' };

function chunksOf(rows: readonly TraceRow[], batchRows = 100): TraceChunk[] {
  const builder = traceBuilder({ batchRows });
  return [...rows.map((row) => builder.append(row)), builder.flush()].filter((chunk) => chunk !== null);
}

interface Call {
  readonly call_id: string;
  readonly session_id: string;
  readonly capability: string;
  readonly params: { readonly command?: string; readonly url?: string; readonly input?: { readonly path: string } };
}

function recorded(name: string): TraceChunk[] {
  const lines = readFileSync(`datasets/npm/npm-${name}.calls.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Call);
  return chunksOf(lines.map(({ call_id, session_id, capability, params }, i) => ({
    call_id, session: session_id, actor: 'npm', capability: CAPABILITIES[capability] ?? null, source_file: `${name}.calls.jsonl`, source_row: i + 1,
    resource: params.command ?? params.url ?? params.input?.path ?? null,
  })));
}

const read = (resource: string | null, row: TraceRow = {}): TraceRow => ({ capability: 'fs.read', resource, ...row });

function refusal(work: () => unknown): InputError {
  try {
    work();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error('not refused');
}

describe('recorded runs of npm', () => {
  const unsafe = new Set(readFileSync('datasets/npm/npm-incident.labels.csv', 'utf8').split('\n').filter((line) => line.endsWith(',unsafe')).map((line) => line.split(',')[0]));

  test('33 of the 35 hostile calls are novel at the default depth, and no other call of the incident or of routine runs', () => {
    const seen = fitResources(recorded('approved'));
    const incident = novelCalls(recorded('incident'), seen);
    expect(unsafe.size).toBe(35);
    expect(incident.calls).toBe(245);
    expect(incident.novel).toHaveLength(33);
    expect(incident.novel.every(({ callId }) => unsafe.has(callId ?? ''))).toBe(true);
    expect(novelCalls(recorded('routine'), seen).novel).toEqual([]);
  });

  test('what is missed is what approved runs touch too: /etc/hosts, and a script read inside the project', () => {
    const found = new Set(novelCalls(recorded('incident'), fitResources(recorded('approved'))).novel.map(({ callId }) => callId));
    const missed = readFileSync('datasets/npm/npm-incident.calls.jsonl', 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Call).filter(({ call_id }) => unsafe.has(call_id) && !found.has(call_id));
    expect(missed.map(({ params }) => params.input?.path)).toEqual(['/home/dev/src/app4/node_modules/left-padder/setup.js', '/etc/hosts']);
  });

  test('a finding names key, nearest approved key, file and line', () => {
    const { novel } = novelCalls(recorded('incident'), fitResources(recorded('approved')));
    expect(novel.find(({ resource }) => resource.endsWith('id_rsa'))).toMatchObject({
      file: 'incident.calls.jsonl', capability: 'fs.read', session: 'app4.1', keys: [{ key: '/home/dev/.ssh', nearest: '/home/dev/.npm', approvedFor: [] }],
    });
  });

  test('no approved install touches what the other two do not', () => {
    expect(leaveOneSessionOut(recorded('approved'))).toEqual({ sessions: 3, novel: [] });
  });
});

describe('approved resources', () => {
  test('are the same whatever the chunks, through JSON, and fitted in parts and merged', () => {
    const rows = Array.from({ length: 60 }, (_, i) => read(`/srv/${String(i % 7)}/${String(i % 3)}/x`, { actor: `a${String(i % 2)}` }));
    for (const by of ['all', 'actor'] as const) {
      const whole = fitResources(chunksOf(rows), { by });
      expect(fitResources(chunksOf(rows, 7), { by })).toEqual(whole);
      expect(parseResources(parseJson(JSON.stringify(whole)))).toEqual(whole);
      expect(mergeResources(fitResources(chunksOf(rows.slice(0, 25)), { by }), fitResources(chunksOf(rows.slice(25)), { by }))).toEqual(whole);
    }
  });

  test('of different depths do not merge', () => {
    const [a, b] = [2, 3].map((depth) => fitResources(chunksOf([read('/a')]), { depth }));
    if (a === undefined || b === undefined) throw new Error('two');
    expect(refusal(() => mergeResources(a, b))).toMatchObject({ code: 'BAD_PARAM' });
  });

  test('are refused where no call names one, with the reason', () => {
    const chunks = chunksOf([read(null, { source: 'pi.ext.runtime_risk_ledger.v1' })]);
    expect(refusal(() => fitResources(chunks)).message).toBe('none of the 1 calls names a resource (path, address, command): a source such as pi.ext.runtime_risk_ledger.v1 records none, or they were left out on import, so what was touched cannot be compared');
    expect(refusal(() => novelCalls(chunks, fitResources(chunksOf([read('/a')])))).code).toBe('MISSING_FIELD');
    expect(refusal(() => fitResources([])).code).toBe('TOO_FEW');
    expect(refusal(() => fitResources(chunksOf([read('/a')]), { depth: 0 })).code).toBe('BAD_PARAM');
  });

  test('that were saved are refused where a field does not fit', () => {
    const sound = JSON.stringify(fitResources(chunksOf([read('/a')])));
    const damaged = [
      ['"depth":3', '"depth":0'], ['"depth":3', '"depth":1.5'], ['"by":"all"', '"by":"resource"'], ['"withoutResource":0', '"withoutResource":9'],
      ['"calls":1,"withoutResource"', '"calls":-1,"withoutResource"'], ['"key":', '"kez":'], ['resources.v1', 'resources.v2'],
    ];
    for (const [from = '', to = ''] of damaged) expect(refusal(() => parseResources(parseJson(sound.replace(from, to)))).message).not.toBe('');
  });
});

describe('novel calls', () => {
  const seen = fitResources(chunksOf([
    read('/home/dev/.npm/_logs/x', { actor: 'a' }),
    { capability: 'fs.write', resource: '/home/dev/out/x', actor: 'a' },
    { capability: 'tool.call', native_capability: 'comm.send', resource: '["ann@x.example","bob@x.example"]', actor: 'a' },
  ]));

  test('are told apart by capability, and say what else approved calls did there', () => {
    const { novel } = novelCalls(chunksOf([read('/home/dev/out/y')]), seen);
    expect(novel[0]?.keys).toEqual([{ key: '/home/dev/out', nearest: '/home/dev/.npm', approvedFor: ['fs.write'] }]);
  });

  test('of several destinations name those that are new', () => {
    const send = (native: string, resource: string): TraceRow => ({ capability: 'tool.call', native_capability: native, resource });
    const { novel } = novelCalls(chunksOf([send('comm.send', '["bob@x.example","eve@y.example"]'), send('comm.send', 'ann@x.example'), send('data.read', 'ann@x.example')]), seen);
    expect(novel.map(({ row, capability, keys }) => ({ row, capability, keys }))).toEqual([
      { row: 0, capability: 'tool.call comm.send', keys: [{ key: 'eve@y.example', nearest: 'ann@x.example', approvedFor: [] }] },
      { row: 2, capability: 'tool.call data.read', keys: [{ key: 'ann@x.example', nearest: null, approvedFor: ['tool.call comm.send'] }] },
    ]);
  });

  test('of an actor that was not approved are all new by actor, none pooled', () => {
    const rows = [read('/home/dev/.npm/z', { actor: 'b' })];
    const byActor = fitResources(chunksOf([read('/home/dev/.npm/_logs/x', { actor: 'a' })]), { by: 'actor' });
    expect(novelCalls(chunksOf(rows), seen).novel).toEqual([]);
    expect(novelCalls(chunksOf(rows), byActor).novel).toHaveLength(1);
  });

  test('are counted beside calls that name nothing, and records that are no calls are passed over', () => {
    const report = novelCalls(chunksOf([read(null), read('/home/dev/.npm/q'), read('/etc/shadow', { phase: 'decision' })]), seen);
    expect(report).toEqual({ calls: 2, withoutResource: 1, novel: [] });
  });
});

test('each session judged by the others is what fitting without it gives', () => {
  const rows = Array.from({ length: 40 }, (_, i) => read(`/srv/${String((i * i) % 11)}`, { session: `s${String(i % 6)}`, ...(i % 13 === 0 ? { resource: `/only/${String(i)}` } : {}) }));
  const sessions = [...new Set(rows.map(({ session }) => session ?? ''))];
  const naive = sessions.filter((session) => {
    const others = fitResources(chunksOf(rows.filter((row) => row.session !== session)));
    return novelCalls(chunksOf(rows.filter((row) => row.session === session)), others).novel.length > 0;
  });
  expect(leaveOneSessionOut(chunksOf(rows)).novel).toEqual(naive);
});

test('resources kept apart by a column that no call has are refused, naming it', () => {
  const chunks = chunksOf([{ capability: 'fs.read', resource: '/a' }]);
  expect(() => fitResources(chunks, { by: 'session' })).toThrow('no call has session: the column session is null throughout');
  expect(() => novelCalls(chunks, fitResources(chunksOf([{ capability: 'fs.read', resource: '/a', session: 's' }]), { by: 'session' }))).toThrow('no call has session');
});
