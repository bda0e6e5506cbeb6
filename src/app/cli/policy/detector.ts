import { listOf, memberOf, textOf } from '../../../baseline/parse-pi-baseline.js';
import { InputError } from '../../../errors.js';
import type { JsonNode } from '../../../ledger/lexeme.js';
import { count, hash, json, list, nullOr, number, oneOf, record, schema, text, type Reader } from '../../../risk/policy/artifact-reader.js';
import type { PolicyDetector } from '../../../risk/policy/policy.js';
import type { WatchSpec } from '../detect/promise.js';
import { DETECTORS } from '../detect/settings.js';
import { watcherOf, type Watcher } from '../detect/watcher.js';

/** Schema text of a report of `hindcast detect`. */
const DETECT_SCHEMA = 'hindcast.detect.v1';

/** The detectors of a report, and the streams that none of them watches. */
export interface ReportedDetectors {
  readonly detectors: readonly PolicyDetector[];
  readonly notWatched: number;
}

const streamName: Reader<PolicyDetector['streams'][number]> = record<PolicyDetector['streams'][number]>({ actor: nullOr(text), capability: nullOr(text) });

const meanOf = (node: JsonNode, at: string): number | null => number(memberOf(node, 'value', at), `${at}.value`);

/** Members of a report that all its detectors share. */
type Common = Pick<PolicyDetector, 'stream' | 'by' | 'baselineHash'> & { readonly learned: boolean };

function commonOf(settings: JsonNode, at: string): Common {
  const learning = memberOf(settings, 'learning', at);
  const from = textOf(memberOf(learning, 'from', `${at}.learning`), `${at}.learning.from`);
  return {
    stream: textOf(memberOf(settings, 'stream', at), `${at}.stream`),
    by: textOf(memberOf(settings, 'by', at), `${at}.by`),
    baselineHash: from === 'baseline' ? hash(memberOf(learning, 'sha256', `${at}.learning`), `${at}.learning.sha256`) : null,
    learned: from !== 'nothing' && from !== 'given',
  };
}

function detectorOf(design: JsonNode, at: string, { learned, ...common }: Common): PolicyDetector {
  const promise = memberOf(design, 'promise', at);
  const spec = memberOf(design, 'spec', at);
  const of = <T>(name: string, read: Reader<T>): T => read(memberOf(promise, name, `${at}.promise`), `${at}.promise.${name}`);
  const arl0 = of('arl0', nullOr(meanOf));
  return {
    ...common,
    kind: oneOf(DETECTORS)(memberOf(spec, 'detector', `${at}.spec`), `${at}.spec.detector`),
    params: json(memberOf(spec, 'params', `${at}.spec`), `${at}.spec.params`),
    transform: oneOf<PolicyDetector['transform']>(['none', 'ln(1 + x)'])(memberOf(design, 'transform', at), `${at}.transform`),
    // Parameters that were not learned from a stream are as good for any other.
    streams: learned ? list(streamName)(memberOf(design, 'streams', at), `${at}.streams`) : [],
    guarantee: of('guarantee', nullOr(text)),
    assumes: of('assumes', text),
    arl0,
    baselineN: of('m', nullOr(count)),
    doubts: of('notes', list(text)),
  };
}

/**
 * The detectors that a report of `hindcast detect --json` describes. Those learned for streams that the report did not meet
 * are left out: it does not say which streams they are for.
 *
 * @throws {@link InputError} UNSUPPORTED_SCHEMA, MISSING_FIELD, WRONG_TYPE, BAD_ENUM, NUMBER_OUT_OF_RANGE naming the field; TOO_FEW where there are none
 */
export function reportedDetectors(node: JsonNode, at = 'the report'): ReportedDetectors {
  schema(DETECT_SCHEMA)(memberOf(node, 'schema', at), `${at}.schema`);
  const common = commonOf(memberOf(node, 'settings', at), `${at}.settings`);
  const detectors = listOf(memberOf(node, 'designs', at), `${at}.designs`)
    .map((design, i) => detectorOf(design, `${at}.designs[${String(i)}]`, common))
    .filter(({ streams }) => !common.learned || streams.length > 0);
  if (detectors.length === 0) throw new InputError('TOO_FEW', `${at} holds no detector: no stream was watched`);
  detectors.forEach(runnerOf);
  return { detectors, notWatched: listOf(memberOf(node, 'notWatched', at), `${at}.notWatched`).length };
}

/**
 * A detector that runs.
 *
 * @throws {@link InputError} as the detector's own function; WRONG_TYPE for parameters that are none of its kind
 */
export function runnerOf({ kind, params }: PolicyDetector): Watcher {
  try {
    const watcher = watcherOf({ detector: kind, params } as unknown as WatchSpec);
    watcher.start();
    return watcher;
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('WRONG_TYPE', `these are no parameters of the detector ${kind}: ${JSON.stringify(params).slice(0, 80)}`);
  }
}
