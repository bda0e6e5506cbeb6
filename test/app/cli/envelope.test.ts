import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatEntry, formatLedger, parseEnvelope, parseJson, random, readLedger, sealLedger, splitInterval, type Envelope } from '../../../src/index.js';
import type { CheckReport } from '../../../src/app/cli/envelope/check-report.js';
import { file, folder, hindcast, type Session } from './session.js';

const [APPROVED, ROUTINE, INCIDENT] = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`) as [string, string, string];

/** Fits an envelope into a file. */
async function fitted(...argv: string[]): Promise<{ readonly path: string; readonly envelope: Envelope; readonly session: Session }> {
  const path = join(folder(), 'envelope.json');
  const session = await hindcast(['envelope', 'fit', ...argv, '-o', path]);
  return { path, session, envelope: existsSync(path) ? parseEnvelope(parseJson(readFileSync(path))) : ({} as Envelope) };
}

async function checked(...argv: string[]): Promise<{ readonly code: number; readonly report: CheckReport }> {
  const { code, out } = await hindcast(['envelope', 'check', ...argv, '--json']);
  return { code, report: JSON.parse(out) as CheckReport };
}

const rng = random(20260101);
const csv = (name: string, rows: readonly (readonly [string, number])[]): string => file(name, `capability,value\n${rows.map((row) => row.join(',')).join('\n')}\n`);
const gaussian = (n: number, mean = 0): number[] => Array.from({ length: n }, () => mean + rng.normal());

describe('hindcast envelope fit', () => {
  it('bounds the scores of a ledger by capability, and names those with too few', async () => {
    const { envelope, session } = await fitted(APPROVED, '--stream', 'score');
    expect(session).toMatchObject({ code: 0, err: '' });
    const { entries } = readLedger(readFileSync(APPROVED));
    const scores = entries.filter(({ capability }) => capability === 'read').map(({ risk_score: score }) => score ?? NaN);
    const { lower, upper } = splitInterval(scores, { alpha: 0.05 });
    expect(envelope.groups.map(({ key, n }) => [key, n])).toEqual([['exec', 6], ['http', 16], ['read', 570], ['write', 137]]);
    expect(envelope.groups[2]).toMatchObject({ lower, upper, needed: null });
    expect(envelope.groups[0]).toMatchObject({ lower: null, upper: null, needed: 39 });
    expect(session.out).toContain('too few: 39 needed');
    expect(session.out).toContain('Without bounds, since values are too few: exec, http.');
    expect(Math.max(...session.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(envelope.provenance).toMatchObject({ baseline: { compared: 'not at all' }, sources: [{ entryCount: 729, file: 'npm-approved.ledger.json', approval: null }] });
  });

  it('takes confidence, sides and groups as told, and prints what it would save', async () => {
    const { envelope, path } = await fitted(APPROVED, '--stream', 'score', '--alpha', '0.1', '--confidence', '0.95', '--sides', 'upper', '--by', 'actor');
    expect(envelope).toMatchObject({ alpha: 0.1, delta: 0.05, sides: 'upper', by: 'actor', method: 'tolerance interval' });
    expect(envelope.groups).toMatchObject([{ key: 'npm', n: 729, lower: null }]);
    const { out } = await hindcast(['envelope', 'fit', APPROVED, '--stream', 'score', '--alpha', '0.1', '--confidence', '0.95', '--sides', 'upper', '--by', 'actor', '--json']);
    expect(out).toBe(readFileSync(path, 'utf8'));
  });

  it('takes waits in order of time only, other streams in any', async () => {
    expect((await fitted(APPROVED)).session).toMatchObject({ code: 2, err: expect.stringContaining('time goes back') as string });
    expect((await fitted(APPROVED, '--sort')).envelope).toMatchObject({ measure: 'interval', unit: 'ms', by: 'capability' });
  });

  it.each(['5e-324', '1e-17'])('refuses --alpha %s, for which no calibration would do', async (alpha) => {
    const { session, path } = await fitted(csv('few.csv', [['a', 1], ['a', 2]]), '--alpha', alpha);
    expect([session.code, session.out, existsSync(path)]).toEqual([3, '', false]);
    expect(session.err).toContain(`alpha must be at least 1e-9, got ${alpha}`);
  });

  it('exits 5 where no group has a bound', async () => {
    expect((await fitted(csv('few.csv', [['a', 1], ['a', 2]]))).session.code).toBe(5);
  });

  it('is restricted to approved traces, and its provenance says so', async () => {
    const approval = join(folder(), 'approval.json');
    await hindcast(['approve', APPROVED, '--by', 'Ada', '--reason', 'reviewed', '--at', '2026-01-31T12:00Z', '-o', approval]);
    const { envelope } = await fitted(APPROVED, '--stream', 'score', '--approved', approval);
    expect(envelope.provenance.approvals).toMatchObject([{ approvedBy: 'Ada', reason: 'reviewed' }]);
    expect(envelope.provenance.sources[0]?.approval).toBe(envelope.provenance.approvals[0]?.contentHash);
    const refused = await fitted(ROUTINE, '--stream', 'score', '--approved', approval);
    expect(refused.session).toMatchObject({ code: 1, out: '', err: expect.stringContaining('npm-routine.ledger.json is not approved') as string });
    expect(existsSync(refused.path)).toBe(false);
  });
});

describe('a baseline', () => {
  const whole = readLedger(readFileSync(ROUTINE)).entries;
  const cut = (name: string, from: number, to: number): string => file(name, formatLedger(sealLedger(whole.slice(from, to), { prevHash: whole[from]?.prev_ledger_hash ?? null, generatedAtMs: 0n })));
  const baselineOf = async (...ledgers: string[]): Promise<string> => file('base.json', (await hindcast(['baseline', ...ledgers, '--json'])).out);

  it('of other traces is fine, and the provenance says how they were compared', async () => {
    const baseline = await baselineOf(ROUTINE);
    const { envelope, session } = await fitted(APPROVED, '--stream', 'score', '--baseline', baseline);
    expect(envelope.provenance.baseline).toMatchObject({ compared: 'by data hash, longer copies too', dataHashes: [expect.stringMatching(/^[0-9a-f]{64}$/) as string] });
    expect(session.out.replace(/\s+/g, ' ')).toContain("compared by data hash, longer copies too; a piece cut out of its traces would not show (--baseline-ledger compares entry by entry)");
    expect(envelope.assumes).toContainEqual(expect.stringContaining('a piece cut out of the baseline\'s'));
    const exact = await fitted(APPROVED, '--stream', 'score', '--baseline', baseline, '--baseline-ledger', ROUTINE);
    expect(exact.envelope.provenance.baseline.compared).toBe('entry by entry');
    expect(exact.envelope.assumes).toHaveLength(2);
  });

  it.each([['beginning', 0, 500], ['end', 229, 729]])('of the whole ledger shows that the %s was cut out of it, once that ledger is given; before, the doubt is said', async (name, from, to) => {
    const { entries } = readLedger(readFileSync(APPROVED));
    const piece = file(`${name}.jsonl`, `${entries.slice(from, to).map((entry) => formatEntry(entry)).join('\n')}\n`);
    const baseline = await baselineOf(APPROVED);
    const { envelope } = await fitted(piece, '--stream', 'score', '--baseline', baseline);
    expect(envelope.assumes).toContainEqual(expect.stringContaining("the baseline's data hash cannot show it; its ledger can (--baseline-ledger)"));
    const { session, path } = await fitted(piece, '--stream', 'score', '--baseline', baseline, '--baseline-ledger', APPROVED);
    expect([session.code, existsSync(path)]).toEqual([3, false]);
    expect(session.err).toContain(`but ${name}.jsonl and npm-approved.ledger.json are not: both hold the entry with the hash`);
  });

  it('cannot be compared with calls that have no entry hashes, and the page and the envelope say so', async () => {
    const { envelope, session } = await fitted('datasets/npm/npm-approved.calls.jsonl', '--baseline', await baselineOf(APPROVED), '--baseline-ledger', APPROVED, '--stream', 'latency');
    expect(envelope.provenance.baseline).toMatchObject({ compared: 'not at all', dataHashes: [expect.any(String)] });
    expect(envelope.assumes).toContainEqual(expect.stringContaining('calls without entry hashes cannot be compared'));
    expect(session.out.replace(/\s+/g, ' ')).toContain('not compared: npm-approved.calls.jsonl could not be, without entry hashes (give the ledger of these calls)');
    expect(Math.max(...session.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    ['the same ledger', (): string => ROUTINE, (): string => ROUTINE, [], 'it has the same data hash'],
    ['the beginning of it', (): string => cut('head.json', 0, 300), (): string => ROUTINE, [], 'the baseline was fitted on the first 300 entries of npm-routine.ledger.json'],
    ['a longer one, given', (): string => ROUTINE, (): string => cut('head.json', 0, 300), ['--baseline-ledger', ROUTINE], 'both hold the entry with the hash'],
    ['another stretch of it, given', (): string => cut('a.json', 100, 300), (): string => cut('b.json', 299, 500), 'baseline', 'both hold the entry with the hash'],
  ])('refuses %s', async (_, baselineLedger, calibration, extra, sentence) => {
    const ledger = baselineLedger();
    const given = extra === 'baseline' ? ['--baseline-ledger', ledger] : (extra as string[]);
    const { session, path } = await fitted(calibration(), '--stream', 'score', '--baseline', await baselineOf(ledger), ...given);
    expect([session.code, session.out, existsSync(path)]).toEqual([3, '', false]);
    expect(session.err).toContain(sentence);
  });

  it('takes two stretches of one ledger that do not touch', async () => {
    const [a, b] = [cut('a.json', 100, 300), cut('b.json', 300, 726)];
    const { envelope } = await fitted(b, '--stream', 'score', '--baseline-ledger', a);
    expect(envelope.provenance.baseline.compared).toBe('entry by entry');
  });

  it('refuses a ledger that the baseline was not fitted on', async () => {
    const { session } = await fitted(APPROVED, '--stream', 'score', '--baseline', await baselineOf(ROUTINE), '--baseline-ledger', INCIDENT);
    expect(session).toMatchObject({ code: 3, err: expect.stringContaining('the baseline was not fitted on this ledger') as string });
  });
});

describe('hindcast envelope check', () => {
  it('finds the pace and the failures of the recorded incident, and nothing in the routine run', async () => {
    const pace = (await fitted(APPROVED, '--sort', '--by', 'actor')).path;
    expect((await checked(ROUTINE, '--sort', '--envelope', pace)).code).toBe(0);
    const { code, report } = await checked(INCIDENT, '--sort', '--envelope', pace);
    expect(code).toBe(1);
    expect(report.groups[0]).toMatchObject({ finding: true, outside: 28 });
    expect(report.groups[0]?.values[0]).toMatchObject({ record: 5, value: 41, file: INCIDENT });
    const failures = (await fitted(APPROVED, '--stream', 'error')).path;
    expect((await checked(INCIDENT, '--envelope', failures)).report.groups.filter(({ finding }) => finding)).toMatchObject([{ key: 'read', outside: 5 }]);
    const { out } = await hindcast(['envelope', 'check', INCIDENT, '--envelope', failures]);
    expect(out.split('\n')[0]).toBe('more failures than chance explains in read  failure rates by capability');
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('reports a group that nothing is known of, and groups that could not be judged', async () => {
    const { path } = await fitted(csv('good.csv', [...gaussian(99).map((x) => ['a', x] as const), ['b', 1]]));
    const { code, report } = await checked(csv('live.csv', [['a', 0], ['b', 5], ['c', 1]]), '--envelope', path);
    expect(code).toBe(1);
    expect(report.groups.map(({ key, status, needed }) => [key, status, needed])).toEqual([['a', 'judged', null], ['b', 'unbounded', 39], ['c', 'unknown', null]]);
    const { out } = await hindcast(['envelope', 'check', csv('live.csv', [['c\u001b[2J', 1]]), '--envelope', path], { isTTY: true });
    expect(out).toContain('c\\u001b[2J: not in the envelope');
    expect((await checked(csv('b.csv', [['b', 5]]), '--envelope', path)).code).toBe(5);
  });

  it('judges groups together', async () => {
    const { path } = await fitted(csv('good.csv', ['a', 'b', 'c'].flatMap((key) => gaussian(399).map((x) => [key, x] as const))));
    const live = csv('live.csv', [...gaussian(100).map((x) => ['a', x] as const), ...gaussian(100, 2).map((x) => ['b', x] as const), ...gaussian(100).map((x) => ['c', x] as const)]);
    for (const correction of ['holm', 'bh', 'by']) {
      const { code, report } = await checked(live, '--envelope', path, '--correction', correction);
      expect([code, report.groups.map(({ finding }) => finding)]).toEqual([1, [false, true, false]]);
      expect(report.groups[1]?.expected).toBeCloseTo(5, 10);
    }
  });

  it('says where the traces judged are those of the calibration', async () => {
    const { path } = await fitted(APPROVED, '--stream', 'score');
    const { code, err, out } = await hindcast(['envelope', 'check', APPROVED, '--envelope', path]);
    expect(code).toBe(0);
    expect(err).toContain('that it fits is no evidence');
    expect(out).toContain('no evidence');
  });

  it.each([
    [['--envelope', '/nowhere'], 3, '/nowhere: there is no such file'],
    [['--envelope', APPROVED], 2, 'the envelope.schema must be hindcast.envelope.v1, got "pi.ext.runtime_risk_ledger.v1"'],
    [[], 3, "required option '--envelope <file>' not specified"],
  ])('refuses %j', async (argv, code, sentence) => {
    const session = await hindcast(['envelope', 'check', ROUTINE, ...argv]);
    expect([session.code, session.out]).toEqual([code, '']);
    expect(session.err).toContain(sentence);
  });

  it('refuses an envelope of another stream, one that was changed, and an alpha out of range', async () => {
    const { path } = await fitted(APPROVED, '--stream', 'score');
    expect((await hindcast(['envelope', 'check', ROUTINE, '--stream', 'error', '--envelope', path])).err).toContain('the envelope is of the stream score, got --stream error');
    const changed = file('changed.json', readFileSync(path, 'utf8').replace('"upper":0.', '"upper":1.'));
    expect(await hindcast(['envelope', 'check', ROUTINE, '--envelope', changed])).toMatchObject({ code: 2, err: expect.stringContaining('as the calibration values have it') as string });
    const surer = file('surer.json', readFileSync(path, 'utf8').replace('at most 5 %', 'at most 0.001 %'));
    expect(await hindcast(['envelope', 'check', ROUTINE, '--envelope', surer])).toMatchObject({ code: 2, err: expect.stringContaining('the envelope.guarantee must be') as string });
    expect((await hindcast(['envelope', 'check', ROUTINE, '--envelope', path, '--alpha', '2'])).err).toContain('alpha must be in (0, 1), got 2');
  });
});

it('refuses to check a trace given twice, under whatever name and layout', async () => {
  const LEDGER = 'datasets/npm/npm-approved.ledger.json';
  const envelope = join(folder(), 'envelope.json');
  await hindcast(['envelope', 'fit', LEDGER, '--stream', 'score', '-o', envelope]);
  const again = file('again.jsonl', readLedger(readFileSync(LEDGER)).entries.map((entry) => `${formatEntry(entry)}\n`).join(''));
  const { code, err } = await hindcast(['envelope', 'check', LEDGER, again, '--envelope', envelope]);
  expect([code, err]).toEqual([3, expect.stringContaining(`${again} has the content of ${LEDGER}, by its hash`)]);
});
