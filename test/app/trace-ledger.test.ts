import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chunksOf, streamOf } from '../trace/rows.js';
import type { Baseline, DriftReport, TraceRow } from '../../src/index.js';
import { traceLabels } from '../../src/baseline/trace/trace-labels.js';
import { folder, hindcast } from './cli/session.js';

const TELEMETRY_LEDGER = 'datasets/npm/npm-incident.ledger.json';
const LEDGER = 'datasets/npm/npm-approved.ledger.json';

async function imported(name: string): Promise<string> {
  const path = join(folder(), 'run.arrows');
  expect((await hindcast(['import', `datasets/npm/${name}`, '-o', path])).code).toBe(0);
  return path;
}

function trace(rows: readonly TraceRow[]): string {
  const path = join(folder(), 'made.arrows');
  writeFileSync(path, streamOf(chunksOf(rows)));
  return path;
}

/** A report without the hash of what it was computed from. */
function figures(json: string): string {
  return json.replaceAll(/"[0-9a-f]{64}"/g, '"hash"');
}

describe('the trace of a ledger', () => {
  test("calibrates by the controller's own labels as the ledger does", async () => {
    const [own, ledger] = [await hindcast(['calibrate', await imported('npm-incident.ledger.json'), '--json']), await hindcast(['calibrate', 'datasets/npm/npm-incident.ledger.json', '--json'])];
    expect(figures(own.out)).toBe(figures(ledger.out));
  });

  test('has the baseline of the ledger', async () => {
    const [own, ledger] = [await hindcast(['baseline', await imported('npm-approved.ledger.json'), '--json']), await hindcast(['baseline', LEDGER, '--json'])];
    expect(own.code).toBe(ledger.code);
    expect(figures(own.out)).toBe(figures(ledger.out));
    expect(own.out).not.toBe(ledger.out);
  });

  test('drifts and calibrates as the ledger does', async () => {
    const path = await imported('npm-incident.ledger.json');
    const base = join(folder(), 'base.json');
    await hindcast(['baseline', LEDGER, '--json', '--out', base]);
    const [own, ledger] = [await hindcast(['drift', base, path]), await hindcast(['drift', base, 'datasets/npm/npm-incident.ledger.json'])];
    expect([own.code, own.out.replaceAll(path, 'X')]).toEqual([ledger.code, ledger.out.replaceAll('datasets/npm/npm-incident.ledger.json', 'X')]);
    const labels = ['--labels', 'datasets/npm/npm-incident.labels.csv', '--json'];
    expect(figures((await hindcast(['calibrate', path, ...labels])).out)).toBe(figures((await hindcast(['calibrate', 'datasets/npm/npm-incident.ledger.json', ...labels])).out));
  });
});

test.each([
  ['times', { ts: null }, 'entry 0: ts is null'],
  ['outcomes', { outcome: 'unknown', error_code: null }, 'entry 0: outcome is unknown'],
  ['a chain that holds', { flags: 512 }, 'entry 0: the ledger that the trace was imported from does not verify here'],
] as const)('a trace without %s is refused for a baseline, and says so', async (_, row, reason) => {
  const { code, err } = await hindcast(['baseline', trace([{ actor: 'a', capability: 'fs.read', ts: 1_000_000, risk_score: 0.5, outcome: 'success', risk_state: 'safe_fast', ...row }])]);
  expect(code).not.toBe(0);
  expect(err).toContain(reason);
});

describe('a trace of telemetry, which has scores and outcomes but no risk states', () => {
  const TELEMETRY = 'datasets/npm/npm-incident.telemetry.json';
  async function telemetry(...labels: readonly string[]): Promise<string> {
    const path = join(folder(), 'telemetry.arrows');
    expect((await hindcast(['import', TELEMETRY, '-o', path, ...labels])).code).toBe(0);
    return path;
  }

  test('has the baseline of the ledger of the same calls, but for the transitions, which it says', async () => {
    const of = async (path: string): Promise<Baseline> => JSON.parse((await hindcast(['baseline', path, '--json'])).out) as Baseline;
    const [own, ledger] = [await of(await telemetry()), await of('datasets/npm/npm-incident.ledger.json')];
    expect(own.evidence.capabilities).toEqual(ledger.evidence.capabilities);
    expect(own.host.capability_profiles).toEqual(ledger.host.capability_profiles);
    expect(own.host.transition_matrix.total_transitions).toBe(0);
    expect(own.refusals.find(({ what }) => what === 'the transitions between risk states')?.reason).toContain('risk_state is null');
  });

  test('drifts against the baseline of a ledger as the ledger of the same calls does, but for the transitions', async () => {
    const base = join(folder(), 'base.json');
    await hindcast(['baseline', LEDGER, '--json', '--out', base]);
    const of = async (path: string): Promise<DriftReport> => JSON.parse((await hindcast(['drift', base, path, '--json'])).out) as DriftReport;
    const [own, ledger] = [await of(await telemetry()), await of('datasets/npm/npm-incident.ledger.json')];
    expect(own.capabilities.map(({ errorRate, scores }) => ({ errorRate, scores }))).toEqual(ledger.capabilities.map(({ errorRate, scores }) => ({ errorRate, scores })));
    expect(own.capabilities.every(({ host }) => !host.transition_anomalous && host.transition_divergence === 0)).toBe(true);
    expect(own.refusals.at(-1)?.reason).toContain('no live call has a risk state');
  });

  test("is not calibrated by the controller's own labels, which it lacks", async () => {
    const { code, err } = await hindcast(['calibrate', await telemetry()]);
    expect([code, err]).toEqual([2, expect.stringContaining('entry 0: risk_state is not said')]);
  });

  test('calibrates by the labels that it was given at import', async () => {
    const LABELS = 'datasets/npm/npm-incident.labels.csv';
    const path = await telemetry('--labels', LABELS, '--label-source', 'the script');
    const sweepOf = ({ out }: { readonly out: string }): unknown => (JSON.parse(out) as { readonly sweep: unknown }).sweep;
    expect(sweepOf(await hindcast(['calibrate', path, '--json']))).toEqual(sweepOf(await hindcast(['calibrate', TELEMETRY_LEDGER, '--labels', LABELS, '--json'])));
    const np = await hindcast(['calibrate', path, '--method', 'np', '--miss', '0.3', '--json']);
    expect(np.out).toContain('the script');
  });
});

test('the label of an attack that failed, or that nobody knows, is none', () => {
  const labels = traceLabels(chunksOf((['benign', 'attack_failed', null, 'attack_succeeded', 'direct_attack', 'unknown'] as const).map((label) => ({ label, session: 's' }))), 'h');
  expect([...labels]).toEqual([['h:0', { label: 'safe', session: 's' }], ['h:3', { label: 'unsafe', session: 's' }], ['h:4', { label: 'unsafe', session: 's' }]]);
});
