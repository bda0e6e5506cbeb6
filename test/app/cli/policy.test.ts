import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, contentHash, formatEntry, makePolicy, parseJson, parsePolicy, piBudgetConfig, piRiskConfig, readLedger, type PiBudgetPartial, type PiRiskConfig, type Policy } from '../../../src/index.js';
import { file, folder, hindcast } from './session.js';

const [APPROVED, ROUTINE, INCIDENT] = ['approved', 'routine', 'incident'].map((name) => `datasets/npm/npm-${name}.ledger.json`) as [string, string, string];
const LABELS = ['--labels', 'datasets/npm/npm-incident.labels.csv', '--label-source', 'audit team'];
const here = folder();
const at = (name: string): string => join(here, name);
const PARTS = ['--threshold', `deny=${at('threshold.json')}`, '--envelope', at('envelope.json'), '--detector', at('detector.json'), '--approval', at('approval.json'), '--source', APPROVED, ROUTINE];

/** Runs a command that must end so. */
async function done(code: number, ...argv: readonly string[]): Promise<void> {
  const session = await hindcast(argv);
  expect([session.code, session.err]).toEqual([code, '']);
}

const readPolicy = (path: string): Policy => parsePolicy(parseJson(readFileSync(path)));

/** The policy with something changed, and its hash made anew. */
function resealed(change: object): string {
  const changed = { ...readPolicy(at('npm.json')), ...change };
  return file('resealed.json', canonicalJson({ ...changed, contentHash: contentHash(changed) }));
}

beforeAll(async () => {
  await done(0, 'approve', APPROVED, ROUTINE, '--by', 'Ada', '--reason', 'reviewed', '--at', '2026-01-31T12:00:00Z', '-o', at('approval.json'));
  await done(0, 'baseline', APPROVED, '--approved', at('approval.json'), '--json', '--out', at('base.json'));
  await done(0, 'envelope', 'fit', ROUTINE, '--stream', 'score', '--baseline', at('base.json'), '--approved', at('approval.json'), '-o', at('envelope.json'));
  await done(0, 'calibrate', INCIDENT, ...LABELS, '--method', 'np', '--miss', '0.3', '--json', '--out', at('threshold.json'));
  await done(0, 'detect', ROUTINE, '--baseline', at('base.json'), '--stream', 'error', '--by', 'capability', '--sort', '--json', '--out', at('detector.json'));
  await done(0, 'policy', 'make', ...PARTS, '--name', 'npm', '-o', at('npm.json'));
});

describe('hindcast policy make', () => {
  it('shows what the policy says, promises and comes from, and writes the same bytes each time', async () => {
    const { code, out, err } = await hindcast(['policy', 'make', ...PARTS, '--name', 'npm', '-o', at('again.json')]);
    expect([code, err]).toEqual([0, '']);
    expect(readFileSync(at('again.json'), 'utf8')).toBe(readFileSync(at('npm.json'), 'utf8'));
    expect(out).toMatch(/^policy npm: 1 threshold, 1 envelope, 4 detectors\n {2}answers {7}deny from 0\.\d+ on\n {2}made by {7}hindcast 1\.2\.3/);
    for (const part of ['with 95 % confidence at most 30 % of unsafe calls pass', 'envelope score by capability', 'detector cusum of error by capability (read)', 'exec no bound (n 6)', 'of threshold deny: from audit team', 'no approval of this policy names it', 'by Ada, 2026-01-31T12:00:00.000Z: reviewed']) expect(out).toContain(part);
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('gives traces names, those behind a baseline file too', () => {
    const { provenance, detectors, envelopes } = readPolicy(at('npm.json'));
    expect(detectors).toMatchObject([{ stream: 'error', by: 'capability', streams: [{ capability: 'exec' }] }, {}, {}, {}]);
    expect(envelopes).toHaveLength(1);
    expect(provenance.traces.map(({ file: name, approval }) => [name, approval === null])).toEqual(expect.arrayContaining([['npm-routine.ledger.json', false], ['npm-approved.ledger.json', false], [null, true]]));
  });

  it('reads the baseline file that a detector was learned from, and says what it has no use for', async () => {
    const { err, out } = await hindcast(['policy', 'make', '--detector', at('detector.json'), '--source', at('base.json'), INCIDENT, '--json']);
    expect(err).toBe('hindcast: npm-incident.ledger.json: no part of the policy comes from it\n');
    expect(parsePolicy(parseJson(out)).provenance.traces).toMatchObject([{ dataHash: 'f8a246b39037bffcd8129111124fcf161644cfb6ed91e1732deb1a15c38c6bac' }]);
  });

  it('says when a part rests on an approval that is left out', async () => {
    const { code, err } = await hindcast(['policy', 'make', '--envelope', at('envelope.json'), '--json']);
    expect(code).toBe(0);
    expect(err).toContain('the approval by Ada, 2026-01-31T12:00:00.000Z, that a part rests on is not in the policy: name it with --approval');
  });

  it('counts nobody as approving whose record is left out or names no trace of the policy, on the page and in JSON alike', async () => {
    const out = join(folder(), 'p.json');
    const left = await hindcast(['policy', 'make', '--envelope', at('envelope.json'), '-o', out]);
    expect(left.out).toContain('by nobody: no approval in it names a trace of its (--approval)');
    expect(left.out.replaceAll(/\s+/g, ' ')).toContain('unconfirmed approval by Ada, 2026-01-31T12:00:00.000Z: its record is not in the policy');
    expect(readPolicy(out).provenance).toMatchObject({ approvedBy: [], unconfirmed: [{ approvedBy: 'Ada', why: 'its record is not in the policy' }] });
    await done(0, 'approve', APPROVED, '--by', 'CEO', '--reason', 'trust me', '--at', '2026-01-31T12:00:00Z', '-o', at('ceo.json'));
    const made = await hindcast(['policy', 'make', '--threshold', at('threshold.json'), '--approval', at('ceo.json'), '-o', out]);
    expect(made.err).toContain('the approval by CEO, 2026-01-31T12:00:00.000Z, names no trace that the policy uses, and counts for nothing');
    expect(readPolicy(out).provenance).toMatchObject({ approvedBy: [], unconfirmed: [{ approvedBy: 'CEO', why: 'its record names no trace that the policy uses' }] });
    for (const page of [made.out, (await hindcast(['policy', 'check', out])).out]) expect(page.replaceAll(/\s+/g, ' ')).toContain('unconfirmed approval by CEO, 2026-01-31T12:00:00.000Z: its record names no trace that the policy uses');
  });

  it('refuses an approver that the record does not name', async () => {
    const forged = file('mallory.json', readFileSync(at('envelope.json'), 'utf8').replace('"approvedBy":"Ada"', '"approvedBy":"Mallory"'));
    const { code, out, err } = await hindcast(['policy', 'make', '--envelope', forged, '--approval', at('approval.json')]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toMatch(/envelope score by capability says that the approval [0-9a-f]{16}\.\.\. is by "Mallory", 2026-01-31T12:00:00\.000Z, "reviewed", and its record says by "Ada"/);
  });

  it.each<readonly [() => readonly string[], number, string]>([
    [() => [], 5, 'a policy must hold at least one threshold, envelope or detector, got none'],
    [() => ['--threshold', 'deny='], 3, 'It must be FILE or BAND=FILE.'],
    [() => ['--threshold', at('envelope.json')], 2, 'the threshold.schema must be hindcast.threshold.v1, got "hindcast.envelope.v1"'],
    [() => ['--envelope', at('threshold.json')], 2, 'envelope'],
    [() => ['--detector', at('base.json')], 2, 'the report.schema must be hindcast.detect.v1'],
    [() => ['--threshold', file('page.txt', 'flag calls that score 0.3 or more\n')], 2, 'page.txt: this is no JSON; it must be what "hindcast calibrate --method NAME --json" wrote'],
    [() => ['--threshold', at('threshold.json'), at('threshold.json')], 3, 'a policy must hold each part once, got threshold deny twice'],
    [() => ['--envelope', '-'], 3, 'must be files, got the standard input'],
    [() => ['--envelope', '/nowhere.json'], 3, '/nowhere.json: there is no such file'],
    [() => ['--envelope', at('envelope.json'), '-o', at('envelope.json')], 3, 'it is not overwritten'],
  ])('refuses %#', async (argv, code, sentence) => {
    const session = await hindcast(['policy', 'make', ...argv()]);
    expect([session.code, session.out]).toEqual([code, '']);
    expect(session.err).toContain(sentence);
  });

  it('refuses a detector whose parameters do not run', async () => {
    const broken = file('broken.json', readFileSync(at('detector.json'), 'utf8').replaceAll('"bernoulli"', '"oracle"').replaceAll(/"params": \{/g, '"params": { "was": {} }, "other": {'));
    const { code, err } = await hindcast(['policy', 'make', '--detector', broken, '--json']);
    expect(code).toBe(2);
    expect(err).toContain('broken.json: these are no parameters of the detector cusum: {"was":{}}');
  });

  it('refuses a report of nothing watched', async () => {
    const none = file('none.json', JSON.stringify({ ...JSON.parse(readFileSync(at('detector.json'), 'utf8')) as object, designs: [] }));
    expect(await hindcast(['policy', 'make', '--detector', none])).toMatchObject({ code: 5, err: expect.stringContaining('holds no detector: no stream was watched') as string });
  });
});

describe('hindcast policy show', () => {
  it('shows a policy, or prints it', async () => {
    const { code, out } = await hindcast(['policy', 'show', at('npm.json')]);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toContain('policy npm: 1 threshold, 1 envelope, 4 detectors');
    expect(JSON.parse((await hindcast(['policy', 'show', at('npm.json'), '--json'])).out)).toEqual(readPolicy(at('npm.json')));
  });

  it('refuses one that was changed', async () => {
    const changed = file('changed.json', readFileSync(at('npm.json'), 'utf8').replace('"name":"npm"', '"name":"apt"'));
    for (const command of [['show', changed], ['check', changed], ['export', changed, '--for', 'pi-bands'], ['diff', changed, at('npm.json')]]) {
      const session = await hindcast(['policy', ...command]);
      expect([session.code, session.out]).toEqual([1, '']);
      expect(session.err).toContain('changed.json: the policy was changed after it was made: its contentHash must be');
    }
  });

  it('shows hostile names harmlessly', async () => {
    const out = join(folder(), 'hostile.json');
    const session = await hindcast(['policy', 'make', '--envelope', at('envelope.json'), '--name', 'Eve\u001b[2J\u202e', '-o', out], { isTTY: true });
    expect(session.out).toContain('policy Eve\\u001b[2J\\u202e');
    const diff = await hindcast(['policy', 'diff', at('npm.json'), out], { isTTY: true });
    expect(diff.out).toContain('name: npm -> Eve\\u001b[2J\\u202e');
    expect((await hindcast(['policy', 'show', out, '--json'], { isTTY: true })).out).not.toContain('\u202e');
  });
});

describe('hindcast policy diff', () => {
  it('says nothing of the same policy', async () => {
    const { code, out } = await hindcast(['policy', 'diff', at('npm.json'), at('npm.json')]);
    expect([code, out.split('\n')[0]]).toEqual([0, 'no difference: the policies say the same']);
  });

  it('says in words and numbers what changed', async () => {
    await done(0, 'calibrate', INCIDENT, ...LABELS, '--method', 'np', '--miss', '0.2', '--json', '--out', at('stricter.json'));
    await done(0, 'policy', 'make', '--threshold', at('stricter.json'), '--envelope', at('envelope.json'), '--approval', at('approval.json'), '--source', APPROVED, ROUTINE, '--name', 'npm', '-o', at('npm-2.json'));
    const { code, out } = await hindcast(['policy', 'diff', at('npm.json'), at('npm-2.json')]);
    expect(code).toBe(1);
    expect(out).toMatch(/^\d+ changes in \d+ parts\n/);
    expect(out).toMatch(/\nthreshold deny\n {2}flags a score of at least: 0\.\d+ -> 0\.\d+\s+\(-0\.\d+\)\n/);
    expect(out).toContain('miss rate at most: 0.3 -> 0.2 (-0.1)');
    expect(out).toContain('detector cusum of error by capability (read): no longer there');
    const report = JSON.parse((await hindcast(['policy', 'diff', at('npm.json'), at('npm-2.json'), '--json'])).out) as { changes: unknown[] };
    expect(report).toMatchObject({ schema: 'hindcast.policy-diff.v1', before: { name: 'npm' } });
    expect(report.changes).toContainEqual({ part: 'threshold deny', what: 'miss rate at most', kind: 'changed', before: 0.3, after: 0.2 });
  });
});

describe('hindcast policy check', () => {
  it('says that a policy holds together', async () => {
    const { code, out } = await hindcast(['policy', 'check', at('npm.json')]);
    expect([code, out.split('\n')[0]]).toEqual([0, 'holds together: hash, schema, parts, and what follows from their numbers']);
  });

  it('says what it takes as stated', async () => {
    const { out } = await hindcast(['policy', 'check', at('npm.json')]);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('not checked that its numbers are those of the data: the labelled calls counted for thresholds, the values of envelopes, the parameters and promises of detectors are taken as stated, and so is who approved');
  });

  it('sees counts that the ledgers of a threshold cannot give', async () => {
    const policy = readPolicy(at('npm.json'));
    const forged = file('forged.json', canonicalJson(makePolicy({ ...policy, thresholds: policy.thresholds.map(({ band, threshold }) => ({ band, threshold: { ...threshold, threshold: 0.99 } })) })));
    expect((await hindcast(['policy', 'check', forged])).code).toBe(0);
    for (const given of ['--source', '--ledger']) {
      const { code, out } = await hindcast(['policy', 'check', forged, given, INCIDENT]);
      expect([code, out.split('\n')[0]]).toEqual([1, 'the policy holds together, but the ledgers that it was made of contradict it']);
      expect(out.replaceAll(/\s+/g, ' ')).toMatch(/CONTRADICTED threshold deny: it says that \d+ labelled calls were flagged, and in the ledgers that it was chosen on 0 calls in all would be/);
    }
    const { counts } = JSON.parse((await hindcast(['policy', 'check', at('npm.json'), '--source', INCIDENT, '--json'])).out) as { counts: { flagged: number; passed: number; contradiction: null }[] };
    expect(counts).toMatchObject([{ part: 'threshold deny', contradiction: null }]);
    expect((counts[0]?.flagged ?? 0) + (counts[0]?.passed ?? 0)).toBe(245);
  });

  it('refuses one sealed anew that does not', async () => {
    const { bands, detectors } = readPolicy(at('npm.json'));
    expect(await hindcast(['policy', 'check', resealed({ bands: { ...bands, deny: 0.1 } })])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('the policy.bands must be what follows') as string });
    const broken = resealed({ detectors: detectors.map((detector) => ({ ...detector, params: null })) });
    expect(await hindcast(['policy', 'check', broken])).toMatchObject({ code: 2, err: expect.stringContaining('these are no parameters of the detector cusum: null') as string });
  });

  it('compares files with those that it was made of', async () => {
    const { code, out } = await hindcast(['policy', 'check', at('npm.json'), '--source', APPROVED, ROUTINE, INCIDENT]);
    expect(code).toBe(0);
    expect(out).toContain('choosing threshold deny');
    const stranger = await hindcast(['policy', 'check', at('npm.json'), '--source', ROUTINE, at('base.json'), at('threshold.json')]);
    expect(stranger.code).toBe(1);
    expect(stranger.out.split('\n')[0]).toBe('the policy holds together, but was not made of all of these files');
    expect(stranger.out.replace(/\s+/g, ' ')).toContain('threshold.json: the policy');
    expect(stranger.out.match(/NOT ITS OWN/g)).toHaveLength(1);
  });

  it('counts what each part would have flagged, beside what chance gives', async () => {
    const { code, out } = await hindcast(['policy', 'check', at('npm.json'), '--ledger', INCIDENT, '--json']);
    expect(code).toBe(1);
    const report = JSON.parse(out) as { thresholds: object[]; envelopes: { check: { groups: { outside: number | null }[] } }[]; detectors: { streams: { alarms: number; observations: number }[]; expected: number }[]; ownTraces: string[] };
    const { bands } = readPolicy(at('npm.json'));
    const scores = (JSON.parse(readFileSync(INCIDENT, 'utf8')) as { entries: { risk_score: number }[] }).entries.map(({ risk_score: score }) => score);
    expect(report.thresholds).toMatchObject([{ part: 'threshold deny', n: 245, flagged: scores.filter((score) => score >= (bands.deny ?? NaN)).length, reason: null }]);
    expect(report.ownTraces).toEqual([INCIDENT]);
    const envelope = JSON.parse((await hindcast(['envelope', 'check', INCIDENT, '--envelope', at('envelope.json'), '--json'])).out) as { groups: { outside: number | null }[] };
    expect(report.envelopes[0]?.check.groups.map(({ outside }) => outside)).toEqual(envelope.groups.map(({ outside }) => outside));
    const detect = JSON.parse((await hindcast(['detect', INCIDENT, '--baseline', at('base.json'), '--stream', 'error', '--by', 'capability', '--sort', '--json'])).out) as { alarmCount: number };
    expect(report.detectors.reduce((sum, { streams }) => sum + streams.reduce((own, { alarms }) => own + alarms, 0), 0)).toBe(detect.alarmCount);
    expect(report.detectors.every(({ expected, streams }) => expected > 0 && streams.length === 1)).toBe(true);
  });

  it('expects no more alarms of a detector that latches than it has streams', async () => {
    const { detectors } = readPolicy(at('npm.json'));
    const arl0 = 50;
    const latching = detectors.map(({ params, ...detector }) => ({ ...detector, params: { ...params as object, afterAlarm: 'latch' }, arl0 }));
    const policy = file('latching.json', canonicalJson(makePolicy({ ...readPolicy(at('npm.json')), detectors: latching })));
    const { detectors: runs } = JSON.parse((await hindcast(['policy', 'check', policy, '--ledger', INCIDENT, ROUTINE, '--json'])).out) as { detectors: { streams: { observations: number; alarms: number }[]; expected: number }[] };
    expect(runs).toHaveLength(4);
    for (const { streams, expected } of runs) {
      expect(expected).toBeLessThanOrEqual(streams.length);
      expect(expected).toBeCloseTo(streams.reduce((sum, { observations }) => sum + 1 - (1 - 1 / arl0) ** observations, 0), 9);
      expect(Math.max(...streams.map(({ alarms }) => alarms))).toBeLessThanOrEqual(1);
    }
  });

  it('shows them on a page, and says what is no evidence', async () => {
    const { code, out } = await hindcast(['policy', 'check', at('npm.json'), '--ledger', INCIDENT]);
    expect(code).toBe(1);
    expect(out).toMatch(/^holds together; 1 detector with alarms {2}/);
    for (const part of [/deny {10}\d+ of 245 calls \(\d+\.\d %\) score 0\.\d+ or more/, /ALARM {9}detector cusum of error by capability \(read\): \d+ alarms? in 195/, /no evidence {3}datasets/, /not judged for want of calibration values: exec, http/]) expect(out).toMatch(part);
  });

  it('knows a part of its own traces as far as entries are known, and says of which it cannot', async () => {
    const part = (path: string, from: number, to: number): string => file(`part-${String(from)}-${path.replace(/^.*[\\/]/, '')}l`, readLedger(readFileSync(path)).entries.slice(from, to).map((entry) => `${formatEntry(entry)}\n`).join(''));
    const own = async (...argv: string[]): Promise<unknown> => (JSON.parse((await hindcast(['policy', 'check', at('npm.json'), '--json', '--ledger', ...argv])).out) as { ownTraces: string[] }).ownTraces;
    const [middle, first, last, incident] = [part(ROUTINE, 30, 90), part(APPROVED, 0, 50), part(APPROVED, -50, 1e9), part(INCIDENT, 0, 100)];
    // Of what it was calibrated on an envelope has every entry; an approval, the first and the last.
    expect(await own(middle, first, last, incident)).toEqual([middle, first, last]);
    expect(await own(middle, first, last, incident, '--source', INCIDENT)).toEqual([middle, first, last, incident]);
    const unknown = (await hindcast(['policy', 'check', at('npm.json'), '--ledger', incident])).out.replaceAll(/\s+/g, ' ');
    expect(unknown).toMatch(/a part of .*[0-9a-f]{16}\.\.\..* could not be told from another ledger: of them not every entry is known here \(--source compares them\)/);
    expect(unknown).not.toContain('no evidence');
  });

  it('knows a ledger that goes on from one of its traces', async () => {
    const short = file('short.jsonl', readLedger(readFileSync(INCIDENT)).entries.slice(0, 240).map((entry) => `${formatEntry(entry)}\n`).join(''));
    await done(0, 'calibrate', short, ...LABELS, '--method', 'cost', '--json', '--out', at('short-threshold.json'));
    await done(0, 'policy', 'make', '--threshold', at('short-threshold.json'), '-o', at('short-policy.json'));
    expect(JSON.parse((await hindcast(['policy', 'check', at('short-policy.json'), '--ledger', INCIDENT, ROUTINE, '--json'])).out)).toMatchObject({ ownTraces: [INCIDENT] });
  });

  it.each<readonly [string, () => string]>([
    ['a threshold', () => at('threshold.json')],
    ['an approval', () => at('approval.json')],
    ['nothing', () => file('nothing.json', '')],
    ['a page', () => file('page.txt', 'flag calls that score 0.3 or more\n')],
  ])('refuses to be tried on %s', async (_, make) => {
    const path = make();
    const { code, out, err } = await hindcast(['policy', 'check', at('npm.json'), '--ledger', INCIDENT, path]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(`${path}: this is no ledger, no calls, no telemetry and no other series to try a policy on: `);
  });

  it('says which part cannot judge what it is given', async () => {
    const calls = file('calls.csv', 'time,value\n1,2\n2,3\n3,4\n');
    const { code, out } = await hindcast(['policy', 'check', at('npm.json'), '--ledger', calls]);
    expect(code).toBe(5);
    expect(out).toMatch(/^holds together; nothing found, but 6 parts could not judge {2}/);
    expect(out).toContain('not judged    threshold deny');
    expect(await hindcast(['policy', 'check', at('npm.json'), '--ledger', '-'])).toMatchObject({ code: 3, out: '' });
    const broken = file('broken.json', readFileSync(INCIDENT, 'utf8').replace('"risk_score":0.35', '"risk_score":0.36'));
    expect(await hindcast(['policy', 'check', at('npm.json'), '--ledger', broken])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('does not verify') as string });
  });
});

describe("the controller's own labels", () => {
  it('are marked wherever their threshold goes', async () => {
    await done(0, 'calibrate', INCIDENT, '--force-controller-labels', '--method', 'cost', '--json', '--out', at('circular.json'));
    const made = await hindcast(['policy', 'make', '--threshold', at('circular.json'), '-o', at('circular-policy.json')]);
    expect(made.out.replaceAll(/\s+/g, ' ')).toContain("from controller, insisted on: they repeat the controller's own");
    expect((await hindcast(['policy', 'export', at('circular-policy.json'), '--for', 'pi-bands'])).err).toContain("as calibrated on the controller's own labels: it repeats their judgement");
    expect((await hindcast(['policy', 'check', at('circular-policy.json'), '--ledger', ROUTINE])).out).toContain("its labels were the controller's own decisions: it repeats them");
    expect((await hindcast(['policy', 'diff', at('npm.json'), at('circular-policy.json')])).out.replaceAll(/\s+/g, ' ')).toContain('labels from: audit team -> controller (the controller itself: circular) (forced)');
  });
});

describe('hindcast policy export', () => {
  it.each(['pi-bands', 'pi-risk-config', 'pi-budget'])('prints the configuration %s, and aloud what it cannot express', async (target) => {
    const out = join(folder(), 'config.json');
    const session = await hindcast(['policy', 'export', at('npm.json'), '--for', target, '--out', out]);
    expect([session.code, session.out]).toEqual([0, '']);
    expect(session.err).toContain('hindcast: not expressible: ');
    expect(session.err).toContain("the host's configuration holds no promise");
    const config = JSON.parse(readFileSync(out, 'utf8')) as object;
    if (target === 'pi-risk-config') expect(piRiskConfig(config as Partial<PiRiskConfig>)).toEqual(config);
    if (target === 'pi-budget') expect(piBudgetConfig(config as PiBudgetPartial)).toEqual(config);
    if (target === 'pi-bands') expect(config).toMatchObject({ allow: 0, deny: readPolicy(at('npm.json')).bands.deny });
    const report = JSON.parse((await hindcast(['policy', 'export', at('npm.json'), '--for', target, '--json'])).out) as object;
    expect(report).toMatchObject({ schema: 'hindcast.policy-export.v1', target, config, policy: { name: 'npm' }, notExpressible: expect.any(Array) as unknown[] });
  });

  it('refuses a target that there is not', async () => {
    expect(await hindcast(['policy', 'export', at('npm.json'), '--for', 'moon'])).toMatchObject({ code: 3, out: '' });
    expect(await hindcast(['policy', 'export', at('npm.json')])).toMatchObject({ code: 3, out: '' });
  });
});

it.each(['make', 'show', 'diff', 'check', 'export'])('explains policy %s with examples and exit codes within 80 columns', async (command) => {
  const { code, out } = await hindcast(['policy', command, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`hindcast policy ${command}`);
  expect(out).toContain('Exit codes: 0');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});
