import type { TraceForm } from '../../trace-files/form.js';
import type { TraceSource } from '../../trace-files/task.js';
import type { Page } from '../layout.js';
import { counted } from '../ledger/verify-page.js';

/** A form in words. */
export const FORM_WORDS: Readonly<Record<TraceForm, string>> = { 'arrow stream': 'Arrow stream', 'arrow file': 'Arrow file', parquet: 'Parquet', 'json lines': 'JSON Lines' };

/** A size in the unit that gives it two or three digits. */
export function sizeWords(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${power === 0 ? String(bytes) : (bytes / 1000 ** power).toFixed(1)} ${units[power] ?? ''}`;
}

/** Rows and batches. */
export function rowWords({ rows, batches }: { readonly rows: number; readonly batches: number }): string {
  return `${counted(rows, 'row')} in ${counted(batches, 'batch', 'batches')}`;
}

/** Shows whether the bytes could be compared with anything, and what the reading cannot tell. */
export function showTrust(page: Page, { verified }: TraceSource): void {
  if (verified) page.row('bytes', 'as their SHA-256 has it, compared before they were read');
  else page.row('bytes', 'no SHA-256 is known: schema, counts, nulls, codes and ranges hold, but a changed value that keeps to them cannot be seen', 'warn');
}

/** Shows what was lost at the end of a trace that was cut off. */
export function showLoss(page: Page, { lostBytes }: { readonly lostBytes: number }, size: number): void {
  if (lostBytes > 0) page.row('cut off', `the last ${lostBytes.toLocaleString('en-US')} of ${size.toLocaleString('en-US')} bytes are no complete batch or line, and are left out`, 'bad');
}

/** A time in UTC, to the microsecond where it has them. */
export function timeWords(micros: number | bigint): string {
  const whole = BigInt(micros);
  const rest = ((whole % 1000n) + 1000n) % 1000n;
  const millis = Number((whole - rest) / 1000n);
  if (!(Math.abs(millis) <= 8.64e15)) return `${String(whole)} us`;
  return `${new Date(millis).toISOString().slice(0, -1).replace('T', ' ')}${rest === 0n ? '' : String(rest).padStart(3, '0')}`;
}
