import { InvalidArgumentError } from 'commander';
import { InputError } from '../../../errors.js';
import { parseShard, type Shard } from '../../shard.js';

/** Help text of `--shard`. */
export const SHARD_HELP = 'do the i-th of n shares and write a part; "hindcast merge" joins them';

/** Reads `i/n`. */
export function shardArgument(text: string): Shard {
  try {
    return parseShard(text);
  } catch (error) {
    throw error instanceof InputError ? new InvalidArgumentError('It must be i/n with 1 <= i <= n.') : error;
  }
}
