import { RISK_STATES, type RiskState } from '../ledger/entry.js';
import { trialsToExclude } from '../stats/binomial.js';
import { dirichletPosterior, transitionCounts, type Matrix, type TransitionRow } from '../stats/markov.js';
import { stationaryLaw } from '../stats/stationary.js';
import type { Refusal } from './refusal.js';

/** What was seen to follow one state. */
export interface TransitionRowEvidence extends TransitionRow {
  readonly from: RiskState;
}

/** What the data say of the transitions between risk states, beside the host's matrix. */
export interface TransitionEvidence {
  readonly states: readonly RiskState[];
  readonly counts: Matrix;
  /** Dirichlet parameter of each transition. */
  readonly prior: number;
  /** Posterior probability inside each marginal interval, one at a time. */
  readonly level: number;
  /** A row with 0 visits is the prior and nothing else. */
  readonly rows: readonly TransitionRowEvidence[];
  /** Stationary law of the posterior means by state elimination. */
  readonly stationary: readonly number[];
}

/** A transition never seen should at least be known to be rarer than this before a row is relied on. */
const UNSEEN_BOUND = 0.05;

/** Gathers the evidence on the transitions of runs that are never joined. O(n). */
export function transitionEvidence(runs: readonly ArrayLike<number>[], prior: number, level: number): TransitionEvidence {
  const counts = transitionCounts(runs, RISK_STATES.length);
  const posterior = dirichletPosterior(counts, prior, level);
  return {
    states: RISK_STATES,
    counts,
    prior,
    level,
    rows: RISK_STATES.flatMap((from, i) => {
      const row = posterior[i];
      return row === undefined ? [] : [{ from, ...row }];
    }),
    stationary: stationaryLaw(posterior.map((row) => row.mean)).distributions[0] ?? [],
  };
}

/** What cannot be said where no risk states are: `who` has none. */
export function statesRefusal(who: string): Refusal {
  return { what: 'the transitions between risk states', capability: null, n: 0, neededN: null, reason: `${who} has a risk state (risk_state is null): only a risk ledger says it, and a trace made of one` };
}

/** Rows with too few visits to say that an unseen transition is rare, and a stationary law that rests on the prior. */
export function transitionRefusals({ rows, level }: TransitionEvidence): Refusal[] {
  const neededN = trialsToExclude(UNSEEN_BOUND, level);
  const refusals: Refusal[] = rows
    .filter((row) => row.visits < neededN)
    .map(({ from, visits }) => ({
      what: `the transitions from ${from}`,
      capability: null,
      n: visits,
      neededN,
      reason:
        visits === 0
          ? '0 visits: what is shown is the prior'
          : `with fewer visits a transition never seen cannot be said to be rarer than ${String(UNSEEN_BOUND)}`,
    }));
  const unseen = rows.filter((row) => row.visits === 0).map((row) => row.from);
  if (unseen.length > 0) {
    const reason = `never left: ${unseen.join(', ')}; there the law rests on the prior`;
    refusals.push({ what: 'the stationary law of the risk states', capability: null, n: 0, neededN: 1, reason });
  }
  return refusals;
}
