import { createHash } from 'node:crypto';
import { InputError } from '../../../errors.js';
import { openClickhouse, userOf } from '../../clickhouse/engine.js';
import { parseClickhouseAddress } from '../../clickhouse/address.js';
import { loadTrace, type LoadReport } from '../../clickhouse/load.js';
import { openInput } from '../../input.js';
import { startProgress } from '../../progress.js';
import type { ByteSource } from '../../../ledger/source.js';
import { readArrowStream } from '../../../trace/arrow-stream-read.js';
import type { Cli } from '../cli.js';
import { usageError } from '../exit.js';
import { openPage, type Page } from '../layout.js';
import { namingAsync, withTraces } from '../ledgers.js';
import { reportJson, writeJson } from '../json.js';
import type { Output } from '../output.js';

/** Options of `hindcast clickhouse load`. */
export interface LoadOptions {
  readonly engine: string;
  readonly trace?: string;
  readonly json?: boolean;
}

const PIECE = 1 << 20;

/** SHA-256 of a file's content, its name where it has been given none: the same content is never there twice. */
async function contentName(path: string): Promise<string> {
  const file = await openInput(path);
  try {
    const hash = createHash('sha256');
    const piece = new Uint8Array(PIECE);
    for (let count = file.source(piece); count > 0; count = file.source(piece)) hash.update(piece.subarray(0, count));
    return hash.digest('hex');
  } finally {
    file.close();
  }
}

function counting(source: ByteSource, onBytes: (bytes: number) => void): ByteSource {
  let total = 0;
  return (into) => {
    const count = source(into);
    total += count;
    onBytes(total);
    return count;
  };
}

interface FileLoad extends LoadReport {
  readonly file: string;
}

async function loadFile(cli: Cli, path: string, { engine: text, trace }: LoadOptions): Promise<FileLoad> {
  const address = parseClickhouseAddress(text);
  const name = trace ?? (await contentName(path));
  const engine = await openClickhouse(address, userOf(cli.io.env));
  const file = cli.io.open(path);
  if (file.trace === null) {
    file.close();
    throw new InputError('UNSUPPORTED_SCHEMA', 'not a trace: expected an Arrow stream or file, Parquet or JSON Lines of the trace table; "hindcast import" makes a trace from what a host wrote');
  }
  const progress = startProgress(cli.io, 'loading', file.sizeBytes);
  let rows = 0;
  try {
    const { chunks } = readArrowStream(counting(file.source, (bytes) => { progress.update(rows, bytes); }));
    const counted = function* (): Generator<(typeof chunks extends Iterable<infer C> ? C : never)> {
      for (const chunk of chunks) {
        yield chunk;
        rows += chunk.rows;
      }
    };
    return { file: path, ...(await loadTrace(engine, address, name, counted())) };
  } finally {
    progress.stop();
    file.close();
    await engine.close();
  }
}

function showLoad(page: Page, { file, trace, made, before, added, batches }: FileLoad): void {
  const there = before > 0 ? `, ${before.toLocaleString('en-US')} were there` : '';
  page.verdict('good', added === 0 && before > 0 ? 'already there' : 'loaded', file);
  page.row('rows', `${added.toLocaleString('en-US')} added in ${batches.toLocaleString('en-US')} ${batches === 1 ? 'batch' : 'batches'}${there}`);
  page.row('trace', trace);
  if (made) page.row('table', 'made for it');
}

/** Loads traces into a table. */
export async function loadFiles(cli: Cli, files: readonly string[], options: LoadOptions, output: Output): Promise<void> {
  if (options.trace !== undefined && files.length > 1) throw usageError('--trace names one trace: load several files one by one');
  if (options.trace === undefined && files.includes('-')) throw usageError('from the standard input a trace needs a name: --trace NAME');
  if (options.trace === '') throw usageError('--trace must name the trace, got an empty name');
  const loads: FileLoad[] = [];
  await withTraces(cli, files, async (own) => {
    for (const path of files) loads.push(await namingAsync(path, () => loadFile(own, path, options)));
  });
  if (options.json === true) {
    writeJson(output, `${reportJson({ schema: 'hindcast.load.v1', loads })}\n`);
    return;
  }
  const page = openPage(output.write, output.colour);
  for (const load of loads) showLoad(page, load);
}
