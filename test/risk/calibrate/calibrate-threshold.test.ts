import { describe, expect, it } from 'vitest';
import { calibrateThreshold, neymanPearson, neymanPearsonFalseAlarm, parseLabelRows, random, sweepThresholds, type LabelRow, type ThresholdOptions, type VerifiedLedger } from '../../../src/index.js';
import { ledgerOf } from '../../baseline/synthetic.js';
import { safeScore, unsafeScore } from './world.js';

interface World {
  readonly ledger: VerifiedLedger;
  readonly labels: Map<string, LabelRow>;
  readonly scores: readonly number[];
  readonly unsafe: readonly boolean[];
}

/** A ledger of so many calls, one in five unsafe, in sessions of ten. */
function world(n: number, seed: number, more: Partial<LabelRow> = {}): World {
  const source = random(seed);
  const unsafe = Array.from({ length: n }, () => source.uniform() < 0.2);
  const scores = unsafe.map((is) => (is ? unsafeScore(source) : safeScore(source)));
  const { columns, report } = ledgerOf(scores.map((score) => ({ score })), String(seed).padStart(64, '0'));
  const ids = scores.map((_, i) => `${String(seed)}-${String(i)}`);
  const labels = new Map(ids.map((id, i) => [id, { label: unsafe[i] === true ? 'unsafe' as const : 'safe' as const, weight: 1, source: null, session: `${String(seed)}/${String(Math.floor(i / 10))}`, ...more }]));
  return { ledger: { report, columns: { ...columns, callIds: ids } }, labels, scores, unsafe };
}

const base = { miss: 0.1, labelSource: 'audit team' } as const;
const { ledger, labels, scores, unsafe } = world(1000, 1);
const run = (options: Partial<ThresholdOptions> & Pick<ThresholdOptions, 'method'>): ReturnType<typeof calibrateThreshold> => calibrateThreshold([ledger], { ...base, labels, ...options });

describe('calibrateThreshold', () => {
  it('chooses what each method chooses alone, and says how strictly it is promised', () => {
    const ofUnsafe = scores.filter((_, i) => unsafe[i]);
    const np = neymanPearson(ofUnsafe, { miss: 0.1, confidence: 0.95 });
    const chosen = run({ method: 'np' });
    expect(chosen).toMatchObject({ schema: 'hindcast.threshold.v1', kind: 'threshold', guarantee: { holds: 'exact', delta: 0.05, alpha: { miss: 0.1, falseAlarm: null } } });
    expect(np.kind === 'threshold' && np.threshold).toBe(chosen.threshold);
    expect(chosen.guarantee.statement).toBe('with 95 % confidence at most 10 % of unsafe calls pass');
    expect(chosen.guarantee.attainedDelta).toBeLessThanOrEqual(0.05);
    expect(run({ method: 'ltt' })).toMatchObject({ threshold: chosen.threshold, guarantee: { holds: 'exact', attainedDelta: chosen.guarantee.attainedDelta } });
    const crc = run({ method: 'crc' });
    expect(crc).toMatchObject({ guarantee: { holds: 'in expectation', delta: null } });
    expect(crc.threshold).toBeGreaterThan(chosen.threshold ?? 1);
    expect(run({ method: 'host' })).toMatchObject({ guarantee: { holds: 'none', delta: null } });
    const sweep = sweepThresholds(Float64Array.from(scores), Uint8Array.from(unsafe, Number), { falsePositive: 3, falseNegative: 12, truePositive: 1, trueNegative: 0.2 });
    expect(sweep.kind === 'sweep' && sweep.curve.thresholds[sweep.safest]).toBe(run({ method: 'cost' }).threshold);
  });

  it('keeps two promises, false alarms alone, and says when both cannot be had', () => {
    const loose = run({ method: 'np', miss: 0.2, falseAlarm: 0.3 });
    expect(loose).toMatchObject({ kind: 'threshold', guarantee: { holds: 'bound' } });
    expect(run({ method: 'ltt', miss: 0.2, falseAlarm: 0.3 })).toMatchObject({ threshold: loose.threshold });
    const alarm = neymanPearsonFalseAlarm(scores.filter((_, i) => !unsafe[i]), { falseAlarm: 0.05, confidence: 0.95 });
    const noMiss = { labelSource: base.labelSource };
    const alone = calibrateThreshold([ledger], { ...noMiss, labels, method: 'np', falseAlarm: 0.05 });
    expect(alarm.kind === 'threshold' && alarm.threshold).toBe(alone.threshold);
    expect(calibrateThreshold([ledger], { ...noMiss, labels, method: 'ltt', falseAlarm: 0.05 }).threshold).toBeGreaterThanOrEqual(alone.threshold ?? 1);
    const odds = run({ method: 'np', miss: 0.05, falseAlarm: 0.05 });
    expect(odds).toMatchObject({ kind: 'none', threshold: null, observed: null, guarantee: { holds: 'none' } });
    expect(odds.reason).toContain('both promises');
  });

  it.each(['np', 'ltt'] as const)('refuses too few unsafe calls, with the n that would do: %s', (method) => {
    const few = world(60, 2);
    const refused = calibrateThreshold([few.ledger], { ...base, labels: few.labels, method });
    expect(refused).toMatchObject({ kind: 'none', threshold: null, neededN: { miss: 29, falseAlarm: null } });
    expect(refused.reason).toMatch(/^29 labelled unsafe events are needed for 10 % at 95 % confidence, \d+ at hand$/);
    expect(refused.alternatives.map(({ name }) => name)).toContain('plug-in');
  });

  it('confirms on held-out sessions and on other ledgers, and never on the same one', () => {
    const held = run({ method: 'np', split: { by: 'session', seed: 3 } });
    expect(held.confirmed).toMatchObject({ on: 'held-out calls', level: 0.95 });
    expect(held.n.used.unsafe + (held.confirmed?.miss.n ?? 0)).toBe(held.n.labelled.unsafe);
    const other = world(2000, 4);
    const both = new Map([...labels, ...other.labels]);
    const confirmed = run({ method: 'np', labels: both, confirm: [other.ledger] });
    expect(confirmed.confirmed).toMatchObject({ on: 'other ledgers', verdict: 'confirms', sourceDataHashes: [other.ledger.report.computedDataHash] });
    expect(confirmed.labels.matching.unmatchedCount).toBe(0);
    expect(() => run({ method: 'np', confirm: [ledger] })).toThrow('other ledgers');
    expect(() => run({ method: 'np', labels: both, confirm: [other.ledger], split: { by: 'time' } })).toThrow('split');
  });

  it('says that a threshold breaks its promise elsewhere', () => {
    const shifted = world(1000, 5);
    const { columns } = shifted.ledger;
    const lower = { ...shifted.ledger, columns: { ...columns, riskScore: columns.riskScore.map((x) => x / 2) } };
    expect(run({ method: 'np', labels: new Map([...labels, ...shifted.labels]), confirm: [lower] }).confirmed?.verdict).toBe('contradicts');
  });

  it('doubts its promise where calls share sessions, and shows limits over sessions', () => {
    const chosen = run({ method: 'np' });
    expect(chosen.guarantee.doubts.join()).toContain('come from');
    expect(chosen.bootstrap?.miss.lower).not.toBeNull();
    const alone = run({ method: 'np', labels: new Map([...labels].map(([id, row]) => [id, { ...row, session: null }])) });
    expect(alone).toMatchObject({ bootstrap: null, guarantee: { doubts: [] }, n: { sessions: null } });
  });

  it('counts calls that were reviewed more surely than others might have been as weighted, though all weigh the same', () => {
    const seen = run({ method: 'ltt', miss: 0.3, leastProbability: 0.5 });
    expect(seen.labels.leastProbability).toBe(0.5);
    expect(seen.guarantee.holds).not.toBe('exact');
    expect(() => run({ method: 'np', leastProbability: 0.5 })).toThrow('counts every labelled call alike');
    expect(run({ method: 'ltt', leastProbability: 1 })).toMatchObject({ labels: { leastProbability: null }, guarantee: { holds: 'exact' } });
    for (const leastProbability of [-5, 0, 1.5, NaN]) expect(() => run({ method: 'ltt', leastProbability })).toThrow('leastProbability must be in (0, 1]');
  });

  it('takes each ledger once, and confirms on other calls alone, however the ledger was cut', () => {
    expect(() => calibrateThreshold([ledger, ledger], { ...base, labels, method: 'np' })).toThrow('each ledger once');
    const cut: VerifiedLedger = { report: { ...ledger.report, computedDataHash: 'f'.repeat(64) }, columns: ledger.columns };
    expect(() => run({ method: 'np', confirm: [cut] })).toThrow('got the labelled call "1-0" again');
  });

  it('wants a source, refuses the controller, and marks it where it is forced', () => {
    expect(() => calibrateThreshold([ledger], { method: 'np', miss: 0.1, labels })).toThrow('labelSource');
    for (const labelSource of [' Controller', 'pi controller', 'Contr\u00f4ller', "the controller's own decisions"]) expect(() => run({ method: 'np', labelSource }), labelSource).toThrow("controller's own decisions");
    expect(run({ method: 'np', labelSource: 'auditors of the controller' }).kind).toBe('threshold');
    expect(() => calibrateThreshold([ledger], { method: 'np', miss: 0.1 })).toThrow("controller's own decisions");
    expect(() => run({ method: 'np', labels: world(1000, 1, { source: 'controller' }).labels })).toThrow("controller's own decisions");
    const forced = run({ method: 'np', labelSource: 'controller', forceControllerLabels: true });
    expect(forced).toMatchObject({ labels: { circular: true, forced: true }, guarantee: { holds: 'none' } });
    expect(forced.guarantee.statement).toContain('none about safety');
    expect(forced.guarantee.doubts.join()).toContain('circular');
    expect(run({ method: 'np' }).labels).toMatchObject({ source: 'audit team', circular: false, forced: false, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(calibrateThreshold([ledger], { method: 'host' })).toMatchObject({ labels: { circular: true, forced: false, hash: null } });
  });

  it('holds to Learn then Test where calls had unequal chances of being labelled', () => {
    const reviewed = new Map([...labels].map(([id, row], i) => [id, { ...row, weight: (scores[i] ?? 0) >= 0.5 ? 1 : 4 }]));
    expect(() => run({ method: 'np', labels: reviewed })).toThrow('use method ltt');
    expect(() => run({ method: 'crc', labels: reviewed })).toThrow('use method ltt');
    const weighted = run({ method: 'ltt', miss: 0.3, labels: reviewed });
    expect(weighted).toMatchObject({ kind: 'threshold', guarantee: { holds: 'bound', attainedDelta: null }, labels: { leastProbability: 0.25 }, observed: { miss: { lower: null } } });
    expect(run({ method: 'cost', labels: reviewed }).kind).toBe('threshold');
    expect(run({ method: 'ltt', miss: 0.3, labels: reviewed, leastProbability: 0.2 }).threshold ?? 0).toBeLessThanOrEqual(weighted.threshold ?? 0);
  });

  it('is plain JSON', () => {
    for (const method of ['np', 'ltt', 'crc', 'cost', 'host'] as const) {
      const chosen = run({ method, split: { by: 'time' } });
      expect(JSON.parse(JSON.stringify(chosen))).toEqual(chosen);
    }
  });

  it('reports "flag nothing" where that is cheapest, and no class as a refusal', () => {
    const rows = parseLabelRows('call_id,label\na,safe\nb,unsafe\n');
    const tiny = ledgerOf([{ score: 0.9 }, { score: 0.1 }]);
    const two: VerifiedLedger = { ...tiny, columns: { ...tiny.columns, callIds: ['a', 'b'] } };
    expect(calibrateThreshold([two], { method: 'cost', labels: rows, labelSource: 'x', falseNegativeWeight: 0.1 })).toMatchObject({ kind: 'flag nothing', threshold: null, reason: null });
    rows.delete('b');
    expect(calibrateThreshold([two], { method: 'cost', labels: rows, labelSource: 'x' })).toMatchObject({ kind: 'none', neededN: { miss: 1 } });
  });
});
