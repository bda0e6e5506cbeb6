import type { GroupStatistics } from '../../../baseline/sql/group-statistics.js';
import type { OutcomeGroup } from '../../../baseline/sql/outcomes.js';
import type { TableStats } from '../../clickhouse/stats.js';
import type { Page } from '../layout.js';

/** Rows of a table that a page shows; the rest are counted. */
const SHOWN = 20;

const named = (value: string | null | undefined): string => value ?? '(none)';

/** A number in few characters; --json has all digits. */
function short(x: number | null): string {
  if (x === null) return '-';
  if (x !== 0 && (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e15)) return x.toExponential(5);
  return x.toLocaleString('en-US', Number.isInteger(x) ? {} : { maximumSignificantDigits: 6 });
}

function rest(page: Page, count: number, what: string): void {
  if (count > SHOWN) page.text(`  and ${(count - SHOWN).toLocaleString('en-US')} more ${what}; --json lists all`, 'quiet');
}

function showMeasure(page: Page, title: string, groups: readonly GroupStatistics[] | null, probabilities: readonly number[]): void {
  if (groups === null) {
    page.row(title, 'the table does not show it', 'quiet');
    return;
  }
  const measured = groups.filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
  if (measured.length === 0) return;
  page.gap();
  page.text(`${title}:`, 'strong');
  page.table(
    [{ title: 'group' }, { title: 'n', right: true }, { title: 'median', right: true }, { title: 'MAD', right: true }, ...probabilities.map((p) => ({ title: `p${String(Number((100 * p).toPrecision(6)))}`, right: true }))],
    measured.slice(0, SHOWN).map(({ key, n, median, mad, quantiles }) => [key.map(named).join(' '), short(n), short(median), short(mad), ...quantiles.map(short)]),
  );
  rest(page, measured.length, 'groups');
}

function showOutcomes(page: Page, by: string, outcomes: readonly OutcomeGroup[]): void {
  page.gap();
  page.table(
    [{ title: by }, { title: 'rows', right: true }, { title: 'success', right: true }, { title: 'error', right: true }, { title: 'denied', right: true }, { title: 'other', right: true }],
    [...outcomes].sort((a, b) => b.rows - a.rows).slice(0, SHOWN).map(({ group, rows, outcomes: { success = 0, error = 0, denied = 0 } }) => [named(group), ...[rows, success, error, denied, rows - success - error - denied].map(short)]),
  );
  rest(page, outcomes.length, 'groups');
}

function showTransitions(page: Page, { state, stream, counts }: TableStats['transitions']): void {
  if (counts.length === 0) return;
  page.gap();
  page.text(`${state}, from one row of ${stream === 'session' ? 'a session' : 'an actor'} to the next:`, 'strong');
  page.table([{ title: 'from' }, { title: 'to' }, { title: 'times', right: true }], [...counts].sort((a, b) => b.count - a.count).slice(0, SHOWN).map(({ from, to, count }) => [from, to, short(count)]));
  rest(page, counts.length, 'pairs');
}

/** Shows a table's summary. */
export function showTableStats(page: Page, stats: TableStats): void {
  const { quantiles: { probabilities, type } } = stats;
  page.row('rows', stats.rows.toLocaleString('en-US'));
  page.row('quantiles', `exact, of type ${String(type)}; the server finds values by rank, all else is computed here`);
  showOutcomes(page, stats.by, stats.outcomes);
  showMeasure(page, 'latency, us', stats.latencyUs, probabilities);
  showMeasure(page, 'risk score', stats.riskScore, probabilities);
  showMeasure(page, 'us between calls of an actor', stats.interArrivalsUs, probabilities);
  showTransitions(page, stats.transitions);
}
