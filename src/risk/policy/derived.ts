import { approversOf } from './approvers.js';
import { byText } from './by-text.js';
import { detectorName, envelopeName, thresholdName } from './part-names.js';
import { POLICY_BANDS, type Policy, type PolicyDetector, type PolicyParts, type PolicyPromise, type PolicyProvenance, type PolicySource, type PolicyThreshold, type PolicyTrace } from './policy.js';
import type { Envelope } from '../envelope/envelope.js';

/** The score from which each answer holds. */
export function bandsOf(thresholds: readonly PolicyThreshold[]): Policy['bands'] {
  const of = (band: string): number | null => thresholds.find((each) => each.band === band)?.threshold.threshold ?? null;
  return Object.fromEntries(POLICY_BANDS.map((band) => [band, of(band)])) as Policy['bands'];
}

function thresholdPromise(part: PolicyThreshold): PolicyPromise {
  const { threshold, guarantee: { statement, alpha, delta, attainedDelta, holds, assumes, doubts } } = part.threshold;
  return { part: thresholdName(part), statement, holds, numbers: { threshold, miss: alpha.miss, falseAlarm: alpha.falseAlarm, delta, attainedDelta }, assumes, doubts };
}

function envelopePromise(envelope: Envelope): PolicyPromise {
  const { guarantee, alpha, delta, assumes, groups, provenance } = envelope;
  const bounded = groups.filter(({ lower, upper }) => lower !== null || upper !== null).length;
  const doubts = [
    ...(bounded < groups.length ? [`${String(groups.length - bounded)} of ${String(groups.length)} groups have too few values for a bound`] : []),
    ...(provenance.baseline.compared === 'not at all' ? ['nothing shows that the calibration traces are not those of the baseline'] : []),
  ];
  return { part: envelopeName(envelope), statement: guarantee, holds: 'exact', numbers: { alpha, delta, groups: groups.length, bounded }, assumes, doubts };
}

function detectorPromise(detector: PolicyDetector): PolicyPromise {
  const { guarantee, assumes, arl0, baselineN, doubts } = detector;
  return { part: detectorName(detector), statement: guarantee ?? 'none', holds: guarantee === null ? 'none' : 'bound', numbers: { arl0, baselineN }, assumes: [assumes], doubts };
}

/** What all parts promise. */
export function guaranteeOf({ thresholds, envelopes, detectors }: PolicyParts): PolicyPromise[] {
  return [...thresholds.map(thresholdPromise), ...envelopes.map(envelopePromise), ...detectors.map(detectorPromise)];
}

interface Use {
  readonly dataHash: string;
  readonly file: string | null;
  readonly what: string;
}

/** Every use of a trace by a part; a file that is known only by its bytes stands for the traces in it. */
function usesOf({ thresholds, envelopes, detectors, sources = [] }: PolicyParts): Use[] {
  const tracesIn = (hash: string): readonly string[] => sources.find(({ fileHash }) => fileHash === hash)?.dataHashes ?? [hash];
  const nameless = (hashes: readonly string[], what: string): Use[] => hashes.flatMap(tracesIn).map((dataHash) => ({ dataHash, file: null, what }));
  return [
    ...thresholds.flatMap((part) => [
      ...nameless(part.threshold.sourceDataHashes, `choosing ${thresholdName(part)}`),
      ...nameless(part.threshold.confirmed?.sourceDataHashes ?? [], `confirming ${thresholdName(part)}`),
    ]),
    ...envelopes.flatMap((envelope) => [
      ...envelope.provenance.sources.map(({ dataHash, file }) => ({ dataHash, file, what: `calibrating ${envelopeName(envelope)}` })),
      ...nameless(envelope.provenance.baseline.dataHashes, `baseline of ${envelopeName(envelope)}`),
    ]),
    ...detectors.flatMap((detector) => (detector.baselineHash === null ? [] : nameless([detector.baselineHash], `baseline of ${detectorName(detector)}`))),
  ];
}

/** The files that some part names a trace of, each once. */
export function sourcesInUse(parts: PolicyParts): PolicySource[] {
  const used = new Set(usesOf(parts).map(({ dataHash }) => dataHash));
  const distinct = new Map((parts.sources ?? []).map((source) => [source.fileHash, source]));
  return [...distinct.values()].filter(({ dataHashes }) => dataHashes.some((each) => used.has(each))).sort((a, b) => byText(a.fileHash, b.fileHash));
}

/** Traces by data hash, each with every use. */
function tracesOf(parts: PolicyParts): PolicyTrace[] {
  const uses = usesOf(parts);
  // A file of one trace gives it its name; one of several would give it to all.
  const single = (parts.sources ?? []).filter(({ dataHashes }) => dataHashes.length === 1);
  const named = parts.approvals.flatMap(({ contentHash, traces }) => traces.map(({ dataHash, file }) => ({ dataHash, file, contentHash })));
  return [...new Set(uses.map(({ dataHash }) => dataHash))].sort(byText).map((dataHash) => {
    const own = uses.filter((use) => use.dataHash === dataHash);
    const approval = named.find((trace) => trace.dataHash === dataHash);
    const file = own.find((use) => use.file !== null)?.file ?? approval?.file ?? single.find((source) => source.dataHashes[0] === dataHash)?.file ?? null;
    return { dataHash, file, usedFor: [...new Set(own.map(({ what }) => what))], approval: approval?.contentHash ?? null };
  });
}

/** Where all parts come from. */
export function provenanceOfPolicy(parts: PolicyParts): PolicyProvenance {
  const { thresholds } = parts;
  const traces = tracesOf(parts);
  return {
    traces,
    labels: thresholds.map((part) => {
      const { source, hash, circular, forced } = part.threshold.labels;
      return { part: thresholdName(part), source, hash, circular, forced };
    }),
    splits: thresholds.map((part) => ({ part: thresholdName(part), ...part.threshold.split })),
    ...approversOf(parts, new Set(traces.map(({ dataHash }) => dataHash))),
  };
}
