import { policyFacts, REST, type PolicyFact } from './facts.js';
import type { Policy } from './policy.js';

/** Something that two policies say differently. */
export interface PolicyChange {
  readonly part: string;
  /** What is said of the part; null where the whole part is there in one policy alone. */
  readonly what: string | null;
  readonly kind: 'added' | 'removed' | 'changed';
  /** null: not there, or nothing. */
  readonly before: PolicyFact['value'];
  readonly after: PolicyFact['value'];
}

function byPart(facts: readonly PolicyFact[]): Map<string, Map<string, PolicyFact['value']>> {
  const parts = new Map<string, Map<string, PolicyFact['value']>>();
  for (const { part, what, value } of facts) {
    const said = parts.get(part) ?? new Map<string, PolicyFact['value']>();
    parts.set(part, said.set(what, value));
  }
  return parts;
}

/** What one part says differently; that it differs at all is said where nothing nearer is. */
function changesOf(part: string, before: ReadonlyMap<string, PolicyFact['value']>, after: ReadonlyMap<string, PolicyFact['value']>): PolicyChange[] {
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((what): PolicyChange[] => {
    const [a, b] = [before.get(what), after.get(what)];
    if (a === b) return [];
    const kind = a === undefined ? 'added' : b === undefined ? 'removed' : 'changed';
    return [{ part, what, kind, before: a ?? null, after: b ?? null }];
  });
  return changes.length > 1 ? changes.filter(({ what }) => what !== REST) : changes;
}

/**
 * What two policies say differently, in words and numbers.
 *
 * @param before - a policy
 * @param after - another
 * @returns changes, part by part; none exactly if the policies are the same but for what follows from their parts
 * @remarks O(n).
 * @example
 * ```ts
 * const policyAt = (alpha) => makePolicy({ name: 'npm', madeBy: 'me', thresholds: [], detectors: [], approvals: [], envelopes: [fitEnvelope([['read', [1, 2, 3]]], { measure: 'latency', alpha })] });
 * diffPolicies(policyAt(0.5), policyAt(0.5)); // => []
 * diffPolicies(policyAt(0.5), policyAt(0.6)).map(({ what, before, after }) => [what, before, after])[1]; // => ['share that may be outside', 0.5, 0.6]
 * ```
 */
export function diffPolicies(before: Policy, after: Policy): PolicyChange[] {
  const [a, b] = [byPart(policyFacts(before)), byPart(policyFacts(after))];
  return [...new Set([...a.keys(), ...b.keys()])].flatMap((part): PolicyChange[] => {
    const [old, now] = [a.get(part), b.get(part)];
    if (now === undefined) return [{ part, what: null, kind: 'removed', before: null, after: null }];
    if (old === undefined) return [{ part, what: null, kind: 'added', before: null, after: null }];
    return changesOf(part, old, now);
  });
}
