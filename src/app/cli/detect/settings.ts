import type { CusumSides, AfterAlarm } from '../../../risk/regime/cusum.js';
import type { CusumTarget } from '../../../risk/regime/cusum-design.js';
import type { StreamKind } from '../../series/record.js';
import type { StreamBy } from '../../series/streams.js';
import { usageError } from '../exit.js';

/** The detectors, recommended ones first. */
export const DETECTORS = ['cusum', 'self-starting', 'e-sr', 'e-cusum', 'glr', 'bocpd', 'host'] as const;

/** A detector's name. */
export type DetectorName = (typeof DETECTORS)[number];

/** The laws that observations can be taken to follow. */
export const FAMILIES = ['gaussian', 'exponential', 'bernoulli', 'poisson', 'bounded'] as const;

/** A law's name. */
export type FamilyName = (typeof FAMILIES)[number];

/** The host's settings of its own detector. */
export const TIERS = ['strict', 'balanced', 'throughput'] as const;

/** Where the approved parameters come from. */
export type Learning =
  | { readonly from: 'nothing' }
  | { readonly from: 'given'; readonly mean: number | null; readonly sd: number | null; readonly p0: number | null }
  | { readonly from: 'baseline'; readonly sha256: string }
  | { readonly from: 'first'; readonly count: number }
  | { readonly from: 'until'; readonly time: number };

/** Parameters said on the command line; null for those that were not. */
export type Given = Extract<Learning, { from: 'given' }>;

/** Parameters as numbers: NaN for those that were not said, which the family does not use. */
export function numbersOf({ mean, sd, p0 }: Given): { readonly mean: number; readonly sd: number; readonly p0: number } {
  return { mean: mean ?? NaN, sd: sd ?? NaN, p0: p0 ?? NaN };
}

/** All that decides what is watched, and how. Plain JSON. */
export interface DetectSettings {
  readonly stream: StreamKind;
  readonly by: StreamBy;
  readonly detector: DetectorName;
  readonly family: FamilyName;
  readonly sides: CusumSides;
  /** The change to find, in the unit of the family; null for its default, or where its size is not asked for. */
  readonly change: number | null;
  readonly afterAlarm: AfterAlarm;
  readonly target: CusumTarget;
  /** Probability of the promise over baselines. */
  readonly level: number;
  readonly learning: Learning;
  readonly seed: number;
  /** Observations between changes that Bayesian detection expects. */
  readonly hazard: number;
  readonly tier: (typeof TIERS)[number];
}

/** What was said on the command line. */
export type Asked = Partial<DetectSettings>;

const FAMILY_OF: Readonly<Partial<Record<StreamKind, FamilyName>>> = { interval: 'exponential', error: 'bernoulli' };

const WATCHES_BOTH: ReadonlySet<DetectorName> = new Set<DetectorName>(['self-starting', 'bocpd', 'host']);

const NO_BASELINE: ReadonlySet<DetectorName> = new Set<DetectorName>(['self-starting', 'host']);

function familyOf({ family, detector }: Asked, stream: StreamKind): FamilyName {
  if (family !== undefined) return family;
  if (detector === 'self-starting') return 'gaussian';
  if (stream === 'score' && (detector === 'e-sr' || detector === 'e-cusum')) return 'bounded';
  return FAMILY_OF[stream] ?? 'gaussian';
}

function needBaseline(what: string): never {
  throw usageError(`${what} needs to know what is normal: --baseline FILE, --approved N (the first N of each stream), --approved-until TIME, or the parameters themselves (--mean, --sd, --p0)`);
}

function detectorOf({ detector, learning }: Asked, family: FamilyName): DetectorName {
  if (detector !== undefined) return detector;
  if (learning !== undefined) return family === 'bounded' ? 'e-sr' : 'cusum';
  if (family !== 'gaussian') needBaseline(`a stream of this kind (${family})`);
  return 'self-starting';
}

/** Sides that a detector watches where nothing else was asked. */
function sidesOf(asked: Asked, detector: DetectorName, family: FamilyName): CusumSides {
  if (asked.sides !== undefined) return asked.sides;
  if (WATCHES_BOTH.has(detector)) return 'both';
  // That failures became rarer shows late where they are rare, and nobody waits for it.
  if (family === 'bernoulli') return 'up';
  const estimated = asked.learning !== undefined && asked.learning.from !== 'given';
  return (detector === 'e-sr' || detector === 'e-cusum') && (estimated || family === 'bounded') ? 'up' : 'both';
}

const DEFAULTS: Omit<DetectSettings, 'stream' | 'detector' | 'family' | 'sides'> = {
  by: 'actor',
  change: null,
  afterAlarm: 'reset',
  target: { arl0: 1000 },
  level: 0.9,
  learning: { from: 'nothing' },
  seed: 20260101,
  hazard: 1000,
  tier: 'balanced',
};

interface Rule {
  readonly when: (settings: DetectSettings, asked: Asked) => boolean;
  readonly says: string;
}

const said = (...values: readonly unknown[]): boolean => values.some((value) => value !== undefined);

const isE = ({ detector }: DetectSettings): boolean => detector === 'e-sr' || detector === 'e-cusum';

/** What does not go together. */
const RULES: readonly Rule[] = [
  { when: ({ family, detector }) => family === 'bounded' && detector !== 'e-sr' && detector !== 'e-cusum', says: '--family bounded goes with --detector e-sr or e-cusum' },
  { when: ({ detector, family }) => detector === 'self-starting' && family !== 'gaussian', says: '--detector self-starting goes with --family gaussian' },
  { when: ({ detector, sides }) => WATCHES_BOTH.has(detector) && sides !== 'both', says: '--sides goes with cusum, e-sr, e-cusum and glr: the others watch both' },
  { when: ({ detector, learning }) => NO_BASELINE.has(detector) && learning.from !== 'nothing', says: '--detector self-starting and host learn by themselves: leave the baseline out' },
  { when: ({ detector, stream }) => detector === 'host' && stream !== 'interval', says: '--detector host watches intervals alone, as the host does' },
  { when: ({ detector }, asked) => (detector === 'glr' || detector === 'bocpd' || detector === 'host') && asked.change !== undefined, says: '--change goes with cusum, self-starting, e-sr and e-cusum: the others do not ask for its size' },
  { when: ({ family, detector }, asked) => family === 'bounded' && detector !== 'cusum' && asked.change !== undefined, says: '--change does not go with --family bounded, whose bets cover changes of any size' },
  { when: (settings) => settings.afterAlarm === 'head-start' && (settings.detector !== 'cusum' || settings.learning.from !== 'given'), says: '--after-alarm head-start goes with --detector cusum and parameters given outright (--mean, --sd, --p0)' },
  { when: (settings) => isE(settings) && settings.sides === 'both' && settings.family === 'bounded', says: '--family bounded watches one side: --sides up or down' },
  { when: (settings) => isE(settings) && settings.sides === 'both' && settings.learning.from !== 'given', says: 'an e-detector with estimated parameters watches one side: --sides up or down' },
  { when: ({ detector, learning }) => detector === 'bocpd' && learning.from === 'given', says: '--detector bocpd takes its prior from approved observations: --baseline, --approved or --approved-until' },
  { when: ({ detector }, { target }) => (detector === 'bocpd' || detector === 'host') && said(target), says: '--arl0 and --alarm-within do not go with --detector bocpd or host: they promise no rate of false alarms' },
  { when: ({ detector }, { hazard }) => detector !== 'bocpd' && said(hazard), says: '--hazard goes with --detector bocpd' },
  { when: ({ detector }, { seed }) => detector !== 'glr' && said(seed), says: '--seed goes with --detector glr, whose threshold is simulated' },
  { when: ({ detector, learning, family }, { level }) => said(level) && (family === 'bounded' || !(detector === 'cusum' || detector === 'e-sr' || detector === 'e-cusum') || learning.from === 'given'), says: '--level goes with --detector cusum, e-sr or e-cusum and parameters estimated from approved observations' },
  { when: ({ detector }, asked) => asked.tier !== undefined && detector !== 'host', says: '--tier goes with --detector host' },
];

/**
 * Fills in what was not said.
 *
 * @throws a usage error where options do not go together, or a baseline is needed and none was named
 */
export function settingsOf(asked: Asked, stream: StreamKind): DetectSettings {
  const family = familyOf(asked, stream);
  const detector = detectorOf(asked, family);
  const settings: DetectSettings = { ...DEFAULTS, sides: sidesOf(asked, detector, family), ...asked, stream, detector, family };
  const broken = RULES.find(({ when }) => when(settings, asked));
  if (broken !== undefined) throw usageError(broken.says);
  if (settings.learning.from === 'nothing' && !NO_BASELINE.has(detector)) needBaseline(`--detector ${detector}`);
  checkNumbers(settings);
  checkGiven(settings);
  return settings;
}

/** Refuses numbers out of range by the names of their options, before any file is read. */
function checkNumbers({ target, level, change, hazard, learning }: DetectSettings): void {
  const { mean, sd, p0 } = learning.from === 'given' ? learning : { mean: null, sd: null, p0: null };
  const [arl0, within, probability] = 'arl0' in target ? [target.arl0, null, null] : [null, target.within, target.probability];
  const checks: readonly (readonly [option: string, value: number | null, holds: (x: number) => boolean, wanted: string])[] = [
    ['--arl0', arl0, (x) => x > 1 && x <= 1e8, 'in (1, 1e8]'],
    ['n of --alarm-within', within, (x) => x >= 1 && x <= 1e7, 'in [1, 1e7]'],
    ['p of --alarm-within', probability, (x) => x > 0 && x < 1, 'in (0, 1)'],
    ['--level', level, (x) => x >= 0.5 && x <= 0.99, 'in [0.5, 0.99]'],
    ['--change', change, (x) => x > 0 && x < Infinity, 'a positive number'],
    ['--hazard', hazard, (x) => x > 1 && x < Infinity, 'above 1'],
    ['--mean', mean, Number.isFinite, 'a finite number'],
    ['--sd', sd, (x) => x > 0 && x < Infinity, 'a positive number'],
    ['--p0', p0, (x) => x > 0 && x < 1, 'in (0, 1)'],
  ];
  for (const [option, value, holds, wanted] of checks) if (value !== null && !holds(value)) throw usageError(`${option} must be ${wanted}, got ${String(value)}`);
}

function checkGiven({ learning, family }: DetectSettings): void {
  if (learning.from !== 'given') return;
  const needed = family === 'gaussian' ? (['mean', 'sd'] as const) : family === 'bernoulli' ? (['p0'] as const) : (['mean'] as const);
  const missing = needed.filter((name) => learning[name] === null);
  const extra = (['mean', 'sd', 'p0'] as const).filter((name) => learning[name] !== null && !(needed as readonly string[]).includes(name));
  if (missing.length > 0) throw usageError(`--family ${family} needs --${missing.join(' and --')}`);
  if (extra.length > 0) throw usageError(`--family ${family} does not take --${extra.join(' or --')}`);
}
