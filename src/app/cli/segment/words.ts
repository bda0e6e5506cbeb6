import { short } from '../calibrate/page.js';
import type { Plan } from './plan.js';
import type { Level } from './report.js';

/** Units of a time in milliseconds, the largest first. */
const UNITS: readonly (readonly [number, string])[] = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1000, 's'], [1, 'ms']];

/** The unit in which a wait is shown: its size in milliseconds, and its name. */
function unitOf(x: number, inMs: boolean): readonly [number, string] {
  return inMs ? (UNITS.find(([size]) => x >= 2 * size) ?? [1, 'ms']) : [1, ''];
}

/** As many digits as the interval of a mean lets mean something. */
function digitsOf({ mean, lower, upper }: { readonly mean: number; readonly lower: number | null; readonly upper: number | null }): number {
  const width = (upper ?? 0) - (lower ?? 0);
  const digits = width > 0 ? 2 + Math.ceil(Math.log10(Math.abs(mean) / width)) : 3;
  return Math.min(9, Math.max(3, digits));
}

/** A level with its interval, such as `11.7 ms (9.8 to 13.9)`. */
export function levelText(level: Level, plan: Pick<Plan, 'family'>, inMs: boolean): string {
  if ('shares' in level) return level.shares.slice(0, 3).filter(({ share }) => share > 0).map(({ name, share }) => `${name} ${(100 * share).toFixed(0)} %`).join(', ');
  const percent = plan.family === 'bernoulli';
  const [size, name] = percent ? [0.01, '%'] : unitOf(level.mean, inMs);
  const number = (x: number): string => short(x / size, digitsOf(level));
  const interval = level.lower === null || level.upper === null ? '' : ` (${number(level.lower)} to ${number(level.upper)})`;
  return `${number(level.mean)}${name === '' ? '' : ` ${name}`}${interval}`;
}

/** What a change did, as figures for a program and in words for a person. */
export interface Difference {
  /** How many times as frequent (waits), as often (outcomes) or as many (counts); null where one of the two levels is 0, and for others. */
  readonly factor: number | null;
  /** New mean minus the old one; null for categories. */
  readonly difference: number | null;
  readonly words: string;
}

function times(factor: number, more: string, less: string): string {
  return factor >= 1 ? `${short(factor, 2)} times ${more}` : `${short(1 / factor, 2)} times ${less}`;
}

/** Compares two neighbouring regimes. */
export function differenceOf(before: Level, after: Level, family: Plan['family']): Difference {
  if ('shares' in before || 'shares' in after || family === 'categorical') return { factor: null, difference: null, words: shiftWords(sharesOf(before), sharesOf(after)) };
  const difference = after.mean - before.mean;
  if (family === 'gaussian') return { factor: null, difference, words: gaussianWords(before, after, difference) };
  const rate = family === 'exponential' ? before.mean / after.mean : after.mean / before.mean;
  if (rate > 0 && rate < Infinity) return { factor: rate, difference, words: rateWords(family, rate) };
  return { factor: null, difference, words: ZERO_WORDS[family][after.mean === 0 ? 'to' : 'from'] };
}

const ZERO_WORDS = {
  exponential: { to: 'all at once: no wait is as long as a tick of the clock', from: 'spread out again, after a burst within one tick of the clock' },
  bernoulli: { to: 'errors end: not one any more', from: 'errors begin: not one before' },
  poisson: { to: 'none any more', from: 'there were none before' },
} as const;

function rateWords(family: Plan['family'], factor: number): string {
  if (family === 'exponential') return times(factor, 'as frequent', 'rarer');
  return family === 'bernoulli' ? times(factor, 'as often', 'rarer') : times(factor, 'as many', 'fewer');
}

interface Spread {
  readonly n: number;
  readonly sd: number | null;
}

function gaussianWords(before: Spread, after: Spread, difference: number): string {
  const squares = [before, after].map(({ n, sd }) => (sd === null ? 0 : (n - 1) * sd * sd)).reduce((a, b) => a + b, 0);
  const sd = Math.sqrt(squares / (before.n + after.n - 2));
  const shift = `${difference >= 0 ? 'higher' : 'lower'} by ${short(Math.abs(difference), 3)}${sd > 0 ? ` (${short(Math.abs(difference) / sd, 2)} sd)` : ''}`;
  const spread = (after.sd ?? 0) / (before.sd ?? 0);
  return spread > 0 && spread < Infinity && (spread > 1.5 || spread < 1 / 1.5) ? `${shift}, spread ${times(spread, 'as large', 'smaller')}` : shift;
}

type Shares = readonly { readonly name: string; readonly share: number }[];

function sharesOf(level: Level): Shares {
  return 'shares' in level ? level.shares : [];
}

/** The two shares that moved most. */
function shiftWords(before: Shares, after: Shares): string {
  const was = new Map(before.map(({ name, share }) => [name, share]));
  const moved = after.map(({ name, share }) => ({ name, share, by: share - (was.get(name) ?? 0) })).toSorted((a, b) => Math.abs(b.by) - Math.abs(a.by));
  const percent = (share: number): string => (100 * share).toFixed(0);
  return moved.slice(0, 2).map(({ name, share, by }) => `${name} ${percent(share - by)} > ${percent(share)} %`).join(', ');
}
