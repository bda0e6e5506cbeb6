import type { Envelope, EnvelopeGroup } from '../../../risk/envelope/envelope.js';
import { showApprovals } from '../policy/approve-trace.js';
import { percent, short } from '../calibrate/page.js';
import { labelOf } from './streams.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

const MEASURES: Readonly<Record<string, string>> = { interval: 'waits between calls', latency: 'latencies', score: 'risk scores', error: 'failure rates', value: 'values' };

/** What an envelope is of, in words. */
export function titleOf({ measure, unit, by }: Pick<Envelope, 'measure' | 'unit' | 'by'>): string {
  return `${MEASURES[measure] ?? measure}${unit === null ? '' : ` in ${unit}`}${by === 'none' ? '' : ` by ${by}`}`;
}

/** A bound for people. */
export function boundText(x: number | null, watched: boolean): string {
  if (x === null) return watched ? 'none' : '-';
  return short(x, 5);
}

function howOf(group: EnvelopeGroup): string {
  if (group.kind === 'rate') return `${String(group.errors)} of ${String(group.n)} failed`;
  if (group.needed !== null) return `too few: ${String(group.needed)} needed`;
  const ranks = [group.lowerRank, group.upperRank].filter((rank) => rank !== null).map(String);
  return `rank ${ranks.join(' and ')} of ${String(group.n)}`;
}

function groupRow(group: EnvelopeGroup, { by, sides, measure }: Envelope): readonly string[] {
  const rate = (x: number | null): string => (x === null ? '-' : percent(x, 1));
  const [lower, upper] = measure === 'error' ? [rate(group.lower), rate(group.upper)] : [boundText(group.lower, sides !== 'upper'), boundText(group.upper, sides !== 'lower')];
  return [labelOf(group.key, by), group.n.toLocaleString('en-US'), lower, upper, howOf(group)];
}

/** Where an envelope comes from. */
function showProvenance(page: Page, { provenance: { sources, baseline, approvals } }: Envelope): void {
  for (const { file, entryCount } of sources) page.row('calibration', `${file ?? '?'}${entryCount === null ? '' : `, ${counted(entryCount, 'entry', 'entries')}`}`);
  showApprovals(page, approvals);
  if (approvals.length === 0) page.row('approved', 'not restricted to approved traces (--approved)', 'quiet');
  const hashless = sources.filter(({ kind }) => kind === 'file').map(({ file }) => file ?? '?');
  if (baseline.dataHashes.length === 0) page.row('baseline', 'none named, so nothing shows that these traces are not its own (--baseline)', 'warn');
  else if (baseline.compared === 'entry by entry') page.row('baseline', 'on other traces, compared entry by entry');
  else if (baseline.compared !== 'not at all') page.row('baseline', `compared ${baseline.compared}; a piece cut out of its traces would not show (--baseline-ledger compares entry by entry)`, 'warn');
  else page.row('baseline', `not compared${hashless.length === 0 ? '' : `: ${hashless.join(', ')} could not be, without entry hashes (give the ledger of these calls)`}`, 'warn');
}

/** Shows an envelope. */
export function showEnvelope(page: Page, envelope: Envelope, nulls = 0): void {
  page.verdict('strong', `bounds on ${titleOf(envelope)}`);
  page.row('promise', envelope.guarantee);
  for (const each of envelope.assumes) page.row('assumes', each, 'quiet');
  showProvenance(page, envelope);
  if (nulls > 0) page.row('left out', `${counted(nulls, 'record')} without a score`, 'warn');
  page.gap();
  page.table(
    [{ title: envelope.by === 'none' ? '' : envelope.by }, { title: envelope.measure === 'error' ? 'calls' : 'values', right: true }, { title: 'from', right: true }, { title: 'to', right: true }, { title: 'how' }],
    envelope.groups.map((group) => groupRow(group, envelope)),
  );
  const lacking = envelope.groups.filter((group) => group.kind === 'values' && group.needed !== null);
  if (lacking.length > 0) {
    page.gap();
    page.text(`Without bounds, since values are too few: ${lacking.map((group) => labelOf(group.key, envelope.by)).join(', ')}.`, 'warn');
  }
}
