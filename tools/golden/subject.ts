import type { JsonNode } from '../../src/index.js';

/**
 * Runs one golden case through the public API: the case's input (number texts kept, `$ref` resolved) and its `cmd`
 * go in, what hindcast answers comes out as plain values. Numbers are doubles, bigints are integers, a non-finite
 * number equals an expected null.
 */
export type Subject = (input: JsonNode, cmd: string) => unknown;
