import { InputError } from '../../errors.js';
import { binomialCdf } from '../../stats/binomial.js';
import type { CalibrationMethod, Guarantee, PerRate } from './calibrated-threshold.js';
import type { Calls } from './calls.js';
import type { ClassCurve } from './class-curve.js';
import { conformalRiskThreshold } from './conformal-risk.js';
import { cheapestThreshold } from './cost-threshold.js';
import { conflict, lttThreshold, type RateTargets } from './ltt-threshold.js';
import { highRank, lowRank, type NeymanPearsonThreshold, type NoThreshold } from './neyman-pearson.js';
import { judgeGrid, type PiCalibrationConfig } from './pi-calibrate.js';
import type { OutcomeCosts } from './sweep.js';

/** What a method is given to choose from. */
export interface Material {
  readonly calls: Calls;
  readonly unsafe: ClassCurve;
  readonly safe: ClassCurve;
  readonly targets: RateTargets;
  /** null where every call had the same chance of being labelled. */
  readonly leastProbability: number | null;
  readonly costs: Required<OutcomeCosts>;
  readonly host: PiCalibrationConfig;
}

/** What a method chose. */
export interface Choice extends Pick<Guarantee, 'holds' | 'attainedDelta'> {
  /** Infinity: flag nothing. null: none, see `reason`. */
  readonly threshold: number | null;
  readonly reason: string | null;
  readonly neededN: PerRate;
}

const NOTHING: PerRate = { miss: null, falseAlarm: null };

function refused({ reason, of, neededN }: NoThreshold): Choice {
  return { threshold: null, reason, neededN: { miss: of === 'unsafe' ? neededN : null, falseAlarm: of === 'safe' ? neededN : null }, holds: 'none', attainedDelta: null };
}

function chosen(threshold: number, holds: Guarantee['holds'], attainedDelta: number | null = null): Choice {
  return { threshold, reason: null, neededN: NOTHING, holds, attainedDelta };
}

const scoresOf = ({ ascending, unscored }: ClassCurve): Float64Array => Float64Array.from([...ascending, ...new Array<number>(unscored).fill(NaN)]);

const tailOf = ({ n, rank, alpha }: NeymanPearsonThreshold): number => binomialCdf(rank - 1, n, alpha);

/** One rate at delta; two at half of it each, which holds however the two errors hang together. */
function byNeymanPearson({ unsafe, safe, targets, leastProbability }: Material): Choice {
  if (leastProbability !== null) throw new InputError('BAD_PARAM', 'method np counts every labelled call alike, and these had unequal chances of being labelled: use method ltt');
  const { miss, falseAlarm, delta } = targets;
  if (miss !== null && falseAlarm !== null) {
    return together(lowRank(scoresOf(unsafe), { alpha: miss, delta: delta / 2 }), highRank(scoresOf(safe), { alpha: falseAlarm, delta: delta / 2 }));
  }
  if (miss !== null) return alone(lowRank(scoresOf(unsafe), { alpha: miss, delta }));
  if (falseAlarm !== null) return alone(highRank(scoresOf(safe), { alpha: falseAlarm, delta }));
  throw new InputError('BAD_PARAM', 'a bound on the miss rate, on the false-alarm rate or on both must be given, got neither');
}

type Answer = NeymanPearsonThreshold | NoThreshold;

const alone = (np: Answer): Choice => (np.kind === 'none' ? refused(np) : chosen(np.threshold, 'exact', tailOf(np)));

function together(low: Answer, high: Answer): Choice {
  if (low.kind === 'none') return refused(low);
  if (high.kind === 'none') return refused(high);
  return low.threshold < high.threshold ? refused(conflict(low.threshold, high.threshold)) : chosen(low.threshold, 'bound', tailOf(low) + tailOf(high));
}

function byTests({ unsafe, safe, targets, leastProbability }: Material): Choice {
  const ltt = lttThreshold(unsafe, safe, targets, leastProbability === null ? {} : { leastProbability });
  if (ltt.kind === 'none') return refused(ltt);
  const { miss, falseAlarm } = targets;
  // With false alarms alone every threshold from the lowest up will do: the lowest catches most.
  const threshold = miss === null ? ltt.lowest : ltt.threshold;
  if (leastProbability !== null || (miss !== null && falseAlarm !== null)) return chosen(threshold, 'bound');
  return chosen(threshold, 'exact', miss === null ? binomialCdf(safe.flagged(threshold), safe.n, falseAlarm ?? NaN) : binomialCdf(unsafe.below(threshold), unsafe.n, miss));
}

function inExpectation({ unsafe, safe, targets, leastProbability }: Material): Choice {
  if (leastProbability !== null) throw new InputError('BAD_PARAM', 'method crc needs calls that had one chance of being labelled: use method ltt');
  const { miss, falseAlarm } = targets;
  if ((miss === null) === (falseAlarm === null)) throw new InputError('BAD_PARAM', 'method crc keeps one rate: give a bound on the miss rate or on the false-alarm rate, not both and not neither');
  const rate = miss === null ? 'falseAlarm' : 'miss';
  const crc = conformalRiskThreshold(miss === null ? safe : unsafe, rate, miss ?? falseAlarm ?? NaN);
  return crc.kind === 'none' ? refused(crc) : chosen(crc.threshold, 'in expectation');
}

function byCost({ unsafe, safe, costs }: Material): Choice {
  const short = ([['unsafe', unsafe], ['safe', safe]] as const).find(([, { n }]) => n === 0);
  if (short === undefined) return chosen(cheapestThreshold(unsafe, safe, costs), 'none');
  const [of] = short;
  return refused({ kind: 'none', reason: `no label says ${of}, so no threshold can be told from another; at least 1 is needed`, of, n: 0, neededN: 1 });
}

function byGrid({ calls, host }: Material): Choice {
  return chosen(judgeGrid(calls.scores, calls.unsafe, host).recommended.threshold, 'none');
}

const METHODS: Readonly<Record<CalibrationMethod, (material: Material) => Choice>> = {
  np: byNeymanPearson, ltt: byTests, crc: inExpectation, cost: byCost, host: byGrid,
};

/** Lets a method choose. */
export function choose(method: CalibrationMethod, material: Material): Choice {
  return METHODS[method](material);
}
