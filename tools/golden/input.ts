import { decodeLedger, verifiedLedger, type JsonNode, type JsonNumber, type JsonObject, type Ledger, type VerifiedLedger } from '../../src/index.js';

/** Whether a node is an object. */
export function isObject(node: JsonNode | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'object';
}

/** Whether a node is a number. */
export function isNumber(node: JsonNode | undefined): node is JsonNumber {
  return typeof node === 'object' && node !== null && 'kind' in node && node.kind === 'number';
}

/** A member of an object node, or undefined. */
export function field(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return isObject(node) ? node.fields.find((f) => f.key === key)?.value : undefined;
}

/** A member that must be a string. */
export function textField(node: JsonNode, key: string): string {
  const value = field(node, key);
  if (typeof value !== 'string') throw new Error(`golden input lacks the string ${key}`);
  return value;
}

/** A member that must be an array. */
export function listField(node: JsonNode, key: string): readonly JsonNode[] {
  const value = field(node, key);
  if (!Array.isArray(value)) throw new Error(`golden input lacks the array ${key}`);
  return value as readonly JsonNode[];
}

/** A number; the texts "NaN", "inf" and "-inf" mean those numbers, null means NaN. */
export function numberOf(node: JsonNode | undefined): number {
  if (node === null || node === 'NaN') return NaN;
  if (node === 'inf') return Infinity;
  if (node === '-inf') return -Infinity;
  if (!isNumber(node)) throw new Error('golden input: expected a number');
  return Number(node.text);
}

/** The double with these IEEE bits, 16 hex digits. */
export function doubleOfBits(bits: string): number {
  return new Float64Array(new BigUint64Array([BigInt(`0x${bits}`)]).buffer)[0] ?? NaN;
}

/** IEEE bits of a double, 16 hex digits. */
export function bitsOfDouble(x: number): string {
  return (new BigUint64Array(new Float64Array([x]).buffer)[0] ?? 0n).toString(16).padStart(16, '0');
}

/** The ledger under `artifact` of a case's input, or the input itself where there is no such member. */
export function ledgerOf(input: JsonNode): Ledger {
  return decodeLedger(field(input, 'artifact') ?? input);
}

/** {@link ledgerOf}, verified and laid out by column. */
export function verifiedOf(input: JsonNode): VerifiedLedger {
  return verifiedLedger(ledgerOf(input));
}
