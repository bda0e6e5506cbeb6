import { InputError } from '../../../errors.js';
import type { ConjugateModel } from '../../../risk/regime/conjugate.js';
import { conjugateDefault, seriesModel } from '../../../risk/regime/conjugate-default.js';
import { hazardByEvidence } from '../../../risk/regime/bocpd-evidence.js';
import type { SegmentCost } from '../../../risk/regime/costs.js';
import type { Hazard } from '../../../risk/regime/hazard.js';
import { defaultPenalty, independentPenalty } from '../../../risk/regime/penalty.js';
import type { LevelFamily } from '../../../risk/regime/regime-level.js';
import { median } from '../../../stats/robust.js';
import type { StreamKind } from '../../series/record.js';
import { usageError } from '../exit.js';

/** What `--cost` takes. */
export const COSTS = ['mean', 'mean-variance', 'exponential', 'bernoulli', 'poisson', 'categorical'] as const;

/** One of {@link COSTS}. */
export type CostName = (typeof COSTS)[number];

/** The cost that fits what a stream holds. */
const COST_OF: Readonly<Record<StreamKind, CostName>> = {
  interval: 'exponential', error: 'bernoulli', latency: 'mean', score: 'mean', bytes: 'mean', value: 'mean', capability: 'categorical',
};

const FAMILY_OF: Readonly<Record<CostName, LevelFamily | 'categorical'>> = {
  mean: 'gaussian', 'mean-variance': 'gaussian', exponential: 'exponential', bernoulli: 'bernoulli', poisson: 'poisson', categorical: 'categorical',
};

/** A mean from fewer waits, outcomes or counts is hardly known: at 90 % within a factor of 3 for five waits. */
const SHORTEST: Readonly<Record<CostName, number>> = { mean: 2, 'mean-variance': 3, exponential: 5, bernoulli: 5, poisson: 5, categorical: 5 };

/** What the command line says about a segmentation. */
export interface PlanOptions {
  readonly cost?: CostName;
  readonly penalty: number | 'auto';
  readonly shortest?: number;
  readonly hazardLambda: number | 'evidence' | 'length';
}

/** Places at which PELT tries a change: at worst it takes their square. */
const PLACES = 20_000;

/** Numbers of a stream, categories as indices into `names`. */
export interface StreamNumbers {
  readonly xs: readonly number[];
  /** The approved values of the same stream; null where none are given. */
  readonly baseline: readonly number[] | null;
  /** Names of categories; null for numbers. */
  readonly names: readonly string[] | null;
}

/** How a stream is segmented, and how each figure was come by. */
export interface Plan {
  readonly family: LevelFamily | 'categorical';
  readonly cost: SegmentCost;
  readonly penalty: { readonly value: number; readonly how: string };
  readonly shortest: number;
  /** Changes are looked for at every so many observations first. */
  readonly every: number;
  readonly model: ConjugateModel;
  readonly priorFrom: string;
  readonly hazard: Extract<Hazard, { readonly type: 'constant' }>;
  readonly hazardHow: string;
}

/** The cost asked for, or that of the stream. */
export function costNameOf(kind: StreamKind, asked: CostName | undefined): CostName {
  if (asked !== undefined && (asked === 'categorical') !== (kind === 'capability')) throw usageError(`--cost ${asked} does not go with --stream ${kind}`);
  return asked ?? COST_OF[kind];
}

/** Fewest observations of a segment. */
export function shortestFor(cost: CostName, asked: number | undefined): number {
  return asked ?? SHORTEST[cost];
}

/**
 * Chooses cost, penalty, prior and hazard of a stream that is not constant.
 *
 * @throws {@link InputError} BAD_PARAM where the baseline has no scale
 */
export function planOf(name: CostName, numbers: StreamNumbers, options: PlanOptions): Plan {
  const { xs, baseline } = numbers;
  const source = baseline ?? xs;
  checkValues(name, xs, 'the series');
  checkValues(name, source, 'the approved data');
  const cost = costOf(name, numbers);
  const model = modelOf(name, numbers, source);
  return {
    family: FAMILY_OF[name],
    cost,
    penalty: penaltyOf(cost, numbers, options.penalty),
    shortest: shortestFor(name, options.shortest),
    every: Math.ceil(xs.length / PLACES),
    model,
    priorFrom: baseline === null ? 'the series itself' : `${String(baseline.length)} approved observations`,
    ...hazardOf(model, xs, options.hazardLambda),
  };
}

/** Refuses values that the law asked for cannot have drawn, before anything is fitted to them. */
function checkValues(name: CostName, xs: readonly number[], where: string): void {
  if (name !== 'bernoulli' && name !== 'poisson' && name !== 'exponential') return;
  const [allows, wanted] = { bernoulli: [(x: number) => x === 0 || x === 1, '0 or 1'], poisson: [(x: number) => Number.isSafeInteger(x) && x >= 0, 'whole numbers >= 0'], exponential: [(x: number) => x >= 0, '>= 0'] }[name] as [(x: number) => boolean, string];
  const at = xs.findIndex((x) => !allows(x));
  if (at >= 0) throw new InputError('BAD_PARAM', `--cost ${name} takes values that are ${wanted}; observation ${String(at)} of ${where} is ${String(xs[at])}`);
}

function costOf(name: CostName, { xs, baseline, names }: StreamNumbers): SegmentCost {
  if (name === 'mean') return { cost: name, scale: defaultPenalty(baseline ?? xs).scale };
  if (name === 'categorical') return { cost: name, categories: Math.max(2, names?.length ?? 2) };
  return { cost: name };
}

/** Parameters of a segment, as the cost has them. */
function parametersOf(cost: SegmentCost): number {
  if (cost.cost === 'categorical') return cost.categories - 1;
  return cost.cost === 'mean-variance' ? 2 : 1;
}

function penaltyOf(cost: SegmentCost, { xs, baseline }: StreamNumbers, asked: number | 'auto'): Plan['penalty'] {
  if (asked !== 'auto') return { value: asked, how: 'given' };
  const parameters = parametersOf(cost);
  const base = independentPenalty({ parameters }, xs.length);
  const formula = `${String(parameters + 2)} ln n`;
  if (cost.cost !== 'mean') return { value: base, how: `${formula}, for independent observations` };
  const source = baseline ?? xs;
  const { penalty, autocorrelation } = defaultPenalty(source);
  const dearer = penalty / independentPenalty({ parameters }, source.length);
  return { value: base * dearer, how: dearer > 1.005 ? `${formula}, times ${dearer.toFixed(2)}: the noise has a first autocorrelation of ${autocorrelation.toFixed(2)}` : `${formula}: the noise has no memory` };
}

function modelOf(name: CostName, { names }: StreamNumbers, source: readonly number[]): ConjugateModel {
  switch (name) {
    case 'mean':
      return seriesModel(source).model;
    case 'exponential':
      // Where more than half of the waits are ties of the clock, the mean is the scale that is left.
      return { model: 'gamma-exponential', shape: 1, rate: median(source) || source.reduce((sum, x) => sum + x, 0) / source.length };
    case 'categorical':
      return { model: 'dirichlet-categorical', alpha: sharesOf(source, Math.max(2, names?.length ?? 2)) };
    default: {
      const found = conjugateDefault(name === 'mean-variance' ? 'normal-inverse-gamma' : name === 'bernoulli' ? 'beta-bernoulli' : 'gamma-poisson', source);
      if (!('model' in found)) throw usageError(found.reason);
      return found;
    }
  }
}

/** Shares of categories, half a count added to each, worth half as many observations as there are categories. */
function sharesOf(source: readonly number[], categories: number): readonly number[] {
  const counts = new Float64Array(categories).fill(0.5);
  for (const x of source) counts[x] = (counts[x] ?? 0) + 1;
  return Array.from(counts, (count) => (count * categories) / 2 / (source.length + categories / 2));
}

function hazardOf(model: ConjugateModel, xs: readonly number[], asked: PlanOptions['hazardLambda']): Pick<Plan, 'hazard' | 'hazardHow'> {
  if (typeof asked === 'number') return { hazard: { type: 'constant', lambda: asked }, hazardHow: 'given' };
  if (asked === 'length') return { hazard: { type: 'constant', lambda: Math.max(2, xs.length) }, hazardHow: 'its length: one change expected' };
  const { lambda, tried } = hazardByEvidence({ model }, xs);
  return { hazard: { type: 'constant', lambda }, hazardHow: `the most evidence of ${String(tried.length)} tried, chosen on this very series` };
}
