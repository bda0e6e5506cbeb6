import { sha256 } from '../../../ledger/hash.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { BASELINE_SCHEMA } from '../../../baseline/baseline.js';
import { PI_BASELINE_SCHEMA } from '../../../baseline/pi-model.js';
import type { PolicySource } from '../../../risk/policy/policy.js';
import { readBytes } from '../../files.js';
import { readTrace } from './approve-trace.js';
import { BASELINES_SCHEMA } from '../baseline/baseline.js';
import { hashesOfBaseline } from '../envelope/fit.js';
import type { Io } from '../io.js';
import { naming } from '../ledgers.js';

const SCHEMAS = [BASELINE_SCHEMA, BASELINES_SCHEMA, PI_BASELINE_SCHEMA];

/** A file that parts of a policy come from: a ledger, a fitted baseline, or another trace. */
export function readSource(io: Io, path: string): PolicySource {
  const bytes = readBytes(path);
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  const named = /"schema"\s*:\s*"([^"]*)"/.exec(head)?.[1] ?? '';
  const file = path.replace(/^.*[\\/]/, '');
  const fileHash = sha256(bytes);
  if (SCHEMAS.includes(named)) return { file, fileHash, dataHashes: naming(path, () => hashesOfBaseline(parseJson(bytes))) };
  return { file, fileHash, dataHashes: [readTrace(io, path).source.dataHash] };
}
