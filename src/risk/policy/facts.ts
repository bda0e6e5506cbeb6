import { contentHash } from './canonical.js';
import { detectorName, envelopeName, thresholdName } from './part-names.js';
import { POLICY_BANDS, type Policy, type PolicyDetector, type PolicyThreshold } from './policy.js';
import type { Envelope, EnvelopeGroup } from '../envelope/envelope.js';

/** One thing that a policy says. */
export interface PolicyFact {
  /** Which part of the policy, in words. */
  readonly part: string;
  /** What is said of it, in words. */
  readonly what: string;
  readonly value: string | number | null;
}

type Facts = readonly (readonly [what: string, value: PolicyFact['value']])[];

const lines = (texts: readonly string[]): string => texts.join('; ');

function thresholdFacts({ threshold: { method, threshold, guarantee, labels, split, sourceDataHashes, observed, n, confirmed } }: PolicyThreshold): Facts {
  return [
    ['flags a score of at least', threshold],
    ['method', method],
    ['promise', guarantee.statement],
    ['miss rate at most', guarantee.alpha.miss],
    ['false-alarm rate at most', guarantee.alpha.falseAlarm],
    ['chance that the promise fails', guarantee.delta],
    ['holds', guarantee.holds],
    ['doubts', lines(guarantee.doubts)],
    ['labelled calls used', `${String(n.used.unsafe)} unsafe, ${String(n.used.safe)} safe`],
    ['false alarms seen', observed?.falseAlarm.rate ?? null],
    ['misses seen', observed?.miss.rate ?? null],
    ['confirmation', confirmed?.verdict ?? null],
    ['labels from', `${labels.source}${labels.circular ? ' (the controller itself: circular)' : ''}${labels.forced ? ' (forced)' : ''}`],
    ['label set', labels.hash],
    ['split', `${split.by}, share ${String(split.share)}, seed ${String(split.seed)}`],
    ['chosen on', lines(sourceDataHashes)],
  ];
}

function groupFacts(group: EnvelopeGroup): Facts {
  const { key, lower, upper, n } = group;
  const of = `of ${JSON.stringify(key)}`;
  if (group.kind === 'rate') return [[`lower limit ${of}`, lower], [`upper limit ${of}`, upper], [`calls ${of}`, n], [`failures ${of}`, group.errors]];
  return [[`lower bound ${of}`, lower], [`upper bound ${of}`, upper], [`calibration values ${of}`, n], [`values needed ${of}`, group.needed], [`values ${of}`, contentHash({ values: group.values, atMost: group.atMost })]];
}

function envelopeFacts(envelope: Envelope): Facts {
  const { measure, unit, by, sides, alpha, delta, method, guarantee, groups, provenance } = envelope;
  return [
    ['promise', guarantee],
    ['share that may be outside', alpha],
    ['chance that the promise fails', delta],
    ['sides', sides],
    ['method', method],
    ['of', `${measure}${unit === null ? '' : ` in ${unit}`} by ${by}`],
    ['calibrated on', lines(provenance.sources.map(({ dataHash }) => dataHash))],
    ['baseline', `${lines(provenance.baseline.dataHashes)} (compared ${provenance.baseline.compared})`],
    ['approved by', lines(provenance.approvals.map(({ approvedBy, at, reason }) => `${approvedBy}, ${at}: ${reason}`))],
    ...groups.flatMap(groupFacts),
  ];
}

function detectorFacts({ params, guarantee, assumes, arl0, baselineN, baselineHash, doubts, transform }: PolicyDetector): Facts {
  return [
    ['parameters', JSON.stringify(params)],
    ['promise', guarantee ?? 'none'],
    ['assumes', assumes],
    ['mean observations to a false alarm', arl0],
    ['approved observations', baselineN],
    ['baseline file', baselineHash],
    ['transform', transform],
    ['doubts', lines(doubts)],
  ];
}

/** All that a policy says, fact by fact; a fact of each part covers what the others leave out. */
export function policyFacts(policy: Policy): PolicyFact[] {
  const facts = (part: string, whole: object, said: Facts): PolicyFact[] =>
    [...said, [REST, contentHash({ whole })] as const].map(([what, value]) => ({ part, what, value }));
  return [
    ...facts('policy', { name: policy.name, madeBy: policy.madeBy, sources: policy.sources }, [['name', policy.name], ['made by', policy.madeBy], ['files', lines(policy.sources.map(({ file }) => file))]]),
    ...POLICY_BANDS.map((band): PolicyFact => ({ part: 'bands', what: `${band} from`, value: policy.bands[band] })),
    ...policy.thresholds.flatMap((part) => facts(thresholdName(part), part, thresholdFacts(part))),
    ...policy.envelopes.flatMap((envelope) => facts(envelopeName(envelope), envelope, envelopeFacts(envelope))),
    ...policy.detectors.flatMap((detector) => facts(detectorName(detector), detector, detectorFacts(detector))),
    ...policy.approvals.flatMap((approval) => facts(`approval by ${approval.approvedBy}, ${approval.at}`, approval, [
      ['reason', approval.reason],
      ['traces', lines(approval.traces.map(({ dataHash }) => dataHash))],
    ])),
  ];
}

/** The fact that covers a part whole. */
export const REST = 'anything else';
