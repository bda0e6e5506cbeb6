import { argsShapeHash, canonicalParams, paramsHash } from '../../../src/index.js';
import { textField } from '../input.js';
import type { Subject } from '../subject.js';

/** The files leave the canonical text out where the parameters nest deeper than this. */
const SHOWN_DEPTH = 100;

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const c of json.replace(/"(?:[^"\\]|\\.)*"/g, '')) {
    if (c === '[' || c === '{') deepest = Math.max(deepest, (depth += 1));
    else if (c === ']' || c === '}') depth -= 1;
  }
  return deepest;
}

export const subject: Subject = (input) => {
  const method = textField(input, 'method');
  const params = textField(input, 'params_json');
  return {
    args_shape_hash: argsShapeHash(method, params),
    canonical: depthOf(params) > SHOWN_DEPTH ? null : canonicalParams(params),
    params_hash: paramsHash(method, params),
  };
};
