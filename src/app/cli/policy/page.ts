import type { Envelope, EnvelopeGroup } from '../../../risk/envelope/envelope.js';
import { detectorName, envelopeName, thresholdName } from '../../../risk/policy/part-names.js';
import { POLICY_BANDS, type Policy, type PolicyPromise, type PolicyTrace } from '../../../risk/policy/policy.js';
import { showApprovals } from './approve-trace.js';
import { percent } from '../calibrate/page.js';
import { showCost } from '../calibrate/threshold-page.js';
import { boundText } from '../envelope/page.js';
import { labelOf } from '../envelope/streams.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** Groups of an envelope that human output shows. */
const SHOWN = 12;

/** Uses of a trace that human output shows. */
const USES = 3;

/** Characters of a detector's parameters that human output shows. */
const PARAMS = 400;

const HOW: Readonly<Record<PolicyPromise['holds'], string>> = { exact: 'exact', bound: 'by a bound', 'in expectation': 'on average', none: '' };

/** What a policy's parts are, counted. */
function partsOf({ thresholds, envelopes, detectors }: Policy): string {
  const parts = [[thresholds.length, 'threshold'], [envelopes.length, 'envelope'], [detectors.length, 'detector']] as const;
  return parts.filter(([n]) => n > 0).map(([n, noun]) => counted(n, noun)).join(', ');
}

function showPromise(page: Page, { statement, holds, assumes, doubts }: PolicyPromise): void {
  page.row('promise', holds === 'none' ? statement : `${statement} (${HOW[holds]})`, holds === 'none' ? 'warn' : 'plain');
  for (const each of assumes) page.row('assumes', each, 'quiet');
  for (const each of doubts) page.row('but', each, 'warn');
}

function showThresholds(page: Page, { thresholds }: Policy, promiseOf: (part: string) => PolicyPromise | undefined): void {
  for (const part of thresholds) {
    const { band, threshold: { threshold, method, n } } = part;
    page.gap();
    page.text(threshold === null ? `${band}: never, since flagging nothing is cheapest` : `${band} calls that score ${String(threshold)} or more`, 'strong');
    page.row('chosen by', `${method}, on ${String(n.used.unsafe)} unsafe and ${String(n.used.safe)} safe labelled calls`);
    const promise = promiseOf(thresholdName(part));
    if (promise !== undefined) showPromise(page, promise);
    showCost(page, part.threshold);
  }
}

function boundsText({ groups, by, sides, measure }: Envelope): string {
  const text = (x: number | null, watched: boolean): string => (measure === 'error' && x !== null ? percent(x, 1) : boundText(x, watched));
  const range = ({ lower, upper }: EnvelopeGroup): string => (lower === null && upper === null ? 'no bound' : `${text(lower, sides !== 'upper')}..${text(upper, sides !== 'lower')}`);
  const shown = groups.slice(0, SHOWN).map((group) => `${labelOf(group.key, by)} ${range(group)} (n ${String(group.n)})`);
  return [...shown, ...(groups.length > SHOWN ? [`and ${String(groups.length - SHOWN)} more (--json lists all)`] : [])].join('; ');
}

function showEnvelopes(page: Page, { envelopes }: Policy, promiseOf: (part: string) => PolicyPromise | undefined): void {
  for (const envelope of envelopes) {
    page.gap();
    page.text(`${envelopeName(envelope)}${envelope.unit === null ? '' : `, in ${envelope.unit}`}`, 'strong');
    page.row('bounds', boundsText(envelope));
    const promise = promiseOf(envelopeName(envelope));
    if (promise !== undefined) showPromise(page, promise);
  }
}

function showDetectors(page: Page, { detectors }: Policy, promiseOf: (part: string) => PolicyPromise | undefined): void {
  for (const detector of detectors) {
    const params = JSON.stringify(detector.params, null, 1).replaceAll(/\s*\n\s*/g, ' ');
    page.gap();
    page.text(detectorName(detector), 'strong');
    page.row('parameters', params.length > PARAMS ? `${params.slice(0, PARAMS)}... (--json shows all)` : params, 'quiet');
    if (detector.baselineN !== null) page.row('learned from', counted(detector.baselineN, 'approved observation'));
    if (detector.arl0 !== null) page.row('false alarms', `one in ${detector.arl0.toLocaleString('en-US', { maximumSignificantDigits: 4 })} observations in the mean, if the parameters are right`);
    const promise = promiseOf(detectorName(detector));
    if (promise !== undefined) showPromise(page, promise);
  }
}

function showTrace(page: Page, { dataHash, file, usedFor, approval }: PolicyTrace): void {
  const more = usedFor.length > USES ? `; and ${counted(usedFor.length - USES, 'part')} more` : '';
  page.row('trace', `${file ?? 'of no name'} (${dataHash.slice(0, 16)}...): ${usedFor.slice(0, USES).join('; ')}${more}`);
  page.row('', approval === null ? 'no approval of this policy names it' : 'approved', approval === null ? 'warn' : 'quiet');
}

/** How much of the labelled calls was held out, and how. */
function heldOut({ by, share, seed }: Policy['provenance']['splits'][number]): string {
  if (by === 'none') return 'nothing';
  return `by ${by}, ${percent(1 - share, 1)} of it${by === 'session' ? `, seed ${String(seed)}` : ''}`;
}

/** Shows approvals that confirm nothing. */
export function showUnconfirmed(page: Page, unconfirmed: Policy['provenance']['unconfirmed']): void {
  for (const { approvedBy, at, why } of unconfirmed) page.row('unconfirmed', `approval by ${approvedBy}, ${at}: ${why}`, 'warn');
}

function showProvenance(page: Page, { provenance: { traces, labels, splits, approvedBy, unconfirmed }, approvals }: Policy): void {
  page.gap();
  page.text('where it comes from', 'strong');
  for (const trace of traces) showTrace(page, trace);
  for (const { part, source, circular, forced } of labels) {
    page.row('labels', `of ${part}: from ${source}${forced ? ', insisted on' : ''}${circular ? ': they repeat the controller\'s own judgement' : ''}`, circular ? 'warn' : 'plain');
  }
  for (const split of splits) page.row('held out', `of ${split.part}: ${heldOut(split)}`);
  const doubtful = new Set(unconfirmed.map(({ contentHash }) => contentHash));
  showApprovals(page, approvals.filter(({ contentHash }) => !doubtful.has(contentHash)));
  if (approvedBy.length === 0) page.row('approved', 'by nobody: no approval in it names a trace of its (--approval)', 'warn');
  showUnconfirmed(page, unconfirmed);
}

/** Shows a policy: its answers, what each part promises, and where it comes from. */
export function showPolicy(page: Page, policy: Policy, file?: string): void {
  const promises = new Map(policy.guarantee.map((promise) => [promise.part, promise]));
  const promiseOf = (part: string): PolicyPromise | undefined => promises.get(part);
  page.verdict('strong', `policy ${policy.name}: ${partsOf(policy)}`, file);
  const answers = POLICY_BANDS.filter((band) => policy.bands[band] !== null).map((band) => `${band} from ${String(policy.bands[band])} on`);
  if (answers.length > 0) page.row('answers', answers.join(', '));
  page.row('made by', policy.madeBy, 'quiet');
  page.row('content hash', policy.contentHash, 'quiet');
  showThresholds(page, policy, promiseOf);
  showEnvelopes(page, policy, promiseOf);
  showDetectors(page, policy, promiseOf);
  showProvenance(page, policy);
}
