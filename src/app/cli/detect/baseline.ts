import { InputError } from '../../../errors.js';
import { baselineCapabilities, type BaselineCapability } from '../../../baseline/baseline-capability.js';
import { parseBaseline } from '../../../baseline/parse-baseline.js';
import type { JsonNode } from '../../../ledger/lexeme.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { withOpen } from '../../files.js';
import { BASELINES_SCHEMA } from '../baseline/baseline.js';
import { collectSeries, streamKey, streamLabel, type StreamName } from '../../series/streams.js';
import type { SeriesColumns } from '../../series/record.js';
import type { Io } from '../io.js';
import { transformed, transformOf, type Sample } from './promise.js';
import type { DetectSettings } from './settings.js';

/** A file that tells what is normal. */
export interface BaselineFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Approved observations of a stream. */
export interface ApprovedStream {
  readonly name: StreamName;
  readonly sample: Sample;
}

const BASELINE_TEXT = /"schema"\s*:\s*"(?:hindcast\.baselines?\.v1|pi\.ext\.runtime_risk_baseline\.)/;

/** A fitted baseline is never larger than this. */
const FITTED_BYTES_MAX = 1 << 24;

function member(node: JsonNode, key: string): JsonNode | undefined {
  if (typeof node !== 'object' || node === null || !('kind' in node) || node.kind !== 'object') return undefined;
  return node.fields.find((field) => field.key === key)?.value;
}

/** What a fitted baseline holds of a capability's stream: outcomes, and scores where none were left out. */
function figuresOf({ capability, n, errors, scoreCurve }: BaselineCapability, { stream }: DetectSettings): readonly number[] {
  if (stream === 'error') return Array.from({ length: n }, (_, i) => (i < errors ? 1 : 0));
  if (stream !== 'score') throw new InputError('BAD_PARAM', `a baseline holds scores and outcomes, no ${stream === 'interval' ? 'intervals' : `${stream} of calls`}: give the approved ledger or calls themselves to --baseline`);
  if (scoreCurve?.complete !== true) throw new InputError('BAD_PARAM', `the baseline keeps ${scoreCurve === null ? 'no scores' : 'a part of the scores'} of ${capability}: give the approved ledger itself to --baseline`);
  return scoreCurve.values.flatMap((value, i) => Array.from({ length: (scoreCurve.counts[i] ?? 0) - (scoreCurve.counts[i - 1] ?? 0) }, () => value));
}

/** The order of a fitted baseline's observations is lost, so what is said of neighbours is left out. */
function fromFitted(node: JsonNode, settings: DetectSettings, path: string): ApprovedStream[] {
  const several = member(node, 'schema') === BASELINES_SCHEMA ? member(node, 'baselines') : undefined;
  const baselines = (Array.isArray(several) ? (several as readonly JsonNode[]) : [node]).map(parseBaseline);
  const streams = new Map<string, { name: StreamName; values: number[] }>();
  for (const baseline of baselines) {
    for (const row of baselineCapabilities(baseline)) {
      const name = { actor: settings.by.startsWith('actor') ? baseline.host.extension_id : null, capability: settings.by.endsWith('capability') ? row.capability : null };
      const found = streams.get(streamKey(name)) ?? { name, values: [] };
      found.values.push(...figuresOf(row, settings));
      streams.set(streamKey(name), found);
    }
  }
  return [...streams.values()].map(({ name, values }) => ({ name, sample: { values, origin: originOf(values.length, name, path), ordered: false } }));
}

function originOf(n: number, name: StreamName, path: string): string {
  return `${String(n)} approved observations of ${streamLabel(name)} in ${path}`;
}

/**
 * The approved observations of a file: a ledger or series, whose own streams they are, or a baseline as fitted by
 * `hindcast baseline`.
 *
 * @throws {@link InputError} as `readSeries`; BAD_PARAM for a stream that a fitted baseline does not hold
 */
export function approvedStreams(io: Io, { path, bytes }: BaselineFile, settings: DetectSettings, columns: SeriesColumns & { readonly sort: boolean }): ApprovedStream[] {
  if (bytes.length <= FITTED_BYTES_MAX && BASELINE_TEXT.test(Buffer.from(bytes).toString('latin1'))) return fromFitted(parseJson(bytes), settings, path);
  const { streams } = withOpen(io.open(path), ({ source }) => collectSeries(source, { ...columns, stream: settings.stream }, { by: settings.by, sort: columns.sort }));
  const transform = transformOf(settings);
  return streams.map(({ actor, capability, values }) => {
    const name = { actor, capability };
    return { name, sample: { values: values.map((x) => transformed(transform, x)), origin: originOf(values.length, name, path), ordered: true } };
  });
}
