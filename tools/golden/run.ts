import { parseJson, type JsonNode } from '../../src/index.js';
import { compare } from './compare.js';
import { field, isObject, listField, textField } from './input.js';
import type { Subject } from './subject.js';

/** What came of one golden file. A case is known by its index: names repeat. */
export interface GoldenResult {
  readonly passed: number;
  readonly failures: readonly { readonly index: number; readonly name: string; readonly why: string }[];
}

/** Puts the file's shared values where a case says `{"$ref": NAME}`. */
function resolve(node: JsonNode, shared: JsonNode | undefined): JsonNode {
  if (Array.isArray(node)) return (node as readonly JsonNode[]).map((item) => resolve(item, shared));
  if (!isObject(node)) return node;
  const name = field(node, '$ref');
  if (typeof name === 'string') return field(shared, name) ?? null;
  return { kind: 'object', fields: node.fields.map((f) => ({ ...f, value: resolve(f.value, shared) })) };
}

/** Runs every case of one golden file. */
export function runGolden(text: Uint8Array, subject: Subject): GoldenResult {
  const file = parseJson(text, { maxDepth: 1000, lenientKeys: true });
  const shared = field(file, 'shared');
  const failures: { index: number; name: string; why: string }[] = [];
  const cases = listField(file, 'cases');
  for (const [index, testCase] of cases.entries()) {
    let why: string | null;
    try {
      const answer = subject(resolve(field(testCase, 'input') ?? null, shared), textField(testCase, 'cmd'));
      why = compare(field(testCase, 'expected') ?? null, answer);
    } catch (error) {
      why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    if (why !== null) failures.push({ index, name: textField(testCase, 'name'), why });
  }
  return { passed: cases.length - failures.length, failures };
}
