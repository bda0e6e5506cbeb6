import { describe, expect, it } from 'vitest';
import { file, hindcast } from './session.js';

const LEDGERS = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`);
const [, , INCIDENT = ''] = LEDGERS;
const LABELS = 'datasets/npm/npm-incident.labels.csv';

interface Report {
  readonly labelSource: string;
  readonly labels: Record<string, number>;
  readonly sweep: { readonly auc: number; readonly thresholdCount?: number; readonly curve?: { readonly thresholds: (number | null)[] } };
  readonly best: { readonly threshold: number } | null;
}

describe('hindcast calibrate', () => {
  it('says in its first line that the controller\'s own labels are circular', async () => {
    const { code, out } = await hindcast(['calibrate', INCIDENT]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toContain("controller's own decisions: circular");
  });

  it('says so on stderr beside the host\'s own report', async () => {
    const { code, out, err } = await hindcast(['calibrate', INCIDENT, '--format', 'pi', '--objective', 'min_expected_loss', '--step', '0.1']);
    expect(code).toBe(0);
    expect(err).toContain('circular');
    expect(out).toMatch(/^\{\n {2}"schema": "pi\.ext\.runtime_risk_calibration\.v1",/);
    expect(out).toContain('"recommended_delta": ');
    expect((JSON.parse(out) as { candidates: unknown[] }).candidates).toHaveLength(10);
  });

  it('uses labels from a file, and counts calls without one', async () => {
    const { code, out } = await hindcast(['calibrate', ...LEDGERS, '--labels', LABELS, '--json']);
    const report = JSON.parse(out) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({ labelSource: 'given', labels: { callCount: 1700, unlabelledCount: 1455, safeCount: 210, unsafeCount: 35 } });
    expect(report.sweep.auc).toBeCloseTo(0.8589115646258503, 12);
    expect(report.sweep.curve).toBeUndefined();
  });

  it('adds the curve on request, "flag nothing" as null', async () => {
    const report = JSON.parse((await hindcast(['calibrate', INCIDENT, '--labels', LABELS, '--json', '--curve'])).out) as Report;
    expect(report.sweep.curve?.thresholds).toHaveLength(246);
    expect(report.sweep.curve?.thresholds[0]).toBeNull();
  });

  it('ends with code 5 where a class has no call, and says how many are needed', async () => {
    const { code, out } = await hindcast(['calibrate', LEDGERS[0] ?? '']);
    expect(code).toBe(5);
    expect(out).toContain('at least 1 needed');
  });

  it.each([
    ['--labels', 'bad.csv', 'call_id,label\nx,maybe\n', 2],
    ['--labels', 'bad.csv', 'id,label\nx,safe\n', 2],
  ])('refuses a broken label file, naming file and line', async (option, name, text, expected) => {
    const { code, err } = await hindcast(['calibrate', INCIDENT, option, file(name, text)]);
    expect(code).toBe(expected);
    expect(err).toMatch(/bad\.csv: line \d/);
  });

  it('refuses labels for the host\'s report, a ledger that does not verify, and a missing file', async () => {
    expect((await hindcast(['calibrate', INCIDENT, '--format', 'pi', '--labels', LABELS])).code).toBe(3);
    expect((await hindcast(['calibrate', INCIDENT, '--labels', '/nowhere.csv'])).code).toBe(3);
    const empty = file('empty.jsonl', '');
    expect((await hindcast(['calibrate', empty])).code).toBeGreaterThan(0);
  });

  it('warns of the same ledger given twice', async () => {
    expect((await hindcast(['calibrate', INCIDENT, INCIDENT])).err).toContain('counts twice');
  });
});
