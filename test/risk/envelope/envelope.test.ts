import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binomialCdf, canonicalJson, checkEnvelope, envelopeContains, envelopeCountPValue, envelopePValue, envelopeRatePValue, fisherExact, fitEnvelope, InputError, mergeEnvelopes, parseEnvelope,
  parseJson, random, splitInterval, toleranceThreshold, twoSidedPValues, type Envelope, type EnvelopeSource, type ValueGroup,
} from '../../../src/index.js';

const SEED = { seed: 20260101 };
const numbers = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -100, max: 100, noNaN: true })), { maxLength: 60 });

function codeOf(use: () => unknown): string {
  try {
    use();
  } catch (error) {
    if (error instanceof InputError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
}

const only = (envelope: Envelope): ValueGroup => {
  const [group] = envelope.groups;
  if (group?.kind !== 'values') throw new Error('no group of values');
  return group;
};

const hashless = (name: string): EnvelopeSource => ({ ...source(name, []), kind: 'file', entryCount: null });

function source(name: string, entries: readonly string[]): EnvelopeSource {
  return { kind: 'ledger', dataHash: name.repeat(64).slice(0, 64), entryCount: entries.length, firstHash: entries[0] ?? null, lastHash: entries.at(-1) ?? null, file: `${name}.json`, entries: entries.map((e) => e.padEnd(16, '-')).join(''), approval: null };
}

const fit = (values: readonly number[], alpha: number, extra: object = {}): Envelope => fitEnvelope([['k', values]], { measure: 'interval', alpha, ...extra });

/** The first calibration trace that an envelope names. */
function firstSource(envelope: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const [source] = (envelope['provenance'] as { readonly sources: readonly Record<string, unknown>[] }).sources;
  if (source === undefined) throw new Error('the envelope names no source');
  return source;
}

describe('bounds of values', () => {
  it('are those of split conformal intervals, and judge as the two-sided p-values do, exactly', () => {
    fc.assert(fc.property(numbers, fc.integer({ min: 1, max: 999 }), fc.double({ min: -120, max: 120, noNaN: true }), (values, thousandths, other) => {
      const alpha = thousandths / 1000;
      const envelope = fit(values, alpha);
      const group = only(envelope);
      const interval = splitInterval(values, { alpha });
      expect([group.lower ?? -Infinity, group.upper ?? Infinity, group.needed]).toEqual([interval.lower, interval.upper, interval.needed]);
      expect(group.coverage).toBeCloseTo(interval.coverage, 12);
      const p = twoSidedPValues(values);
      for (const x of [other, ...values.slice(0, 5)]) {
        expect(envelopePValue(envelope, 'k', x)).toBe(p.pValue(x));
        // Outside the bounds means a p-value of at most alpha.
        if (envelopeContains(envelope, 'k', x) === false) expect(p.pValue(x)).toBeLessThanOrEqual(alpha * (1 + 1e-12));
      }
    }), SEED);
  });

  it('on one side with confidence are the tolerance threshold, and its mirror', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 120 }), fc.constantFrom(0.05, 0.1, 0.5), (values, alpha) => {
      const delta = 0.05;
      const { threshold, needed, missed } = toleranceThreshold(values, { alpha, delta });
      const group = only(fit(values, alpha, { delta, sides: 'upper' }));
      expect([group.upper ?? Infinity, group.needed]).toEqual([threshold, needed]);
      expect(group.missed).toBeCloseTo(missed, 12);
      const mirrored = only(fit(values.map((x) => 1000 - x), alpha, { delta, sides: 'lower' }));
      expect(mirrored.lower).toBe(group.upper === null ? null : 1000 - group.upper);
    }), SEED);
  });

  it('on two sides with confidence keep the promise by the exact law, and n is as small as it can be', () => {
    for (const [alpha, delta] of [[0.01, 0.05], [0.1, 0.05], [0.25, 0.2], [0.9, 0.01]] as const) {
      const { needed } = only(fit([], alpha, { delta }));
      const values = Array.from({ length: needed ?? 0 }, (_, i) => i);
      expect(binomialCdf(1, values.length, alpha)).toBeLessThanOrEqual(delta);
      const group = only(fit(values, alpha, { delta }));
      expect([group.lower, group.upper, group.needed]).toEqual([0, values.length - 1, null]);
      expect(group.missed).toBeLessThanOrEqual(delta);
      expect(only(fit(values.slice(1), alpha, { delta }))).toMatchObject({ lower: null, upper: null, needed });
    }
    // Textbook: 93 values for 95 % of a population within their range, with 95 % confidence.
    expect(only(fit([], 0.05, { delta: 0.05 })).needed).toBe(93);
  });

  it('see a burst, which an upper bound alone does not', () => {
    const rng = random(20260101);
    const waits = Array.from({ length: 999 }, () => -100 * Math.log(1 - rng.uniform()));
    const burst = Array.from({ length: 200 }, () => -10 * Math.log(1 - rng.uniform()));
    const outside = (envelope: Envelope): number => burst.filter((x) => envelopeContains(envelope, 'k', x) === false).length;
    expect(outside(fit(waits, 0.1))).toBeGreaterThan(60);
    expect(outside(fit(waits, 0.1, { sides: 'upper' }))).toBe(0);
  });

  it('know nothing of a key they were not fitted on', () => {
    expect([envelopeContains(fit([1], 0.5), 'other', 1), envelopePValue(fit([1], 0.5), 'other', 1)]).toEqual([null, 1]);
  });

  it.each([
    [() => fit([NaN], 0.1), 'NOT_FINITE: the values of "k" must be finite, got NaN'],
    [() => fit([Infinity], 0.1), 'NOT_FINITE'],
    [() => fit([1], 1), 'BAD_PARAM: alpha must be in (0, 1), got 1'],
    [() => fit([1], 5e-324), 'BAD_PARAM: alpha must be at least 1e-9, got 5e-324'],
    [() => fit([1], 1e-17), 'BAD_PARAM: alpha must be at least 1e-9, got 1e-17'],
    [() => fit([1], 0.1, { delta: 1e-17 }), 'BAD_PARAM: delta must be at least 1e-9, got 1e-17'],
    [() => fit([1], 0.1, { provenance: { sources: [], baseline: { dataHashes: [], compared: 'entry by entry' } } }), 'BAD_PARAM: provenance.baseline.compared must be "not at all" where no baseline is named, got "entry by entry"'],
    [() => fit([1], 0.1, { provenance: { sources: [hashless('a')], baseline: { dataHashes: ['c'.repeat(64)], compared: 'by data hash' } } }), 'BAD_PARAM: provenance.baseline.compared must be "not at all" where a calibration trace is no ledger'],
    [() => fit([1], 0.1, { delta: 0 }), 'BAD_PARAM: delta must be in (0, 1), got 0'],
    [() => fit([1], 0.1, { sides: 'both' }), 'BAD_PARAM: sides must be two, lower or upper, got both'],
    [() => fitEnvelope([['k', [2]]], { measure: 'error', alpha: 0.1 }), 'BAD_PARAM: the values of "k" must be 0 or 1 for the measure error, got 2'],
    [() => fitEnvelope([['k', [1]]], { measure: 'error', alpha: 0.1, delta: 0.1 }), 'BAD_PARAM: delta does not go with the measure error'],
    [() => envelopeContains(fit([1], 0.1), 'k', NaN), 'NOT_FINITE: x must be finite, got NaN'],
    [() => envelopePValue(fitEnvelope([['k', [1]]], { measure: 'error', alpha: 0.1 }), 'k', 1), 'BAD_PARAM: the envelope is of failure rates'],
    [() => envelopeRatePValue(fit([1], 0.1), 'k', { errors: 1, n: 1 }), 'BAD_PARAM: the envelope is of interval'],
  ])('refuse what cannot be used: %#', (use, message) => {
    expect(codeOf(use)).toContain(message);
  });
});

describe('what is assumed of a baseline', () => {
  const assumed = (compared: Envelope['provenance']['baseline']['compared'], sources: readonly EnvelopeSource[] = [source('a', ['e1'])], dataHashes = ['c'.repeat(64)]): string[] =>
    fit([1], 0.1, { provenance: { sources, baseline: { dataHashes, compared } } }).assumes.slice(2);

  it('is what comparing could not show', () => {
    expect(assumed('entry by entry')).toEqual([]);
    expect(assumed('not at all', [], [])).toEqual([]);
    expect(assumed('by data hash, longer copies too')).toEqual([expect.stringContaining('no calibration trace is a piece cut out of the baseline\'s')]);
    expect(assumed('by data hash')).toEqual(assumed('by data hash, longer copies too'));
    expect(assumed('not at all')).toEqual([expect.stringContaining('not all were compared with it')]);
    expect(assumed('not at all', [source('a', ['e1']), hashless('b')])).toEqual([expect.stringContaining('calls without entry hashes cannot be compared')]);
  });

  it('is assumed of merged envelopes where it is of one', () => {
    const of = (name: string, compared: Envelope['provenance']['baseline']['compared']): Envelope => fit([1], 0.1, { provenance: { sources: [source(name, [name])], baseline: { dataHashes: ['c'.repeat(64)], compared } } });
    expect(mergeEnvelopes([of('a', 'entry by entry'), of('b', 'by data hash')]).assumes).toEqual(of('b', 'by data hash').assumes);
  });
});

describe('checking', () => {
  const rates = (values: readonly number[]): Envelope => fitEnvelope([['k', values]], { measure: 'error', alpha: 0.1 });

  it('refuses a key that comes twice, which would be judged by the p-value of another', () => {
    const envelope = fit(Array.from({ length: 99 }, (_, i) => i), 0.1);
    expect(codeOf(() => checkEnvelope(envelope, [['k', new Array<number>(100).fill(1e6)], ['k', [5]]], { alpha: 0.05 }))).toBe('BAD_PARAM: samples must hold each key once, got "k" twice');
  });

  it.each([7, NaN, 0.5, -1])('refuses %s where calls fail or do not', (value) => {
    expect(codeOf(() => checkEnvelope(rates([0, 1]), [['k', [0, value]]], { alpha: 0.05 }))).toBe(`BAD_PARAM: value 1 of "k" must be 0 or 1 for the measure error, got ${String(value)}`);
  });

  it('does not judge failures by a group of no calls', () => {
    expect(checkEnvelope(rates([]), [['k', [1, 1]]], { alpha: 0.05 }).groups).toEqual([{
      key: 'k', status: 'unbounded', n: 2, outside: null, expected: null, pValue: null, adjusted: null, leastP: null, finding: false, bounds: null, calibrationN: 0, needed: 1, values: [],
    }]);
  });
});

describe('counts', () => {
  it('outside follow the beta-binomial law, as simulated orders of values do', () => {
    const rng = random(20260101);
    const envelope = fit(Array.from({ length: 39 }, (_, i) => i), 0.1);
    const runs = 4000;
    const tally = new Map<number, number>();
    for (let run = 0; run < runs; run += 1) {
      const values = fit(Array.from({ length: 39 }, () => rng.uniform()), 0.1);
      const k = Array.from({ length: 25 }, () => rng.uniform()).filter((x) => envelopeContains(values, 'k', x) === false).length;
      tally.set(k, (tally.get(k) ?? 0) + 1);
    }
    for (const outside of [1, 3, 6, 9]) {
      const p = envelopeCountPValue(envelope, 'k', { outside, n: 25 });
      const share = [...tally].reduce((sum, [k, count]) => sum + (k >= outside ? count : 0), 0) / runs;
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / runs));
    }
    expect(envelopeCountPValue(envelope, 'k', { outside: 0, n: 25 })).toBe(1);
    expect(envelopeCountPValue(fit([1, 2], 0.1), 'k', { outside: 0, n: 25 })).toBe(1);
  });

  it('of failures are judged by the tail of Fisher\'s exact test', () => {
    const rates = (sides: Envelope['sides']): Envelope => fitEnvelope([['k', [...new Array<number>(95).fill(0), ...new Array<number>(5).fill(1)]]], { measure: 'error', alpha: 0.05, sides });
    const upper = envelopeRatePValue(rates('upper'), 'k', { errors: 9, n: 30 });
    const lower = envelopeRatePValue(rates('lower'), 'k', { errors: 9, n: 30 });
    expect(upper).toBeLessThanOrEqual(fisherExact([5, 9], [100, 30]) + 1e-12);
    expect(lower).toBeGreaterThan(0.99);
    expect(envelopeRatePValue(rates('two'), 'k', { errors: 9, n: 30 })).toBeCloseTo(2 * upper, 12);
    expect(rates('upper').groups[0]).toMatchObject({ kind: 'rate', errors: 5, n: 100, lower: null });
  });
});

describe('merging', () => {
  const samples = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), numbers), { maxLength: 4 });

  it('gives what fitting all values together gives, whatever the order and grouping', () => {
    fc.assert(fc.property(samples, samples, samples, (x, y, z) => {
      const options = { measure: 'latency', alpha: 0.2 };
      const [a, b, c] = [x, y, z].map((each, i) => fitEnvelope(each, { ...options, provenance: { sources: [source('xyz'[i] ?? '', [`e${String(i)}`])] } })) as [Envelope, Envelope, Envelope];
      const whole = mergeEnvelopes([a, b, c]);
      expect(whole.groups).toEqual(fitEnvelope([...x, ...y, ...z], options).groups);
      for (const other of [mergeEnvelopes([mergeEnvelopes([a, b]), c]), mergeEnvelopes([a, mergeEnvelopes([b, c])]), mergeEnvelopes([c, a, b])]) {
        expect(canonicalJson(other)).toBe(canonicalJson(whole));
      }
      expect(canonicalJson(mergeEnvelopes([a]))).toBe(canonicalJson(a));
    }), { ...SEED, numRuns: 50 });
  });

  it('of failure rates adds them up', () => {
    const options = { measure: 'error', alpha: 0.05 };
    expect(mergeEnvelopes([fitEnvelope([['k', [0, 1]]], options), fitEnvelope([['k', [0, 0]]], options)])).toEqual(fitEnvelope([['k', [0, 0, 0, 1]]], options));
  });

  const of = (name: string, entries: readonly string[], dataHashes: readonly string[] = [], compared: Envelope['provenance']['baseline']['compared'] = 'not at all'): Envelope =>
    fit([1], 0.5, { provenance: { sources: [source(name, entries)], baseline: { dataHashes, compared } } });

  it('refuses traces that share an entry, were they cut differently out of one ledger', () => {
    const [head, tail] = [of('a', ['e1', 'e2', 'e3']), of('b', ['e3', 'e4'])];
    expect(codeOf(() => mergeEnvelopes([head, tail]))).toContain('NOT_DISJOINT: calibration traces must be disjoint, but b.json and a.json are not: both hold the entry with the hash e3');
    expect(codeOf(() => mergeEnvelopes([head, head]))).toContain('they have the same data hash');
    expect(mergeEnvelopes([head, of('b', ['e4', 'e5'])]).provenance.sources.map(({ file }) => file)).toEqual(['a.json', 'b.json']);
  });

  it("refuses one's baseline as another's calibration, and says how well the rest was compared", () => {
    const baseline = 'c'.repeat(64);
    expect(codeOf(() => mergeEnvelopes([of('a', ['e1'], [baseline], 'entry by entry'), of('c', ['e2'])]))).toContain('the baseline was fitted on c.json too');
    const [a, b] = [of('a', ['e1'], [baseline], 'entry by entry'), of('b', ['e2'], [baseline], 'by data hash, longer copies too')];
    expect(mergeEnvelopes([a, b]).provenance.baseline).toEqual({ dataHashes: [baseline], compared: 'by data hash, longer copies too' });
    expect(mergeEnvelopes([a, of('b', ['e2'], ['d'.repeat(64)], 'entry by entry')]).provenance.baseline.compared).toBe('by data hash');
  });

  it.each(['measure', 'alpha', 'sides', 'by', 'unit', 'delta'])('refuses envelopes of another %s', (name) => {
    const other = { measure: 'x', alpha: 0.1, sides: 'upper', by: 'actor', unit: 's', delta: 0.2 }[name];
    expect(codeOf(() => mergeEnvelopes([fit([1], 0.5), fit([1], 0.5, { [name]: other })]))).toContain(`must have the same ${name}`);
  });
});

describe('reading', () => {
  const envelope = fitEnvelope([['read', [1, 2, 3, 4, 4]], ['wr', [9]]], { measure: 'latency', alpha: 0.4, unit: 'ms', provenance: { sources: [source('a', ['e1'])] } });
  const read = (change: (envelope: Record<string, unknown>) => void): string => {
    const copy = JSON.parse(JSON.stringify(envelope)) as Record<string, unknown>;
    change(copy);
    return codeOf(() => parseEnvelope(parseJson(JSON.stringify(copy))));
  };
  const first = (copy: Record<string, unknown>): Record<string, unknown> => (copy['groups'] as Record<string, unknown>[])[0] ?? {};

  it('gives back what was written, of values, rates and confidence alike', () => {
    const named = { provenance: { sources: [source('a', ['e1'])], baseline: { dataHashes: ['c'.repeat(64)], compared: 'by data hash' } } };
    for (const each of [envelope, fit([1], 0.1, named), fit([], 1e-9), fit([1, 2], 1e-9, { delta: 1e-9 }), fitEnvelope([['a', [0, 1]]], { measure: 'error', alpha: 0.1 }), fit(Array.from({ length: 50 }, (_, i) => i), 0.1, { delta: 0.1 })]) {
      expect(parseEnvelope(parseJson(canonicalJson(each)))).toEqual(each);
    }
  });

  it.each([
    [(e: Record<string, unknown>) => { e['schema'] = 'hindcast.envelope.v2'; }, 'UNSUPPORTED_SCHEMA: the envelope.schema must be hindcast.envelope.v1, got "hindcast.envelope.v2"'],
    [(e: Record<string, unknown>) => { e['extra'] = 1; }, 'got "extra" too'],
    [(e: Record<string, unknown>) => { delete e['delta']; }, 'MISSING_FIELD: the envelope must have the field delta'],
    [(e: Record<string, unknown>) => { e['alpha'] = 1.5; }, 'the envelope.alpha must be in (0, 1), got 1.5'],
    [(e: Record<string, unknown>) => { e['alpha'] = 0.01; }, 'the envelope.groups[0].'],
    [(e: Record<string, unknown>) => { e['sides'] = 'both'; }, 'BAD_ENUM: the envelope.sides must be two, lower, upper, got "both"'],
    [(e: Record<string, unknown>) => { e['measure'] = 'error'; }, 'the envelope.method must be Clopper-Pearson'],
    [(e: Record<string, unknown>) => { first(e)['upper'] = 5; }, 'the envelope.groups[0].upper must be 4, as the calibration values have it, got 5'],
    [(e: Record<string, unknown>) => { first(e)['upper'] = null; }, 'the envelope.groups[0].upper must be 4, as the calibration values have it, got null'],
    [(e: Record<string, unknown>) => { first(e)['values'] = [1, 2, 2, 4]; }, 'the envelope.groups[0].values[2] must be above the one before, got 2'],
    [(e: Record<string, unknown>) => { first(e)['atMost'] = [1, 2, 3, 4]; }, 'the envelope.groups[0].atMost must have one count for each value and end at n, 5'],
    [(e: Record<string, unknown>) => { Object.assign(first(e), { n: 4e9, atMost: [1, 2, 3, 4e9] }); }, 'NUMBER_OUT_OF_RANGE: the envelope.groups[0].n must be at most 1073741824, got 4000000000'],
    [(e: Record<string, unknown>) => { Object.assign(first(e), { n: 2 ** 53 - 1, atMost: [1, 2, 3, 2 ** 53 - 1] }); }, 'NUMBER_OUT_OF_RANGE: the envelope.groups[0].n must be at most 1073741824, got 9007199254740991'],
    [(e: Record<string, unknown>) => { Object.assign(first(e), { n: 2 ** 30, atMost: [1, 2, 3, 2 ** 30] }); }, 'the envelope.groups[0].lower must be 4, as the calibration values have it, got 1'],
    [(e: Record<string, unknown>) => { e['alpha'] = 1e-17; }, 'NUMBER_OUT_OF_RANGE: the envelope.alpha must be at least 1e-9, got 1e-17'],
    [(e: Record<string, unknown>) => { e['guarantee'] = (e['guarantee'] as string).replace('40 %', '0.001 %'); }, 'NUMBER_OUT_OF_RANGE: the envelope.guarantee must be "the next value of a group is outside its bounds with probability at most 40 %'],
    [(e: Record<string, unknown>) => { (e['assumes'] as string[])[0] = 'nothing'; }, 'the envelope.assumes[0] must be "the calibration values of a group and the next one are exchangeable'],
    [(e: Record<string, unknown>) => { (e['assumes'] as string[]).push('all is well'); }, 'the envelope.assumes must have 2 sentences, got 3'],
    [(e: Record<string, unknown>) => { (e['provenance'] as Record<string, unknown>)['baseline'] = { dataHashes: [], compared: 'entry by entry' }; }, 'NUMBER_OUT_OF_RANGE: the envelope.provenance.baseline.compared must be "not at all" where no baseline is named, got "entry by entry"'],
    [(e: Record<string, unknown>) => { (e['provenance'] as Record<string, unknown>)['baseline'] = { dataHashes: ['c'.repeat(64)], compared: 'by data hash' }; }, 'the envelope.assumes[2] must be "no calibration trace is a piece cut out'],
    [(e: Record<string, unknown>) => { (e['groups'] as unknown[]).reverse(); }, 'must come after the one before in order of code units, got "read"'],
    [(e: Record<string, unknown>) => { firstSource(e)['entries'] = 'e'; }, 'entries must hold 16 digits for each of 1 entries, got 1'],
    [(e: Record<string, unknown>) => { firstSource(e)['approval'] = 'a'.repeat(64); }, 'must name approvals that are there'],
  ])('refuses a changed envelope: %#', (change, message) => {
    expect(read(change)).toContain(message);
  });
});
