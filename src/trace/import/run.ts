import { InputError, type ErrorCode } from '../../errors.js';
import type { TraceBuilder } from '../builder.js';
import type { TraceChunk } from '../chunk.js';
import type { TraceRow } from '../row.js';
import type { Importer, ImportInput, ImportReading } from './importer.js';

/** A record that was kept out. */
export interface ImportReject {
  readonly file: string;
  /** Line, or number of the record in a document, from 1. */
  readonly row: number;
  readonly code: ErrorCode;
  /** Why, in one clause. */
  readonly message: string;
  /** What the clause is made of: the field or column, its value in short, what would have done; null where it is of another form. */
  readonly field: string | null;
  readonly value: string | null;
  readonly expected: string | null;
}

/** What importing a source came to: records are rows and rejects together. */
export interface ImportCounts extends ImportReading {
  readonly rows: number;
  readonly rejects: number;
}

/** Where rows and rejects go. */
export interface ImportTarget {
  readonly builder: TraceBuilder;
  /** Takes a chunk that is complete; the last is left in the builder. */
  readonly onChunk: (chunk: TraceChunk) => void;
  /** Takes a record that was kept out. */
  readonly onReject: (reject: ImportReject) => void;
  /** Changes a row on its way, such as by a label from elsewhere. */
  readonly amend?: (row: TraceRow) => TraceRow;
}

const CLAUSE = /^(.+?) must be (.+?), got (.+)$/s;

/** A refusal taken apart; the table counts rows its own way, so its number of the row is left out. */
function rejectOf(file: string, row: number, { code, message }: InputError): ImportReject {
  const clause = message.replace(/^row \d+: /, '');
  const [, field = null, expected = null, value = null] = CLAUSE.exec(clause) ?? [];
  return { file, row, code, message: clause, field, value, expected };
}

/**
 * Imports one source.
 *
 * @throws {@link InputError} where the source as a whole cannot be read
 * @remarks Nothing is held but a chunk under construction and what the importer needs for one record.
 */
export function importSource(importer: Importer, input: ImportInput, { builder, onChunk, onReject, amend }: ImportTarget): ImportCounts {
  let rows = 0;
  let rejects = 0;
  const reading = importer.read(input, {
    row: (row) => {
      const chunk = builder.append(amend === undefined ? row : amend(row));
      rows += 1;
      if (chunk !== null) onChunk(chunk);
    },
    reject: (place, why) => {
      rejects += 1;
      onReject(rejectOf(input.file, place, why));
    },
  });
  if (reading.records !== rows + rejects) throw new Error(`${importer.name} met ${String(reading.records)} records and accounts for ${String(rows + rejects)}`);
  return { ...reading, rows, rejects };
}
