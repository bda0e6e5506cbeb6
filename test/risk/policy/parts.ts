import {
  approveTraces, calibrateThreshold, fitEnvelope, makePolicy, random, type Approval, type CalibratedThreshold, type Envelope, type LabelRow, type Policy, type PolicyDetector, type PolicyParts,
} from '../../../src/index.js';
import { ledgerOf } from '../../baseline/synthetic.js';
import { safeScore, unsafeScore } from '../calibrate/world.js';

const HASH = '5'.repeat(64);

/** A threshold calibrated on 400 labelled calls, one in four unsafe. */
export function thresholdOf(miss: number, method: 'np' | 'cost' = 'np', weights: { readonly falsePositiveWeight?: number } = {}): CalibratedThreshold {
  const source = random(7);
  const unsafe = Array.from({ length: 400 }, (_, i) => i % 4 === 0);
  const { columns, report } = ledgerOf(unsafe.map((is) => ({ score: is ? unsafeScore(source) : safeScore(source) })), HASH);
  const callIds = unsafe.map((_, i) => `call-${String(i)}`);
  const labels = new Map<string, LabelRow>(callIds.map((id, i) => [id, { label: unsafe[i] === true ? 'unsafe' : 'safe', weight: 1, source: null, session: null }]));
  return calibrateThreshold([{ report, columns: { ...columns, callIds } }], { method, labels, labelSource: 'audit team', ...(method === 'np' ? { miss } : {}), ...weights });
}

const trace = { kind: 'ledger', dataHash: 'a'.repeat(64), entryCount: 2, firstHash: 'b'.repeat(64), lastHash: 'c'.repeat(64), file: 'monday.json' } as const;

/** An approval of one trace. */
export const approval: Approval = approveTraces({ traces: [trace], approvedBy: 'Ada Lovelace', at: '2026-01-31T12:00:00Z', reason: 'reviewed call by call' });

/** Bounds on latencies, fitted on the trace approved. */
export function envelopeOf(alpha: number, values: readonly number[] = Array.from({ length: 60 }, (_, i) => i)): Envelope {
  return fitEnvelope([['http', values], ['exec', [1, 2]]], {
    measure: 'latency', unit: 'ms', by: 'capability', alpha,
    provenance: {
      sources: [{ ...trace, entries: `${'b'.repeat(16)}${'c'.repeat(16)}`, approval: approval.contentHash }],
      baseline: { dataHashes: ['d'.repeat(64)], compared: 'by data hash, longer copies too' },
      approvals: [{ approvedBy: approval.approvedBy, at: approval.at, reason: approval.reason, contentHash: approval.contentHash }],
    },
  });
}

/** A CUSUM of waits. */
export const detector: PolicyDetector = {
  kind: 'cusum',
  params: { family: { kind: 'gaussian', mean: 5, sd: 2, shift: 1 }, sides: 'up', threshold: { up: 4.5, down: 4.5 }, afterAlarm: 'reset' },
  stream: 'interval',
  by: 'actor',
  transform: 'none',
  streams: [{ actor: 'npm', capability: null }],
  guarantee: 'mean time to a false alarm at least 1000 observations',
  assumes: 'independent Gaussian observations',
  arl0: 1200,
  baselineN: 300,
  baselineHash: 'e'.repeat(64),
  doubts: [],
};

/** A policy with a part of each kind. */
export function policyOf(parts: Partial<PolicyParts> = {}): Policy {
  return makePolicy({ name: 'npm', madeBy: 'hindcast 1.2.3', thresholds: [{ band: 'deny', threshold: thresholdOf(0.2) }], envelopes: [envelopeOf(0.05)], detectors: [detector], approvals: [approval], ...parts });
}
