import type { EnvelopeCheck, GroupCheck } from '../risk/envelope/check.js';
import type { Envelope } from '../risk/envelope/envelope.js';
import { InputError } from '../errors.js';
import { binomialCdf, clopperPearson } from '../stats/binomial.js';
import { insideUnit, integerIn } from '../stats/sample.js';
import type { Figure } from './figure.js';
import { intervalFigure } from './interval-rows.js';
import { shortLabel } from './label.js';
import { nothingToDraw } from './nothing.js';
import { PALETTE } from './palette.js';
import { group, listed, percent } from './words.js';

/** What was promised of a group, and what came of it. */
export interface CoverageRow {
  readonly name: string;
  /** Promised share of values inside, in (0, 1). */
  readonly promised: number;
  /** Values inside, of `n`. */
  readonly inside: number;
  readonly n: number;
  /** P-value of a test of the promise; left out: there was none. */
  readonly pValue?: number | null;
}

/** How a figure of coverage is made. */
export interface CoverageOptions {
  readonly title?: string;
  /** Chance of each band and interval, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** What the rows' p-values are, in a few words. */
  readonly test?: string;
}

/**
 * Coverage seen against coverage promised: the share inside with exact limits, and beside it the band where a kept
 * promise lies with the stated chance.
 *
 * @param rows - see {@link CoverageRow}
 * @param options - see {@link CoverageOptions}
 * @throws InputError BAD_PARAM
 * @remarks Limits are Clopper and Pearson's; the band is between the binomial law's quantiles. Both take values as
 * independent.
 */
export function coverageFigure(rows: readonly CoverageRow[], { title = 'Coverage against promise', level = 0.95, test }: CoverageOptions = {}): Figure {
  insideUnit(level, 'level');
  for (const { promised, inside, n, name } of rows) {
    insideUnit(promised, `promised of ${shortLabel(name)}`);
    integerIn(inside, 0, n, `inside of ${shortLabel(name)}`);
  }
  const known = rows.filter(({ n }) => n > 0).map((row) => judged(row, level));
  if (known.length === 0) return nothingToDraw(title, 'there are no values to be inside or outside');
  const broken = known.filter(({ below }) => below);
  return intervalFigure({
    title,
    subtitle: `n = ${group(known.reduce((sum, { n }) => sum + n, 0))} values; bands and limits at ${percent(level)}, one at a time${test === undefined ? '' : `; p: ${test}`}`,
    label: 'share of values inside',
    series: [
      { color: PALETTE.blue, symbol: 'square', filled: false, label: 'promised, and the band of a kept promise' },
      { color: PALETTE.vermilion, symbol: 'circle', filled: true, label: 'seen, and its limits' },
    ],
    rows: known.map(({ name, n, promised, band, share, lower, upper, below, pValue }) => ({
      name,
      detail: `n = ${group(n)}`,
      items: [{ series: 0, value: promised, lower: band[0], upper: band[1] }, { series: 1, value: share, lower, upper }],
      note: `${below ? 'below the band' : share > band[1] ? 'above the band' : 'in the band'}${pInWords(pValue)}`,
    })),
    alternative: `Share of values inside, promised and seen; ${broken.length === 0 ? 'no group lies below its band' : `below its band: ${listed(broken.map(({ name }) => shortLabel(name)))}`}. ${known.map(({ name, n, promised, band, share, lower, upper, pValue }) => `${shortLabel(name)}, n = ${group(n)}: promised ${percent(promised)} (band ${percent(band[0])} to ${percent(band[1])}), seen ${percent(share)} (${percent(lower)} to ${percent(upper)})${pInWords(pValue)}.`).join(' ')}`,
  });
}

function pInWords(p: number | null | undefined): string {
  return p === undefined || p === null ? '' : `, p ${p < 1e-4 ? '< 0.0001' : String(Number(p.toPrecision(2)))}`;
}

/**
 * Coverage of fresh values by an envelope's bounds, group by group.
 *
 * @param check - from `checkEnvelope`
 * @param envelope - the one checked
 * @throws InputError BAD_PARAM where a group of the check is not the envelope's
 * @remarks Failure rates are left out: they have no bounds that single values could be outside of. The band takes the promised
 * share for the true one; the check's p-value allows for the calibration draw and for the number of groups.
 */
export function envelopeCoverageFigure(check: Pick<EnvelopeCheck, 'correction'> & { readonly groups: readonly CheckedGroup[] }, envelope: Envelope): Figure {
  const rows = check.groups.flatMap(({ key, status, n, outside, adjusted }): CoverageRow[] => {
    if (status !== 'judged' || outside === null) return [];
    const known = envelope.groups.find((one) => one.key === key);
    if (known === undefined) throw new InputError('BAD_PARAM', `the envelope must have every judged group, got ${JSON.stringify(key)}`);
    return known.kind === 'values' ? [{ name: key, promised: known.coverage, inside: n - outside, n, pValue: adjusted }] : [];
  });
  return coverageFigure(rows, { title: `Coverage against promise: ${shortLabel(envelope.measure, 40)}`, test: `${check.correction}, all groups` });
}

/** What is drawn of a group. */
export type CheckedGroup = Pick<GroupCheck, 'key' | 'status' | 'n' | 'outside' | 'adjusted'>;

interface JudgedRow extends CoverageRow {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
  readonly band: readonly [number, number];
  readonly below: boolean;
}

function judged(row: CoverageRow, level: number): JudgedRow {
  const { n, promised, inside } = row;
  const tail = (1 - level) / 2;
  const band = [binomialQuantile(tail, n, promised) / n, binomialQuantile(1 - tail, n, promised) / n] as const;
  const { lower, upper } = clopperPearson(inside, n, level);
  return { ...row, share: inside / n, lower, upper, band, below: inside / n < band[0] };
}

/** The smallest k with P(X <= k) >= p. */
function binomialQuantile(p: number, n: number, chance: number): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialCdf(middle, n, chance) >= p) high = middle;
    else low = middle + 1;
  }
  return low;
}
