import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceForm } from '../../src/app/trace-files/form.js';
import type { KilledReaders, TraceReaders } from '../../src/app/trace-files/readers.js';
import { random } from '../../src/stats/random.js';
import { mutate } from './mutate.js';
import { samples } from './samples.js';

/** What came of the mutations of one form. */
export interface FormOutcomes {
  readonly form: TraceForm;
  mutations: number;
  /** Mutations placed in metadata. */
  inMetadata: number;
  /** Bytes that were as before. */
  unchanged: number;
  /** Read to the end: the change keeps to the form. */
  read: number;
  /** Read up to a torn tail. */
  torn: number;
  /** Refused with a coded error, by code. */
  readonly refused: Map<string, number>;
  /** Errors that no reader should give. */
  readonly mistakes: string[];
  /** With the hash of the sound bytes: refused before parsing. */
  refusedByHash: number;
  slowestMs: number;
}

/** What came of all. */
export interface MutationRun {
  readonly forms: readonly FormOutcomes[];
  readonly killed: KilledReaders;
}

/** How many mutations of each form. */
export type Plan = Readonly<Record<TraceForm, number>>;

type Answer = { readonly kind: 'read' | 'torn' } | { readonly kind: 'refused'; readonly code: string } | { readonly kind: 'mistake'; readonly message: string };

async function answerOf(readers: TraceReaders, path: string, size: number, sha256: string | null): Promise<Answer> {
  try {
    const { lostBytes } = await readers.perform({ kind: 'check', path, sha256 }, size);
    return { kind: lostBytes > 0 ? 'torn' : 'read' };
  } catch (error) {
    const { name, message, code } = error as Error & { readonly code?: string };
    return name === 'InputError' && code !== undefined ? { kind: 'refused', code } : { kind: 'mistake', message };
  }
}

function count(outcomes: FormOutcomes, answer: Answer): void {
  if (answer.kind === 'refused') outcomes.refused.set(answer.code, (outcomes.refused.get(answer.code) ?? 0) + 1);
  else if (answer.kind === 'mistake') outcomes.mistakes.push(answer.message);
  else outcomes[answer.kind] += 1;
}

/**
 * Has seeded mutations of sound traces read by a pool, each with the hash of the sound bytes and without one.
 *
 * @param lanes - mutations at work at the same time: as many as the pool has readers
 */
export async function runMutations(readers: TraceReaders, plan: Plan, { seed, lanes }: { readonly seed: number; readonly lanes: number }): Promise<MutationRun> {
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-mutations-'));
  const forms: FormOutcomes[] = [];
  try {
    for (const [form, sample] of samples()) {
      const outcomes: FormOutcomes = { form, mutations: 0, inMetadata: 0, unchanged: 0, read: 0, torn: 0, refused: new Map(), mistakes: [], refusedByHash: 0, slowestMs: 0 };
      forms.push(outcomes);
      const hash = createHash('sha256').update(sample.bytes).digest('hex');
      const draw = random(seed + forms.length).integer;
      let next = 0;
      const lane = async (number: number): Promise<void> => {
        const path = join(folder, `lane-${String(number)}`);
        while (next < plan[form]) {
          const inMetadata = next % 2 === 0;
          next += 1;
          const bytes = mutate(sample, draw, inMetadata);
          writeFileSync(path, bytes);
          const startMs = performance.now();
          const answer = await answerOf(readers, path, bytes.length, null);
          outcomes.slowestMs = Math.max(outcomes.slowestMs, performance.now() - startMs);
          outcomes.mutations += 1;
          if (inMetadata) outcomes.inMetadata += 1;
          count(outcomes, answer);
          if (sample.bytes.equals(bytes)) outcomes.unchanged += 1;
          else {
            const hashed = await answerOf(readers, path, bytes.length, hash);
            if (hashed.kind === 'refused' && hashed.code === 'CONTENT_HASH') outcomes.refusedByHash += 1;
          }
        }
      };
      await Promise.all(Array.from({ length: lanes }, async (_, number) => lane(number)));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { forms, killed: readers.killed() };
}
