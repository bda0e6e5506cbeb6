import { InputError } from '../../errors.js';
import { readArrowFile } from '../../trace/arrow-file-read.js';
import { readArrowStream, type TraceReading } from '../../trace/arrow-stream-read.js';
import type { TraceChunk } from '../../trace/chunk.js';
import { readTraceJsonl } from '../../trace/jsonl.js';
import { TRACE_COLUMNS, type TraceColumnName } from '../../trace/schema.js';
import { checkValues } from './check-values.js';
import { formOfContent, HEAD_BYTES, type TraceForm } from './form.js';
import { openParquet } from './parquet-read.js';
import type { StoredBytes } from './stored-bytes.js';
import { endOfLines, endOfMessages, FILE_HEAD_BYTES, isTornFile } from './torn.js';
import type { OpenTrace } from './trace-passes.js';

const ALL: readonly TraceColumnName[] = TRACE_COLUMNS.map(({ name }) => name);

function inOrder(columns: readonly TraceColumnName[]): readonly TraceColumnName[] {
  return ALL.filter((name) => columns.includes(name));
}

/** Chunks whose every value is one that the builder would have let in. */
function* checked(chunks: Iterable<TraceChunk>): Generator<TraceChunk> {
  let row = 0;
  for (const chunk of chunks) {
    checkValues(chunk, row);
    row += chunk.rows;
    yield chunk;
  }
}

/** A stream, or the messages of a file that was cut off. */
function openStream({ file, pull }: StoredBytes, form: TraceForm, from: number, to: number): OpenTrace {
  const start = (columns?: readonly TraceColumnName[]): TraceReading => readArrowStream(pull(from, to), { torn: 'keep', ...(columns === undefined ? {} : { columns }) });
  const { metadata, columns } = start();
  let lost = 0;
  return {
    form,
    metadata,
    columns: inOrder(columns),
    pass: function* (wanted) {
      const reading = start(wanted);
      yield* checked(reading.chunks);
      lost = (reading.tail()?.lostBytes ?? 0) + file.sizeBytes - to;
    },
    lostBytes: () => lost,
  };
}

function openArrowFile(stored: StoredBytes): OpenTrace {
  const { file } = stored;
  if (isTornFile(file)) return openStream(stored, 'arrow file', FILE_HEAD_BYTES, endOfMessages(file));
  const { metadata, columns } = readArrowFile(file);
  return {
    form: 'arrow file',
    metadata,
    columns: inOrder(columns),
    pass: (wanted) => checked(readArrowFile(file, wanted === undefined ? {} : { columns: wanted }).chunks),
    lostBytes: () => 0,
  };
}

function openJsonl({ file, pull }: StoredBytes): OpenTrace {
  const end = endOfLines(file);
  const { metadata, columns } = readTraceJsonl(pull(0, end));
  return {
    form: 'json lines',
    metadata,
    columns,
    pass: () => readTraceJsonl(pull(0, end)).chunks,
    lostBytes: () => file.sizeBytes - end,
  };
}

/**
 * Opens a trace, whatever its form, recognised by content. Every chunk is checked: schema, rows, nulls, codes, and values that no
 * row may hold. A stream or lines cut off at the end are read up to there.
 *
 * @throws {@link InputError} EMPTY_INPUT, UNSUPPORTED_SCHEMA where the bytes are no trace, and what the reader of the form throws
 */
export async function openTrace(stored: StoredBytes): Promise<OpenTrace> {
  const { file } = stored;
  if (file.sizeBytes === 0) throw new InputError('EMPTY_INPUT', 'the trace is empty');
  const head = new Uint8Array(HEAD_BYTES);
  const form = formOfContent(head.subarray(0, file.read(head, 0)));
  switch (form) {
    case 'arrow stream':
      return openStream(stored, form, 0, file.sizeBytes);
    case 'arrow file':
      return openArrowFile(stored);
    case 'parquet':
      return openParquet(file);
    case 'json lines':
      return openJsonl(stored);
    case null:
      throw new InputError('UNSUPPORTED_SCHEMA', 'not a trace: expected an Arrow stream or file, Parquet or JSON Lines; "hindcast import" makes a trace from what a host wrote');
  }
}
