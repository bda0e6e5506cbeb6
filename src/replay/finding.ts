/**
 * What a recomputed value rests on: the entry alone, the actor's earlier entries, or these and the assumed length of
 * the host's score window.
 */
export type Basis = 'entry' | 'actor' | 'window';

/**
 * Why a value cannot be recomputed:
 * - `history_unknown`: it needs earlier entries of the actor that the ledger does not hold
 * - `window_unknown`: it needs the length of the host's score window, which no ledger holds
 * - `arguments_not_recorded`: it needs the call's arguments, of which a ledger keeps only a hash
 * - `times_not_recorded`: it needs times that no ledger holds
 * - `call_start_not_recorded`: it needs the start of the call, and no start fits without a clock that went back
 * - `explanation_exhausted`: the explanation ran out of its budget, so the terms were not written down
 * - `explanation_absent`: the entry has no explanation: all of its fields read as their defaults
 * - `not_finite`: it needs a number that is written as null
 * - `unknown_fallback`: the fallback is none that the host is known to have
 * - `inexact_time`: a timestamp does not fit a double
 */
export type NotCheckableReason =
  | 'history_unknown'
  | 'window_unknown'
  | 'arguments_not_recorded'
  | 'times_not_recorded'
  | 'call_start_not_recorded'
  | 'explanation_exhausted'
  | 'explanation_absent'
  | 'not_finite'
  | 'unknown_fallback'
  | 'inexact_time';

/** A recorded or recomputed value; a list where several would do, or where the field is a list. */
export type FieldValue = null | boolean | number | string | readonly FieldValue[];

/** One field of one entry that is not what its own evidence gives. */
export interface FieldMismatch {
  /** Path of the field, such as `posterior.unsafe` or `top_contributors.feature_base_score.signed_impact`. */
  readonly field: string;
  readonly basis: Basis;
  readonly recorded: FieldValue;
  readonly recomputed: FieldValue;
}

/** A field that could not be checked, and why. */
export interface NotCheckable {
  readonly field: string;
  readonly reason: NotCheckableReason;
}

/** What checking one entry found. */
export interface EntryCheck {
  /** Paths of the fields that were compared. */
  readonly checked: readonly string[];
  readonly notCheckable: readonly NotCheckable[];
  readonly mismatches: readonly FieldMismatch[];
}

/** An {@link EntryCheck} being written. */
export interface Findings {
  readonly checked: string[];
  readonly notCheckable: NotCheckable[];
  readonly mismatches: FieldMismatch[];
}

/** A recomputed value and what it rests on. */
export interface Recomputed {
  readonly value: FieldValue;
  readonly basis: Basis;
}

/** Compares a field bit for bit; returns whether it holds. */
export function expectSame(findings: Findings, field: string, recorded: FieldValue, { value, basis }: Recomputed): boolean {
  return expectThat(findings, { field, basis, recorded, recomputed: value }, Object.is(recorded, value));
}

/** Notes a comparison made elsewhere; returns whether it holds. */
export function expectThat(findings: Findings, found: FieldMismatch, holds: boolean): boolean {
  findings.checked.push(found.field);
  if (!holds) findings.mismatches.push(found);
  return holds;
}

/** Notes that a field cannot be checked. */
export function notCheckable(findings: Findings, field: string, reason: NotCheckableReason): void {
  findings.notCheckable.push({ field, reason });
}
