import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { folder, hindcast } from './session.js';

it('hindcast generate --scenario writes traces, ledgers, labels and the truth, the same bytes each time', async () => {
  const [a, b] = [folder(), folder()];
  for (const out of [a, b]) expect(await hindcast(['generate', '--scenario', 'retry-storm', '--seed', '1', '--out', out])).toMatchObject({ code: 0, err: '' });
  for (const name of ['approved.arrows', 'observed.arrows', 'approved.ledger.json', 'observed.ledger.json', 'observed.labels.csv', 'truth.json']) {
    expect(readFileSync(join(a, name)).equals(readFileSync(join(b, name))), name).toBe(true);
  }
  const truth = JSON.parse(readFileSync(join(a, 'truth.json'), 'utf8')) as { readonly observedCalls: number; readonly hostile: boolean };
  expect(truth).toMatchObject({ schema: 'hindcast.scenario.v1', scenario: 'retry-storm', seed: 1, hostile: false, unsafeCalls: 0 });
  expect(readFileSync(join(a, 'observed.labels.csv'), 'utf8').split('\n')).toHaveLength(truth.observedCalls + 2);
  expect((await hindcast(['verify', join(a, 'observed.ledger.json')])).code).toBe(0);
}, 120_000);

it('hindcast generate takes either a number of entries or a scenario', async () => {
  expect(await hindcast(['generate', '--seed', '1', '--out', join(folder(), 'a.json')])).toMatchObject({ code: 3, err: expect.stringContaining('--entries N or --scenario NAME') as string });
  expect((await hindcast(['generate', '--entries', '1', '--scenario', 'release-day', '--seed', '1', '--out', folder()])).code).toBe(3);
  expect((await hindcast(['generate', '--scenario', 'flood', '--seed', '1', '--out', folder()])).code).toBe(3);
});
