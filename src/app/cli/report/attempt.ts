import { CommanderError } from 'commander';
import { InputError } from '../../../errors.js';
import type { Answer } from '../../../report/report.js';

/** Why something could not be done; throws on what is no answer to anything. */
function whyOf(error: unknown): string {
  if (error instanceof InputError || error instanceof CommanderError) return error.message;
  throw error;
}

/** An answer, or the reason why there is none: a page says so and goes on. */
export function attempt<T>(use: () => T): Answer<T> {
  try {
    return { found: use() };
  } catch (error) {
    return { found: null, why: whyOf(error) };
  }
}

/** {@link attempt} for work that takes its time. */
export async function attemptAsync<T>(use: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { found: await use() };
  } catch (error) {
    return { found: null, why: whyOf(error) };
  }
}

/** No answer, and why. */
export function without<T>(why: string): Answer<T> {
  return { found: null, why };
}
