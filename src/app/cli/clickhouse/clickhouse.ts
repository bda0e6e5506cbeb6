import { Option, type Command } from 'commander';
import { dialectOf, traceDdl } from '../../../baseline/sql/trace-table.js';
import type { QuantileType } from '../../../stats/quantile.js';
import { parseClickhouseAddress } from '../../clickhouse/address.js';
import { openClickhouse, userOf } from '../../clickhouse/engine.js';
import { LAYOUTS, recogniseLayout, sourceOf, type Layout } from '../../clickhouse/layout.js';
import { tableStats, TABLE_STATS_SCHEMA, type StatsBy } from '../../clickhouse/stats.js';
import type { Cli } from '../cli.js';
import { loadFiles, type LoadOptions } from './load.js';
import { showTableStats } from './page.js';
import { EXIT, usageError } from '../exit.js';
import { reportJson, writeJson } from '../json.js';
import { openPage } from '../layout.js';
import { countArgument, numberArgument } from '../options.js';
import { withOutput, type Output } from '../output.js';

interface StatsOptions {
  readonly engine: string;
  readonly layout?: Layout;
  readonly trace?: readonly string[];
  readonly project?: string;
  readonly by: StatsBy;
  readonly quantile?: readonly number[];
  readonly type: QuantileType;
  readonly lower: number;
  readonly upper: number;
  readonly bins: number;
  readonly json?: boolean;
  readonly out?: string;
}

async function engineStats(cli: Cli, options: StatsOptions, output: Output): Promise<void> {
  const { by, quantile: probabilities = [0.05, 0.95], type, trace: traces, project } = options;
  const address = parseClickhouseAddress(options.engine);
  const engine = await openClickhouse(address, userOf(cli.io.env));
  try {
    const layout = options.layout ?? (await recogniseLayout(engine, address));
    const source = sourceOf(layout, address, { ...(traces === undefined ? {} : { traces }), ...(project === undefined ? {} : { project }) });
    const stats = await tableStats(engine, source, { by, probabilities, type, bins: { lower: options.lower, upper: options.upper, bins: options.bins } });
    const table = `${address.database}.${address.table}`;
    if (options.json === true) writeJson(output, `${reportJson({ schema: TABLE_STATS_SCHEMA, table, layout, version: engine.version, ...stats })}\n`);
    else {
      const page = openPage(output.write, output.colour);
      page.verdict('strong', table, `${layout} on ClickHouse ${engine.version}`);
      showTableStats(page, stats);
    }
    cli.exit(stats.rows === 0 ? EXIT.notEnough : EXIT.holds);
  } finally {
    await engine.close();
  }
}

interface DdlOptions {
  readonly engine: string;
  readonly cluster?: string;
  readonly server: string;
}

function printDdl(cli: Cli, { engine, cluster, server }: DdlOptions): void {
  if (!/^[0-9]+(?:\.[0-9]+)+$/.test(server)) throw usageError(`--server must be a version such as 24.8, got ${server}`);
  const statements = traceDdl(parseClickhouseAddress(engine), { dialect: dialectOf(server), ...(cluster === undefined ? {} : { cluster }) });
  cli.io.stdout.write(`${statements.join(';\n\n')};\n`);
}

const ENGINE_HELP = 'clickhouse://HOST[:PORT]/DATABASE/TABLE, clickhouses:// for HTTPS';

const WHO_HELP = `
User and password come from HINDCAST_CLICKHOUSE_USER and
HINDCAST_CLICKHOUSE_PASSWORD. The package @clickhouse/client must be installed.`;

const STATS_HELP = `
Examples:
  hindcast clickhouse stats --engine clickhouse://localhost/risk/calls
  hindcast clickhouse stats --engine clickhouses://ch.example/langfuse/observations --project p1
  hindcast clickhouse stats --engine clickhouse://ch/otel/otel_traces --by tool --json

Everything is computed at the server and is what the rows themselves give, to
the last bit: counts, medians, MADs, quantiles, transitions, bursts. The table
may be one that "load" filled, Langfuse's observations or events, or the spans
of OpenTelemetry's exporter; which it is, its columns tell.
${WHO_HELP}

Exit codes: 0 done, 2 no answer that can be read, 3 bad usage, or a server that
is not there or refuses, 5 no rows.`;

const LOAD_HELP = `
Examples:
  hindcast clickhouse load trace.arrows --engine clickhouse://localhost/risk/calls
  hindcast import --from auto *.jsonl -o - | hindcast clickhouse load - --trace may --engine ...

The table is made if it is not there. A trace is kept under a name, its SHA-256
unless --trace gives one: loading it again adds nothing, and a load that was cut
off goes on where it stopped. Files are Arrow streams or files, Parquet or JSON
Lines of the trace table, recognised by content, gzip or not.
${WHO_HELP}

Exit codes: 0 loaded, 2 malformed, 3 bad usage, or a server that is not there or
refuses.`;

const DDL_HELP = `
Examples:
  hindcast clickhouse ddl --engine clickhouse://localhost/risk/calls
  hindcast clickhouse ddl --engine clickhouse://ch/risk/calls --cluster main

With --cluster there is a table on each server, and one named TABLE_all over all
of them: load into that one and ask that one.`;

function addStats(clickhouse: Command, cli: Cli): void {
  clickhouse.command('stats')
    .summary('exact statistics of a table, computed there')
    .description('Exact statistics of a table of traces, of Langfuse or of OpenTelemetry, computed by the server that holds it.')
    .requiredOption('--engine <url>', ENGINE_HELP)
    .addOption(new Option('--layout <name>', 'whose table it is (default: by its columns)').choices(LAYOUTS))
    .option('--trace <name...>', 'these traces only')
    .option('--project <id>', "this project of Langfuse's only")
    .addOption(new Option('--by <column>', 'what groups are made by').choices(['capability', 'native_capability', 'tool', 'actor']).default('capability'))
    .option('--quantile <p...>', 'probabilities (default: 0.05 0.95)', (text: string, before: readonly number[] | undefined) => [...(before ?? []), numberArgument(text)])
    .addOption(new Option('--type <n>', 'which of the nine definitions of a quantile').argParser(countArgument).default(8))
    .option('--lower <x>', 'lower end of the histogram of scores', numberArgument, 0)
    .option('--upper <x>', 'upper end of it', numberArgument, 1)
    .option('--bins <n>', 'bins of it', countArgument, 20)
    .option('--json', 'print the report as JSON')
    .option('-o, --out <file>', 'write to a file, whole or not at all, instead of standard output')
    .addHelpText('after', STATS_HELP)
    .action(async (options: StatsOptions) => withOutput(cli.io, options.out, [], (output) => engineStats(cli, options, output)));
}

const HELP = `
Examples:
  hindcast clickhouse ddl --engine clickhouse://localhost/risk/calls
  hindcast clickhouse load may.arrows --engine clickhouse://localhost/risk/calls
  hindcast clickhouse stats --engine clickhouse://localhost/risk/calls`;

/** Adds `hindcast clickhouse`. */
export function addClickhouse(program: Command, cli: Cli): void {
  const clickhouse = program.command('clickhouse')
    .summary('traces in ClickHouse: ddl, load, stats')
    .description('Hands work on traces to ClickHouse where one machine is too small.')
    .helpCommand(false)
    .addHelpText('after', HELP);
  addStats(clickhouse, cli);
  clickhouse.command('load')
    .summary('load traces into a table')
    .description('Loads traces into a table, each once.')
    .argument('<file...>', 'traces in any form; - is standard input')
    .requiredOption('--engine <url>', ENGINE_HELP)
    .option('--trace <name>', 'name to keep the trace under (default: its SHA-256)')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', LOAD_HELP)
    .action(async (files: string[], options: LoadOptions) => withOutput(cli.io, undefined, files, (output) => loadFiles(cli, files, options, output)));
  clickhouse.command('ddl')
    .summary('print the statements that make a table of traces')
    .description('Prints the statements that make a table of traces; nothing is sent anywhere.')
    .requiredOption('--engine <url>', ENGINE_HELP)
    .option('--cluster <name>', 'spread it over a cluster, by the hash of the actor')
    .option('--server <version>', "the server's version; before 20.8 the types are plainer", '24.8')
    .addHelpText('after', DDL_HELP)
    .action((options: DdlOptions) => { printDdl(cli, options); });
}
