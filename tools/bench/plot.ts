import { type CalibrationRefusal, random, sweepThresholds, type ThresholdSweep } from '../../src/index.js';
import { drawPng } from '../../src/app/plot-png.js';
import { costFigure, detectorFigure, distributionFigure, distributionRow, drawSvg, type Figure, rocFigure, segmentationFigure, timelineFigure } from '../../src/plot/index.js';

// `npm run bench -- plot`: figures of a million points, from typed arrays to SVG, beside the limit of two seconds; then
// the PNG of each.

const LIMIT_SECONDS = 2;

function swept(scores: Float64Array, unsafe: Uint8Array): ThresholdSweep {
  const sweep: ThresholdSweep | CalibrationRefusal = sweepThresholds(scores, unsafe, { falsePositive: 1, falseNegative: 3 });
  if (sweep.kind === 'refusal') throw new Error(sweep.reason);
  return sweep;
}

function works(n: number): Readonly<Record<string, () => Figure>> {
  const source = random(20260101);
  const xs = Float64Array.from({ length: n }, () => source.exponential());
  const unsafe = Uint8Array.from(xs, (x) => (source.uniform() * 8 < x ? 1 : 0));
  const action = Uint8Array.from(xs, (x) => (x > 6 ? 2 : x > 3 ? 1 : 0));
  const alarms = Array.from({ length: n / 100 }, (_, i) => ({ index: 100 * i, changeIndex: Math.max(0, 100 * i - 20) }));
  const mismatches = Array.from({ length: n / 10 }, (_, i) => ({ index: 10 * i, field: 'posterior.unsafe' }));
  const sweep = swept(xs, unsafe);
  return {
    'detector trace, 1 alarm in 100': () => detectorFigure({ title: 'CUSUM', statistics: [{ name: 'up', values: xs, threshold: 10 }], alarms, unit: 'sd' }),
    'distribution, from raw values': () => distributionFigure({ title: 'Latency', measure: 'latency', unit: 'ms', level: 0.95, rows: [distributionRow('read', xs)] }),
    'ROC with its band': () => rocFigure(sweep),
    'cost with its band': () => costFigure(sweep, { costs: { falsePositive: 1, falseNegative: 3 } }),
    'series and regimes': () => segmentationFigure({ title: 'Regimes', label: 'ms', values: xs, regimes: [{ from: 0, to: n - 1, level: { mean: 1, lower: 0.99, upper: 1.01 } }], changes: [] }),
    'timeline, 1 mismatch in 10': () => timelineFigure({ title: 'Decisions', columns: { count: n, tsMs: xs, riskScore: xs, action }, mismatches }),
  };
}

/** Prints seconds from a million points to SVG, and on to PNG, figure by figure; the best of three. */
export function benchPlot(quick: boolean): void {
  const n = quick ? 100_000 : 1_000_000;
  console.log(`\nfigures of ${n.toLocaleString('en')} points\n${'figure'.padEnd(34)}  to SVG   limit     SVG  to PNG`);
  for (const [name, work] of Object.entries(works(n))) {
    const runs = Array.from({ length: quick ? 1 : 3 }, () => {
      const start = performance.now();
      const figure = work();
      const svg = drawSvg(figure);
      const drawn = performance.now();
      drawPng(figure);
      return { svgSeconds: (drawn - start) / 1000, pngSeconds: (performance.now() - drawn) / 1000, bytes: svg.length };
    }).sort((a, b) => a.svgSeconds - b.svgSeconds);
    const [best] = runs;
    if (best === undefined) continue;
    const cells = [`${best.svgSeconds.toFixed(2)} s`, `${String(LIMIT_SECONDS)} s`, `${(best.bytes / 1000).toFixed(0)} kB`, `${best.pngSeconds.toFixed(2)} s`];
    console.log(`${name.padEnd(34)} ${cells.map((cell) => cell.padStart(7)).join(' ')}`);
    if (!quick && best.svgSeconds > LIMIT_SECONDS) process.exitCode = 1;
  }
}
