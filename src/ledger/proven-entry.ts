import type { BudgetState, LedgerEntry } from './entry.js';
import type { Kernel } from './kernel.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const BUDGET_INTEGERS = ['time_budget_ms', 'elapsed_ms', 'term_budget', 'terms_emitted'] as const;

/**
 * The entry that the kernel proved last, as an object. Its text has exactly the format's fields and types, so the
 * engine's own parser may read it; only the integers, which need not fit a double, are taken from their text.
 *
 * @param start - where its text starts in the kernel's memory
 * @param end - where it ends
 */
export function provenEntry({ memory, spans, slot }: Kernel, start: number, end: number): LedgerEntry {
  const entry = JSON.parse(memory.toString('utf8', start, end)) as Mutable<LedgerEntry>;
  const budget = entry.budget_state as Mutable<BudgetState>;
  const integer = (field: string): bigint => BigInt(memory.toString('latin1', spans[slot(field)], spans[slot(field) + 1]));
  entry.ts_ms = integer('ts_ms');
  for (const name of BUDGET_INTEGERS) budget[name] = integer(`budget_state.${name}`);
  return entry;
}
