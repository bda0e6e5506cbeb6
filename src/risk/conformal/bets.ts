import { InputError } from '../../errors.js';
import { gammaIncLower } from '../../stats/gamma-inc.js';
import { logGamma } from '../../stats/gamma.js';
import { insideUnit } from '../../stats/sample.js';

/** How to bet against p-values being uniform. */
export type ConformalBet =
  /** epsilon p^(epsilon - 1), epsilon in (0, 1): on small p-values, the more so the smaller epsilon. */
  | { readonly kind: 'power'; readonly epsilon: number }
  /** The average of all power bets. */
  | { readonly kind: 'mixture' }
  /** 1 + e (p - 1/2), e in {-1, 0, 1}, a share `jump` (default 0.01) of the wealth moved between them at each step: on small or large p-values, whichever come. */
  | { readonly kind: 'jumper'; readonly jump?: number };

/** What a bettor remembers: a few numbers, by kind of bet. */
export type BetCore = readonly number[];

/** A betting martingale on p-values: wealth 1 at first, expected to stay the same whatever came before. */
export interface Bettor {
  /** The bet, defaults filled in. */
  readonly bet: ConformalBet & { readonly [key: string]: string | number };
  readonly init: () => BetCore;
  readonly advance: (core: BetCore, p: number) => BetCore;
  readonly logWealth: (core: BetCore) => number;
}

/** Returns `p` if it is in (0, 1], else throws BAD_PARAM. */
export function positivePValue(p: number, index: number): number {
  if (!(p > 0 && p <= 1)) throw new InputError('BAD_PARAM', `p-value ${String(index)} must be in (0, 1], got ${String(p)}`);
  return p;
}

/** The bettor of a bet. */
export function bettorOf(bet: ConformalBet): Bettor {
  if (bet.kind === 'power') return power(insideUnit(bet.epsilon, 'epsilon'));
  if (bet.kind === 'mixture') return mixture();
  if ((bet.kind as string) === 'jumper') return jumper(insideUnit(bet.jump ?? 0.01, 'jump'));
  throw new InputError('BAD_PARAM', `bet must be of kind power, mixture or jumper, got ${String((bet as { kind: unknown }).kind)}`);
}

function power(epsilon: number): Bettor {
  return {
    bet: { kind: 'power', epsilon },
    init: () => [0],
    advance: ([log = 0], p) => [log + Math.log(epsilon) + (epsilon - 1) * Math.log(p) + 0],
    logWealth: ([log = 0]) => log,
  };
}

/** Remembers how many p-values there were and the sum of their -ln p. */
function mixture(): Bettor {
  return {
    bet: { kind: 'mixture' },
    init: () => [0, 0],
    advance: ([count = 0, sum = 0], p) => [count + 1, sum - Math.log(p)],
    logWealth: ([count = 0, sum = 0]) => logPowerIntegral(count, sum),
  };
}

/** ln of the integral over e in (0, 1) of e^n exp(s (1 - e)): an incomplete gamma function. */
function logPowerIntegral(n: number, s: number): number {
  const a = n + 1;
  if (s > a + 1) return s - a * Math.log(s) + logGamma(a) + Math.log(gammaIncLower(a, s));
  let [term, sum] = [1 / a, 1 / a];
  for (let j = 1; term > 1e-17 * sum; j += 1) {
    term *= s / (a + j);
    sum += term;
  }
  return Math.log(sum);
}

/** Remembers ln of the wealth and the three shares of it. */
function jumper(jump: number): Bettor {
  const bets = [-1, 0, 1];
  return {
    bet: { kind: 'jumper', jump },
    init: () => [0, 1 / 3, 1 / 3, 1 / 3],
    advance([log = 0, ...shares], p) {
      const grown = shares.map((share, i) => ((1 - jump) * share + jump / 3) * (1 + (bets[i] ?? 0) * (p - 0.5)));
      const total = grown.reduce((sum, wealth) => sum + wealth, 0);
      return [log + Math.log(total), ...grown.map((wealth) => wealth / total)];
    },
    logWealth: ([log = 0]) => log,
  };
}
