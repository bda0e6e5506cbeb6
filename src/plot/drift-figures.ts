import type { CapabilityDrift, DriftReport } from '../baseline/drift.js';
import type { TestResult } from '../baseline/compare-capability.js';
import type { Figure } from './figure.js';
import { intervalFigure, type IntervalRow, type IntervalSeries } from './interval-rows.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { group, listed, percent, say } from './words.js';

const SERIES: readonly IntervalSeries[] = [
  { color: PALETTE.blue, symbol: 'circle', filled: false, label: 'baseline' },
  { color: PALETTE.vermilion, symbol: 'diamond', filled: true, label: 'live' },
];

/** One side of a comparison. */
interface Side {
  readonly n: number;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

interface Compared {
  readonly row: CapabilityDrift;
  readonly sides: readonly [Side, Side];
  readonly test: TestResult;
}

/**
 * Median risk scores of baseline and live ledgers by capability, each with its limits and the test's verdict.
 *
 * @param report - from `driftReport`
 */
export function driftScoreFigure(report: DriftReport): Figure {
  const side = ({ n, median, lower, upper }: { n: number; median: number | null; lower: number | null; upper: number | null }): Side => ({ n, value: median, lower, upper });
  const compared = report.capabilities.flatMap((row): Compared[] => (row.scores === null ? [] : [{ row, sides: [side(row.scores.baseline), side(row.scores.live)], test: row.scores }]));
  return figureOf(report, compared, { title: 'Median risk score against the baseline', measure: 'median risk score' });
}

/**
 * Error rates of baseline and live ledgers by capability, each with its limits and the test's verdict.
 *
 * @param report - from `driftReport`
 */
export function driftRateFigure(report: DriftReport): Figure {
  const side = ({ n, rate, lower, upper }: { n: number; rate: number; lower: number; upper: number }): Side => ({ n, value: rate, lower, upper });
  const compared = report.capabilities.flatMap((row): Compared[] => (row.errorRate === null ? [] : [{ row, sides: [side(row.errorRate.baseline), side(row.errorRate.live)], test: row.errorRate }]));
  return figureOf(report, compared, { title: 'Error rate against the baseline', measure: 'share of calls that failed' });
}

function figureOf(report: DriftReport, compared: readonly Compared[], { title: what, measure }: { readonly title: string; readonly measure: string }): Figure {
  const title = `${what}, ${shortLabel(report.actor, 40)}`;
  if (compared.length === 0) return nothingToDraw(title, 'no capability could be compared');
  const fresh = report.newCapabilities.length === 0 ? '' : `; never seen before: ${listed(report.newCapabilities.map((name) => shortLabel(name)))}`;
  return intervalFigure({
    title,
    subtitle: `limits shared among ${String(report.testCount)} tests, alpha ${say(report.alpha)} in all${fresh}`,
    label: measure,
    series: SERIES,
    rows: compared.map(rowOf),
    alternative: `${measure}, baseline and live, alpha ${percent(report.alpha)} over ${String(report.testCount)} tests. ${compared.map(inWords).join(' ')}${fresh === '' ? '' : ` Capabilities ${fresh.slice(2)}.`}`,
  });
}

function rowOf({ row, sides, test }: Compared): IntervalRow {
  return {
    name: row.capability,
    detail: `n = ${group(sides[0].n)}, ${group(sides[1].n)}`,
    items: sides.map(({ value, lower, upper }, series) => ({ series, value, lower, upper })),
    note: `${test.rejected ? 'changed' : 'no finding'}, p ${say(test.adjustedP)}`,
  };
}

function inWords({ row, sides, test }: Compared): string {
  const [before, now] = sides.map(({ n, value, lower, upper }) => `${value === null ? 'none' : say(value)} (${lower === null ? 'no limit' : say(lower)} to ${upper === null ? 'no limit' : say(upper)}, n = ${group(n)})`);
  return `${shortLabel(row.capability)}: ${before ?? ''}, live ${now ?? ''}; ${test.rejected ? 'changed' : 'no finding'}, adjusted p ${say(test.adjustedP)}.`;
}
