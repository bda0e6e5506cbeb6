import type { Sample } from './promise.js';
import type { DetectSettings } from './settings.js';
import { short } from '../calibrate/page.js';

/** Moments of a sample that tell whether it looks like its family. */
interface Shape {
  readonly mean: number;
  readonly sd: number;
  /** Correlation of neighbours. */
  readonly neighbours: number;
  readonly excessKurtosis: number;
}

function shapeOf(values: readonly number[]): Shape {
  const m = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / m;
  const power = (k: number): number => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / m;
  const variance = power(2);
  const products = values.reduce((sum, x, i) => (i === 0 ? 0 : sum + (x - mean) * ((values[i - 1] ?? mean) - mean)), 0) / m;
  return { mean, sd: Math.sqrt(variance), neighbours: products / variance, excessKurtosis: power(4) / (variance * variance) - 3 };
}

/** Waits shorter than this are coarse beside a millisecond. */
const COARSE_MS = 20;

/** What rounding to whole milliseconds does to waits. */
export interface Rounding {
  readonly count: number;
  readonly zeros: number;
  readonly sum: number;
  /** Whether every wait is a whole number. */
  readonly whole: boolean;
}

/** How the note on rounding begins. */
export const COARSE_WORDS = 'Waits are whole numbers and short';

/** Says that waits are too coarse to be exponential; null where they are not. */
export function roundingNote({ count, zeros, sum, whole }: Rounding): string | null {
  const mean = sum / count;
  if (count < 5 || !whole || !(mean < COARSE_MS || zeros > 0.05 * count)) return null;
  return `${COARSE_WORDS} (mean ${short(mean, 3)}, ${String(Math.round((100 * zeros) / count))} % of them 0): rounding breaks the exponential assumption, and the promise with it.`;
}

interface Symptom {
  readonly of: (settings: DetectSettings, sample: Sample) => boolean;
  readonly note: (shape: Shape, m: number) => string | null;
}

/** Whether a figure of m observations is more than three standard errors from 0. */
function beyond(distance: number, scale: number, m: number): boolean {
  return Math.abs(distance) > (3 * scale) / Math.sqrt(m);
}

/** Standard errors are those of independent observations of the family. */
const SYMPTOMS: readonly Symptom[] = [
  {
    of: ({ family }) => family === 'exponential',
    note: ({ mean, sd }, m) => (beyond(sd / mean - 1, 1, m) ? `The approved waits vary ${sd > mean ? 'more' : 'less'} than exponential ones (sd ${short(sd / mean, 3)} times the mean, not 1): expect ${sd > mean ? 'more' : 'fewer'} false alarms than promised.` : null),
  },
  {
    of: ({ family }) => family === 'gaussian',
    note: ({ excessKurtosis }, m) => (excessKurtosis > 0 && beyond(excessKurtosis, Math.sqrt(24), m) ? `The approved values have heavier tails than Gaussian ones (excess kurtosis ${short(excessKurtosis, 3)}): expect more false alarms than promised.` : null),
  },
  {
    of: (_settings, { ordered }) => ordered,
    note: ({ neighbours }, m) => (beyond(neighbours, 1, m) ? `Neighbouring approved observations hang together (correlation ${short(neighbours, 2)}); independence is assumed: expect ${neighbours > 0 ? 'more' : 'fewer'} false alarms than promised.` : null),
  },
];

/** Fewer than this tell nothing of a shape. */
const FEWEST = 20;

/** Ways in which approved observations do not look as the promise assumes, each beyond three standard errors. */
export function sampleNotes(settings: DetectSettings, sample: Sample): readonly string[] {
  const { values } = sample;
  const m = values.length;
  if (m < FEWEST) return [];
  const shape = shapeOf(values);
  const notes = SYMPTOMS.filter(({ of }) => of(settings, sample)).map(({ note }) => note(shape, m));
  const waits = settings.stream === 'interval' && settings.family === 'exponential';
  const coarse = waits ? roundingNote({ count: m, zeros: values.filter((x) => x === 0).length, sum: shape.mean * m, whole: values.every(Number.isInteger) }) : null;
  return [...notes, coarse].filter((note) => note !== null);
}
