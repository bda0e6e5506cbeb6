import { memberOf, listOf, textOf } from '../../../baseline/parse-pi-baseline.js';
import { parseBaseline } from '../../../baseline/parse-baseline.js';
import { BASELINE_SCHEMA } from '../../../baseline/baseline.js';
import { InputError } from '../../../errors.js';
import type { JsonNode } from '../../../ledger/lexeme.js';
import { parseJson } from '../../../ledger/parse-json.js';
import { complementOf } from '../../../risk/calibrate/level.js';
import type { BaselineTraces, Envelope, EnvelopeSides, EnvelopeSource } from '../../../risk/envelope/envelope.js';
import { fitEnvelope } from '../../../risk/envelope/fit.js';
import { approverOf, requireApproved, type Approval } from '../../../risk/policy/approval.js';
import { prefixDataHashes, requireDisjoint } from '../../../risk/policy/trace-source.js';
import { readBytes } from '../../files.js';
import { readApprovals, readTrace, type TraceFile } from '../policy/approve-trace.js';
import { BASELINES_SCHEMA } from '../baseline/baseline.js';
import type { Cli } from '../cli.js';
import { EXIT, usageError } from '../exit.js';
import { showEnvelope } from './page.js';
import { keyOf, streamsOfFiles, unitOf } from './streams.js';
import { naming, requireRereadable, withTraces } from '../ledgers.js';
import { writeArtifact, type ArtifactOptions } from '../policy/artifact.js';
import type { SeriesOptions } from '../series-options.js';

/** Options of `hindcast envelope fit`. */
export interface EnvelopeFitOptions extends SeriesOptions, ArtifactOptions {
  readonly alpha: number;
  readonly confidence?: number;
  readonly sides?: EnvelopeSides;
  readonly baseline?: string;
  readonly baselineLedger?: readonly string[];
  readonly approved?: readonly string[];
}

/** The data hashes of the ledgers that a baseline, or several in one file, were fitted on. */
export function hashesOfBaseline(node: JsonNode): string[] {
  const schema = textOf(memberOf(node, 'schema', 'the baseline'), "the baseline's schema");
  if (schema === BASELINES_SCHEMA) return listOf(memberOf(node, 'baselines', 'the file'), 'baselines').flatMap(hashesOfBaseline);
  const { host } = parseBaseline(node);
  if (schema !== BASELINE_SCHEMA) return [host.source_data_hash];
  return listOf(memberOf(node, 'sources', 'the baseline'), 'sources').map((source, i) => textOf(memberOf(source, 'dataHash', `sources[${String(i)}]`), `sources[${String(i)}].dataHash`));
}

/** A ledger cut out of a longer one has the hash of that one's beginning, if it is its beginning. */
function requireNoPrefix(traces: readonly TraceFile[], dataHashes: readonly string[]): void {
  for (const { source, entryHashes } of traces) {
    let count = 0;
    for (const prefix of prefixDataHashes(entryHashes)) {
      count += 1;
      if (dataHashes.includes(prefix)) {
        throw new InputError('NOT_DISJOINT', `calibration traces and those of the baseline must be disjoint, but the baseline was fitted on ${count === entryHashes.length ? '' : `the first ${String(count)} entries of `}${source.file ?? source.dataHash}${count === entryHashes.length ? ' too: it has the same data hash' : ''}`);
      }
    }
  }
}

/**
 * The traces of the baseline, once they are seen to be others than those at hand.
 *
 * @throws {@link InputError} NOT_DISJOINT; BAD_PARAM where ledgers are not those that the baseline was fitted on
 */
function baselineTraces(cli: Cli, traces: readonly TraceFile[], { baseline, baselineLedger = [] }: EnvelopeFitOptions): BaselineTraces {
  const named = baseline === undefined ? [] : naming(baseline, () => hashesOfBaseline(parseJson(readBytes(baseline))));
  requireNoPrefix(traces, named);
  const hashes = baselineLedger.map((path) => {
    const ledger = readTrace(cli.io, path).source;
    if (named.length > 0 && !named.includes(ledger.dataHash)) throw new InputError('BAD_PARAM', `${path}: the baseline was not fitted on this ledger, whose data hash is ${ledger.dataHash}`);
    for (const { source } of traces) requireDisjoint([ledger, source], 'calibration traces and those of the baseline');
    return ledger.dataHash;
  });
  const dataHashes = [...new Set([...named, ...hashes])];
  // Without entry hashes nothing ties a file to a ledger: call ids may be given anew, and equal arguments are no sign.
  if (dataHashes.length === 0 || traces.some(({ source }) => source.kind === 'file')) return { dataHashes, compared: 'not at all' };
  return { dataHashes, compared: named.every((each) => hashes.includes(each)) ? 'entry by entry' : 'by data hash, longer copies too' };
}

function sourcesOf(traces: readonly TraceFile[], approvals: readonly Approval[] | null): EnvelopeSource[] {
  return traces.map(({ source }) => ({ ...source, approval: approvals === null ? null : requireApproved(source, approvals).contentHash }));
}

function fitFiles(cli: Cli, files: readonly string[], options: EnvelopeFitOptions): { readonly envelope: Envelope; readonly nulls: number } {
  const approvals = readApprovals(options.approved);
  const read = streamsOfFiles(cli.io, files, options);
  const traces = files.map((path) => readTrace(cli.io, path));
  const sources = sourcesOf(traces, approvals);
  const used = (approvals ?? []).filter(({ contentHash }) => sources.some(({ approval }) => approval === contentHash));
  const streams = read.flatMap((each) => each.streams);
  const kind = read[0]?.kind ?? 'value';
  const envelope = fitEnvelope(streams.map((stream) => [keyOf(stream, options.by), stream.values]), {
    measure: kind,
    unit: unitOf(kind, streams),
    by: options.by,
    alpha: options.alpha,
    ...(options.confidence === undefined ? {} : { delta: complementOf(options.confidence, '--confidence') }),
    ...(options.sides === undefined ? {} : { sides: options.sides }),
    provenance: { sources, baseline: baselineTraces(cli, traces, options), approvals: used.map(approverOf) },
  });
  return { envelope, nulls: streams.reduce((sum, { nullCount }) => sum + nullCount, 0) };
}

/** Runs `hindcast envelope fit`. */
export async function envelopeFit(cli: Cli, files: readonly string[], options: EnvelopeFitOptions): Promise<void> {
  requireRereadable(files, 'hindcast envelope fit');
  if (options.baselineLedger !== undefined) requireRereadable(options.baselineLedger, '--baseline-ledger');
  if (options.baseline === '-' || (options.approved ?? []).includes('-')) throw usageError('--baseline and --approved must be files, got the standard input');
  const { envelope, nulls } = await withTraces(cli, [...files, ...(options.baselineLedger ?? [])], (own) => fitFiles(own, files, options));
  const inputs = [...files, ...(options.baseline === undefined ? [] : [options.baseline]), ...(options.baselineLedger ?? []), ...(options.approved ?? [])];
  await writeArtifact(cli.io, options, inputs, { artifact: envelope, show: (page) => { showEnvelope(page, envelope, nulls); } });
  const bounded = envelope.groups.some(({ lower, upper }) => lower !== null || upper !== null);
  cli.exit(bounded ? EXIT.holds : EXIT.notEnough);
}
