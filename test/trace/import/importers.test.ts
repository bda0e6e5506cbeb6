import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { TRACE_IMPORTERS } from '../../../src/replay/importers.js';
import { destinationsOf } from '../../../src/trace/import/resources.js';
import { sourceHead } from '../../../src/trace/import/source-head.js';
import { TRACE_COLUMNS } from '../../../src/trace/schema.js';
import { bytesOf, importText } from './importing.js';
import { AGENTDOJO, CALLS, LEDGER, LEDGER_LINES, LINES, linesOf, PI_EVENTS, TAUBENCH, TELEMETRY, TELEMETRY_LINES } from './samples.js';

const FILES = ['npm-approved', 'npm-routine', 'npm-incident'].flatMap((run) => [`${run}.calls.jsonl`, `${run}.ledger.json`]).concat('npm-incident.telemetry.json');

describe('importers', () => {
  it.each(FILES)('imports every record of %s', (name) => {
    const { records, rows, rejects, table, findings } = importText(readFileSync(`datasets/npm/${name}`));
    expect({ records, rejects, findings }).toEqual({ records: rows, rejects: 0, findings: [] });
    expect(table).toHaveLength(rows);
    expect(table.map(({ source_row }) => source_row)).toEqual(table.map((_, i) => i + 1));
  });

  it.each(Object.entries({ ...LINES, 'pi.ledger ': LEDGER, 'pi.telemetry ': TELEMETRY }))('%s alone recognises its own', (name, text) => {
    const head = sourceHead(bytesOf(text));
    expect(TRACE_IMPORTERS.filter((each) => each.recognises(head)).map((each) => each.name)).toEqual([name.trim()]);
  });

  it.each(Object.entries(LINES))('%s fills the columns it names and no other', (_, text) => {
    const { importer, table } = importText(text);
    const filled = TRACE_COLUMNS.filter(({ name, nullable }) => nullable && table.some((row) => row[name] !== null)).map(({ name }) => name);
    expect(importer.fills.filter((name) => !filled.includes(name)), 'named').toEqual([]);
    expect(filled.filter((name) => !importer.fills.includes(name)), 'filled').toEqual([]);
  });

  it('gives the same rows from lines as from the document, and from an indented document', () => {
    for (const [document, lines] of [[TELEMETRY, TELEMETRY_LINES], [LEDGER, LEDGER_LINES]] as const) {
      const { table } = importText(document);
      expect(importText(lines).table).toEqual(table);
      expect(importText(JSON.stringify(JSON.parse(document), null, 2)).table.map(({ call_id }) => call_id)).toEqual(table.map(({ call_id }) => call_id));
    }
  });

  it('gives the same rows however the bytes come', () => {
    for (const text of [CALLS, TELEMETRY, LEDGER]) expect(importText(text, { most: 997 }).table).toEqual(importText(text, { most: Infinity }).table);
  });

  it('says of one call the same in calls, telemetry and ledger', () => {
    const [calls, telemetry, ledger] = [CALLS, TELEMETRY, LEDGER].map((text) => importText(text).table);
    expect(calls?.map(({ call_id, actor, capability, outcome, error_code }) => ({ call_id, actor, capability, outcome, error_code })))
      .toEqual(ledger?.map(({ call_id, actor, capability, outcome, error_code }) => ({ call_id, actor, capability, outcome, error_code })));
    expect(telemetry?.map(({ args_hash, risk_score, decision, decision_reason, flags, ts }) => ({ args_hash, risk_score, decision, decision_reason, flags, ts })))
      .toEqual(ledger?.map(({ args_hash, risk_score, decision, decision_reason, flags, ts }) => ({ args_hash, risk_score, decision, decision_reason, flags, ts })));
  });

  it('keeps what a call touches as the record has it', () => {
    const { table } = importText(CALLS);
    const of = (id: string): unknown[] => table.filter(({ call_id }) => call_id === id).map(({ capability, tool, resource_class, resource }) => [capability, tool, resource_class, resource]);
    expect(of('app4.1-0001')).toEqual([['process.exec', null, 'process', 'npm ci --no-audit --no-fund --foreground-scripts']]);
    expect(of('app4.1-0002')).toEqual([['fs.read', 'read', 'file', '/usr/share/locale/locale.alias']]);
    const targets = new Set(table.filter(({ capability }) => capability === 'net.http').map(({ resource, resource_class }) => `${String(resource)} ${String(resource_class)}`));
    expect([...targets]).toEqual(['https://packages.example:443/ net.public', 'http://127.0.0.1:9/ net.loopback']);
  });

  it('keeps a call with several destinations one row and loses none of them', () => {
    const { table } = importText(linesOf(AGENTDOJO));
    expect(table.map(({ resource }) => destinationsOf(resource ?? null))).toEqual(AGENTDOJO.map(({ dest }) => dest));
    expect(table.map(({ resource }) => resource)).toEqual([null, '["a@example.com","b@example.com"]', 'www.example.com', '["[\\"odd\\"]"]']);
  });

  it('translates capabilities, outcomes and labels of events as written down', () => {
    const seen = (records: readonly object[]): unknown[] => importText(linesOf(records)).table.map(({ capability, native_capability, outcome, error_code, label }) => [capability, native_capability, outcome, error_code, label]);
    expect(seen(AGENTDOJO)).toEqual([
      ['tool.call', 'data.read', 'success', null, 'attack_succeeded'],
      ['tool.call', 'comm.send', 'success', null, 'attack_succeeded'],
      ['net.http', 'net.fetch', 'error', 'tool_error', 'attack_failed'],
      ['net.http', 'net.post', 'error', 'validation', 'benign'],
    ]);
    expect(seen(TAUBENCH)).toEqual([['ui', 'chat.respond', 'success', null, 'unknown'], ['tool.call', 'airline.write', 'error', 'tool_error', 'unknown']]);
    expect(seen(PI_EVENTS)).toEqual([
      ['model.request', 'llm.complete', 'cancelled', 'cancelled', 'unknown'],
      ['process.exec', 'exec', 'success', null, 'unknown'],
      ['fs.read', 'fs.read', 'error', 'tool_error', 'unknown'],
    ]);
  });

  it('invents no time: events without one have none, and say so', () => {
    const { table, importer } = importText(linesOf(AGENTDOJO));
    expect(table.map(({ ts, ts_res_us, latency_us, latency_kind, flags }) => [ts, ts_res_us, latency_us, latency_kind, flags])).toEqual(AGENTDOJO.map(() => [null, 0, null, null, 1]));
    expect(importer.clock).toBe('none');
  });
});
