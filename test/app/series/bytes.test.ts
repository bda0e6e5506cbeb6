import { expect, it } from 'vitest';
import { collectSeries } from '../../../src/app/series/streams.js';
import { bytesSource } from '../../../src/ledger/source.js';
import { arrowStreamWriter } from '../../../src/trace/arrow-stream-write.js';
import { traceBuilder } from '../../../src/trace/builder.js';
import { readFileSync } from 'node:fs';

const META = { adapter: 'a@1', clock: 'wall', coverage: { executed: 'yes', policy_denied: 'no', gate_denied: 'no', bad_call: 'no', nested: 'no', cannot_show: [] } } as const;

it('The bytes that calls sent are a stream of traces and of records; a call without a size is passed over.', () => {
  const builder = traceBuilder();
  for (const bytes_in of [100, null, 0, 7]) builder.append({ actor: 'a', capability: 'net.http', ts: 0, bytes_in });
  const chunk = builder.flush();
  const parts: Uint8Array[] = [];
  const writer = arrowStreamWriter(META, (bytes) => parts.push(Uint8Array.from(bytes)));
  if (chunk !== null) writer.write(chunk);
  writer.end();
  const values = (bytes: Uint8Array): readonly number[] | undefined => collectSeries(bytesSource(bytes), { stream: 'bytes' }, { by: 'actor' }).streams[0]?.values;
  expect(values(Buffer.concat(parts))).toEqual([100, 0, 7]);
  expect(values(Buffer.from('{"actor":"a","bytes_in":5}\n{"actor":"a","bytes_in":null}\n{"actor":"a","bytes_in":6}\n'))).toEqual([5, 6]);
  expect(() => values(readFileSync('datasets/npm/npm-incident.ledger.json'))).toThrow('a ledger holds no sizes of requests: give a trace with bytes_in');
});
