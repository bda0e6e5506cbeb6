import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changeWithin, mapSegmentation, random, segment, seriesModel } from '../../../src/index.js';
import { file, folder, hindcast } from './session.js';

const INCIDENT = 'datasets/npm/npm-incident.ledger.json';
const APPROVED = 'datasets/npm/npm-approved.ledger.json';

interface Moment { readonly time: number; readonly text: string }
interface Stream {
  readonly label: string; readonly status: string; readonly n: number; readonly neededN?: number; readonly priorFrom: string; readonly reason?: string; readonly notes: string[];
  readonly regimes: { readonly from: number; readonly to: number; readonly fromTime: Moment; readonly fromRecord: number; readonly level: { readonly n: number; readonly mean: number; readonly lower: number; readonly upper: number } }[];
  readonly changes: { readonly index: number; readonly probability: number | null; readonly pelt: number | null; readonly words: string; readonly factor: number | null; readonly time: Moment; readonly interval: { readonly from: number | null; readonly to: number | null } }[];
  readonly penalty: { readonly value: number; readonly how: string }; readonly hazard: { readonly lambda: number; readonly how: string }; readonly model: { readonly model: string; readonly rate?: number };
  readonly method: string; readonly convention: string | null; readonly evidence: { readonly logBayesFactor: number; readonly probability: number } | null;
  readonly inWindow: { readonly from: number; readonly to: number; readonly probability: number } | null; readonly costs: { readonly changes: number; readonly cost: number }[] | null;
  readonly promise: string; readonly peltChanges: number[] | null;
}

/** The streams of one file's report, and the exit code. */
async function streamsOf(argv: readonly string[]): Promise<{ readonly code: number; readonly streams: readonly Stream[]; readonly err: string }> {
  const { code, out, err } = await hindcast(['segment', ...argv, '--json']);
  const { schema, files } = JSON.parse(out) as { schema: string; files: { streams: Stream[] }[] };
  expect(schema).toBe('hindcast.segment.v1');
  return { code, err, streams: files.flatMap(({ streams }) => streams) };
}

/** A CSV of values a second apart. */
function csv(values: readonly number[]): string {
  return file('series.csv', `time,value\n${values.map((x, i) => `${new Date(1_769_860_800_000 + 1000 * i).toISOString()},${String(x)}`).join('\n')}\n`);
}

const rng = random(20260101);
const LEVELS = Array.from({ length: 160 }, (_, i) => Number(((i < 100 ? 10 : 13) + rng.normal()).toFixed(3)));

test('the capabilities called tell where the hostile script of the recorded incident began', async () => {
  const { code, streams: [stream] } = await streamsOf([INCIDENT, '--stream', 'capability']);
  expect(code).toBe(1);
  const change = stream?.changes.find(({ index }) => index === 209);
  expect(change?.probability).toBeGreaterThan(0.9);
  expect(change?.pelt).toBe(209);
  expect(change?.words).toContain('exec 0 > 45 %');
});

test('errors and pace of the incident change within the hostile part', async () => {
  const errors = await streamsOf([INCIDENT, '--stream', 'error']);
  expect(errors.code).toBe(1);
  expect(errors.streams[0]?.changes.map(({ index }) => index)).toEqual([213, 218]);
  expect(errors.streams[0]?.changes.map(({ words }) => words)).toEqual(['errors begin: not one before', 'errors end: not one any more']);
  const pace = (await streamsOf([INCIDENT])).streams[0];
  expect(pace?.model.model).toBe('gamma-exponential');
  expect(pace?.changes.some(({ index, factor }) => index === 212 && (factor ?? 0) > 100)).toBe(true);
  expect(pace?.notes.join()).toContain('12 waits of 244 are 0');
});

test("a cut of PELT's is put beside one change alone", async () => {
  const { streams } = await streamsOf([INCIDENT, '--stream', 'error', '--by', 'capability']);
  expect(streams.map(({ label, status }) => [label, status])).toEqual([['exec', 'constant'], ['read', 'segmented'], ['write', 'constant'], ['http', 'constant']]);
  expect(streams[1]?.changes.map(({ index, pelt }) => [index, pelt])).toEqual([[185, 185], [190, null]]);
});

test('a report holds just what the library finds', async () => {
  const { code, streams: [stream] } = await streamsOf([csv(LEVELS), '--window', '95:105']);
  const params = seriesModel(LEVELS);
  const exact = mapSegmentation(params, LEVELS, 0.9);
  expect(code).toBe(1);
  expect(stream?.changes.map(({ index, interval }) => [index, interval.from, interval.to])).toEqual(exact.changes.map(({ index, lower, upper }) => [index, lower, upper]));
  expect(stream?.changes[0]?.probability).toBe(changeWithin(params, LEVELS, { from: exact.changes[0]?.lower ?? 0, to: exact.changes[0]?.upper ?? 0 }));
  expect(stream?.peltChanges).toEqual(segment(LEVELS).changes);
  expect(stream?.penalty.value).toBeCloseTo(segment(LEVELS).penalty, 10);
  expect(stream?.inWindow?.probability).toBe(changeWithin(params, LEVELS, { from: 95, to: 105 }));
  expect(stream?.hazard).toMatchObject({ lambda: 160, how: 'its length: one change expected' });
  expect(stream?.convention).toContain('r = 0: the next observation starts a run');
  expect(stream?.evidence?.logBayesFactor).toBeGreaterThan(10);
  expect(stream?.promise).toBe('no rate of false changes is promised');
  const [first, second] = stream?.regimes ?? [];
  expect(first?.level.mean).toBeCloseTo(10, 0);
  expect(second?.fromTime.text).toBe(stream?.changes[0]?.time.text);
  expect((second?.level.lower ?? 0) < 13 && (second?.level.upper ?? 0) > 13).toBe(true);
});

test('a window of times is the window of the observations in it', async () => {
  const path = csv(LEVELS);
  const { streams: [times] } = await streamsOf([path, '--window', '2026-01-31T12:01:35Z:2026-01-31T13:01:45+01:00']);
  const { streams: [numbers] } = await streamsOf([path, '--window', '1769860895000:1769860905000']);
  expect(times?.inWindow).toMatchObject({ from: 95, to: 105 });
  expect(numbers?.inWindow).toEqual(times?.inWindow);
  const { streams: [none] } = await streamsOf([path, '--window', '2027-01-01T00:00Z:2027-01-02T00:00Z']);
  expect(none?.inWindow).toBeNull();
  expect(none?.notes.join()).toContain('no observation of this stream but the first lies in the window');
});

test('a series without a change ends with code 0, a constant one is said to be constant', async () => {
  const still = Array.from({ length: 150 }, () => Number(rng.normal().toFixed(3)));
  const { code, streams: [stream] } = await streamsOf([csv(still)]);
  expect(code).toBe(0);
  expect(stream?.regimes).toHaveLength(1);
  expect(stream?.evidence?.probability).toBeLessThan(0.5);
  const { code: constant, out } = await hindcast(['segment', csv(Array<number>(30).fill(7))]);
  expect(constant).toBe(0);
  expect(out).toContain('all 30 are 7: a constant series has no change');
});

test('waits that are all or mostly 0 neither break nor blow up', async () => {
  const at = (gaps: readonly number[]): string => {
    let now = 1_769_860_800_000;
    return file('calls.jsonl', `${[0, ...gaps].map((gap) => JSON.stringify({ ts_ms: (now += gap), extension_id: 'a', capability: 'read' })).join('\n')}\n`);
  };
  expect((await hindcast(['segment', at(Array<number>(40).fill(0))])).out).toContain('all 40 are 0');
  const gaps = [...Array.from({ length: 60 }, (_, i) => 50 + ((i * 37) % 90)), ...Array<number>(61).fill(0)];
  const { code, streams: [stream] } = await streamsOf([at(gaps)]);
  expect(code).toBe(1);
  expect(stream?.model.rate).toBeGreaterThan(0);
  expect(stream?.changes.map(({ index, words }) => [index, words])).toEqual([[60, 'all at once: no wait is as long as a tick of the clock']]);
});

test('too few observations are refused with the number needed', async () => {
  const { code, streams: [stream] } = await streamsOf([csv([1, 2, 1])]);
  expect(code).toBe(5);
  expect(stream).toMatchObject({ status: 'too few', n: 3, neededN: 6 });
  const { code: shown, out } = await hindcast(['segment', csv([1, 2, 1]), '--shortest', '9']);
  expect(shown).toBe(5);
  expect(out).toContain('3, at least 18 needed');
});

test('approved data give scale and prior, and a stream they lack is not segmented', async () => {
  const baseline = Array.from({ length: 80 }, (_, i) => 10 + (((i * 29) % 17) - 8) / 6);
  const { streams: [stream] } = await streamsOf([csv(LEVELS), '--prior', csv(baseline)]);
  expect(stream?.priorFrom).toBe('80 approved observations');
  expect(stream?.model).toEqual(seriesModel(baseline).model);
  const { code, streams } = await streamsOf([INCIDENT, '--prior', APPROVED, '--by', 'capability', '--stream', 'score', '--sort']);
  expect(code).toBe(1);
  expect(streams.map(({ status }) => status)).toContain('segmented');
  const few = await streamsOf([csv(LEVELS), '--prior', csv([1, 2])]);
  expect(few.code).toBe(5);
  expect(few.streams[0]?.reason).toContain('2 values of it, and 6 are needed');
});

test('each method alone, other costs and a largest number of changes', async () => {
  const path = csv(LEVELS);
  const { streams: [pelt] } = await streamsOf([path, '--method', 'pelt', '--penalty', '1e9']);
  expect(pelt).toMatchObject({ method: 'pelt', changes: [], evidence: null, convention: null, penalty: { value: 1e9, how: 'given' } });
  const { streams: [bocpd] } = await streamsOf([path, '--method', 'bocpd', '--cost', 'mean-variance', '--hazard-lambda', 'evidence', '--level', '0.5']);
  expect(bocpd).toMatchObject({ method: 'bocpd', peltChanges: null, model: { model: 'normal-inverse-gamma' } });
  expect(bocpd?.hazard.how).toContain('chosen on this very series');
  const { streams: [most] } = await streamsOf([path, '--most', '2', '--penalty', '0']);
  expect(most?.changes).toHaveLength(2);
  expect(most?.costs?.map(({ changes }) => changes)).toEqual([0, 1, 2]);
  const counts = LEVELS.map((x) => Math.max(0, Math.round(x)));
  const { streams: [poisson] } = await streamsOf([csv(counts), '--cost', 'poisson', '--hazard-lambda', '50']);
  expect(poisson).toMatchObject({ model: { model: 'gamma-poisson' }, hazard: { lambda: 50, how: 'given' } });
});

test('a long series is cut by PELT alone, which is said', async () => {
  const long = file('long.csv', `value\n${Array.from({ length: 50_040 }, (_, i) => (i % 2 === 0 ? 0 : 1) + (Math.floor(i / 40) % 2) * 9).join('\n')}\n`);
  const { code, streams: [stream] } = await streamsOf([long, '--penalty', '20']);
  expect(code).toBe(1);
  expect(stream).toMatchObject({ method: 'pelt', evidence: null });
  expect(stream?.changes).toHaveLength(1250);
  expect(stream?.notes.join()).toContain('PELT alone');
  expect(stream?.notes.join()).toContain('looked for changes at every 3 observations, then put each where it costs least');
  expect((await hindcast(['segment', long, '--method', 'bocpd'])).err).toContain('at most 50000 observations');
});

test('the page shows regimes, what changed, how sure that is, and what is not promised', async () => {
  const { code, out } = await hindcast(['segment', csv(LEVELS)]);
  expect(code).toBe(1);
  expect(out.split('\n')[0]).toBe('1 change, 2 regimes of the value:  all records');
  expect(out).toMatch(/#\s+from\s+to\s+begins\s+n\s+mean\n/);
  expect(out).toMatch(/at \d+\s+higher by [\d.]+ \([\d.]+ sd\); (between|at) .*P\(change\)/s);
  expect(out).toContain('PELT: the same');
  expect(out).toContain('promise       none on the rate of false changes');
  expect(out).toContain('r = 0: the next observation');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
});

test('several files have a report each, and one that cannot be read does not stop the others', async () => {
  const dir = folder();
  const bad = join(dir, 'bad.csv');
  writeFileSync(bad, 'time,value\n2026-01-31T12:00:00Z,x\n');
  const { code, out, err } = await hindcast(['segment', bad, csv(LEVELS), '--json']);
  expect(code).toBe(2);
  expect(err).toContain('line 2: value must be a finite number, got "x"');
  expect((JSON.parse(out) as { files: { error?: object }[] }).files.map(({ error }) => error !== undefined)).toEqual([true, false]);
});

test.each([
  [['--window', '9'], '--window must be FROM:TO'],
  [['--window', '9:3'], 'must not end before it begins'],
  [['--window', '3:9', '--method', 'pelt'], '--window asks the posterior'],
  [['--most', '2', '--method', 'both'], '--most goes with --method pelt'],
  [['--level', '1'], '--level must be in (0, 1), got 1'],
  [['--hazard-lambda', '1'], 'It must be above 1.'],
  [['--cost', 'categorical'], '--cost categorical does not go with --stream value'],
  [['--penalty', '-1'], 'penalty must be finite and >= 0, got -1'],
  [['--cost', 'bernoulli'], '--cost bernoulli takes values that are 0 or 1; observation'],
])('refuses %j in one sentence', async (options, message) => {
  const { code, err } = await hindcast(['segment', csv(LEVELS), ...options]);
  expect(code).toBe(3);
  expect(err).toContain(message);
});

test('approved data of one value are no scale, and values that a law cannot draw are named', async () => {
  const constant = file('constant.csv', `value\n${Array.from({ length: 60 }, () => '5').join('\n')}\n`);
  const refused = await hindcast(['segment', csv(LEVELS), '--prior', constant]);
  expect(refused.code).toBe(5);
  expect(refused.out).toContain('all 60 approved values are 5');
  expect((await hindcast(['segment', csv(LEVELS), '--cost', 'bernoulli'])).err).toMatch(/--cost bernoulli takes values that are 0 or 1; observation 0 of the series is/);
});
