import { makePolicy } from '../../../risk/policy/make.js';
import type { Policy } from '../../../risk/policy/policy.js';
import { readApprovals } from './approve-trace.js';
import type { Cli } from '../cli.js';
import { usageError } from '../exit.js';
import { withTraces } from '../ledgers.js';
import { say } from '../io.js';
import { writeArtifact, type ArtifactOptions } from './artifact.js';
import { showPolicy } from './page.js';
import { readDetectors, readEnvelope, readThreshold, type NamedThreshold } from './parts.js';
import { readSource } from './source.js';
import { counted } from '../ledger/verify-page.js';

/** Options of `hindcast policy make`. */
export interface PolicyMakeOptions extends ArtifactOptions {
  readonly name: string;
  readonly threshold?: readonly NamedThreshold[];
  readonly envelope?: readonly string[];
  readonly detector?: readonly string[];
  readonly approval?: readonly string[];
  readonly source?: readonly string[];
}

/** Approvals that confirm nothing, each with what would help. */
function unconfirmedIn({ provenance }: Policy): string[] {
  return provenance.unconfirmed.map(({ approvedBy, at, why }) => why === 'its record is not in the policy'
    ? `the approval by ${approvedBy}, ${at}, that a part rests on is not in the policy: name it with --approval`
    : `the approval by ${approvedBy}, ${at}, names no trace that the policy uses, and counts for nothing (--source says what is in a baseline)`);
}

type Files = Required<Pick<PolicyMakeOptions, 'threshold' | 'envelope' | 'detector' | 'approval' | 'source'>>;

const NO_FILES: Files = { threshold: [], envelope: [], detector: [], approval: [], source: [] };

/** Runs `hindcast policy make`. */
export async function policyMake(cli: Cli, madeBy: string, options: PolicyMakeOptions): Promise<void> {
  const { threshold, envelope, detector, approval, source }: Files = { ...NO_FILES, ...options };
  const inputs = [...threshold.map(({ path }) => path), ...envelope, ...detector, ...approval, ...source];
  if (inputs.includes('-')) throw usageError('the parts of a policy must be files, got the standard input');
  const reported = detector.map((path) => ({ path, ...readDetectors(path) }));
  const sources = await withTraces(cli, source, ({ io }) => source.map((path) => readSource(io, path)));
  const policy = makePolicy({
    name: options.name,
    madeBy,
    thresholds: threshold.map(readThreshold),
    envelopes: envelope.map(readEnvelope),
    detectors: reported.flatMap(({ detectors }) => detectors),
    approvals: readApprovals(approval) ?? [],
    sources,
  });
  const unwatched = reported.filter(({ notWatched }) => notWatched > 0).map(({ path, notWatched }) => `${path}: ${counted(notWatched, 'of its streams is', 'of its streams are')} not watched, and not in the policy`);
  const used = new Set(policy.sources.map(({ fileHash }) => fileHash));
  const unused = sources.filter(({ fileHash }) => !used.has(fileHash)).map(({ file }) => `${file}: no part of the policy comes from it`);
  for (const sentence of [...unwatched, ...unused, ...unconfirmedIn(policy)]) say(cli.io, sentence);
  await writeArtifact(cli.io, options, inputs, { artifact: policy, show: (page) => { showPolicy(page, policy); } });
}
