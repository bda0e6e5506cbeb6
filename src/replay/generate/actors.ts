import type { CallName } from './calls.js';

/** What an actor does, how often, and whether the host enforces its decisions on it or only notes them. */
export interface ActorProfile {
  readonly name: string;
  /** How much of all calls are its own, as against the other actors'. */
  readonly share: number;
  readonly enforced: boolean;
  readonly calls: readonly (readonly [CallName, number])[];
}

/** The actors of a generated ledger. A new version of one takes its place now and then. */
export const PROFILES: readonly ActorProfile[] = [
  {
    name: 'test-runner',
    share: 5,
    enforced: false,
    calls: [['readSource', 30], ['search', 12], ['test', 10], ['list', 8], ['status', 6], ['writeSource', 6], ['log', 6], ['session', 4], ['bash', 3], ['cleanBuild', 0.4], ['readSystem', 1]],
  },
  {
    name: 'release-bot',
    share: 3,
    enforced: false,
    calls: [['status', 10], ['readSource', 14], ['build', 8], ['publish', 3], ['fetchApi', 6], ['envToken', 1], ['envPath', 2], ['writeSource', 4], ['notify', 3], ['log', 4]],
  },
  {
    name: 'notes-sync',
    share: 4,
    enforced: true,
    calls: [['readHome', 24], ['writeUp', 6], ['writeSource', 4], ['events', 14], ['session', 8], ['notify', 6], ['fetchLocal', 6]],
  },
  {
    name: 'web-research',
    share: 3,
    enforced: false,
    calls: [['fetchApi', 26], ['fetchLocal', 6], ['session', 10], ['notify', 6], ['readHome', 6], ['log', 8]],
  },
  {
    name: 'panel',
    share: 4,
    enforced: true,
    calls: [['notify', 26], ['events', 30], ['session', 12], ['log', 10], ['readSource', 6]],
  },
  {
    name: 'deploy-helper',
    share: 2,
    enforced: true,
    calls: [['bash', 10], ['readSource', 10], ['list', 6], ['envHome', 3], ['envPath', 3], ['fetchLocal', 5], ['log', 8], ['build', 1]],
  },
];
