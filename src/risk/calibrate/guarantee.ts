import type { CalibrationMethod, ClassCounts, Guarantee, PerRate } from './calibrated-threshold.js';
import type { Choice } from './choose.js';
import { percentText } from './level.js';
import type { RateTargets } from './ltt-threshold.js';

/** What a promise is made of. */
export interface PromiseParts {
  readonly method: CalibrationMethod;
  readonly targets: RateTargets;
  readonly choice: Choice;
  readonly circular: boolean;
  readonly leastProbability: number | null;
  /** Calls used, and the sessions they come from where those are known. */
  readonly used: ClassCounts;
  readonly sessions: ClassCounts | null;
}

function ratesText({ miss, falseAlarm }: PerRate): string {
  const parts = [
    ...(miss === null ? [] : [`at most ${percentText(miss)} of unsafe calls pass`]),
    ...(falseAlarm === null ? [] : [`at most ${percentText(falseAlarm)} of safe calls are flagged`]),
  ];
  return parts.join(' and ');
}

/** Methods that promise nothing, in their own words. */
const EMPTY: Readonly<Partial<Record<CalibrationMethod, string>>> = {
  cost: 'none: it is the cheapest threshold on these very calls; on new ones expect to pay more',
  host: "none: the host's grid promises nothing, and with the controller's own labels it returns the threshold in force",
};

function statementOf({ method, targets, choice, circular }: PromiseParts): string {
  const empty = EMPTY[method];
  if (empty !== undefined) return empty;
  if (choice.threshold === null) return `none: there is no threshold that would promise that ${ratesText(targets)}`;
  const promise = method === 'crc'
    ? `on average over draws of labelled calls ${ratesText(targets)}; for the labels at hand nothing is promised`
    : `with ${percentText(1 - targets.delta)} confidence ${ratesText(targets)}`;
  return circular ? `none about safety: "unsafe" is what the controller itself decided, and by that measure ${promise}` : promise;
}

function assumptionsOf({ method, targets, leastProbability }: PromiseParts): string[] {
  if (method in EMPTY) return [];
  const classes = [...(targets.miss === null ? [] : ['unsafe']), ...(targets.falseAlarm === null ? [] : ['safe'])].join(' and ');
  return [
    `the labelled ${classes} calls are independent draws of the ${classes} calls to come`,
    'the labels are right, and the score is computed as it was',
    leastProbability === null
      ? 'which calls were labelled does not hang on their score: where only flagged calls were looked at, give each call\'s chance of review'
      : `every call's chance of being labelled is known and at least ${String(Number(leastProbability.toPrecision(4)))}`,
  ];
}

function doubtsOf({ method, targets, used, sessions, circular }: PromiseParts): string[] {
  const doubts = circular ? ['the labels are the controller\'s own decisions: circular, they cannot show that a decision was wrong'] : [];
  if (sessions === null || method in EMPTY) return doubts;
  for (const [of, what] of [[targets.miss, 'unsafe'], [targets.falseAlarm, 'safe']] as const) {
    const [calls, from] = [used[what], sessions[what]];
    if (of !== null && from < calls) doubts.push(`the ${String(calls)} ${what} calls come from ${String(from)} ${from === 1 ? 'session' : 'sessions'}: calls of a session are alike, and count for less than as many independent ones`);
  }
  return doubts;
}

/** The promise of a choice, downgraded where its labels or its data do not bear it. */
export function guaranteeOf(parts: PromiseParts): Guarantee {
  const { method, targets, choice, circular } = parts;
  const { miss, falseAlarm, delta } = targets;
  return {
    statement: statementOf(parts),
    alpha: method in EMPTY ? { miss: null, falseAlarm: null } : { miss, falseAlarm },
    delta: method === 'np' || method === 'ltt' ? delta : null,
    attainedDelta: choice.attainedDelta,
    holds: circular ? 'none' : choice.holds,
    assumes: assumptionsOf(parts),
    doubts: doubtsOf(parts),
  };
}
