import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approveTraces, canonicalJson, contentHash, diffPolicies, makePolicy, parseJson, parsePolicy, parseThreshold, policyFacts, type Envelope, type Policy, type PolicyThreshold } from '../../../src/index.js';
import { approval, detector, envelopeOf, policyOf, thresholdOf } from './parts.js';

const policy = policyOf();
const text = canonicalJson(policy);

/** The policy with something changed and its hash made anew. */
const forged = (change: object): string => canonicalJson({ ...policy, ...change, contentHash: contentHash({ ...policy, ...change }) });

const approver = { approvedBy: approval.approvedBy, at: approval.at, reason: approval.reason, contentHash: approval.contentHash };
const elsewhere = approveTraces({ traces: [{ kind: 'file', dataHash: '9'.repeat(64), entryCount: null, firstHash: null, lastHash: null, file: 'other.csv' }], approvedBy: 'Grace Hopper', at: '2026-02-01T12:00:00Z', reason: 'reviewed' });

/** The envelope, its calibration trace said to be approved by another record. */
function namedBy(contentHashOfRecord: string): Envelope {
  const envelope = envelopeOf(0.05);
  return { ...envelope, provenance: { ...envelope.provenance, sources: envelope.provenance.sources.map((source) => ({ ...source, approval: contentHashOfRecord })) } };
}

describe('makePolicy', () => {
  it('counts as approving whoever has a record in it that names a trace of it, and nobody else', () => {
    expect(policyOf({ approvals: [approval, elsewhere] }).provenance).toMatchObject({ approvedBy: ['Ada Lovelace'], unconfirmed: [{ approvedBy: 'Grace Hopper', why: 'its record names no trace that the policy uses' }] });
    expect(policyOf({ approvals: [] }).provenance).toMatchObject({ approvedBy: [], unconfirmed: [{ approvedBy: 'Ada Lovelace', contentHash: approval.contentHash, why: 'its record is not in the policy' }] });
  });

  it('gives bands, promises and provenance that follow from the parts', () => {
    const { threshold } = policy.thresholds[0]?.threshold ?? {};
    expect(policy.bands).toEqual({ harden: null, prompt: null, deny: threshold, terminate: null });
    expect(policy.guarantee.map(({ part, holds }) => [part, holds])).toEqual([['threshold deny', 'exact'], ['envelope latency by capability', 'exact'], ['detector cusum of interval by actor (npm)', 'bound']]);
    expect(policy.guarantee[0]).toMatchObject({ statement: 'with 95 % confidence at most 20 % of unsafe calls pass', numbers: { threshold, miss: 0.2, delta: 0.05 } });
    expect(policy.guarantee[1]).toMatchObject({ numbers: { alpha: 0.05, groups: 2, bounded: 1 }, doubts: ['1 of 2 groups have too few values for a bound'] });
    expect(policy.provenance.traces.map(({ dataHash, file, approval: named, usedFor }) => [dataHash[0], file, named === null, ...usedFor])).toEqual([
      ['5', null, true, 'choosing threshold deny'],
      ['a', 'monday.json', false, 'calibrating envelope latency by capability'],
      ['d', null, true, 'baseline of envelope latency by capability'],
      ['e', null, true, 'baseline of detector cusum of interval by actor (npm)'],
    ]);
    expect(policy.provenance).toMatchObject({ approvedBy: ['Ada Lovelace'], labels: [{ source: 'audit team', circular: false, forced: false }], splits: [{ part: 'threshold deny', by: 'none' }] });
  });

  it('names traces and what is in a baseline file after the files they come from, and leaves out what no part comes from', () => {
    const sources = [
      { file: 'base.json', fileHash: 'e'.repeat(64), dataHashes: ['a'.repeat(64), 'f'.repeat(64)] },
      { file: 'labelled.json', fileHash: '1'.repeat(64), dataHashes: ['5'.repeat(64)] },
      { file: 'other.json', fileHash: '2'.repeat(64), dataHashes: ['3'.repeat(64)] },
    ];
    const { provenance, sources: kept } = policyOf({ sources });
    expect(kept.map(({ file }) => file)).toEqual(['labelled.json', 'base.json']);
    expect(provenance.traces.map(({ dataHash, file, usedFor }) => [dataHash[0], file, usedFor.length])).toEqual([['5', 'labelled.json', 1], ['a', 'monday.json', 2], ['d', null, 1], ['f', null, 1]]);
    expect(parsePolicy(parseJson(canonicalJson(policyOf({ sources }))))).toEqual(policyOf({ sources }));
  });

  it('is the same whatever the order of its parts', () => {
    const [harden, deny]: PolicyThreshold[] = [{ band: 'harden', threshold: thresholdOf(0.1) }, { band: 'deny', threshold: thresholdOf(0.3) }];
    const [up, other] = [detector, { ...detector, stream: 'latency' }];
    if (harden === undefined || deny === undefined) throw new Error('no thresholds');
    expect(policyOf({ thresholds: [deny, harden], detectors: [other, up] })).toEqual(policyOf({ thresholds: [harden, deny], detectors: [up, other] }));
  });

  it.each<readonly [() => unknown, string]>([
    [() => policyOf({ thresholds: [], envelopes: [], detectors: [] }), 'a policy must hold at least one threshold, envelope or detector, got none'],
    [() => policyOf({ envelopes: [envelopeOf(0.05), envelopeOf(0.1)] }), 'a policy must hold each part once, got envelope latency by capability twice'],
    [() => policyOf({ thresholds: [{ band: 'harden', threshold: thresholdOf(0.4) }, { band: 'deny', threshold: thresholdOf(0.1) }] }), 'thresholds must rise with their answers, got harden from'],
    [() => policyOf({ thresholds: [{ band: 'deny', threshold: { ...thresholdOf(0.2), approvals: [{ ...approver, approvedBy: 'Mallory' }] } }] }), 'threshold deny says that the approval '],
    [() => policyOf({ approvals: [], thresholds: [{ band: 'deny', threshold: { ...thresholdOf(0.2), approvals: [{ ...approver, reason: 'none' }] } }] }), ', and threshold deny says by "Ada Lovelace", 2026-01-31T12:00:00Z, "none"'],
    [() => policyOf({ approvals: [approval, elsewhere], envelopes: [namedBy(elsewhere.contentHash)] }), 'envelope latency by capability says that monday.json (aaaaaaaaaaaaaaaa...) is approved by "Grace Hopper", 2026-02-01T12:00:00Z, whose approval does not name it'],
    [() => policyOf({ thresholds: [{ band: 'deny', threshold: thresholdOf(0.001) }] }), 'threshold deny must be a threshold, and calibration found none'],
  ])('refuses %#', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('parsePolicy', () => {
  it('reads what was made, byte for byte, however it is laid out', () => {
    expect(parsePolicy(parseJson(text))).toEqual(policy);
    expect(canonicalJson(parsePolicy(parseJson(JSON.stringify(policy, null, 3))))).toBe(text);
  });

  it('refuses a policy of which any digit or letter was changed', () => {
    const places = [...text.matchAll(/(?<=[:,[])[0-9]|(?<=":")[a-zA-Z]/g)].map(({ index }) => index);
    fc.assert(fc.property(fc.constantFrom(...places), (at) => {
      const changed = `${text.slice(0, at)}${text[at] === '7' ? '8' : /\d/.test(text[at] ?? '') ? '7' : 'Z'}${text.slice(at + 1)}`;
      expect(() => parsePolicy(parseJson(changed))).toThrow(/was changed after it was made|schema must be hindcast\.policy\.v1|must be 64 lower-case hex digits/);
    }), { seed: 20260101, numRuns: 60 });
  });

  it.each<readonly [object, string]>([
    [{ schema: 'hindcast.policy.v2' }, 'the policy.schema must be hindcast.policy.v1, got "hindcast.policy.v2"'],
    [{ bands: { ...policy.bands, deny: 0.99 } }, 'the policy.bands must be what follows from the parts of the policy'],
    [{ guarantee: policy.guarantee.slice(1) }, 'the policy.guarantee must be what follows'],
    [{ provenance: { ...policy.provenance, approvedBy: ['Eve'] } }, 'the policy.provenance must be what follows'],
    [{ thresholds: [] }, 'the policy.bands must be what follows'],
    [{ comment: 'trust me' }, 'the policy must have the fields'],
    [{ detectors: [{ ...detector, kind: 'oracle' }] }, 'the policy.detectors[0].kind must be cusum'],
    [{ approvals: [{ ...approval, reason: 'none' }] }, 'the policy.approvals[0] was changed after it was made'],
  ])('refuses a policy sealed anew after %j', (change, message) => {
    expect(() => parsePolicy(parseJson(forged(change)))).toThrow(message);
  });

  it('is not misled by names that objects have of themselves', () => {
    expect(() => parsePolicy(parseJson(forged({ toString: 'x' })))).toThrow('must have the fields');
  });
});

describe('parseThreshold', () => {
  const threshold = thresholdOf(0.2);
  it('reads what calibration wrote', () => {
    expect(parseThreshold(parseJson(JSON.stringify(threshold)))).toEqual(threshold);
    const approvals = [{ approvedBy: 'Ada', at: '2026-01-31T12:00:00Z', reason: 'r', contentHash: 'a'.repeat(64) }];
    expect(parseThreshold(parseJson(JSON.stringify({ ...threshold, approvals }))).approvals).toEqual(approvals);
  });

  it.each<readonly [object, string]>([
    [{ threshold: null }, 'the threshold.threshold must be a number where kind is threshold'],
    [{ kind: 'none' }, 'the threshold.threshold must be a number where kind is threshold'],
    [{ labels: { ...threshold.labels, circular: true } }, "the threshold.guarantee.holds must be none where labels are the controller's own"],
    [{ guarantee: { ...threshold.guarantee, attainedDelta: 0.2 } }, 'the threshold.guarantee.attainedDelta must be at most delta'],
    [{ guarantee: { ...threshold.guarantee, delta: null } }, 'the threshold.guarantee.delta must be a number for the methods np and ltt'],
    [{ method: 'guess' }, 'the threshold.method must be np, ltt, crc, cost, host, got "guess"'],
    [{ extra: 1 }, 'got "extra" too'],
  ])('refuses %j', (change, message) => {
    expect(() => parseThreshold(parseJson(JSON.stringify({ ...threshold, ...change })))).toThrow(message);
  });
});

describe('diffPolicies', () => {
  const said = (after: Policy): unknown[] => diffPolicies(policy, after).map(({ part, what, kind, before, after: now }) => [part, what, kind, before, now]);

  it('says nothing of the same policy, and something of any other', () => {
    expect(diffPolicies(policy, policyOf())).toEqual([]);
    expect(said(makePolicy({ ...policy, name: 'npm 2' }))).toEqual([['policy', 'name', 'changed', 'npm', 'npm 2']]);
    const assumed = { ...envelopeOf(0.05), assumes: ['nothing'] };
    expect(said(policyOf({ envelopes: [assumed] })).map((row) => (row as unknown[]).slice(0, 3))).toEqual([['envelope latency by capability', 'anything else', 'changed']]);
  });

  it('says what became of numbers, in words', () => {
    const changes = said(policyOf({ envelopes: [envelopeOf(0.1)], thresholds: [{ band: 'deny', threshold: thresholdOf(0.1) }] }));
    expect(changes).toContainEqual(['threshold deny', 'miss rate at most', 'changed', 0.2, 0.1]);
    expect(changes).toContainEqual(['threshold deny', 'promise', 'changed', 'with 95 % confidence at most 20 % of unsafe calls pass', 'with 95 % confidence at most 10 % of unsafe calls pass']);
    expect(changes).toContainEqual(['envelope latency by capability', 'share that may be outside', 'changed', 0.05, 0.1]);
    expect(changes).toContainEqual(['envelope latency by capability', 'upper bound of "http"', 'changed', 59, 57]);
    expect(changes.some((row) => (row as unknown[])[1] === 'anything else')).toBe(false);
  });

  it('names parts that came and went', () => {
    expect(said(policyOf({ detectors: [], approvals: [], thresholds: [{ band: 'prompt', threshold: thresholdOf(0.2) }] }))).toEqual(expect.arrayContaining([
      ['detector cusum of interval by actor (npm)', null, 'removed', null, null],
      ['approval by Ada Lovelace, 2026-01-31T12:00:00Z', null, 'removed', null, null],
      ['threshold deny', null, 'removed', null, null],
      ['threshold prompt', null, 'added', null, null],
    ]));
  });

  it('has a fact for every part', () => {
    expect(new Set(policyFacts(policy).map(({ part }) => part))).toEqual(new Set(['policy', 'bands', 'threshold deny', 'envelope latency by capability', 'detector cusum of interval by actor (npm)', 'approval by Ada Lovelace, 2026-01-31T12:00:00Z']));
  });
});
