import { InvalidArgumentError, type Command, Option } from 'commander';
import { InputError } from '../../../errors.js';
import { sha256 } from '../../../ledger/hash.js';
import type { AfterAlarm, CusumSides } from '../../../risk/regime/cusum.js';
import type { CusumTarget } from '../../../risk/regime/cusum-design.js';
import { timeOf } from '../../series/record.js';
import type { CommonOptions } from '../options.js';
import type { PlotOption } from '../plot.js';
import { countArgument, numberArgument } from '../options.js';
import { addSeriesOptions, type SeriesOptions } from '../series-options.js';
import { DETECTORS, FAMILIES, TIERS, type Asked, type DetectorName, type FamilyName, type Learning } from './settings.js';
import { usageError } from '../exit.js';
import { SHARD_HELP, shardArgument } from '../shard/option.js';
import type { Shard } from '../../shard.js';

/** Options of `hindcast detect`. */
export interface DetectOptions extends Omit<CommonOptions, 'format'>, SeriesOptions, PlotOption {
  readonly detector?: DetectorName;
  readonly family?: FamilyName;
  readonly sides?: CusumSides;
  readonly change?: number;
  readonly afterAlarm?: AfterAlarm;
  readonly arl0?: number;
  readonly alarmWithin?: CusumTarget;
  readonly level?: number;
  readonly seed?: number;
  readonly hazard?: number;
  readonly tier?: (typeof TIERS)[number];
  readonly baseline?: string;
  readonly approved?: number;
  readonly approvedUntil?: string;
  readonly mean?: number;
  readonly sd?: number;
  readonly p0?: number;
  readonly state?: string;
  readonly shard?: Shard;
}

/** Reads `N:p`. */
function withinArgument(text: string): CusumTarget {
  const [, n, p] = /^(\d+):(.+)$/.exec(text) ?? [];
  if (n === undefined || p === undefined) throw new InvalidArgumentError('It must be N:p, such as 1000:0.05 for a chance of at most 0.05 within 1000 observations.');
  return { within: countArgument(n), probability: numberArgument(p) };
}

/** Adds every option of `hindcast detect`. */
export function addDetectOptions(command: Command): Command {
  addSeriesOptions(command, ['interval', 'latency', 'score', 'error', 'bytes', 'value'])
    .addOption(new Option('--detector <name>', 'default: cusum with approved observations, self-starting without').choices(DETECTORS))
    .addOption(new Option('--family <law>', "the observations' law (default: by the stream)").choices(FAMILIES))
    .option('--change <size>', 'change to find: shift in sd (default 1), rate ratio (2), chance after (doubled)', numberArgument)
    .addOption(new Option('--sides <which>', 'changes to find; for intervals up is a higher rate, shorter waits').choices(['up', 'down', 'both']))
    .addOption(new Option('--after-alarm <what>', 'what follows an alarm (default: reset)').choices(['reset', 'latch', 'head-start']))
    .option('--arl0 <n>', 'mean observations to a false alarm, at least (default: 1000)', numberArgument)
    .option('--alarm-within <n:p>', 'or: chance p at most of a false alarm within n observations', withinArgument)
    .option('--baseline <file>', 'approved ledger or series, or what "hindcast baseline --json" wrote')
    .option('--approved <n>', 'the first n observations of each stream are approved', countArgument)
    .option('--approved-until <time>', 'observations up to this time are approved')
    .option('--mean <x>', 'approved mean, known', numberArgument)
    .option('--sd <x>', 'approved standard deviation, known', numberArgument)
    .option('--p0 <x>', 'approved chance of a failure, known', numberArgument)
    .option('--level <x>', 'probability of the promise over baselines (default: 0.9)', numberArgument)
    .option('--seed <n>', "seed of glr's simulated threshold (default: 20260101)", countArgument)
    .option('--hazard <n>', 'mean observations between changes that bocpd expects (default: 1000)', numberArgument)
    .addOption(new Option('--tier <name>', "the host's tier (default: balanced)").choices(TIERS))
    .option('--state <file>', 'go on from this state where it exists, and save it at the end')
    .option('--shard <i/n>', SHARD_HELP, shardArgument);
  return command;
}

function untilOf(text: string): Learning {
  try {
    return { from: 'until', time: timeOf(text, '--approved-until', { name: '', utc: false }).time ?? NaN };
  } catch (error) {
    throw error instanceof InputError ? usageError(error.message) : error;
  }
}

function firstOf(count: number): Learning {
  if (count < 1) throw usageError('--approved must be at least 1, got 0');
  return { from: 'first', count };
}

function learningOf({ approved, approvedUntil, mean, sd, p0 }: DetectOptions, baselineBytes: Uint8Array | null): Learning | undefined {
  const ways = [
    ...(baselineBytes === null ? [] : [{ option: '--baseline', learning: (): Learning => ({ from: 'baseline', sha256: sha256(baselineBytes) }) }]),
    ...(approved === undefined ? [] : [{ option: '--approved', learning: () => firstOf(approved) }]),
    ...(approvedUntil === undefined ? [] : [{ option: '--approved-until', learning: () => untilOf(approvedUntil) }]),
    ...([mean, sd, p0].every((x) => x === undefined) ? [] : [{ option: '--mean, --sd, --p0', learning: (): Learning => ({ from: 'given', mean: mean ?? null, sd: sd ?? null, p0: p0 ?? null }) }]),
  ];
  if (ways.length > 1) throw usageError(`what is normal can be said in one way, got ${ways.map(({ option }) => option).join(' and ')}`);
  return ways[0]?.learning();
}

function targetOf({ arl0, alarmWithin }: DetectOptions): CusumTarget | null {
  if (arl0 !== undefined && alarmWithin !== undefined) throw usageError('--arl0 and --alarm-within are two ways to say one thing: give one');
  return arl0 === undefined ? (alarmWithin ?? null) : { arl0 };
}

/**
 * What was said on the command line, and nothing else.
 *
 * @param command - tells whether `--by` was said or is the default
 * @param baselineBytes - of the file of `--baseline`; null where there is none
 */
export function askedOf(options: DetectOptions, command: Command, baselineBytes: Uint8Array | null): Asked {
  const { stream, detector, family, sides, change, afterAlarm, level, seed, hazard, tier } = options;
  const by = command.getOptionValueSource('by') === 'default' ? undefined : options.by;
  const target = targetOf(options) ?? undefined;
  const learning = learningOf(options, baselineBytes);
  const all = { stream, by, detector, family, sides, change, afterAlarm, target, level, learning, seed, hazard, tier };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
