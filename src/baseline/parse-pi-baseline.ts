import { InputError } from '../errors.js';
import type { Float } from '../ledger/entry.js';
import type { JsonNode } from '../ledger/lexeme.js';
import { exactMs, PI_BASELINE_SCHEMA, type PiBaseline, type PiCapabilityProfile } from './pi-model.js';
import type { PiTransitionMatrix } from './pi-transitions.js';

/** A member of an object. @throws {@link InputError} WRONG_TYPE, MISSING_FIELD naming it */
export function memberOf(node: JsonNode, key: string, at: string): JsonNode {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'object') {
    throw new InputError('WRONG_TYPE', `${at} must be an object`);
  }
  const member = node.fields.find((f) => f.key === key);
  if (member === undefined) throw new InputError('MISSING_FIELD', `${at} must have the field ${key}`);
  return member.value;
}

/** A list. @throws {@link InputError} WRONG_TYPE */
export function listOf(node: JsonNode, at: string): readonly JsonNode[] {
  if (!Array.isArray(node)) throw new InputError('WRONG_TYPE', `${at} must be a list`);
  return node as readonly JsonNode[];
}

/** A string. @throws {@link InputError} WRONG_TYPE */
export function textOf(node: JsonNode, at: string): string {
  if (typeof node !== 'string') throw new InputError('WRONG_TYPE', `${at} must be a string`);
  return node;
}

/** A number or null, which stands for NaN. @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE */
export function floatOf(node: JsonNode, at: string): Float {
  return node === null ? null : numberOf(node, at);
}

/** A finite number. @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE */
export function numberOf(node: JsonNode, at: string): number {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'number') {
    throw new InputError('WRONG_TYPE', `${at} must be a number`);
  }
  const value = Number(node.text);
  if (!Number.isFinite(value)) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must fit a double, got ${node.text.slice(0, 40)}`);
  return value;
}

/** An integer >= 0 that a double holds. @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE, UNSAFE_INTEGER */
export function countOf(node: JsonNode, at: string): number {
  const value = numberOf(node, at);
  if (!Number.isInteger(value)) throw new InputError('WRONG_TYPE', `${at} must be an integer, got ${String(value)}`);
  if (!Number.isSafeInteger(value)) throw new InputError('UNSAFE_INTEGER', `${at} must be within 2^53, got ${String(value)}`);
  if (value < 0) throw new InputError('NUMBER_OUT_OF_RANGE', `${at} must be >= 0, got ${String(value)}`);
  return value;
}

/** A signed 64-bit integer, from its digits. @throws {@link InputError} WRONG_TYPE, NUMBER_OUT_OF_RANGE */
function msOf(node: JsonNode, at: string): number | bigint {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'number') throw new InputError('WRONG_TYPE', `${at} must be a number`);
  if (!/^-?[0-9]{1,20}$/.test(node.text)) throw new InputError('WRONG_TYPE', `${at} must be an integer of 64 bits, got ${node.text.slice(0, 40)}`);
  return exactMs(BigInt(node.text), at);
}

/**
 * Reads the host's baseline artifact. Fields it does not know are passed over, as the host does.
 *
 * @param node - a parsed artifact
 * @param at - what to call it in messages
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, NUMBER_OUT_OF_RANGE, UNSAFE_INTEGER, BAD_PARAM
 * @example
 * ```ts
 * const baseline = parsePiBaseline(parseJson('{"schema":"pi.ext.runtime_risk_baseline.v1","extension_id":"a","generated_at_ms":1,"source_data_hash":"","source_entry_count":0,"capability_profiles":[],"transition_matrix":{"counts":[[0,0,0],[0,0,0],[0,0,0]],"probabilities":[[null,null,null],[null,null,null],[null,null,null]],"smoothing_prior":0.0,"total_transitions":0,"stationary_distribution":[null,null,null]},"anomaly_threshold_mads":3.0,"transition_divergence_threshold":0.5}'));
 * baseline.anomaly_threshold_mads; // => 3
 * ```
 */
export function parsePiBaseline(node: JsonNode, at = 'the baseline'): PiBaseline {
  const get = (key: string): JsonNode => memberOf(node, key, at);
  const name = (key: string): string => `${at}'s ${key}`;
  const schema = textOf(get('schema'), name('schema'));
  if (schema !== PI_BASELINE_SCHEMA) throw new InputError('UNSUPPORTED_SCHEMA', `${name('schema')} must be ${PI_BASELINE_SCHEMA}, got ${JSON.stringify(schema.slice(0, 80))}`);
  return {
    schema,
    extension_id: textOf(get('extension_id'), name('extension_id')),
    generated_at_ms: msOf(get('generated_at_ms'), name('generated_at_ms')),
    source_data_hash: textOf(get('source_data_hash'), name('source_data_hash')),
    source_entry_count: countOf(get('source_entry_count'), name('source_entry_count')),
    capability_profiles: listOf(get('capability_profiles'), name('capability_profiles')).map((p, i) => profileOf(p, `capability_profiles[${String(i)}]`)),
    transition_matrix: matrixOf(get('transition_matrix')),
    anomaly_threshold_mads: floatOf(get('anomaly_threshold_mads'), name('anomaly_threshold_mads')),
    transition_divergence_threshold: floatOf(get('transition_divergence_threshold'), name('transition_divergence_threshold')),
  };
}

function profileOf(node: JsonNode, at: string): PiCapabilityProfile {
  const float = (key: string): Float => floatOf(memberOf(node, key, at), `${at}.${key}`);
  return {
    capability: textOf(memberOf(node, 'capability', at), `${at}.capability`),
    sample_count: countOf(memberOf(node, 'sample_count', at), `${at}.sample_count`),
    risk_score_median: float('risk_score_median'),
    risk_score_mad: float('risk_score_mad'),
    risk_score_p5: float('risk_score_p5'),
    risk_score_p95: float('risk_score_p95'),
    error_rate_median: float('error_rate_median'),
    burst_density_1s_median: float('burst_density_1s_median'),
    burst_density_10s_median: float('burst_density_10s_median'),
  };
}

function matrixOf(node: JsonNode): PiTransitionMatrix {
  const at = 'transition_matrix';
  const get = (key: string): JsonNode => memberOf(node, key, at);
  return {
    counts: three(get('counts'), `${at}.counts`, (row, name) => three(row, name, countOf)),
    probabilities: three(get('probabilities'), `${at}.probabilities`, (row, name) => three(row, name, floatOf)),
    smoothing_prior: floatOf(get('smoothing_prior'), `${at}.smoothing_prior`),
    total_transitions: countOf(get('total_transitions'), `${at}.total_transitions`),
    stationary_distribution: three(get('stationary_distribution'), `${at}.stationary_distribution`, floatOf),
  };
}

/** A list of one item per risk state. */
function three<T>(node: JsonNode, at: string, item: (node: JsonNode, at: string) => T): T[] {
  const items = listOf(node, at);
  if (items.length !== 3) throw new InputError('WRONG_TYPE', `${at} must have 3 items, got ${String(items.length)}`);
  return items.map((value, i) => item(value, `${at}[${String(i)}]`));
}
