import { clamp01 } from './clamp.js';
import type { PiPosterior } from './expected-loss.js';

/** The host's Dirichlet parameters of one actor. They only ever grow. */
export type PiAlphas = {
  readonly safe: number;
  readonly suspicious: number;
  readonly unsafe: number;
};

/** Parameters of an actor that was never seen. */
export const INITIAL_ALPHAS: PiAlphas = { safe: 8, suspicious: 1.5, unsafe: 0.5 };

const atLeast = (x: number, floor: number): number => (x > floor ? x : floor);

/** What a decision's own score adds. `dangerous` is about the call's capability. */
export function learnScore(alphas: PiAlphas, score: number, dangerous: boolean): PiAlphas {
  return {
    safe: alphas.safe + atLeast(1 - score, 0.05),
    suspicious: alphas.suspicious + atLeast(score * 0.9, 0.01),
    unsafe: alphas.unsafe + atLeast(score * (dangerous ? 0.8 : 0.35), 0.01),
  };
}

/** What the outcome of a call adds. */
export function learnOutcome(alphas: PiAlphas, errorCode: string | null): PiAlphas {
  const { safe, suspicious, unsafe } = alphas;
  if (errorCode === null) return { safe: safe + 0.6, suspicious, unsafe };
  if (errorCode === 'denied' || errorCode === 'timeout' || errorCode === 'io') {
    return { safe, suspicious: suspicious + 0.4, unsafe: unsafe + 0.9 };
  }
  return { safe, suspicious: suspicious + 0.35, unsafe };
}

/** Mean of the Dirichlet law, which the host calls the posterior. */
export function piPosterior({ safe, suspicious, unsafe }: PiAlphas): PiPosterior {
  const total = safe + suspicious + unsafe;
  return { safe_fast: clamp01(safe / total), suspicious: clamp01(suspicious / total), unsafe: clamp01(unsafe / total) };
}
