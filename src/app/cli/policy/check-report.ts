import { envelopeName, thresholdName } from '../../../risk/policy/part-names.js';
import type { Policy, PolicyBand, PolicyThreshold, PolicyTrace } from '../../../risk/policy/policy.js';
import type { Cli } from '../cli.js';
import type { Io } from '../io.js';
import { checkFiles, codeOfCheck, type CheckReport } from '../envelope/check-report.js';
import { streamsOfFiles } from '../envelope/streams.js';
import { EXIT, type ExitCode } from '../exit.js';
import { distinctTraces } from './approve-trace.js';
import { readSource } from './source.js';
import { checkCounts, type CountCheck } from './check-counts.js';
import { runDetectors, type DetectorRun } from './check-detectors.js';
import { comesFrom, ownFiles, requireSeries, type OwnFiles } from './check-own.js';
import { attempt, type Judged } from './check-part.js';

/** What a threshold would have flagged. */
interface ThresholdRun {
  readonly band: PolicyBand;
  readonly threshold: number | null;
  /** Scores at hand. */
  readonly n: number;
  readonly flagged: number;
  /** Records without a score: they are not flagged. */
  readonly unscored: number;
  /** Whether its labels were the controller's own decisions, which it then repeats. */
  readonly circular: boolean;
}

/** What `hindcast policy check` reports. That there is a report says that the policy holds together. */
export interface PolicyCheckReport extends OwnFiles {
  readonly schema: 'hindcast.policy-check.v1';
  readonly file: string;
  readonly name: string;
  readonly contentHash: string;
  /** How many parts of each kind it has; their numbers are taken as stated. */
  readonly kinds: Readonly<Record<'thresholds' | 'envelopes' | 'detectors', number>>;
  /** Every trace that the policy names, with the file given for it; null where none was. */
  readonly traces: readonly (PolicyTrace & { readonly given: string | null })[];
  /** Approvals that confirm nothing. */
  readonly unconfirmed: Policy['provenance']['unconfirmed'];
  /** Files given as sources that the policy does not name. */
  readonly strangers: readonly string[];
  /** The counts of thresholds beside the ledgers that they come from, where those are given. */
  readonly counts: readonly CountCheck[];
  /** Files that the parts were tried on. */
  readonly ledgers: readonly string[];
  readonly thresholds: readonly Judged<ThresholdRun>[];
  readonly envelopes: readonly Judged<{ readonly check: CheckReport | null }>[];
  readonly detectors: readonly Judged<DetectorRun>[];
}

/** What to check a policy against. */
export interface PolicyCheckTask {
  readonly file: string;
  readonly sources: readonly string[];
  readonly ledgers: readonly string[];
  readonly sort: boolean;
  readonly alpha: number;
}

function runThreshold({ band, threshold: { threshold, labels } }: PolicyThreshold, io: Io, files: readonly string[]): ThresholdRun {
  const streams = streamsOfFiles(io, files, { stream: 'score', by: 'none' }).flatMap((file) => file.streams);
  const values = streams.flatMap((stream) => stream.values);
  const unscored = streams.reduce((sum, { nullCount }) => sum + nullCount, 0);
  return { band, threshold, n: values.length, flagged: threshold === null ? 0 : values.filter((score) => score >= threshold).length, unscored, circular: labels.circular };
}

/** Tries each part on files. */
function runParts(cli: Cli, { thresholds, envelopes, detectors }: Policy, { ledgers, sort, alpha, file }: PolicyCheckTask): Pick<PolicyCheckReport, 'thresholds' | 'envelopes' | 'detectors'> {
  if (ledgers.length === 0) return { thresholds: [], envelopes: [], detectors: [] };
  const order = sort ? { sort } : {};
  return {
    thresholds: thresholds.map((part) => attempt(thresholdName(part), { band: part.band, threshold: part.threshold.threshold, n: 0, flagged: 0, unscored: 0, circular: part.threshold.labels.circular }, () => runThreshold(part, cli.io, ledgers))),
    envelopes: envelopes.map((envelope) => attempt<{ check: CheckReport | null }>(envelopeName(envelope), { check: null }, () => ({ check: checkFiles(cli, ledgers, envelope, { envelope: file, alpha, correction: 'holm', ...order }) }))),
    detectors: runDetectors(cli.io, detectors, ledgers, sort),
  };
}

/** Compares a policy that holds together with files. */
export function checkPolicy(cli: Cli, policy: Policy, task: PolicyCheckTask): PolicyCheckReport {
  const { file, sources, ledgers } = task;
  const given = sources.map((path) => ({ path, source: readSource(cli.io, path) }));
  const pathOf = (hash: string): string | null => given.find(({ source: { fileHash, dataHashes } }) => hash === fileHash || (dataHashes.length === 1 && dataHashes[0] === hash))?.path ?? null;
  for (const path of ledgers) requireSeries(cli.io, path);
  distinctTraces(cli.io, ledgers);
  const runs = runParts(cli, policy, task);
  return {
    schema: 'hindcast.policy-check.v1',
    file,
    name: policy.name,
    contentHash: policy.contentHash,
    kinds: { thresholds: policy.thresholds.length, envelopes: policy.envelopes.length, detectors: policy.detectors.length },
    traces: policy.provenance.traces.map((trace) => ({ ...trace, given: pathOf(trace.dataHash) })),
    unconfirmed: policy.provenance.unconfirmed,
    strangers: given.filter(({ source }) => !comesFrom(policy, source)).map(({ path }) => path),
    counts: checkCounts(cli.io, policy, [...sources, ...ledgers]),
    ledgers,
    ...ownFiles(cli.io, policy, ledgers, sources),
    ...runs,
  };
}

/** How many parts found something, and how many could not judge; what a threshold flags is an answer and no finding. */
export function countOf({ thresholds, envelopes, detectors }: PolicyCheckReport): { readonly outside: number; readonly alarmed: number; readonly silent: number } {
  const codes = envelopes.map(({ check }) => (check === null ? EXIT.notEnough : codeOfCheck(check)));
  return {
    outside: codes.filter((code) => code === EXIT.mismatch).length,
    alarmed: detectors.filter(({ streams }) => streams.some(({ alarms }) => alarms > 0)).length,
    silent: thresholds.filter(({ n }) => n === 0).length + codes.filter((code) => code === EXIT.notEnough).length + detectors.filter(({ streams }) => streams.length === 0).length,
  };
}

/** How many thresholds their own ledgers contradict. */
export function contradictedIn({ counts }: PolicyCheckReport): number {
  return counts.filter(({ contradiction }) => contradiction !== null).length;
}

/** The exit code. */
export function codeOfPolicyCheck(report: PolicyCheckReport): ExitCode {
  const { outside, alarmed, silent } = countOf(report);
  if (report.strangers.length + contradictedIn(report) + outside + alarmed > 0) return EXIT.mismatch;
  return silent > 0 ? EXIT.notEnough : EXIT.holds;
}
