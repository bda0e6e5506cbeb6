// Times the grouped statistics of generated calls in chDB and DuckDB: node traces-peers.mjs PACKAGES FILE.arrow FOLDER
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages = '', file = '', folder = ''] = process.argv.slice(2);
const require = createRequire(join(packages, 'package.json'));
const text = (path) => `'${path.replaceAll("'", "''")}'`;

/** Seconds of the fastest of several runs, and its answer. */
async function best(times, work) {
  let seconds = Infinity;
  let answer;
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    answer = await work();
    seconds = Math.min(seconds, (performance.now() - start) / 1000);
  }
  return { seconds, answer };
}

async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    return { missing: String(error instanceof Error ? error.message : error).split('\n')[0] };
  }
}

function startChdb() {
  const { Session } = require('chdb');
  const session = new Session();
  const grouped = (from) => `SELECT native_capability, n, qs[2] AS med, arrayReduce('quantileExactInclusive(0.5)', arrayMap(x -> abs(x - qs[2]), xs)) AS mad, qs[1] AS p5, qs[3] AS p95 FROM (SELECT native_capability, count() AS n, quantilesExactInclusive(0.05, 0.5, 0.95)(latency_us) AS qs, groupArray(toFloat64(latency_us)) AS xs FROM ${from} GROUP BY native_capability) ORDER BY native_capability`;
  const run = (sql) => session.query(sql, 'TabSeparated');
  const lines = (answer) => answer.trim().split('\n').map((line) => line.split('\t').map((cell, i) => (i === 0 ? cell : String(Number(cell)))).join(' ')).join('\n');
  const from = `file(${text(file)}, 'Arrow')`;
  return { run, lines, grouped, from, cleanup: () => session.cleanup() };
}

/** One process has one session at most. */
let started;
const chdb = () => (started ??= startChdb());

const parquet = join(folder, 'calls.parquet');
const results = {};
results['chDB on the Arrow file'] = await attempt(async () => {
  const { run, lines, grouped, from } = chdb();
  const { seconds, answer } = await best(4, () => run(grouped(from)));
  return { seconds, answer: lines(answer) };
});
results['chDB on its own table'] = await attempt(async () => {
  const { run, lines, grouped, from } = chdb();
  run(`CREATE DATABASE IF NOT EXISTS bench`);
  run(`CREATE TABLE bench.calls ENGINE = Memory AS SELECT * FROM ${from}`);
  const { seconds, answer } = await best(4, () => run(grouped('bench.calls')));
  run(`SELECT * FROM bench.calls INTO OUTFILE ${text(parquet)} TRUNCATE FORMAT Parquet`);
  return { seconds, answer: lines(answer) };
});
results['DuckDB on its own table'] = await attempt(async () => {
  const { DuckDBInstance } = require('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`CREATE TABLE calls AS SELECT * FROM read_parquet(${text(parquet)})`);
  const sql = 'SELECT native_capability::VARCHAR, count(*)::DOUBLE, median(latency_us)::DOUBLE, mad(latency_us::DOUBLE)::DOUBLE, quantile_cont(latency_us, 0.05)::DOUBLE, quantile_cont(latency_us, 0.95)::DOUBLE FROM calls GROUP BY native_capability ORDER BY native_capability';
  const { seconds, answer } = await best(3, async () => (await connection.runAndReadAll(sql)).getRows());
  return { seconds, answer: answer.map((row) => row.join(' ')).join('\n') };
});
started?.cleanup();
console.log(JSON.stringify(results));
