import { betaBinomialSequence, bettingSequence, binomialCdf, clopperPearson, type Detector, empiricalBernstein, fitEnvelope, gibbsPosterior, type Json, klInverseUpper, normalMixture, pacBayesKl, pacBayesMaurer, piPacBayes, random, type Random, rateBound, type SequenceStep } from '../../src/index.js';
import { type Cell, type Effort, exactCell, type LineMaker, type Promised, promiseText, runsAt, shareCell, SIZES } from './envelopes-lines.js';
import { type UnitShape, UNIT_SHAPES } from './envelopes-shapes.js';

const DELTA = 0.05;
const AT_MOST: Promised = { how: 'at most', value: DELTA };
const RATES: readonly number[] = Array.from({ length: 49 }, (_, i) => (i + 1) / 100);

/** The most failures among n with which the limit is below the rate; -1 where none is. Limits grow with the failures. */
function lastFailing(upper: (failures: number) => number, n: number, rate: number): number {
  let [low, high] = [-1, n];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (upper(middle) < rate) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Chance that the limit of the rule with the fewest failures is below its rate, out of `rules` that all fail at `rate`. */
const failing = (upper: (failures: number) => number, n: number, { rate, rules }: { readonly rate: number; readonly rules: number }): number => -Math.expm1(rules * Math.log1p(-binomialCdf(lastFailing(upper, n, rate), n, rate)));

interface UpperLimit {
  readonly method: string;
  readonly rules: number;
  readonly upper: (n: number) => (failures: number) => number;
  /** Rates it is tried at; the worst counts. */
  readonly rates: readonly number[];
  readonly by: boolean | null;
}

/** Computed, not drawn: the largest chance of failing over the rates. */
export function limitLine({ method, rules, upper, rates, by }: UpperLimit): LineMaker {
  return () => {
    const promised = by === null ? null : AT_MOST;
    const cells = SIZES.map((n) => {
      const known = new Map<number, number>();
      const of = upper(n);
      const limit = (failures: number): number => {
        const value = known.get(failures) ?? of(failures);
        known.set(failures, value);
        return value;
      };
      return exactCell(Math.max(...rates.map((rate) => failing(limit, n, { rate, rules }))), promised);
    });
    const data = rates.length === 1 ? `Bernoulli ${String(rates[0])}` : 'Bernoulli, worst';
    return { method, data, promise: promiseText(promised, by === true), ours: by, cells };
  };
}

/** Coverage of both limits of Clopper and Pearson, at the rate where it is smallest. */
const exactLimits: LineMaker = () => {
  const promised: Promised = { how: 'at least', value: 0.95 };
  const cells = SIZES.map((n) => {
    const limits = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.95));
    const coverage = RATES.map((rate) => {
      const last = limits.findLastIndex(({ lower }) => lower <= rate);
      const first = limits.findIndex(({ upper }) => upper >= rate);
      return binomialCdf(last, n, rate) - binomialCdf(first - 1, n, rate);
    });
    return exactCell(Math.min(...coverage), promised);
  });
  return { method: 'Clopper-Pearson 95 %', data: 'Bernoulli, worst', promise: promiseText(promised), ours: true, cells };
};

const EXACT = (rules: number) => (n: number) => (failures: number): number => rateBound({ failures, n, delta: DELTA, rules }).upper;
const ENVELOPE = (n: number) => (failures: number): number =>
  fitEnvelope([['call', Float64Array.from({ length: n }, (_, i) => (i < failures ? 1 : 0))]], { measure: 'error', alpha: DELTA }).groups[0]?.upper ?? 1;
const KL = (n: number) => (failures: number): number => klInverseUpper(failures / n, -Math.log(DELTA) / n);
const PAC_BAYES = (rules: number) => (n: number) => (failures: number): number => pacBayesMaurer({ empirical: failures / n, n, kl: Math.log(rules), delta: DELTA }).upper;
const HOST = (n: number) => (failures: number): number => piPacBayes({ successes: n - failures, failures, delta: DELTA, priorWeight: 1 }).bound;

export function rateLines(effort: Effort): LineMaker[] {
  const best = (rules: number): LineMaker[] => [
    limitLine({ method: `rateBound, best of ${String(rules)}`, rules, upper: EXACT(rules), rates: RATES, by: true }),
    limitLine({ method: `PAC-Bayes-kl, best of ${String(rules)}`, rules, upper: PAC_BAYES(rules), rates: RATES, by: true }),
  ];
  const host = (rules: number, rate: number): LineMaker => limitLine({ method: `host's figure, best of ${String(rules)}`, rules, upper: HOST, rates: [rate], by: false });
  return [
    exactLimits, ...best(1), limitLine({ method: 'envelope of failures', rules: 1, upper: ENVELOPE, rates: RATES, by: true }), limitLine({ method: 'kl inverse', rules: 1, upper: KL, rates: RATES, by: true }), host(1, 0.1),
    ...best(19), host(19, 0.1), ...best(1000), host(1000, 0.05), host(1000, 0.1), host(1000, 0.3), host(100_000, 0.1),
    limitLine({ method: '  Clopper-Pearson, best of 1000', rules: 1000, upper: EXACT(1), rates: [0.1], by: null }),
    gibbsLine(false, effort), gibbsLine(true, effort), ...UNIT_SHAPES.map((shape) => meanLine(shape, effort)),
  ];
}

const RULES = 50;

/** A Gibbs posterior over 50 rules with risks of 0.05 to 0.4, its temperature picked for the smallest bound. */
function gibbsLine(isHost: boolean, effort: Effort): LineMaker {
  const prior = new Array<number>(RULES).fill(1 / RULES);
  const truth = prior.map((_, j) => 0.05 + (0.35 * j) / (RULES - 1));
  const fails = (n: number, source: Random): boolean => {
    const empirical = truth.map((risk) => {
      let failures = 0;
      for (let i = 0; i < n; i += 1) failures += source.uniform() < risk ? 1 : 0;
      return failures / n;
    });
    const bounds = [0.1, 0.5, 2, 10].map((beta) => {
      const { posterior, gibbsRisk } = gibbsPosterior({ prior, risks: empirical, beta, n });
      const risk = posterior.reduce((sum, weight, j) => sum + weight * (truth[j] ?? 0), 0);
      const failures = Math.round(gibbsRisk * n);
      return { risk, upper: isHost ? piPacBayes({ successes: n - failures, failures, delta: DELTA, priorWeight: 1 }).bound : pacBayesKl({ empirical, prior, posterior, n, delta: DELTA }).upper };
    });
    const { risk, upper } = bounds.reduce((a, b) => (b.upper < a.upper ? b : a));
    return risk > upper;
  };
  return (seed) => {
    const cells = SIZES.map((n): Cell => {
      const [source, runs] = [random(seed + n), runsAt(n, effort, 400)];
      return shareCell(Array.from({ length: runs }, () => fails(n, source)).filter(Boolean).length, runs, AT_MOST);
    });
    return { method: isHost ? "host's figure, Gibbs" : 'PAC-Bayes-kl, Gibbs', data: '50 rules', promise: promiseText(AT_MOST, !isHost), ours: !isHost, cells };
  };
}

/** Maurer's limits on the mean of losses in [0, 1], KL = 0, both sides. */
function meanLine({ name, mean, draw }: UnitShape, effort: Effort): LineMaker {
  return (seed) => {
    const promised = mean === null ? null : AT_MOST;
    const cells = SIZES.map((n) => {
      const [source, runs] = [random(seed + n), runsAt(n, effort)];
      let misses = 0;
      for (let run = 0; run < runs; run += 1) {
        let sum = 0;
        for (let i = 0; i < n; i += 1) sum += draw(source, i);
        const { lower, upper } = pacBayesMaurer({ empirical: Math.min(1, sum / n), n, kl: 0, delta: DELTA });
        const truth = mean ?? 0.175;
        if (truth < lower || truth > upper) misses += 1;
      }
      return shareCell(misses, runs, promised);
    });
    return { method: 'PAC-Bayes-kl, one rule', data: name, promise: promiseText(promised), ours: promised === null ? null : true, cells };
  };
}

type Limits = Detector<number, Json, SequenceStep>;
const asLimits = <S extends Json>(detector: Detector<number, S, SequenceStep>): Limits => detector as unknown as Limits;

const SEQUENCES: readonly { readonly method: string; readonly limits: Limits; readonly paths: number; readonly binary?: boolean }[] = [
  { method: 'beta-binomial sequence', limits: asLimits(betaBinomialSequence({ alpha: DELTA })), paths: 300, binary: true },
  { method: 'betting sequence', limits: asLimits(bettingSequence({ alpha: DELTA })), paths: 120 },
  { method: 'empirical Bernstein', limits: asLimits(empiricalBernstein({ alpha: DELTA })), paths: 600 },
  { method: 'normal mixture', limits: asLimits(normalMixture({ alpha: DELTA, sigma: 0.5 })), paths: 600 },
];

/** First observation after which limits miss the mean. */
function firstMiss(limits: Limits, { mean, draw }: UnitShape, source: Random): number {
  let state = limits.init();
  for (let i = 0; i < Math.max(...SIZES); i += 1) {
    const step = limits.step(state, draw(source, i));
    state = step.state;
    const { lower, upper } = step.out;
    if ((mean ?? 0.175) < (lower ?? -Infinity) || (mean ?? 0.175) > (upper ?? Infinity)) return i + 1;
  }
  return Infinity;
}

/** Share of paths on which limits have missed the mean at any observation up to n. */
function pathLine(method: string, shape: UnitShape, paths: number, first: (source: Random) => number): LineMaker {
  return (seed) => {
    const [source, promised] = [random(seed), shape.mean === null || method.startsWith(' ') ? null : AT_MOST];
    const misses = Array.from({ length: paths }, () => first(source));
    return { method, data: shape.name, promise: promiseText(promised), ours: promised === null ? null : true, cells: SIZES.map((n) => shareCell(misses.filter((at) => at <= n).length, paths, promised)) };
  };
}

/** Known standard deviation, unbounded values: the normal mixture where it is exact. */
const STANDARD: UnitShape = { name: 'Gaussian, known sd', mean: 0, draw: (s) => s.normal() };

export function sequenceLines(effort: Effort): LineMaker[] {
  const scaled = (paths: number): number => Math.max(4, Math.round(paths * effort));
  return [
    ...UNIT_SHAPES.flatMap((shape) => SEQUENCES.filter(({ binary }) => binary !== true || shape.name.startsWith('Bernoulli') || shape.mean === null).map(({ method, limits, paths }) =>
      pathLine(method, shape, scaled(paths), (source) => firstMiss(limits, shape, source)))),
    pathLine('normal mixture', STANDARD, scaled(600), (source) => firstMiss(asLimits(normalMixture({ alpha: DELTA, sigma: 1 })), STANDARD, source)),
    ...UNIT_SHAPES.filter(({ name }) => name.startsWith('Bernoulli')).flatMap((shape) => [
      pathLine('rateBound, monitoring', shape, scaled(200), (source) => firstRateMiss(shape, source)),
      pathLine('  Clopper-Pearson at every n', shape, scaled(150), (source) => firstExactMiss(shape, source)),
    ]),
  ];
}

/** First n, of all up to 100 and every tenth from there on, at which the limit for monitoring is below the rate. */
function firstRateMiss({ mean, draw }: UnitShape, source: Random): number {
  let failures = 0;
  for (let n = 1; n <= Math.max(...SIZES); n += 1) {
    failures += draw(source, n);
    if ((n <= 100 || n % 10 === 0) && rateBound({ failures, n, delta: DELTA, monitoring: true }).upper < (mean ?? 0)) return n;
  }
  return Infinity;
}

/** First n at which Clopper-Pearson's 95 % limits miss: one of the tails at the true rate is below 0.025. */
function firstExactMiss({ mean, draw }: UnitShape, source: Random): number {
  let ones = 0;
  for (let n = 1; n <= Math.max(...SIZES); n += 1) {
    ones += draw(source, n);
    const tail = mean === null ? 1 : Math.min(binomialCdf(ones, n, mean), 1 - binomialCdf(ones - 1, n, mean));
    if (tail < DELTA / 2) return n;
  }
  return Infinity;
}

