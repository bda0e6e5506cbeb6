import { InputError } from '../../errors.js';
import { finite, insideUnit, positive } from '../../stats/sample.js';

/**
 * What the stream looks like before a change, and the alternatives to it: one e-value for each, and their average
 * is an e-value too.
 *
 * - `gaussian`: mean and standard deviation; `shifts` of the mean in standard deviations.
 * - `exponential`: mean; `rateRatios` of the rate after to the rate before (2: intervals half as long).
 * - `bernoulli`: `p0`, the largest (or smallest) probability still approved; probabilities after.
 * - `poisson`: mean count an observation; `rateRatios` as above.
 * - `bounded`: values in [0, 1] of any law with this conditional mean; `bets` in (-1 / (1 - mean), 1 / mean), a
 *   positive one against a mean grown larger.
 */
export type EValueFamily =
  | { readonly kind: 'gaussian'; readonly mean: number; readonly sd: number; readonly shifts: readonly number[] }
  | { readonly kind: 'exponential'; readonly mean: number; readonly rateRatios: readonly number[] }
  | { readonly kind: 'bernoulli'; readonly p0: number; readonly alternatives: readonly number[] }
  | { readonly kind: 'poisson'; readonly mean: number; readonly rateRatios: readonly number[] }
  | { readonly kind: 'bounded'; readonly mean: number; readonly bets: readonly number[] };

/** Which observations a family knows. */
type Domain = 'real' | 'non-negative' | 'count' | 'zero-or-one' | 'unit';

/** One-step e-values of K alternatives: with z = (x - centre) scale, e or its logarithm is offsets[j] + slopes[j] z. */
export interface EValues {
  /** The family, checked and copied. */
  readonly family: EValueFamily;
  readonly domain: Domain;
  /** Whether the line is the e-value's logarithm. */
  readonly logarithmic: boolean;
  readonly centre: number;
  readonly scale: number;
  readonly offsets: Float64Array;
  readonly slopes: Float64Array;
}

const MAX_ALTERNATIVES = 1000;

function alternatives(values: readonly number[], name: string, check: (x: number, name: string) => number): readonly number[] {
  if (values.length < 1 || values.length > MAX_ALTERNATIVES) {
    throw new InputError('BAD_PARAM', `${name} must hold 1 to 1000 alternatives, got ${String(values.length)}`);
  }
  return values.map((x, i) => check(x, `${name}[${String(i)}]`));
}

function differsFrom(nothing: number, x: number, name: string): number {
  if (x === nothing) throw new InputError('BAD_PARAM', `${name} must differ from ${String(nothing)}, which is no change`);
  return x;
}

/** An alternative's line. */
type Line = readonly [offset: number, slope: number];
type Shape = Omit<EValues, 'family' | 'offsets' | 'slopes'>;

function compiled(family: EValueFamily, shape: Shape, lines: readonly Line[]): EValues {
  for (const [offset, slope] of lines) {
    finite(offset, 'an alternative as far from the baseline as this: its log-likelihood ratio');
    finite(slope, 'an alternative as far from the baseline as this: its log-likelihood ratio');
  }
  return { family, ...shape, offsets: Float64Array.from(lines, ([a]) => a), slopes: Float64Array.from(lines, ([, b]) => b) };
}

function gaussian({ kind, mean, sd, shifts }: EValueFamily & { kind: 'gaussian' }): EValues {
  const checked = alternatives(shifts, 'shifts', (x, name) => differsFrom(0, finite(x, name), name));
  const shape: Shape = { domain: 'real', logarithmic: true, centre: finite(mean, 'mean'), scale: 1 / positive(sd, 'sd') };
  finite(shape.scale, '1 / sd');
  return compiled({ kind, mean, sd, shifts: checked }, shape, checked.map((d) => [(-d * d) / 2, d]));
}

function rates(family: EValueFamily & { kind: 'exponential' | 'poisson' }): EValues {
  const ratios = alternatives(family.rateRatios, 'rateRatios', (x, name) => differsFrom(1, positive(x, name), name));
  if (family.kind === 'exponential') {
    const scale = 1 / positive(family.mean, 'mean');
    const shape: Shape = { domain: 'non-negative', logarithmic: true, centre: 0, scale: finite(scale, '1 / mean') };
    return compiled({ ...family, rateRatios: ratios }, shape, ratios.map((r) => [Math.log(r), 1 - r]));
  }
  const rate = positive(family.mean, 'mean');
  const shape: Shape = { domain: 'count', logarithmic: true, centre: 0, scale: 1 };
  return compiled({ ...family, rateRatios: ratios }, shape, ratios.map((r) => [(1 - r) * rate, Math.log(r)]));
}

function bernoulli(family: EValueFamily & { kind: 'bernoulli' }): EValues {
  const p0 = insideUnit(family.p0, 'p0');
  const after = alternatives(family.alternatives, 'alternatives', (x, name) => differsFrom(p0, insideUnit(x, name), name));
  const shape: Shape = { domain: 'zero-or-one', logarithmic: true, centre: 0, scale: 1 };
  const line = (p: number): Line => {
    const offset = Math.log1p(-p) - Math.log1p(-p0);
    return [offset, Math.log(p / p0) - offset];
  };
  return compiled({ ...family, alternatives: after }, shape, after.map(line));
}

function bounded(family: EValueFamily & { kind: 'bounded' }): EValues {
  const mean = insideUnit(family.mean, 'mean');
  // A bet at its limit could lose everything at one observation, for ever.
  const inside = (x: number, name: string): number => {
    if (!(x * mean < 1 && -x * (1 - mean) < 1)) {
      throw new InputError('BAD_PARAM', `${name} must be in (${String(-1 / (1 - mean))}, ${String(1 / mean)}), got ${String(x)}`);
    }
    return differsFrom(0, x, name);
  };
  const bets = alternatives(family.bets, 'bets', inside);
  return compiled({ ...family, bets }, { domain: 'unit', logarithmic: false, centre: mean, scale: 1 }, bets.map((bet) => [1, bet]));
}

/**
 * Checks a family and lays its e-values out as lines.
 *
 * @throws {@link InputError} BAD_PARAM, NOT_FINITE
 */
export function eValuesOf(family: EValueFamily): EValues {
  switch (family.kind) {
    case 'gaussian':
      return gaussian(family);
    case 'exponential':
    case 'poisson':
      return rates(family);
    case 'bernoulli':
      return bernoulli(family);
    case 'bounded':
      return bounded(family);
    default:
      throw new InputError('BAD_PARAM', `no family ${String((family as { kind: unknown }).kind)}`);
  }
}

const KNOWN: { readonly [domain in Domain]: readonly [(x: number) => boolean, string] } = {
  real: [() => true, 'finite'],
  'non-negative': [(x) => x >= 0, '>= 0'],
  count: [(x) => x >= 0 && Number.isSafeInteger(x), 'a count, a whole number >= 0'],
  'zero-or-one': [(x) => x === 0 || x === 1, '0 or 1'],
  unit: [(x) => x >= 0 && x <= 1, 'in [0, 1]'],
};

/**
 * Checks that every observation is one the family knows.
 *
 * @param first - index of `xs[0]` in the stream, for the message
 * @throws {@link InputError} NOT_FINITE, BAD_PARAM
 */
export function checkObservations(domain: Domain, xs: Float64Array, first: number): void {
  const [known, words] = KNOWN[domain];
  // Finite exactly where x - x is 0: one sum finds any that is not without a branch an observation.
  let rest = 0;
  for (let i = 0; i < xs.length; i += 1) {
    const x = xs[i] as number;
    rest += x - x;
  }
  if (rest === 0 && domain === 'real') return;
  for (const [i, x] of xs.entries()) {
    finite(x, `observation ${String(first + i)}`);
    if (!known(x)) throw new InputError('BAD_PARAM', `observation ${String(first + i)} must be ${words}, got ${String(x)}`);
  }
}
