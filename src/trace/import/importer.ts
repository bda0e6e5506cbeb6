import type { InputError } from '../../errors.js';
import type { BytePull } from '../arrow-frames.js';
import type { TraceCoverage } from '../metadata.js';
import type { TraceRow } from '../row.js';
import type { TraceColumnName } from '../schema.js';
import type { TraceClock } from '../words.js';

/** A JSON object of a source, as the engine's parser reads it. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/**
 * How a source is laid out: JSON, a record a line; a JSON document with a list of records named `entries`; any other JSON object;
 * a JSON list; cells under a header, or other lines of text; or none of it.
 */
export type SourceLayout = 'lines' | 'document' | 'object' | 'list' | 'cells' | 'unknown';

/** What can be told of a source from its beginning. */
export interface SourceHead {
  readonly layout: SourceLayout;
  /** The first records that can be read; of cells and of other objects, none. */
  readonly records: readonly JsonRecord[];
  /** The document's own text under `schema`, where the beginning holds it. */
  readonly schema: string | null;
  /** Names of the members of a JSON object, or of the first object of a JSON list, as far as the beginning holds them. */
  readonly keys: readonly string[];
  /** Names of the columns of cells. */
  readonly header: readonly string[];
}

/** Where rows go. */
export interface ImportSink {
  /**
   * Takes a row.
   *
   * @throws {@link InputError} where the table refuses a value; the record is then to be rejected
   */
  readonly row: (row: TraceRow) => void;
  /** Keeps a record out and says why; `place` is its line, or its number in a document, from 1. */
  readonly reject: (place: number, why: InputError) => void;
}

/** What an importer reads from. */
export interface ImportInput {
  readonly pull: BytePull;
  /** Name that goes into `source_file`. */
  readonly file: string;
  readonly head: SourceHead;
  /** Reads the JSON text of one record. */
  readonly parse: (text: string) => unknown;
}

/** What reading a source came to. */
export interface ImportReading {
  /** Records met, imported or not. */
  readonly records: number;
  /** What is wrong with the source as a whole, in sentences; its rows are imported all the same. */
  readonly findings: readonly string[];
  /** What else there is to say of it, in sentences. */
  readonly notes: readonly string[];
}

/** Reads the records of one kind of source and makes rows of them. */
export interface Importer {
  /** Name for people and for the trace's metadata, such as `pi.calls`. */
  readonly name: string;
  /** One more whenever the same source gives other rows. */
  readonly version: number;
  /** What it reads, in a few words. */
  readonly reads: string;
  /** Whether a source is its to read, by content alone. */
  readonly recognises: (head: SourceHead) => boolean;
  /** Nullable columns that its rows may fill; all others are left out of the trace. */
  readonly fills: readonly TraceColumnName[];
  /** Which attempts the source can show, and what it cannot. */
  readonly coverage: TraceCoverage;
  readonly clock: TraceClock;
  /**
   * Reads a source from its start, one record at a time, and hands over rows in the source's order. A record that cannot be
   * made into a row is rejected, never left out silently: records are rows and rejects together.
   */
  readonly read: (input: ImportInput, sink: ImportSink) => ImportReading;
}
