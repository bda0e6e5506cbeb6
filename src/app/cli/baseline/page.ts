import type { Baseline } from '../../../baseline/baseline.js';
import type { CapabilityEvidence } from '../../../baseline/capability-evidence.js';
import type { Refusal } from '../../../baseline/refusal.js';
import { percent, short } from '../calibrate/page.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

const SHOWN_REFUSALS = 6;

const figure = (x: number | null): string => (x === null ? '?' : x.toFixed(3));

const range = (lower: number | null, upper: number | null): string => `${figure(lower)}..${figure(upper)}`;

function capabilityRow({ capability, n, quantiles, errorRate }: CapabilityEvidence): readonly string[] {
  const at = (p: number): Pick<CapabilityEvidence['quantiles'][number], 'value' | 'lower' | 'upper'> =>
    quantiles.find((q) => q.p === p) ?? { value: null, lower: null, upper: null };
  const median = at(0.5);
  return [
    capability,
    n.toLocaleString('en-US'),
    figure(median.value),
    range(median.lower, median.upper),
    range(at(0.05).value, at(0.95).value),
    percent(errorRate.errors, errorRate.n),
    `${(100 * errorRate.lower).toFixed(1)}..${(100 * errorRate.upper).toFixed(1)} %`,
  ];
}

/** A table of scores and error rates by capability, with their limits. */
export function capabilityTable(page: Page, { evidence }: Baseline): void {
  const limits = `${short(100 * evidence.level)} % limits`;
  page.table(
    [{ title: 'capability' }, { title: 'calls', right: true }, { title: 'median', right: true }, { title: limits }, { title: 'p5..p95' }, { title: 'errors', right: true }, { title: limits }],
    evidence.capabilities.map(capabilityRow),
  );
}

/** Refusals of one kind on one line, capability by capability. */
function grouped(refusals: readonly Refusal[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { what, capability, n, neededN, reason } of refusals) {
    const needed = neededN === null ? reason : `${String(neededN)} needed`;
    const kind = `${what}: ${needed}`;
    groups.set(kind, [...(groups.get(kind) ?? []), `${capability ?? 'there are'} ${String(n)}`]);
  }
  return [...groups].map(([kind, found]) => `${kind}, ${found.join(', ')}`);
}

/** Shows what there is too little data to say. */
export function showRefusals(page: Page, refusals: readonly Refusal[]): void {
  if (refusals.length === 0) return;
  const lines = grouped(refusals);
  page.gap();
  page.text('Not enough data to say:', 'warn');
  for (const line of lines.slice(0, SHOWN_REFUSALS)) page.text(`  ${line}`);
  if (lines.length > SHOWN_REFUSALS) page.text(`  and ${counted(lines.length - SHOWN_REFUSALS, 'more thing')}; --json lists all`, 'quiet');
}

/** Shows one actor's baseline. */
export function showBaseline(page: Page, baseline: Baseline): void {
  const { evidence, host, sources } = baseline;
  page.verdict('strong', `what is normal for ${baseline.actor}`);
  page.row('calls', `${host.source_entry_count.toLocaleString('en-US')} in ${counted(sources.length, 'ledger')}`);
  const states = evidence.transitions.states.map((state, i) => `${state} ${percent(evidence.transitions.stationary[i] ?? 0, 1)}`);
  // Without a transition the law is that of the prior.
  if (evidence.transitions.rows.some(({ visits }) => visits > 0)) page.row('long run', states.join(', '));
  else page.row('long run', 'not known: no call follows another whose risk state is said', 'warn');
  page.gap();
  capabilityTable(page, baseline);
  const degenerate = evidence.capabilities.filter((c) => c.mad.degenerate).map((c) => c.capability);
  if (degenerate.length > 0) page.row('MAD is 0', `${degenerate.join(', ')}: more than half the scores are equal`, 'warn');
  showRefusals(page, baseline.refusals);
}
