import type { PolicyFindings, PolicyPart } from '../../../report/policy.js';
import type { Answer } from '../../../report/report.js';
import type { Cli } from '../cli.js';
import { contradictedIn, checkPolicy, type PolicyCheckReport } from '../policy/check-report.js';
import { readPolicy } from '../policy/parts.js';
import { attempt, without } from './attempt.js';
import type { GivenFile } from './given.js';
import type { RowCollector } from './rows.js';

function thresholdPart({ part, reason, band, threshold, n, flagged, unscored, circular }: PolicyCheckReport['thresholds'][number]): PolicyPart {
  const notes = [
    ...(reason === null ? [] : [reason]), `${band} at ${threshold === null ? 'no score' : `a score of ${String(threshold)} or more`}`,
    ...(unscored > 0 ? [`${String(unscored)} without a score`] : []), ...(circular ? ["its labels were the controller's own decisions"] : []),
  ];
  return { kind: 'threshold', name: part, n, flagged, expected: null, finding: false, judged: n > 0, notes };
}

function envelopePart({ part, reason, check }: PolicyCheckReport['envelopes'][number]): PolicyPart {
  const silent = { kind: 'envelope', name: part, n: 0, flagged: 0, expected: null, finding: false, judged: false } as const;
  if (check === null) return { ...silent, notes: [reason ?? ''] };
  const judged = check.groups.filter(({ status }) => status === 'judged');
  const names = (status: string): string[] => check.groups.filter((group) => group.status === status).map(({ key }) => key);
  const sum = (of: (group: (typeof judged)[number]) => number | null): number => judged.reduce((total, group) => total + (of(group) ?? 0), 0);
  const findings = judged.filter(({ finding }) => finding).map(({ key }) => key);
  const [unknown, unbounded] = [names('unknown'), names('unbounded')];
  const notes = [
    ...(findings.length > 0 ? [`more than chance explains in ${findings.join(', ')}`] : []), ...(unknown.length > 0 ? [`not in the envelope: ${unknown.join(', ')}`] : []),
    ...(unbounded.length > 0 ? [`no bound, too little calibration: ${unbounded.join(', ')}`] : []),
  ];
  return { ...silent, n: sum(({ n }) => n), flagged: sum(({ outside }) => outside), expected: sum(({ expected }) => expected), finding: findings.length + unknown.length > 0, judged: judged.length + unknown.length > 0, notes };
}

function detectorPart({ part, reason, streams, expected, notWatched }: PolicyCheckReport['detectors'][number]): PolicyPart {
  const alarms = streams.reduce((sum, run) => sum + run.alarms, 0);
  const notes = [...(reason === null ? [] : [reason]), ...(notWatched.length > 0 ? [`not designed for ${notWatched.slice(0, 5).join(', ')}`] : [])];
  return { kind: 'detector', name: part, n: streams.reduce((sum, run) => sum + run.observations, 0), flagged: alarms, expected, finding: alarms > 0, judged: streams.length > 0, notes };
}

function findingsOf(report: PolicyCheckReport): PolicyFindings {
  const { ownTraces, entriesUnknown, counts, unconfirmed } = report;
  return {
    name: report.name,
    contentHash: report.contentHash,
    parts: [...report.thresholds.map(thresholdPart), ...report.envelopes.map(envelopePart), ...report.detectors.map(detectorPart)],
    contradicted: contradictedIn(report) > 0,
    cautions: [
      ...counts.flatMap(({ part, contradiction }) => (contradiction === null ? [] : [`${part}: ${contradiction}`])),
      ...ownTraces.map((path) => `${path.replace(/^.*[\\/]/, '')} is, or shares entries with, a trace that the policy was made of: what is said of it is no evidence`),
      ...(entriesUnknown.length > 0 ? [`a part of ${String(entriesUnknown.length)} of the traces that it was made of could not be told from another ledger`] : []),
      ...(unconfirmed.length > 0 ? [`${String(unconfirmed.length)} of its approvals confirm nothing`] : []),
      'The hash shows that a policy was changed, not who made it; its numbers are taken as stated.',
    ],
  };
}

/** Puts values outside their envelope on the timeline, where they are more than chance explains. */
function markOutside(report: PolicyCheckReport, given: readonly GivenFile[], rows: RowCollector): void {
  for (const { part, check } of report.envelopes) {
    for (const { finding, values } of check?.groups ?? []) {
      if (!finding) continue;
      for (const { file, record, value } of values) rows.mark(rows.rowOf(given.findIndex(({ path }) => path === file), record), 'outside', `outside ${part}: ${String(value)}`);
    }
  }
}

/**
 * Holds a policy against the inputs that may be relied on.
 *
 * @param given - all inputs, in the timeline's order
 */
export function applyPolicy(cli: Cli, policy: GivenFile | undefined, files: readonly GivenFile[], { given, rows }: { readonly given: readonly GivenFile[]; readonly rows: RowCollector }): Answer<PolicyFindings> {
  if (policy === undefined) return without('no policy was given (--policy)');
  if (files.length === 0) return without('no input holds records that may be relied on');
  return attempt(() => {
    const report = checkPolicy(cli, readPolicy(policy.path), { file: policy.path, sources: [], ledgers: files.map(({ path }) => path), sort: false, alpha: 0.05 });
    markOutside(report, given, rows);
    return findingsOf(report);
  });
}
