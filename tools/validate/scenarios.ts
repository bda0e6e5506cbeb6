import {
  cusum, designCusumFromBaseline, fitResources, generateScenario, novelCalls, runCusum, SCENARIO_NAMES, scenarioRow, traceBuilder,
  type BaselineCusumParams, type CusumDetector, type Scenario, type ScenarioCall, type ScenarioName, type TraceChunk,
} from '../../src/index.js';

// `npm run validate:scenarios [-- --seeds N]`: what the tools make of the generated scenarios, over seeds 1 to N (default 10). The
// settings were fixed before: `hindcast novel` as it is; CUSUMs designed from the approved period for one false alarm in 1,000
// observations of a stream at most, with the defaults of `hindcast detect`, but upwards, and for bytes half a standard deviation.

const at = process.argv.indexOf('--seeds');
const SEEDS = at < 0 ? 10 : Number(process.argv[at + 1]);

/** A stream that is watched. */
interface Watch {
  readonly name: string;
  readonly actor: string;
  readonly capability: string;
  readonly figure: (call: ScenarioCall) => number;
  readonly params: Pick<BaselineCusumParams, 'kind' | 'change'>;
}

const failure = ({ errorCode }: ScenarioCall): number => Number(errorCode !== null);

const WATCHES: readonly Watch[] = [
  { name: 'bytes that uploads send', actor: 'uploader', capability: 'http', figure: ({ bytesSent }) => Math.log1p(bytesSent), params: { kind: 'gaussian', change: 0.5 } },
  { name: 'failures of uploads', actor: 'uploader', capability: 'http', figure: failure, params: { kind: 'bernoulli' } },
  { name: 'failures of reads', actor: 'coder', capability: 'read', figure: failure, params: { kind: 'bernoulli' } },
  { name: 'latency of commands', actor: 'coder', capability: 'exec', figure: ({ latencyUs }) => Math.log1p(latencyUs / 1000), params: { kind: 'gaussian' } },
];

/** A watch's calls among others, and their places there. */
function streamOf({ actor, capability }: Watch, calls: readonly ScenarioCall[]): readonly (readonly [ScenarioCall, number])[] {
  return calls.map((call, i) => [call, i] as const).filter(([call]) => call.actor === actor && call.kind.capability === capability);
}

function detectorOf(watch: Watch, approved: readonly ScenarioCall[]): CusumDetector {
  const design = designCusumFromBaseline(streamOf(watch, approved).map(([call]) => watch.figure(call)), { ...watch.params, sides: 'up', target: { arl0: 1000 } });
  if (design.refused) throw new Error(`${watch.name}: ${design.reason}`);
  return cusum({ family: design.family, sides: 'up', threshold: design.threshold });
}

/** What a watch saw of a scenario: alarms before the change, the first that the change made, and by how many calls its date is off. */
interface Sight {
  readonly before: number;
  readonly quiet: number;
  readonly hours: number | null;
  readonly off: number | null;
}

function sightOf(watch: Watch, detector: CusumDetector, { observed, truth: { change, over } }: Scenario): Sight {
  const stream = streamOf(watch, observed);
  const place = (k: number): number => stream[k]?.[1] ?? NaN;
  const [from, until] = [change?.index ?? Infinity, over?.index ?? Infinity];
  const { alarms } = runCusum(detector, Float64Array.from(stream, ([call]) => watch.figure(call)));
  const first = alarms.find(({ index }) => place(index) >= from && place(index) < until);
  const hoursAt = (i: number): number => (observed[i]?.startUs ?? NaN) / 3.6e9;
  return {
    before: alarms.filter(({ index }) => place(index) < from).length,
    quiet: stream.filter(([, i]) => i < from).length,
    hours: first === undefined ? null : hoursAt(place(first.index)) - hoursAt(from),
    off: first === undefined ? null : Math.abs(place(first.changeIndex) - from),
  };
}

function chunksOf(calls: readonly ScenarioCall[]): TraceChunk[] {
  const builder = traceBuilder();
  return [...calls.map((call) => builder.append(scenarioRow(call))), builder.flush()].filter((chunk) => chunk !== null);
}

interface Novelty {
  readonly name: 'hostile' | 'harmless';
  readonly of: (call: ScenarioCall) => boolean;
}

const NOVELTIES: readonly Novelty[] = [{ name: 'hostile', of: (call) => call.hostile }, { name: 'harmless', of: (call) => !call.hostile }];

const midpoint = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const share = (k: number, n: number): string => (n === 0 ? 'none there' : `${k.toLocaleString('en-US')} of ${n.toLocaleString('en-US')} (${((100 * k) / n).toFixed(1)} %)`);

function report(name: ScenarioName, runs: readonly { readonly scenario: Scenario; readonly detectors: readonly CusumDetector[] }[]): void {
  console.log(`\n${name}`);
  const flagged = runs.map(({ scenario: { approved, observed } }) => new Set(novelCalls(chunksOf(observed), fitResources(chunksOf(approved))).novel.map(({ callId }) => callId)));
  for (const { name: which, of } of NOVELTIES) {
    const calls = runs.flatMap(({ scenario }, k) => scenario.observed.filter(of).map(({ callId }) => flagged[k]?.has(callId) === true));
    console.log(`  novel: ${which.padEnd(9)} calls named ${share(calls.filter(Boolean).length, calls.length)}`);
  }
  WATCHES.forEach((watch, w) => {
    const sights = runs.map(({ scenario, detectors }) => sightOf(watch, detectors[w] as CusumDetector, scenario));
    const seen = sights.filter(({ hours }) => hours !== null);
    const late = seen.length === 0 ? '' : `, in the median ${midpoint(seen.map(({ hours }) => hours ?? NaN)).toFixed(1)} hours after it and dated within ${String(midpoint(seen.map(({ off }) => off ?? NaN)))} calls`;
    const sum = (of: (sight: Sight) => number): number => sights.reduce((total, sight) => total + of(sight), 0);
    console.log(`  ${watch.name.padEnd(23)} alarm under the change in ${String(seen.length)} of ${String(sights.length)} seeds${late}; before it ${share(sum(({ before }) => before), sum(({ quiet }) => quiet))}`);
  });
}

console.log(`Generated scenarios, seeds 1 to ${String(SEEDS)}`);
const seeds = Array.from({ length: SEEDS }, (_, k) => k + 1);
// The approved period is the same for every scenario of a seed.
const detectors = seeds.map((seed) => WATCHES.map((watch) => detectorOf(watch, generateScenario({ name: 'release-day', seed }).approved)));
for (const name of SCENARIO_NAMES) report(name, seeds.map((seed, k) => ({ scenario: generateScenario({ name, seed }), detectors: detectors[k] ?? [] })));
