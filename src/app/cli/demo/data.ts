import { fileURLToPath } from 'node:url';
import { ACTIONS, RISK_STATES } from '../../../ledger/entry.js';
import type { VerifiedLedger } from '../../../ledger/report.js';
import { bytesSource } from '../../../ledger/source.js';
import { readLedger, readVerified } from '../../../ledger/stream.js';
import { recomputeLedger } from '../../../replay/recompute-ledger.js';
import type { RecomputeReport } from '../../../replay/recompute.js';
import type { Label } from '../../../risk/calibrate/labels.js';
import { readBytes } from '../../files.js';
import { readLabels } from '../calibrate/calibrate.js';

/** The recorded runs, by name. */
export const RUNS = ['approved', 'routine', 'incident'] as const;

/** One of {@link RUNS}. */
export type RunName = (typeof RUNS)[number];

/** A recorded run with everything the demo needs of it. */
export interface DemoRun {
  readonly name: RunName;
  readonly verified: VerifiedLedger;
  readonly replayed: RecomputeReport;
  readonly labels: ReadonlyMap<string, Label>;
}

/** A file of the recorded runs, wherever the program was started from. */
export function pathOf(name: RunName, ending: string): string {
  return fileURLToPath(new URL(`../../../../datasets/npm/npm-${name}.${ending}`, import.meta.url));
}

/** Reads, verifies and recomputes one recorded run. */
export function loadRun(name: RunName): DemoRun {
  const bytes = readBytes(pathOf(name, 'ledger.json'));
  return {
    name,
    verified: readVerified(bytesSource(bytes), { callIds: true }),
    replayed: recomputeLedger(readLedger(bytesSource(bytes))),
    labels: readLabels(pathOf(name, 'labels.csv')),
  };
}

/** The run of that name. */
export function runNamed(runs: readonly DemoRun[], name: RunName): DemoRun {
  const run = runs.find((r) => r.name === name);
  if (run === undefined) throw new RangeError(`there is no recorded run ${name}`);
  return run;
}

/** How the host treated the calls with one label, over all runs. */
export interface Treatment {
  readonly count: number;
  /** Calls by action, mildest first. */
  readonly actions: Readonly<Record<string, number>>;
  readonly states: Readonly<Record<string, number>>;
}

/** Counts what the host did with the calls of one label. */
export function treatmentOf(runs: readonly DemoRun[], label: Label): Treatment {
  const actions: Record<string, number> = {};
  const states: Record<string, number> = {};
  let count = 0;
  for (const { verified: { columns }, labels } of runs) {
    columns.callIds?.forEach((id, row) => {
      if (labels.get(id) !== label) return;
      const action = ACTIONS[columns.action[row] ?? 0] ?? 'allow';
      const state = RISK_STATES[columns.state[row] ?? 0] ?? 'safe_fast';
      actions[action] = (actions[action] ?? 0) + 1;
      states[state] = (states[state] ?? 0) + 1;
      count += 1;
    });
  }
  return { count, actions, states };
}
