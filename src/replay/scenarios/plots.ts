import { HIJACK, PROBED_VARIABLES, PROBES, WORK } from './kinds.js';
import { NO_PLOT, type Moment, type Plot, type Step } from './sessions.js';

/** Names of the scenarios. */
export const SCENARIO_NAMES = ['supply-chain-hijack', 'slow-exfiltration', 'credential-probing', 'retry-storm', 'release-day'] as const;
/** A word of {@link SCENARIO_NAMES}. */
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** From when to when a scenario's change lasts, in microseconds since 1970; the end is not in it. */
export interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
  /** Number of the working day on which it begins, from 1. */
  readonly day: number;
}

/** A scenario: what it is about, whether it is an attack, how long it lasts, and what it changes. */
export interface ScenarioPlan {
  readonly hostile: boolean;
  readonly summary: string;
  /** Hours that the change lasts; null for: to the end. */
  readonly hours: number | null;
  readonly plot: (span: Span) => Plot;
}

const within = ({ fromUs, untilUs }: Span, { startUs }: Moment): boolean => startUs >= fromUs && startUs < untilUs;

const hijack = (span: Span): Plot => ({
  ...NO_PLOT,
  after: ({ kind }, _, at) => (kind === WORK.install && within(span, at) ? HIJACK.map((each) => ({ kind: each, hostile: true, waitMs: 20 })) : []),
});

const exfiltration = (span: Span): Plot => ({
  ...NO_PLOT,
  step: (step, at) => (step.kind === WORK.upload && within(span, at) ? { ...step, hostile: true, more: { median: 1800, sigma: 0.3 } } : step),
});

const probing = (span: Span): Plot => ({
  ...NO_PLOT,
  after: ({ kind, actor }, _, at) => {
    if (actor !== 'coder' || kind !== WORK.search || !within(span, at) || at.rng.uniform() >= 0.3) return [];
    return Array.from({ length: 4 + at.rng.integer(9) }, () => ({ kind: at.rng.uniform() < 0.15 ? PROBED_VARIABLES : PROBES, hostile: true, waitMs: 200 }));
  },
});

/** Tries of one request at most, the first among them. */
const TRIES_MAX = 6;

const storm = (span: Span): Plot => ({
  ...NO_PLOT,
  step: (step, at) => (step.kind.capability === 'http' && within(span, at) ? { ...step, changed: true, failure: 0.85, latency: { median: 10_000, sigma: 0.02 } } : step),
  after: ({ errorCode, resource }, { kind, changed = false, tries = 1 }) =>
    (changed && errorCode !== null && tries < TRIES_MAX ? [{ kind, resource, tries: tries + 1, waitMs: 500 * 2 ** tries }] : []),
});

const SLOWED = 1.6;

const release = (span: Span): Plot => ({
  sessionsFactor: (day) => (day === span.day ? 3 : 1),
  waitFactor: (at) => (within(span, at) ? 0.4 : 1),
  step: (step, at) => (within(span, at) ? { ...step, changed: true, latency: { ...step.kind.latency, median: SLOWED * step.kind.latency.median } } : step),
  after: ({ kind }, _, at): readonly Step[] => {
    if (!within(span, at)) return [];
    if (kind === WORK.build && at.rng.uniform() < 0.5) return [{ kind: WORK.publish }, { kind: WORK.artifact }];
    return kind === WORK.test && at.rng.uniform() < 0.3 ? [{ kind: WORK.build }] : [];
  },
});

/** The scenarios, by name. */
export const SCENARIO_PLANS: Readonly<Record<ScenarioName, ScenarioPlan>> = {
  'supply-chain-hijack': {
    hostile: true, hours: null, plot: hijack,
    summary: 'from some day on, every install runs the script of a hijacked package: it looks at credentials and tokens, hides a file and calls out',
  },
  'slow-exfiltration': {
    hostile: true, hours: null, plot: exfiltration,
    summary: 'from some day on, every upload to the usual address carries about 1.8 kB more; nothing else changes',
  },
  'credential-probing': {
    hostile: true, hours: null, plot: probing,
    summary: 'from some day on, three searches in ten are followed by reads of places where credentials are kept; most are not there',
  },
  'retry-storm': {
    hostile: false, hours: 26, plot: storm,
    summary: 'for 26 hours most requests time out and are tried again, up to six times each; nobody means harm',
  },
  'release-day': {
    hostile: false, hours: 14, plot: release,
    summary: 'on one day three times as many sessions work at a quicker pace on a slower machine, build and publish; nobody means harm',
  },
};
