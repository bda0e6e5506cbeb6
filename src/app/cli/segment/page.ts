import { RUN_LENGTH_CONVENTION } from '../../../risk/regime/run-length-posterior.js';
import { short } from '../calibrate/page.js';
import type { Page } from '../layout.js';
import type { Change } from './report.js';
import type { SegmentedStream, StreamReport } from './stream.js';
import { levelText } from './words.js';
import { counted } from '../ledger/verify-page.js';

/** Changes that the page tells in full. */
const SHOWN = 20;

const PLURAL: Readonly<Record<StreamReport['kind'], string>> = {
  interval: 'waits', latency: 'latencies', score: 'scores', error: 'calls', bytes: 'requests', value: 'values', capability: 'calls',
};

/** What is said to change. */
const WHAT: Readonly<Record<StreamReport['kind'], string>> = {
  interval: 'the pace', latency: 'the latency', score: 'the score', error: 'the error rate', bytes: 'the bytes sent', value: 'the value', capability: 'what is called',
};

const LEVEL: Readonly<Record<StreamReport['kind'], string>> = {
  interval: 'mean wait', latency: 'mean latency', score: 'mean score', error: 'failed', bytes: 'mean bytes', value: 'mean', capability: 'mostly',
};

function chance(p: number): string {
  if (p > 0.9995) return '> 0.999';
  return p < 0.0005 ? '< 0.001' : p.toFixed(3);
}

/** A Bayes factor as the power of ten that a person can read. */
function evidenceText(logBayesFactor: number): string {
  const tens = logBayesFactor / Math.LN10;
  const size = Math.abs(tens) < 3 ? short(10 ** Math.abs(tens), 2) : `10^${Math.abs(tens).toFixed(0)}`;
  return tens >= 0 ? `${size} times as likely with a change as without` : `${size} times as likely without a change as with one`;
}

function showSpan(page: Page, report: Extract<StreamReport, { readonly status: 'segmented' }>): void {
  const { n, kind } = report;
  const [from, to] = [report.startOf(0), report.endOf(n - 1)];
  page.row(PLURAL[kind], `${n.toLocaleString('en-US')}${from === null || to === null ? '' : `, from ${from.text} to ${to.text}`}`);
  if (report.nullCount > 0) page.row('left out', counted(report.nullCount, 'record without a score', 'records without a score'), 'warn');
}

function showTable(page: Page, report: SegmentedStream): void {
  const { found, plan, inMs, kind } = report;
  const timed = report.startOf(0) !== null;
  page.table(
    [{ title: '#', right: true }, { title: 'from', right: true }, { title: 'to', right: true }, ...(timed ? [{ title: 'begins' }] : []), { title: 'n', right: true }, { title: LEVEL[kind] }],
    found.regimes.map(({ from, to, level }, k) => [
      String(k + 1), String(from), String(to), ...(timed ? [report.startOf(from)?.text ?? ''] : []), String(level.n), levelText(level, plan, inMs),
    ]),
  );
}

function peltText({ index, pelt }: Change, asked: boolean): string {
  if (!asked) return '';
  return pelt === null ? '; PELT does not cut here' : pelt === index ? '; PELT: the same' : `; PELT: at ${String(pelt)}`;
}

function changeText(report: SegmentedStream, change: Change, words: string): string {
  const { found } = report;
  if (change.lower === null || change.upper === null) return words;
  const [from, to] = [report.startOf(change.lower), report.startOf(change.upper)];
  const when = from === null || to === null ? '' : ` (${spanText(from.text, to.text, report.startOf(0)?.text ?? '')})`;
  const where = change.lower === change.upper ? `at ${String(change.lower)}` : `between ${String(change.lower)} and ${String(change.upper)}`;
  const p = `P(change) ${change.probabilityHow === 'at most' ? 'at most ' : ''}${chance(change.probability ?? NaN)}`;
  return `${words}; ${where}${when}, ${p}${peltText(change, found.peltChanges !== null)}`;
}

const DATE = 'yyyy-mm-ddT'.length;

/** A span of time; the date is left out where it is that of the series' first observation. */
function spanText(from: string, to: string, first: string): string {
  const brief = (text: string): string => (text.length > DATE && text.slice(0, DATE) === first.slice(0, DATE) ? text.slice(DATE) : text);
  return from === to ? brief(from) : `${brief(from)} to ${brief(to)}`;
}

function priorText({ model }: SegmentedStream['plan']): string {
  const { model: name, ...parameters } = model;
  const figures = Object.entries(parameters).map(([key, value]: readonly [string, number | readonly number[]]) => `${key} ${typeof value === 'number' ? short(value, 3) : value.map((x) => short(x, 2)).join(' ')}`);
  return `${name} with prior ${figures.join(', ')}`;
}

function showChanges(page: Page, report: SegmentedStream): void {
  const { found, differences } = report;
  found.changes.slice(0, SHOWN).forEach((change, k) => { page.row(`at ${String(change.index)}`, changeText(report, change, differences[k]?.words ?? '')); });
  if (found.changes.length > SHOWN) page.row('', `and ${String(found.changes.length - SHOWN)} more: --json has all`);
  if (found.peltOnly.length > 0) page.row('PELT only', `cuts also at ${found.peltOnly.slice(0, SHOWN).join(', ')}${found.peltOnly.length > SHOWN ? ', ...' : ''}: not in the most probable segmentation`, 'warn');
}

function showMeans(page: Page, { found, plan, notes }: SegmentedStream): void {
  if (found.inWindow !== null) page.row('window', `P(a change at ${String(found.inWindow.from)} to ${String(found.inWindow.to)}) = ${chance(found.inWindow.probability)}`, 'strong');
  if (found.evidence !== null) page.row('evidence', `the series is ${evidenceText(found.evidence.logBayesFactor)} (ln Bayes factor ${short(found.evidence.logBayesFactor, 4)}); P(any change) ${chance(found.evidence.probability)}`);
  if (found.costs !== null) page.row('by number', found.costs.slice(0, SHOWN).map(({ changes, cost }) => `${String(changes)}: ${short(cost, 5)}`).join(', '));
  for (const note of notes) page.row('note', note, 'warn');
  page.gap();
  if (found.evidence !== null) {
    page.row('posterior', `${priorText(plan)}, from ${plan.priorFrom}; hazard 1 in ${short(plan.hazard.lambda, 6)}, ${plan.hazardHow}`, 'quiet');
  }
  if (found.peltChanges !== null) {
    page.row('PELT', `${plan.cost.cost} cost, a change must save ${short(plan.penalty.value)} (${plan.penalty.how}), no regime shorter than ${String(plan.shortest)}`, 'quiet');
  }
}

function showSegmented(page: Page, report: SegmentedStream): void {
  const { found, kind } = report;
  const count = found.changes.length;
  const verdict = count > 0 ? `${counted(count, 'change')}, ${counted(count + 1, 'regime')}` : found.peltOnly.length > 0 ? 'no change in the most probable segmentation, but PELT cuts' : 'no change';
  page.verdict(count > 0 || found.peltOnly.length > 0 ? 'bad' : 'good', `${verdict} of ${WHAT[kind]}:`, report.label);
  showSpan(page, report);
  page.gap();
  showTable(page, report);
  page.gap();
  showChanges(page, report);
  showMeans(page, report);
}

/** Shows what became of one stream. */
export function showStream(page: Page, report: StreamReport): void {
  if (report.status === 'segmented') showSegmented(page, report);
  else if (report.status === 'constant') {
    page.verdict('good', `no change of ${WHAT[report.kind]}:`, report.label);
    page.row(PLURAL[report.kind], `all ${report.n.toLocaleString('en-US')} are ${report.value}: a constant series has no change`);
  } else {
    page.verdict('warn', 'not enough data:', report.label);
    const { n, neededN, reason, kind } = report;
    page.row(PLURAL[kind], `${String(n)}${neededN === null ? '' : `, at least ${String(neededN)} needed`}: ${reason}`);
  }
}

/** Says once what the figures of all streams mean. */
export function showLegend(page: Page, level: number, withPosterior: boolean): void {
  page.gap();
  const hold = short(100 * level);
  page.row('index', 'of an observation in its stream, from 0; a change has that of the first observation of its new regime', 'quiet');
  page.row('intervals', `${hold} %: of a level, exact, as if the ends of its regime were known${withPosterior ? '; of the place of a change, by its posterior' : ''}`, 'quiet');
  if (withPosterior) page.row('run length', RUN_LENGTH_CONVENTION, 'quiet');
  page.row('promise', `none on the rate of false changes: PELT's penalty is a rule${withPosterior ? ', and the posterior is as right as its model, prior and hazard' : ''}`, 'quiet');
}
