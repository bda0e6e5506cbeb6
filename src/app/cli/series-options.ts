import { type Command, Option } from 'commander';
import type { SeriesColumns, StreamKind } from '../series/record.js';
import type { StreamBy } from '../series/streams.js';

/** Options of every command that reads a series. */
export interface SeriesOptions {
  readonly stream?: StreamKind;
  readonly by: StreamBy;
  readonly time?: string;
  readonly value?: string;
  readonly actorColumn?: string;
  readonly capabilityColumn?: string;
  readonly utc?: boolean;
  readonly sort?: boolean;
}

/**
 * Adds `--stream`, `--by`, `--time`, `--value`, `--actor-column`, `--capability-column`, `--utc` and `--sort`.
 *
 * @param streams - the streams that the command knows
 */
export function addSeriesOptions(command: Command, streams: readonly StreamKind[]): Command {
  return command
    .addOption(new Option('--stream <kind>', 'what to watch (default: value where records have one, else interval)').choices(streams))
    .addOption(new Option('--by <what>', 'which records make a stream').choices(['actor', 'capability', 'actor,capability', 'none']).default('actor'))
    .option('--time <name>', 'column or field of times (default: ts_ms, time or timestamp)')
    .option('--value <name>', 'column or field of values (default: value)')
    .option('--actor-column <name>', 'column or field of actors (default: extension_id or actor)')
    .option('--capability-column <name>', 'column or field of capabilities')
    .option('--utc', 'take times without a zone as UTC')
    .option('--sort', 'put records in order of time first: calls that overlap end out of order');
}

/** Where the chosen stream is found. */
export function columnsOf({ stream, time, value, actorColumn, capabilityColumn, utc }: SeriesOptions): SeriesColumns {
  return {
    ...(stream === undefined ? {} : { stream }),
    ...(time === undefined ? {} : { time }),
    ...(value === undefined ? {} : { value }),
    ...(actorColumn === undefined ? {} : { actor: actorColumn }),
    ...(capabilityColumn === undefined ? {} : { capability: capabilityColumn }),
    ...(utc === undefined ? {} : { utc }),
  };
}
