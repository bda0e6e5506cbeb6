import type { WorkName } from './kinds.js';

/** How an actor works: sessions a day, and what follows what within one. */
export interface ScenarioActor {
  readonly name: string;
  /** Sessions on a day, on average. */
  readonly sessions: number;
  /** First call of a session. */
  readonly first: WorkName;
  /** After each kind of call: what comes next, by weight; the rest of 1 ends the session. */
  readonly next: Partial<Readonly<Record<WorkName, readonly (readonly [WorkName, number])[]>>>;
  /** Median milliseconds between the end of a call and the start of the next. */
  readonly gapMs: number;
}

/** The actors of every scenario: an agent that writes code, one that installs packages, one that uploads figures. */
export const SCENARIO_ACTORS: readonly ScenarioActor[] = [
  {
    name: 'coder',
    sessions: 5,
    first: 'status',
    gapMs: 5000,
    next: {
      status: [['readSource', 0.6], ['search', 0.25], ['path', 0.05], ['commit', 0.06]],
      readSource: [['readSource', 0.45], ['edit', 0.3], ['search', 0.15], ['docs', 0.08]],
      search: [['readSource', 0.75], ['search', 0.15], ['docs', 0.08]],
      edit: [['test', 0.5], ['readSource', 0.3], ['edit', 0.18]],
      test: [['readSource', 0.4], ['edit', 0.25], ['build', 0.15], ['status', 0.14]],
      build: [['status', 0.55], ['test', 0.35], ['publish', 0.02]],
      publish: [['artifact', 0.97]],
      artifact: [['status', 0.9]],
      commit: [['status', 0.3], ['readSource', 0.35]],
      docs: [['readSource', 0.6], ['docs', 0.25], ['edit', 0.13]],
      path: [['readSource', 0.95]],
    },
  },
  {
    name: 'installer',
    sessions: 1.5,
    first: 'install',
    gapMs: 60,
    next: {
      install: [['manifest', 0.98]],
      manifest: [['manifest', 0.35], ['registry', 0.45], ['unpack', 0.15]],
      registry: [['unpack', 0.7], ['manifest', 0.2], ['registry', 0.07]],
      unpack: [['manifest', 0.5], ['registry', 0.3], ['script', 0.12]],
      script: [['manifest', 0.6], ['script', 0.1]],
    },
  },
  {
    name: 'uploader',
    sessions: 4,
    first: 'readState',
    gapMs: 900,
    next: {
      readState: [['upload', 0.97]],
      upload: [['readState', 0.6], ['upload', 0.23]],
    },
  },
];
