import { InputError } from '../../errors.js';
import { byText } from '../policy/by-text.js';
import { requireDisjoint } from '../policy/trace-source.js';
import type { Envelope } from './envelope.js';

/** Why traces cannot have been compared with a baseline; null where they can. */
export function incomparable({ sources, baseline: { dataHashes } }: Pick<Envelope['provenance'], 'sources' | 'baseline'>): string | null {
  if (dataHashes.length === 0) return 'where no baseline is named';
  return sources.some(({ kind }) => kind === 'file') ? 'where a calibration trace is no ledger' : null;
}

/**
 * The provenance, given in any order, in its one order, once its traces are seen to be apart.
 *
 * @throws {@link InputError} NOT_DISJOINT; BAD_PARAM for a comparison that cannot have been made
 */
export function provenanceOf({ sources, baseline = { dataHashes: [], compared: 'not at all' }, approvals = [] }: Pick<Envelope['provenance'], 'sources'> & Partial<Envelope['provenance']>): Envelope['provenance'] {
  requireDisjoint(sources, 'calibration traces');
  const shared = sources.find(({ dataHash }) => baseline.dataHashes.includes(dataHash));
  if (shared !== undefined) {
    throw new InputError('NOT_DISJOINT', `calibration traces and those of the baseline must be disjoint, but the baseline was fitted on ${shared.file ?? shared.dataHash.slice(0, 16)} too: it has the same data hash`);
  }
  const why = incomparable({ sources, baseline });
  if (why !== null && baseline.compared !== 'not at all') throw new InputError('BAD_PARAM', `provenance.baseline.compared must be "not at all" ${why}, got ${JSON.stringify(baseline.compared)}`);
  return {
    sources: [...sources].sort((a, b) => byText(a.dataHash, b.dataHash)),
    baseline: { dataHashes: [...new Set(baseline.dataHashes)].sort(byText), compared: baseline.compared },
    approvals: [...new Map(approvals.map((approval) => [approval.contentHash, approval])).values()].sort((a, b) => byText(a.contentHash, b.contentHash)),
  };
}
