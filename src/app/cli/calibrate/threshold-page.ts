import type { CalibratedThreshold, Confirmation } from '../../../risk/calibrate/calibrated-threshold.js';
import type { ObservedRate, ObservedRates } from '../../../risk/calibrate/rates.js';
import type { SessionBootstrap } from '../../../risk/calibrate/session-bootstrap.js';
import type { ApprovedThreshold } from '../../../risk/policy/parse-threshold.js';
import { showApprovals } from '../policy/approve-trace.js';
import { short } from './page.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

const inPercent = (x: number): string => (100 * x).toFixed(1);

const percentOf = (x: number): string => `${String(Number((100 * x).toPrecision(3)))} %`;

function limitsText({ lower, upper }: { readonly lower: number | null; readonly upper: number | null }): string {
  return lower === null || upper === null ? '-' : `${inPercent(lower)}..${inPercent(upper)} %`;
}

function rateText({ errors, n, rate, lower }: ObservedRate): string {
  if (rate === null) return 'no call';
  return lower === null ? `${inPercent(rate)} % est.` : `${String(errors)} of ${String(n)}`;
}

function ratesRow(name: string, threshold: number, { miss, falseAlarm }: ObservedRates): readonly string[] {
  return [name, short(threshold), rateText(miss), limitsText(miss), rateText(falseAlarm), limitsText(falseAlarm)];
}

function showVerdict(page: Page, { kind, threshold, reason, labels }: CalibratedThreshold): void {
  if (kind === 'none') page.verdict('bad', `no threshold: ${reason ?? ''}`);
  else if (threshold === null) page.verdict('strong', 'flag nothing: that is cheapest on these calls');
  // Every digit: a threshold rounded up would flag less than promised.
  else page.verdict(labels.circular ? 'warn' : 'strong', `flag calls that score ${String(threshold)} or more`);
}

function promiseText({ guarantee: { statement, holds, attainedDelta } }: CalibratedThreshold): string {
  if (holds === 'none') return statement;
  const how = holds === 'exact' ? 'exact' : holds === 'bound' ? 'by a bound' : 'on average';
  return `${statement} (${how}${attainedDelta === null ? '' : `; chance that it fails: at most ${percentOf(attainedDelta)}`})`;
}

function showPromise(page: Page, calibrated: CalibratedThreshold): void {
  const { guarantee, kind } = calibrated;
  page.row('promised', promiseText(calibrated), guarantee.holds === 'none' ? 'warn' : 'plain');
  if (kind !== 'none') guarantee.assumes.forEach((assumption, i) => { page.row(i === 0 ? 'if' : 'and', assumption); });
  for (const doubt of guarantee.doubts) page.row('but', doubt, 'warn');
}

function showLabels(page: Page, { labels, n, sourceDataHashes }: CalibratedThreshold): void {
  const { source, bySource, circular, forced, leastProbability, matching } = labels;
  const sources = bySource === null ? '' : ` (${Object.entries(bySource).map(([name, count]) => `${name} ${String(count)}`).join(', ')})`;
  page.row('labels', `from ${source}${sources}: ${String(n.labelled.unsafe)} unsafe, ${String(n.labelled.safe)} safe, in ${counted(sourceDataHashes.length, 'ledger')}`, circular ? 'warn' : 'plain');
  if (n.used.unsafe + n.used.safe < n.labelled.unsafe + n.labelled.safe) page.row('chosen on', `${String(n.used.unsafe)} unsafe and ${String(n.used.safe)} safe of them; the others are held out`, n.used.unsafe === 0 ? 'warn' : 'plain');
  if (forced) page.row('forced', "the controller's own labels were insisted on: this threshold repeats its judgement", 'warn');
  if (leastProbability !== null) page.row('weighted', `each call by 1 over its chance of review, at least ${percentOf(leastProbability)}`);
  const left = matching.unlabelledCount + matching.ambiguousCount;
  if (left > 0) page.row('left out', `${counted(left, 'call')} without a label of its own`, 'warn');
  if (matching.unmatchedCount > 0) page.row('unused', `no call for ${counted(matching.unmatchedCount, 'label')}`, 'warn');
  if (n.unscored.unsafe + n.unscored.safe > 0) page.row('no score', `${String(n.unscored.unsafe)} unsafe and ${String(n.unscored.safe)} safe calls: no threshold flags them`, 'warn');
}

const VERDICTS: Readonly<Record<NonNullable<Confirmation['verdict']>, readonly ['good' | 'bad' | 'warn', string]>> = {
  confirms: ['good', 'their limits lie within the promise'],
  contradicts: ['bad', 'their limits lie beyond the promise: it does not hold there'],
  undecided: ['warn', 'too few calls to tell: the limits lie on both sides of the promise'],
};

function showConfirmation(page: Page, { confirmed, kind }: CalibratedThreshold): void {
  if (kind !== 'threshold') return;
  if (confirmed === null) {
    page.row('confirmed', 'no: all calls chose, so the figures below flatter (--split or --confirm)', 'quiet');
    return;
  }
  const [tone, text] = confirmed.verdict === null ? ['plain', 'nothing is promised; the figures are honest'] as const : VERDICTS[confirmed.verdict];
  page.row('confirmed', `on ${String(confirmed.miss.n)} unsafe and ${String(confirmed.falseAlarm.n)} safe ${confirmed.on}: ${text}`, tone);
}

function showBootstrap(page: Page, boot: SessionBootstrap): void {
  const level = percentOf(boot.level);
  const text = (name: string, { lower, upper }: { readonly lower: number | null; readonly upper: number | null }): string => (lower === null ? '' : `${name} ${limitsText({ lower, upper })}`);
  const limits = [text('misses', boot.miss), text('false alarms', boot.falseAlarm)].filter((part) => part !== '').join(', ');
  if (limits !== '') page.row('by session', `${limits} (${level}, ${String(boot.sessions)} sessions drawn again ${String(boot.resamples)} times, seed ${String(boot.seed)})`);
  if (boot.reason !== null) page.row('by session', `no limits: ${boot.reason}`, 'warn');
}

/** The price of the promise: what it does to safe calls, or lets pass of unsafe ones. */
export function showCost(page: Page, { observed, confirmed }: CalibratedThreshold): void {
  const rates = confirmed ?? observed;
  if (rates === null) return;
  const { falseAlarm, miss } = rates;
  page.row('costs', `${rateText(falseAlarm)} safe calls flagged (${limitsText(falseAlarm)}), ${rateText(miss)} unsafe calls passed (${limitsText(miss)})`);
}

function showTable(page: Page, calibrated: CalibratedThreshold): void {
  const { threshold, observed, confirmed, alternatives } = calibrated;
  const level = percentOf((observed ?? alternatives.find((other) => other.observed !== null)?.observed)?.level ?? 0.95);
  const own = threshold === null ? [] : [
    ...(observed === null ? [] : [ratesRow('this one', threshold, observed)]),
    ...(confirmed === null ? [] : [ratesRow(confirmed.on, threshold, confirmed)]),
  ];
  const others = alternatives.map(({ name, threshold: other, observed: rates }) => (other === null || rates === null ? [name, 'none', '', '', '', ''] : ratesRow(name, other, rates)));
  page.gap();
  page.table(
    [{ title: '' }, { title: 'threshold', right: true }, { title: 'missed', right: true }, { title: level, right: true }, { title: 'false alarms', right: true }, { title: level, right: true }],
    [...own, ...others],
  );
}

/** Shows a calibrated threshold: what to do, what is promised, what that rests on, and what it costs. */
export function showThreshold(page: Page, calibrated: ApprovedThreshold): void {
  showVerdict(page, calibrated);
  showPromise(page, calibrated);
  showCost(page, calibrated);
  showLabels(page, calibrated);
  showApprovals(page, calibrated.approvals);
  showConfirmation(page, calibrated);
  if (calibrated.bootstrap !== null) showBootstrap(page, calibrated.bootstrap);
  showTable(page, calibrated);
}
