import { holds, type Calls } from './unpack.js';

/** Which calls are wanted; null for all. Codes are those of the columns. */
export interface Choice {
  readonly input: number | null;
  readonly actor: number | null;
  readonly capability: number | null;
  readonly decision: number | null;
  /** Bits of `marks` of which at least one must be set; 0 for any call. */
  readonly marks: number;
  readonly label: number | null;
  /** What the call's id or what it touched must hold. */
  readonly text: string;
}

/** A choice of all calls. */
export const ALL_CALLS: Choice = { input: null, actor: null, capability: null, decision: null, marks: 0, label: null, text: '' };

/** Calls that a choice leaves, by their place on the page, in order. */
export function chooseCalls({ count, numbers, texts }: Calls, choice: Choice): Uint32Array {
  const wanted = (['input', 'actor', 'capability', 'decision', 'label'] as const).flatMap((name) => {
    const code = choice[name];
    return code === null ? [] : [{ codes: numbers[name], code }];
  });
  const needle = new TextEncoder().encode(choice.text);
  const chosen = new Uint32Array(count);
  let used = 0;
  for (let i = 0; i < count; i += 1) {
    if (choice.marks !== 0 && ((numbers.marks[i] ?? 0) & choice.marks) === 0) continue;
    if (wanted.some(({ codes, code }) => codes[i] !== code)) continue;
    if (needle.length > 0 && !holds(texts.callId, i, needle) && !holds(texts.resource, i, needle)) continue;
    chosen[used] = i;
    used += 1;
  }
  return chosen.subarray(0, used);
}
