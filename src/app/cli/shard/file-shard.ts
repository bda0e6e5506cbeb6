import type { Shard } from '../../shard.js';
import type { Cli } from '../cli.js';
import { EXIT, worse, type ExitCode } from '../exit.js';
import { filePartText, type FileListReport } from '../file-list.js';
import type { Output } from '../output.js';
import { partWriter } from './part.js';

/** Whose files, and which share of them. */
interface FileShard {
  readonly command: 'verify' | 'stats';
  readonly shard: Shard;
  /** What was asked of the files. */
  readonly asked: object;
}

/** Writes the part of every n-th file: shares differ by one file at most, and each file is read by one share alone. */
export async function writeFileShard(cli: Cli, files: readonly string[], { list, command, shard, asked }: FileShard & { readonly list: FileListReport }, output: Output): Promise<void> {
  const part = partWriter(output, { command, shard, asked: { files, ...asked } });
  let exit: ExitCode = EXIT.holds;
  for (const [at, path] of files.entries()) {
    if (at % shard.count !== shard.index) continue;
    const own = await filePartText(cli, path, list);
    part.item({ at, value: own.text });
    exit = worse(exit, own.exit);
  }
  part.end(exit);
  cli.exit(exit);
}
