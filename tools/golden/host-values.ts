import type { JsonNode } from '../../src/index.js';
import { field, isNumber, isObject, numberOf } from './input.js';

/** A value with the keys of its objects in snake_case, as the host spells them. */
export function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snake(v)]));
}

/** A host configuration as plain values: what it does not name is not there; `nothing` is what null means in it. */
export function hostConfig<C>(node: JsonNode | undefined, nothing: number | null = NaN): Partial<C> {
  const plain = (value: JsonNode): unknown => {
    if (isObject(value)) return Object.fromEntries(value.fields.map((f) => [f.key, plain(f.value)]));
    return isNumber(value) || value === 'NaN' || value === 'inf' || value === '-inf' ? numberOf(value) : (value ?? nothing);
  };
  return (node === undefined ? {} : plain(node)) as Partial<C>;
}

/** The preset a case names by `tier`, else the balanced one under what its `config` gives. */
export function tierOrConfig<C>(input: JsonNode, tiers: { readonly [tier in 'strict' | 'balanced' | 'throughput']: C }): C {
  const tier = field(input, 'tier');
  if (tier === 'strict' || tier === 'balanced' || tier === 'throughput') return tiers[tier];
  return { ...tiers.balanced, ...hostConfig<C>(field(input, 'config')) };
}
