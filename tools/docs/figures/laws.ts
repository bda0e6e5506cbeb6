import { betaBinomialLimits, checkEnvelope, clopperPearson, conformalMartingale, fitEnvelope, onlinePValues, pacBayesKl, quantileTracker, random, regimeLevel, scan, segment, splitThreshold } from '../../../src/index.js';
import { coverageFigure, detectorFigure, distributionFigure, distributionRow, envelopeCoverageFigure, segmentationFigure, type Figure } from '../../../src/plot/index.js';

/** Thresholds fitted on many calibration sets, each tried on new scores. */
function coverage(): Figure {
  const draw = random(17);
  const scores = (n: number): Float64Array => Float64Array.from({ length: n }, () => draw.exponential());
  return coverageFigure([0.5, 0.8, 0.9, 0.95, 0.99].flatMap((promised) => [19, 199].map((n) => {
    const inside = Array.from({ length: 400 }, () => {
      const { threshold } = splitThreshold(scores(n), { alpha: Number((1 - promised).toFixed(2)) });
      return scores(25).filter((score) => score <= threshold).length;
    }).reduce((sum, each) => sum + each, 0);
    return { name: `${String(promised * 100)} % from ${String(n)}`, promised, inside, n: 10_000 };
  })), { title: 'Split-conformal thresholds from 19 and from 199 exponential scores' });
}

const LOOKS = 400;

/** Upper limits after every trial, at a true rate of 5 %. */
function rateLimits(): Figure {
  const draw = random(23);
  let failures = 0;
  const counts = Array.from({ length: LOOKS }, () => (failures += draw.uniform() < 0.05 ? 1 : 0));
  const after = (limit: (k: number, n: number) => number): readonly number[] => counts.map((k, i) => limit(k, i + 1));
  return detectorFigure({
    title: 'Upper 95 % limits of a rate of 5 %, after every trial',
    statistics: [
      { name: 'confidence sequence: holds at every look', values: after((k, n) => betaBinomialLimits(k, n, { alpha: 0.05, side: 'upper' }).upper), threshold: null },
      { name: 'Clopper-Pearson: holds at one look', values: after((k, n) => clopperPearson(k, n, 0.95, 'upper').upper), threshold: null },
    ],
    alarms: null,
    unit: 'failures a trial',
    observation: 'trial',
  });
}

/** Limits on the risk of 20 equally weighted rules, and of the best of them. */
function pacBayes(): Figure {
  const rules = 20;
  const prior = Array.from({ length: rules }, () => 1 / rules);
  const observed = (n: number, rule: number): number => Math.round(n * (0.04 + 0.004 * rule)) / n;
  const at = (limit: (n: number) => number): readonly number[] => Array.from({ length: 50 }, (_, i) => limit(20 * (i + 1)));
  return detectorFigure({
    title: 'Upper 95 % limits on the risk of 20 rules, every 20 trials',
    statistics: [
      { name: 'PAC-Bayes-kl, all rules alike', values: at((n) => pacBayesKl({ empirical: prior.map((_, rule) => observed(n, rule)), prior, posterior: prior, n, delta: 0.05 }).upper), threshold: null },
      { name: 'Clopper-Pearson at delta / 20, the best rule', values: at((n) => clopperPearson(Math.round(observed(n, 0) * n), n, 1 - 0.05 / rules, 'upper').upper), threshold: null },
    ],
    alarms: null,
    unit: 'risk',
    observation: 'look',
  });
}

function conformalDriftFigure(): Figure {
  const draw = random(3);
  const scores = Array.from({ length: 240 }, (_, i) => draw.normal() + (i >= 150 ? 2 : 0));
  const outs = [...scan(conformalMartingale({ bet: { kind: 'jumper' }, alpha: 0.01 }), onlinePValues(scores, random(4)))].map(({ out }) => out);
  const index = outs.at(-1)?.alarmIndex ?? null;
  return detectorFigure({
    title: 'Capital of a bettor against exchangeability; scores rise by 2 sd at 150',
    statistics: [{ name: 'jumper', values: outs.map(({ logEValue }) => logEValue), threshold: Math.log(100) }],
    alarms: index === null ? [] : [{ index }],
    unit: 'log capital, nats',
    promise: 'chance of any false alarm at most 1 %',
  });
}

function tracker(): Figure {
  const draw = random(31);
  const scores = Array.from({ length: 500 }, (_, i) => Math.min(1, (i >= 250 ? 0.35 : 0.1) * draw.exponential()));
  const steps = [...scan(quantileTracker({ alpha: 0.1, eta: 0.05 }), scores)].map(({ out }) => out);
  return detectorFigure({
    title: 'A quantile tracker follows a shift at 250: no alarm, and none meant',
    statistics: [{ name: 'threshold', values: steps.map(({ threshold }) => threshold), threshold: null }, { name: 'scores', values: scores, threshold: null }],
    alarms: null,
    unit: 'score',
    promise: 'one score in ten is above, in the long run, on every sequence',
  });
}

function envelope(): Figure {
  const draw = random(41);
  const values = (n: number, factor: number): Float64Array => Float64Array.from({ length: n }, () => factor * 50 * draw.exponential());
  const groups = ['exec', 'http', 'read', 'write'];
  const fitted = fitEnvelope(groups.map((key) => [key, values(199, 1)] as const), { measure: 'latency', unit: 'ms', alpha: 0.1 });
  const check = checkEnvelope(fitted, groups.map((key) => [key, values(150, key === 'http' ? 3 : 1)] as const), { alpha: 0.05 });
  return envelopeCoverageFigure(check, fitted);
}

function latencies(): Figure {
  const draw = random(43);
  const rows = [['exec', 180, 0.9], ['http', 90, 0.6], ['read', 4, 0.5], ['write', 9, 0.4]] as const;
  return distributionFigure({
    title: 'Latency by capability, seeded data',
    measure: 'latency',
    unit: 'ms',
    level: 0.95,
    rows: rows.map(([name, typical, spread]) => distributionRow(name, Float64Array.from({ length: 300 }, () => typical * Math.exp(spread * draw.normal())))),
  });
}

function regimes(): Figure {
  const draw = random(47);
  const values = Float64Array.from({ length: 240 }, (_, i) => (i < 90 ? 40 : i < 170 ? 55 : 47) + 5 * draw.normal());
  const { changes } = segment(values);
  const ends = [0, ...changes, values.length];
  return segmentationFigure({
    title: 'A series cut where its mean changes (true changes at 90 and 170)',
    label: 'latency (ms)',
    values,
    regimes: ends.slice(0, -1).map((from, i) => {
      const to = (ends[i + 1] ?? 0) - 1;
      return { from, to, level: regimeLevel('gaussian', values.subarray(from, to + 1), 0.95) };
    }),
    changes: changes.map((index) => ({ index, lower: null, upper: null, probability: null })),
  });
}

/** Figures of laws and limits over seeded data, by the name of their file. */
export function lawFigures(): readonly (readonly [string, Figure])[] {
  return [
    ['coverage', coverage()],
    ['rate-limits', rateLimits()],
    ['pac-bayes', pacBayes()],
    ['conformal-drift', conformalDriftFigure()],
    ['tracker', tracker()],
    ['envelope', envelope()],
    ['latencies', latencies()],
    ['segmentation', regimes()],
  ];
}
