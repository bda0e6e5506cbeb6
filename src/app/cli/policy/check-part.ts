import { InputError } from '../../../errors.js';

/** What a part of a policy would have said, or why it cannot say anything. */
export type Judged<T> = T & { readonly part: string; readonly reason: string | null };

/** What `use` finds, or why it finds nothing: files need not hold what a part looks at. */
export function attempt<T>(part: string, none: T, use: () => T): Judged<T> {
  try {
    return { part, reason: null, ...use() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { part, reason: error.message, ...none };
  }
}
