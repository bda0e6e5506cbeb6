import { InputError } from '../../../errors.js';
import { checkEnvelope, type EnvelopeCheck, type EnvelopeCorrection, type GroupCheck, type OutsideValue } from '../../../risk/envelope/check.js';
import type { Envelope } from '../../../risk/envelope/envelope.js';
import { requireDisjoint } from '../../../risk/policy/trace-source.js';
import type { StreamKind } from '../../series/record.js';
import { timeText, type CollectedStream, type StreamBy } from '../../series/streams.js';
import { distinctTraces, type GivenTrace } from '../policy/approve-trace.js';
import type { Cli } from '../cli.js';
import type { Io } from '../io.js';
import { keyOf, streamsOfFiles } from './streams.js';
import { EXIT, usageError, type ExitCode } from '../exit.js';
import type { SeriesOptions } from '../series-options.js';

/** How files are compared with an envelope. */
export interface CheckOptions extends Omit<SeriesOptions, 'by'> {
  /** The envelope's file, for the report. */
  readonly envelope: string;
  readonly alpha: number;
  readonly correction: EnvelopeCorrection;
}

/** A value outside, and where it stands. */
interface PlacedValue extends Omit<OutsideValue, 'index'> {
  readonly file: string;
  /** Record within the file, from 0. */
  readonly record: number;
  readonly time: string | null;
}

/** A {@link GroupCheck} with places for its values. */
export interface PlacedGroup extends Omit<GroupCheck, 'values'> {
  readonly values: readonly PlacedValue[];
}

/** What `hindcast envelope check` reports. */
export interface CheckReport extends Omit<EnvelopeCheck, 'groups'> {
  readonly schema: 'hindcast.envelope-check.v1';
  readonly envelope: Pick<Envelope, 'measure' | 'unit' | 'by' | 'sides' | 'delta' | 'guarantee' | 'assumes'> & { readonly file: string; readonly alpha: number };
  /** Files that share entries with the calibration traces: what is said of them is no evidence. */
  readonly calibratedOn: readonly string[];
  readonly groups: readonly PlacedGroup[];
}

/** Where a value of a stream was found. */
interface Place {
  readonly file: string;
  readonly stream: CollectedStream;
  readonly at: number;
}

const KINDS: readonly string[] = ['interval', 'latency', 'score', 'error', 'value'];

/** The streams that an envelope is of, pooled by key, and where each value stands. */
function samplesOf(io: Io, files: readonly string[], { measure, by }: Envelope, options: Omit<SeriesOptions, 'by'>): Map<string, { readonly values: number[]; readonly places: Place[] }> {
  if (!KINDS.includes(measure)) throw new InputError('BAD_PARAM', `the envelope's measure ${JSON.stringify(measure.slice(0, 80))} is none that files are read for: ${KINDS.join(', ')}`);
  if (!['actor', 'capability', 'actor,capability', 'none'].includes(by)) throw new InputError('BAD_PARAM', `the envelope's groups ${JSON.stringify(by.slice(0, 80))} are none that files are read for`);
  if (options.stream !== undefined && options.stream !== measure) throw usageError(`the envelope is of the stream ${measure}, got --stream ${options.stream}`);
  const samples = new Map<string, { values: number[]; places: Place[] }>();
  for (const { path, streams } of streamsOfFiles(io, files, { ...options, stream: measure as StreamKind, by: by as StreamBy })) {
    for (const stream of streams) {
      const key = keyOf(stream, by as StreamBy);
      const sample = samples.get(key) ?? { values: [], places: [] };
      samples.set(key, sample);
      stream.values.forEach((value, at) => {
        sample.values.push(value);
        sample.places.push({ file: path, stream, at });
      });
    }
  }
  return samples;
}

function placed({ index, ...value }: OutsideValue, places: readonly Place[]): PlacedValue {
  const place = places[index];
  if (place === undefined) throw new RangeError(`there is no value ${String(index)}`);
  const { file, at, stream: { times, indices, epochMs } } = place;
  const time = times[at] ?? null;
  return { file, record: indices[at] ?? NaN, time: time === null ? null : timeText(time, epochMs), ...value };
}

/** Files of which the envelope was made, at least in part. */
function overlapping(given: readonly GivenTrace[], { provenance: { sources } }: Envelope): string[] {
  return given.filter(({ source }) => {
    try {
      for (const calibration of sources) requireDisjoint([source, calibration], '');
      return false;
    } catch (error) {
      if (error instanceof InputError && error.code === 'NOT_DISJOINT') return true;
      throw error;
    }
  }).map(({ path }) => path);
}

/** Compares files with an envelope. */
export function checkFiles(cli: Cli, files: readonly string[], envelope: Envelope, options: CheckOptions): CheckReport {
  const given = distinctTraces(cli.io, files);
  const samples = samplesOf(cli.io, files, envelope, options);
  const { groups, ...check } = checkEnvelope(envelope, [...samples].map(([key, { values }]) => [key, values]), options);
  const { measure, unit, by, sides, alpha, delta, guarantee, assumes } = envelope;
  return {
    schema: 'hindcast.envelope-check.v1',
    envelope: { file: options.envelope, measure, unit, by, sides, alpha, delta, guarantee, assumes },
    ...check,
    calibratedOn: overlapping(given, envelope),
    groups: groups.map((group) => ({ ...group, values: group.values.map((value) => placed(value, samples.get(group.key)?.places ?? [])) })),
  };
}

/** The exit code of a check: an unknown group is a finding as well. */
export function codeOfCheck({ groups }: Pick<CheckReport, 'groups'>): ExitCode {
  if (groups.some(({ finding, status }) => finding || status === 'unknown')) return EXIT.mismatch;
  return groups.some(({ status }) => status === 'judged') ? EXIT.holds : EXIT.notEnough;
}
