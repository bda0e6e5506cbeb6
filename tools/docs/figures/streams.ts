import { cusum, designCusum, designEDetector, designEwma, designFocus, eDetector, ewma, focus, PI_REGIME_TIERS, piCusum, random, scan, selfStartingCusum } from '../../../src/index.js';
import { detectorFigure, type AlarmMark, type Figure, type StatisticTrace } from '../../../src/plot/index.js';

/** Seeded normal observations whose mean rises by `shift` at `change`. */
function shifted(n: number, change: number, shift: number, seed: number): Float64Array {
  const draw = random(seed);
  return Float64Array.from({ length: n }, (_, i) => draw.normal() + (i >= change ? shift : 0));
}

interface Sums {
  readonly up: number;
  readonly down: number;
  readonly alarm: AlarmMark | null;
}

/** Both sums of a CUSUM and its first alarm. */
function sums(outs: readonly Sums[], threshold: number): { readonly statistics: readonly StatisticTrace[]; readonly alarms: readonly AlarmMark[] } {
  const first = outs.findIndex(({ alarm }) => alarm !== null);
  const shown = first < 0 ? outs : outs.slice(0, first + 1);
  return {
    statistics: [{ name: 'up', values: shown.map(({ up }) => up), threshold }, { name: 'down', values: shown.map(({ down }) => down), threshold }],
    alarms: shown.flatMap(({ alarm }) => alarm ?? []),
  };
}

const PROMISE = 'one false alarm in 1,000 observations in the mean';
const family = { kind: 'gaussian', mean: 0, sd: 1, shift: 1 } as const;
const { threshold } = designCusum({ family, target: { arl0: 1000 } });

function cusumFigure(): Figure {
  const outs = [...scan(cusum({ family, threshold }), shifted(160, 120, 1, 2))].map(({ out }) => out);
  return detectorFigure({ title: 'CUSUM for a shift by one sd; the mean rises at 120', ...sums(outs, threshold.up), unit: 'sd', promise: PROMISE });
}

function selfStartingFigure(): Figure {
  const outs = [...scan(selfStartingCusum({ shift: 1, threshold: threshold.up }), shifted(160, 110, 1.2, 5))].map(({ out }) => out);
  return detectorFigure({ title: 'Self-starting CUSUM without a baseline; the mean rises at 110', ...sums(outs, threshold.up), unit: 'sd', promise: PROMISE });
}

function eDetectorFigure(): Figure {
  const { alpha, threshold: limit } = designEDetector({ arl0: 1000 });
  const draw = random(11);
  const failures = Array.from({ length: 300 }, (_, i) => (draw.uniform() < (i >= 220 ? 0.12 : 0.02) ? 1 : 0));
  const outs = [...scan(eDetector({ family: { kind: 'bernoulli', p0: 0.02, alternatives: [0.08, 0.2] }, alpha, afterAlarm: 'latch' }), failures)].map(({ out }) => out);
  const first = outs.findIndex(({ alarm }) => alarm !== null);
  const shown = first < 0 ? outs : outs.slice(0, first + 1);
  return detectorFigure({
    title: 'e-SR on failures; their chance rises from 2 % to 12 % at 220',
    statistics: [{ name: 'e-SR', values: shown.map(({ logStatistic }) => logStatistic), threshold: Math.log(limit) }],
    alarms: shown.flatMap(({ alarm }) => alarm ?? []),
    unit: 'log e-value, nats',
    promise: 'one false alarm in at least 1,000 observations in the mean',
  });
}

function glrFigure(): Figure {
  const law = { kind: 'gaussian', mean: 0, sd: 1 } as const;
  const { threshold: limit } = designFocus({ family: law, target: { arl0: 500 }, seed: 1, repetitions: 200 });
  const outs = [...scan(focus({ family: law, threshold: limit, afterAlarm: 'latch' }), shifted(160, 130, 1.5, 3))].map(({ out }) => out);
  const first = outs.findIndex(({ alarm }) => alarm !== null);
  const shown = outs.slice(0, first < 0 ? outs.length : first + 1);
  return detectorFigure({
    title: 'GLR for a change of unknown size; the mean rises by 1.5 sd at 130',
    statistics: [{ name: 'GLR', values: shown.map(({ statistic }) => statistic), threshold: limit }],
    alarms: shown.flatMap(({ alarm }) => alarm ?? []),
    unit: 'log-likelihood ratio, nats',
    promise: 'one false alarm in 500 observations in the mean, by simulation',
  });
}

function ewmaFigure(): Figure {
  const { limit } = designEwma({ weight: 0.2, arl0: 1000 });
  const outs = [...scan(ewma({ mean: 0, sd: 1, weight: 0.2, limit }), shifted(160, 120, 1, 2))].map(({ out }) => out);
  const first = outs.findIndex(({ alarm }) => alarm);
  return detectorFigure({
    title: 'EWMA (weight 0.2) on the stream of the CUSUM figure; the mean rises at 120',
    statistics: [{ name: 'average', values: outs.slice(0, first < 0 ? outs.length : first + 1).map(({ average }) => average), threshold: limit * Math.sqrt(0.2 / 1.8) }],
    alarms: first < 0 ? [] : [{ index: first }],
    unit: 'sd; the limit as it is after many observations',
    promise: PROMISE,
  });
}

/** The host's CUSUM over a stream in which nothing changes. */
function hostFigure(): Figure {
  const draw = random(9);
  const clean = Array.from({ length: 400 }, () => 100 + 10 * draw.normal());
  const { k, h } = PI_REGIME_TIERS.balanced.cusum;
  const steps = [...scan(piCusum({ k, h }), clean)];
  return detectorFigure({
    title: "The host's CUSUM on a stream in which nothing changes",
    statistics: [
      { name: 'up', values: steps.map(({ state: { state } }) => state.high), threshold: h },
      { name: 'down', values: steps.map(({ state: { state } }) => state.low), threshold: h },
    ],
    alarms: steps.flatMap(({ out }, index) => (out ? [{ index }] : [])),
    unit: "the host's",
    promise: 'nothing promised',
  });
}

/** Figures of detectors over seeded streams, by the name of their file. */
export function streamFigures(): readonly (readonly [string, Figure])[] {
  return [
    ['cusum', cusumFigure()],
    ['self-starting', selfStartingFigure()],
    ['e-detector', eDetectorFigure()],
    ['glr', glrFigure()],
    ['ewma', ewmaFigure()],
    ['host-cusum', hostFigure()],
  ];
}
