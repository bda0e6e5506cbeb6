import { describe, expect, it } from 'vitest';
import { fitResources, novelCalls, sealLedger } from '../../../src/index.js';
import { verifyLedger } from '../../../src/ledger/verify.js';
import { recomputeLedger } from '../../../src/replay/recompute-ledger.js';
import type { ScenarioCall } from '../../../src/replay/scenarios/call.js';
import { scenarioEntries } from '../../../src/replay/scenarios/entries.js';
import { WORK } from '../../../src/replay/scenarios/kinds.js';
import { SCENARIO_NAMES, type ScenarioName } from '../../../src/replay/scenarios/plots.js';
import { generateScenario, type Scenario } from '../../../src/replay/scenarios/scenario.js';
import { scenarioRow } from '../../../src/replay/scenarios/trace-row.js';
import { traceBuilder } from '../../../src/trace/builder.js';
import type { TraceChunk } from '../../../src/trace/chunk.js';
import { rowsOf } from '../../../src/trace/row.js';

const SEEDS = [1, 2, 3, 4];
const made = new Map<string, Scenario>();
const scenario = (name: ScenarioName, seed: number): Scenario => {
  const key = `${name} ${String(seed)}`;
  const known = made.get(key) ?? generateScenario({ name, seed });
  made.set(key, known);
  return known;
};
const all = (name: ScenarioName): readonly Scenario[] => SEEDS.map((seed) => scenario(name, seed));
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
const sd = (values: readonly number[]): number => Math.sqrt(mean(values.map((x) => (x - mean(values)) ** 2)));
const failed = ({ errorCode }: ScenarioCall): number => Number(errorCode !== null);

function daysOf(calls: readonly ScenarioCall[]): readonly number[] {
  const counts = new Map<string | undefined, number>();
  for (const { session } of calls) counts.set(session.split('-')[1], (counts.get(session.split('-')[1]) ?? 0) + 1);
  return [...counts.values()];
}

function chunksOf(calls: readonly ScenarioCall[]): TraceChunk[] {
  const builder = traceBuilder();
  return [...calls.map((call) => builder.append(scenarioRow(call))), builder.flush()].filter((chunk) => chunk !== null);
}

describe.each(SCENARIO_NAMES)('%s', (name) => {
  it('is the same for the same seed, another for another, and shares its approved period with the others of its seed', () => {
    expect(generateScenario({ name, seed: 3 })).toEqual(scenario(name, 3));
    expect(scenario(name, 1).observed[0]).not.toEqual(scenario(name, 2).observed[0]);
    expect(scenario(name, 1).approved).toEqual(scenario('retry-storm', 1).approved);
  });

  it('has its calls in order of time, each with an id of its own, one after another in a session', () => {
    for (const calls of [scenario(name, 1).approved, scenario(name, 1).observed]) {
      expect(new Set(calls.map(({ callId }) => callId)).size).toBe(calls.length);
      const ends = new Map<string, number>();
      const wrong = calls.filter(({ startUs, latencyUs, actor }, i) => {
        const overlaps = startUs < (ends.get(actor) ?? 0);
        ends.set(actor, startUs + latencyUs);
        return overlaps || startUs < (calls[i - 1]?.startUs ?? 0);
      });
      expect(wrong).toEqual([]);
    }
  });

  it('says truly from which call to which it changes, and labels only an attack', () => {
    for (const { observed, approved, truth } of all(name)) {
      const { change, over, unsafeCalls, hostile } = truth;
      expect(approved.some((call) => call.changed || call.hostile)).toBe(false);
      expect(change).toMatchObject({ index: observed.findIndex((call) => call.changed), callId: observed.find((call) => call.changed)?.callId });
      expect(observed.slice(0, change?.index).some((call) => call.hostile)).toBe(false);
      expect(observed.slice(over?.index ?? observed.length).some((call) => call.changed && call.hostile)).toBe(false);
      expect(unsafeCalls).toBe(observed.filter((call) => call.hostile).length);
      expect(unsafeCalls > 0).toBe(hostile);
      expect(over === null).toBe(hostile);
    }
  });

  it('fits the trace table row by row', () => {
    const { observed } = scenario(name, 1);
    const rows = chunksOf(observed).flatMap((chunk) => [...rowsOf(chunk)]);
    expect(rows.map(({ call_id, ts, bytes_in, label }) => [call_id, ts, bytes_in, label])).toEqual(observed.map((call) => [call.callId, call.startUs, call.bytesSent, call.hostile ? 'attack_succeeded' : 'benign']));
  });

  it('seals into a ledger that verifies and recomputes', () => {
    const ledger = sealLedger([...scenarioEntries(scenario(name, 2).observed.slice(1500, 2100))], { generatedAtMs: 0n });
    expect(verifyLedger(ledger).consistent).toBe(true);
    expect(recomputeLedger(ledger).mismatchCount).toBe(0);
  });
});

describe('everyday work', () => {
  const approved = SEEDS.flatMap((seed) => scenario('retry-storm', seed).approved);
  const uploads = approved.filter(({ kind }) => kind === WORK.upload);

  it('sends uploads of a log-normal size', () => {
    const logs = uploads.map(({ bytesSent }) => Math.log(bytesSent));
    const error = 0.9 / Math.sqrt(logs.length);
    expect(logs.length).toBeGreaterThan(800);
    expect(Math.abs(mean(logs) - Math.log(3000))).toBeLessThan(4 * error);
    expect(Math.abs(sd(logs) - 0.9)).toBeLessThan(4 * error);
  });

  it('gets answers with a heavy tail', () => {
    const sizes = approved.filter(({ kind, errorCode }) => kind === WORK.registry && errorCode === null).map(({ bytesReceived }) => bytesReceived);
    expect(Math.max(...sizes) / mean(sizes)).toBeGreaterThan(10);
  });

  it('fails as seldom as its kinds say', () => {
    const tests = approved.filter(({ kind }) => kind === WORK.test);
    expect(Math.abs(mean(tests.map(failed)) - 0.12)).toBeLessThan(4 * Math.sqrt((0.12 * 0.88) / tests.length));
  });

  it('goes from kind to kind as its chain says', () => {
    const after = uploads.map((call) => approved[approved.indexOf(call) + 1]).filter((next, k) => next !== undefined && next.session === uploads[k]?.session);
    // Other actors' calls may lie between: of those directly after, reads are 0.6 to uploads 0.23.
    const reads = mean(after.map((next) => Number(next?.kind === WORK.readState)));
    expect(Math.abs(reads - 0.6 / 0.83)).toBeLessThan(4 * Math.sqrt((0.72 * 0.28) / after.length));
  });

  it('touches a few things often and many seldom', () => {
    const counts = new Map<string, number>();
    for (const { kind, resource } of approved) if (kind === WORK.readSource) counts.set(resource, (counts.get(resource) ?? 0) + 1);
    const sorted = [...counts.values()].sort((a, b) => b - a);
    expect(sorted.length).toBeGreaterThan(100);
    expect((sorted[0] ?? 0) / (sorted[9] ?? NaN)).toBeGreaterThan(5);
  });
});

describe('what the scenarios are about', () => {
  it('a hijacked package acts in every install and touches what nothing approved did', () => {
    for (const { approved, observed, truth: { change } } of all('supply-chain-hijack')) {
      const installs = observed.slice((change?.index ?? 0) - 1).filter(({ kind }) => kind === WORK.install);
      expect(observed.filter(({ hostile }) => hostile)).toHaveLength(9 * installs.length);
      const novel = new Set(novelCalls(chunksOf(observed), fitResources(chunksOf(approved))).novel.map(({ callId }) => callId));
      expect(observed.filter(({ hostile, callId }) => hostile && !novel.has(callId))).toEqual([]);
    }
  });

  it('exfiltration adds about 1.8 kB to every upload after its start, to nothing before, and touches nothing new', () => {
    for (const { approved, observed, truth: { change } } of all('slow-exfiltration')) {
      const after = observed.slice(change?.index).filter(({ kind }) => kind === WORK.upload);
      expect(after.every(({ hostile }) => hostile)).toBe(true);
      const more = mean(after.map(({ bytesSent }) => bytesSent)) - 3000 * Math.exp(0.9 ** 2 / 2);
      expect(Math.abs(more - 1800 * Math.exp(0.3 ** 2 / 2))).toBeLessThan((4 * 5000) / Math.sqrt(after.length));
      const novel = new Set(novelCalls(chunksOf(observed), fitResources(chunksOf(approved))).novel.map(({ callId }) => callId));
      expect(after.filter(({ callId }) => novel.has(callId))).toEqual([]);
    }
  });

  it('probing reads credentials and fails four times in five', () => {
    const probes = all('credential-probing').flatMap(({ observed }) => observed.filter(({ hostile, kind }) => hostile && kind.capability === 'read'));
    expect(probes.length).toBeGreaterThan(1000);
    expect(Math.abs(mean(probes.map(failed)) - 0.8)).toBeLessThan(4 * Math.sqrt(0.16 / probes.length));
  });

  it('a storm fails 85 % of requests, tries each at most six times, and lasts 26 hours', () => {
    const storms = all('retry-storm').flatMap(({ observed }) => observed.filter(({ changed }) => changed));
    expect(Math.abs(mean(storms.map(failed)) - 0.85)).toBeLessThan(4 * Math.sqrt((0.85 * 0.15) / storms.length));
    for (const { observed, truth: { change } } of all('retry-storm')) {
      const changed = observed.filter((call) => call.changed);
      expect((changed.at(-1)?.startUs ?? NaN) / 1000 - (change?.tsMs ?? NaN)).toBeLessThan(26 * 3.6e6);
      const runs = changed.map((call, i) => changed.slice(i, i + 7).filter(({ resource, session, errorCode }) => resource === call.resource && session === call.session && errorCode !== null).length);
      expect(Math.max(...runs)).toBeGreaterThan(2);
    }
  });

  it('a release day has more calls than any day approved, and its commands take longer', () => {
    for (const { approved, observed } of all('release-day')) {
      const perDay = (calls: readonly ScenarioCall[]): number => Math.max(...daysOf(calls));
      expect(perDay(observed)).toBeGreaterThan(perDay(approved));
      const builds = (calls: readonly ScenarioCall[]): number => mean(calls.filter(({ kind }) => kind === WORK.build).map(({ latencyUs }) => Math.log(latencyUs)));
      expect(builds(observed.filter(({ changed }) => changed)) - builds(approved)).toBeGreaterThan(0.25);
    }
  });

  it('needs a known name and enough days', () => {
    expect(() => generateScenario({ name: 'flood' as ScenarioName, seed: 1 })).toThrow('name must be one of supply-chain-hijack, slow-exfiltration, credential-probing, retry-storm, release-day, got "flood"');
    expect(() => generateScenario({ name: 'release-day', seed: 1, observedDays: 9 })).toThrow('observedDays must be an integer in [10, 1000], got 9');
  });
});
