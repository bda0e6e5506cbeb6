import type { Detector } from '../../detector.js';
import { InputError } from '../../errors.js';
import { fma } from '../../stats/fma.js';
import { finite, integerIn } from '../../stats/sample.js';

/** Settings of the host's budget tuner, by the names of its configuration. */
export type PiOcoConfig = {
  /** Whether the budget controller makes a tuner; the tuner itself does not look at it. */
  readonly enabled: boolean;
  readonly learning_rate: number;
  readonly min_queue_budget: number;
  readonly max_queue_budget: number;
  readonly min_batch_budget: number;
  readonly max_batch_budget: number;
  readonly min_time_slice_ms: number;
  readonly max_time_slice_ms: number;
  readonly initial_queue_budget: number;
  readonly initial_batch_budget: number;
  readonly initial_time_slice_ms: number;
  /** A loss above it puts all budgets back to where they started. */
  readonly rollback_loss_threshold: number;
};

type Range = readonly [min: number, max: number, initial: number];

function tier([rate, rollback]: readonly [number, number], queue: Range, batch: Range, slice: Range): PiOcoConfig {
  return {
    enabled: true,
    learning_rate: rate,
    min_queue_budget: queue[0],
    max_queue_budget: queue[1],
    min_batch_budget: batch[0],
    max_batch_budget: batch[1],
    min_time_slice_ms: slice[0],
    max_time_slice_ms: slice[1],
    initial_queue_budget: queue[2],
    initial_batch_budget: batch[2],
    initial_time_slice_ms: slice[2],
    rollback_loss_threshold: rollback,
  };
}

/** The host's three tiers. */
export const PI_OCO_TIERS: { readonly [tier in 'strict' | 'balanced' | 'throughput']: PiOcoConfig } = {
  strict: tier([0.1, 1.35], [2, 16, 4], [1, 8, 2], [2, 12, 4]),
  balanced: tier([0.08, 1.45], [4, 32, 8], [2, 16, 4], [4, 20, 8]),
  throughput: tier([0.06, 1.6], [8, 64, 16], [4, 32, 8], [6, 32, 12]),
};

/** What the tuner is told of a round. */
export interface PiOcoUpdate {
  readonly overloaded: boolean;
  /** Calls waiting, and how many may; null or left out where the host did not know. */
  readonly queueDepth?: number | null;
  readonly queueCapacity?: number | null;
}

/** State of the host's tuner: its budgets and what it counts. */
export type PiOcoState = {
  readonly queueBudget: number;
  readonly batchBudget: number;
  readonly timeSliceMs: number;
  readonly cumulativeLoss: number;
  readonly cumulativeRegret: number;
  readonly rounds: number;
  readonly guardrailRollbacks: number;
};

/** One round of the host's tuner. */
export interface PiOcoStep {
  readonly loss: number;
  readonly rolledBack: boolean;
}

/** The three budgets alone. */
type Budgets = Pick<PiOcoState, 'queueBudget' | 'batchBudget' | 'timeSliceMs'>;

const LIMITS = {
  queueBudget: ['min_queue_budget', 'max_queue_budget', 'initial_queue_budget'],
  batchBudget: ['min_batch_budget', 'max_batch_budget', 'initial_batch_budget'],
  timeSliceMs: ['min_time_slice_ms', 'max_time_slice_ms', 'initial_time_slice_ms'],
} as const;

function bounded(name: keyof Budgets, x: number, config: PiOcoConfig): number {
  const [min, max] = LIMITS[name];
  return Math.min(Math.max(x, config[min]), config[max]);
}

function initialBudgets(config: PiOcoConfig): Budgets {
  const at = (name: keyof Budgets): number => bounded(name, config[LIMITS[name][2]], config);
  return { queueBudget: at('queueBudget'), batchBudget: at('batchBudget'), timeSliceMs: at('timeSliceMs') };
}

function checked(config: PiOcoConfig): PiOcoConfig {
  const { enabled, ...numbers } = config;
  for (const [name, value] of Object.entries(numbers)) finite(value, name);
  for (const [min, max] of Object.values(LIMITS)) {
    if (config[min] > config[max]) {
      throw new InputError('BAD_PARAM', `${min} must be at most ${max}, got ${String(config[min])} and ${String(config[max])}`);
    }
  }
  return { enabled, ...numbers };
}

/** How full the queue is, 0 where the host did not know; above 1 where more wait than may. */
function fullness({ queueDepth, queueCapacity }: PiOcoUpdate): number {
  const count = (x: number, name: string): number => integerIn(x, 0, Number.MAX_SAFE_INTEGER, name);
  if (queueDepth === undefined || queueDepth === null || queueCapacity === undefined || queueCapacity === null) return 0;
  const [depth, capacity] = [count(queueDepth, 'queueDepth'), count(queueCapacity, 'queueCapacity')];
  return capacity > 0 ? depth / capacity : 0;
}

/** Loss of a round, the loss it is compared with, and the gradient by budget. */
interface Round extends Budgets {
  readonly loss: number;
  readonly baseline: number;
}

function roundOf(overloaded: boolean, u: number): Round {
  return overloaded
    ? { loss: Math.min(Math.max(1 + u, 1), 2), baseline: 1, queueBudget: -(1 + u), batchBudget: -0.75, timeSliceMs: -0.5 - u * 0.25 }
    : { loss: 0.15 + u * 0.35, baseline: 0.2, queueBudget: 0.3 + u * 0.2, batchBudget: 0.25, timeSliceMs: 0.2 };
}

/**
 * The host's own budget tuner, called online convex optimisation by it. For replaying what the host did.
 *
 * @param config - a tier of {@link PI_OCO_TIERS}, or settings of one's own, taken as they are
 * @returns a detector of rounds; its state holds the budgets
 * @throws {@link InputError} NOT_FINITE for a setting; BAD_PARAM where a least budget is above its largest, and on a step
 * for a depth or capacity that is no integer of at least 0
 * @remarks No guarantee, and no regret bound: the gradients are constants that look at no budget, and an overload
 * **raises** all three. O(1).
 * @see Zinkevich (2003), ICML 20, 928-936, for the method it departs from.
 * @example
 * ```ts
 * const [round] = [...scan(piOco(PI_OCO_TIERS.balanced), [{ overloaded: true }])];
 * round.state.state.queueBudget > 8; // => true
 * ```
 */
export function piOco(config: PiOcoConfig): Detector<PiOcoUpdate, PiOcoState, PiOcoStep> {
  const params = checked(config);
  const initial = initialBudgets(params);
  return {
    kind: 'pi-oco',
    version: 1,
    params,
    init: () => ({ ...initial, cumulativeLoss: 0, cumulativeRegret: 0, rounds: 0, guardrailRollbacks: 0 }),
    step(state, update) {
      const round = roundOf(update.overloaded, fullness(update));
      const rolledBack = round.loss > params.rollback_loss_threshold;
      const moved = (name: keyof Budgets): number => bounded(name, fma(params.learning_rate, -round[name], state[name]), params);
      const budgets = rolledBack ? initial : { queueBudget: moved('queueBudget'), batchBudget: moved('batchBudget'), timeSliceMs: moved('timeSliceMs') };
      const after: PiOcoState = {
        ...budgets,
        cumulativeLoss: state.cumulativeLoss + round.loss,
        cumulativeRegret: state.cumulativeRegret + Math.max(round.loss - round.baseline, 0),
        rounds: state.rounds + 1,
        guardrailRollbacks: state.guardrailRollbacks + (rolledBack ? 1 : 0),
      };
      return { state: after, out: { loss: round.loss, rolledBack } };
    },
  };
}

/**
 * The number of overload signals that the host takes for an overload, as its tuner bends it.
 *
 * @param budgets - the tuner's state
 * @param base - signals before bending; counts as at least 1
 * @returns an integer of at least 1
 * @remarks Every tier starts with half as much batch as queue, so that a base of 3 acts as 2 and one of 5 as 3. O(1).
 * @example
 * ```ts
 * piAdaptiveThreshold(piOco(PI_OCO_TIERS.balanced).init(), 3); // => 2
 * ```
 */
export function piAdaptiveThreshold({ batchBudget, queueBudget }: PiOcoState, base: number): number {
  const factor = queueBudget > 0 ? Math.min(Math.max(batchBudget / queueBudget, 0.5), 1.5) : 1;
  return Math.max(Math.round(Math.max(base, 1) * factor), 1);
}
