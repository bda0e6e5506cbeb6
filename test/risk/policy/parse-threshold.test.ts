import { describe, expect, it } from 'vitest';
import { calibrateThreshold, parseJson, parseThreshold, random, type CalibratedThreshold, type LabelRow, type ThresholdOptions } from '../../../src/index.js';
import { ledgerOf } from '../../baseline/synthetic.js';
import { safeScore, unsafeScore } from '../calibrate/world.js';

/** A world of labelled calls, one in four unsafe; some have no score, some weigh more, several share a session. */
interface World {
  readonly n?: number;
  readonly seed?: number;
  readonly weighted?: boolean;
  readonly sessions?: number;
  readonly unscored?: boolean;
}

const reread = (threshold: CalibratedThreshold): CalibratedThreshold => parseThreshold(parseJson(JSON.stringify(threshold)));

function ledgerIn({ n = 400, seed = 3, unscored = false }: World, from: string, hash: string): Parameters<typeof calibrateThreshold>[0][number] {
  const source = random(seed);
  const calls = Array.from({ length: n }, (_, i) => ({ score: unscored && i % 50 === 0 ? NaN : i % 4 === 0 ? unsafeScore(source) : safeScore(source) }));
  const { columns, report } = ledgerOf(calls, hash.repeat(64));
  return { report, columns: { ...columns, callIds: calls.map((_, i) => `${from}-${String(i)}`) } };
}

function labelsOf(from: string, { n = 400, weighted = false, sessions }: World): (readonly [string, LabelRow])[] {
  return Array.from({ length: n }, (_, i) => [`${from}-${String(i)}`, { label: i % 4 === 0 ? 'unsafe' : 'safe', weight: weighted && i % 3 === 0 ? 2 : 1, source: null, session: sessions === undefined ? null : `s${String(i % sessions)}` }]);
}

function calibrated(options: Partial<ThresholdOptions>, world: World = {}): CalibratedThreshold {
  const labels = new Map([...labelsOf('a', world), ...labelsOf('b', world)]);
  return calibrateThreshold([ledgerIn(world, 'a', '5')], { method: 'np', labels, labelSource: 'audit', bootstrap: { resamples: 50 }, ...options });
}

const BOUNDS: readonly Partial<ThresholdOptions>[] = [{ miss: 0.2 }, { falseAlarm: 0.1 }, { miss: 0.3, falseAlarm: 0.4 }, { miss: 0.25, confidence: 0.9 }, { falseAlarm: 0.001 }];

describe('parseThreshold', () => {
  it.each<readonly [string, Partial<ThresholdOptions>, World]>([
    ...BOUNDS.flatMap((bounds) => (['np', 'ltt', 'cost', 'host'] as const).map((method): readonly [string, Partial<ThresholdOptions>, World] => [`${method} ${JSON.stringify(bounds)}`, { ...bounds, method }, {}])),
    ...[0.05, 0.1, 0.29].flatMap((miss): (readonly [string, Partial<ThresholdOptions>, World])[] => [[`crc ${String(miss)}`, { method: 'crc', miss }, {}], [`crc flags ${String(miss)}`, { method: 'crc', falseAlarm: miss }, {}]]),
    ['weighted calls', { method: 'ltt', miss: 0.3 }, { weighted: true }],
    ['weighted calls by cost', { method: 'cost' }, { weighted: true }],
    ['sessions', { miss: 0.2 }, { sessions: 17 }],
    ['held-out sessions', { miss: 0.3, split: { by: 'session', share: 0.6 } }, { sessions: 31 }],
    ['weighted held-out sessions', { method: 'ltt', miss: 0.3, split: { by: 'session' } }, { sessions: 31, weighted: true }],
    ['calls without a score', { miss: 0.2 }, { unscored: true }],
    ['other ledgers', { miss: 0.2, confirm: [ledgerIn({ seed: 8 }, 'b', '6')] }, {}],
    ['no unsafe call worth flagging', { method: 'cost', falsePositiveWeight: 1e6 }, {}],
    ['few calls', { miss: 0.2 }, { n: 20 }],
    ["the controller's own labels", { method: 'ltt', miss: 0.2, labels: undefined, labelSource: undefined, forceControllerLabels: true } as unknown as Partial<ThresholdOptions>, {}],
  ])('reads what calibration made of %s', (_, options, world) => {
    const threshold = calibrated(options, world);
    expect(reread(threshold)).toEqual(threshold);
  });

  const good = calibrated({ miss: 0.2, confirm: [ledgerIn({ seed: 8 }, 'b', '6')] }, { sessions: 17 });
  const { guarantee, observed, confirmed, n } = good;
  if (observed === null || confirmed === null) throw new Error('no threshold');

  it.each<readonly [string, object, string]>([
    ['a better promise in words', { guarantee: { ...guarantee, statement: 'with 99.999 % confidence at most 0 % of unsafe calls pass' } }, 'the threshold.guarantee.statement must be "with 95 % confidence at most 20 % of unsafe calls pass"'],
    ['a better bound', { confirmed: null, guarantee: { ...guarantee, alpha: { miss: 0.01, falseAlarm: null }, statement: 'with 95 % confidence at most 1 % of unsafe calls pass' } }, 'errors in 100 calls do not'],
    ['one more bound', { confirmed: null, guarantee: { ...guarantee, alpha: { miss: 0.2, falseAlarm: 0.001 } } }, 'must bear the promise of the method np'],
    ['no bound', { confirmed: null, guarantee: { ...guarantee, alpha: { miss: null, falseAlarm: null } } }, 'the threshold.guarantee.alpha must hold the bounds that the method np keeps, got 0'],
    ['a bound of nothing', { guarantee: { ...guarantee, alpha: { miss: 0, falseAlarm: null } } }, 'the threshold.guarantee.alpha.miss must be in (0, 1), got 0'],
    ['a surer promise', { guarantee: { ...guarantee, delta: 0.001, attainedDelta: 0.0001 } }, 'the threshold.guarantee.delta must be one less the level'],
    ['a smaller chance of failure', { guarantee: { ...guarantee, attainedDelta: 1e-6 } }, 'the threshold.guarantee.attainedDelta must be 0.0'],
    ['a stricter word', { method: 'ltt', guarantee: { ...guarantee, holds: 'bound' } }, 'the threshold.guarantee'],
    ['no assumption', { guarantee: { ...guarantee, assumes: [] } }, 'the threshold.guarantee.assumes must be ["the labelled unsafe calls'],
    ['no doubt', { guarantee: { ...guarantee, doubts: [] } }, 'the threshold.guarantee.doubts must be ["the 100 unsafe calls come from 17 sessions'],
    ['fewer errors', { observed: { ...observed, miss: { ...observed.miss, errors: 0 } } }, 'the threshold.observed.miss.rate must be that of 0 in 100'],
    ['narrower limits', { observed: { ...observed, miss: { ...observed.miss, upper: observed.miss.rate } } }, 'the threshold.observed.miss must have the Clopper-Pearson limits'],
    ['more calls', { n: { ...n, used: { ...n.used, unsafe: 10_000 }, labelled: { ...n.labelled, unsafe: 10_000 } } }, 'the threshold.observed must be of the 10000 unsafe and 300 safe calls used'],
    ['more calls used than labelled', { n: { ...n, used: { ...n.used, safe: 301 } } }, 'the threshold.n.used.safe must be the 300 labelled, got 301'],
    ['more sessions', { n: { ...n, sessions: { safe: 300, unsafe: 101 } } }, 'the threshold.n.sessions must be those of the calls used'],
    ['limits left out', { observed: { ...observed, miss: { ...observed.miss, lower: null, upper: null } } }, 'the threshold.observed.miss must have the Clopper-Pearson limits'],
    ['a better verdict', { confirmed: { ...confirmed, verdict: confirmed.verdict === 'confirms' ? 'contradicts' : 'confirms' } }, 'the threshold.confirmed.verdict must be what the limits say'],
    ['no confirmation', { split: { by: 'time', share: 0.5, seed: 1 }, confirmed: null }, 'the threshold.confirmed must be there where calls were held out'],
    ['another kind of confirmation', { confirmed: { ...confirmed, on: 'held-out calls' } }, 'the threshold.confirmed.on must say'],
    ['a word more', { observed: { ...observed, trust: 1 } }, 'got "trust" too'],
  ])('refuses %s', (_, change, message) => {
    expect(() => parseThreshold(parseJson(JSON.stringify({ ...good, ...change })))).toThrow(message);
  });
});
