import { afterAll, beforeAll } from 'vitest';
import { sqlTableName, traceDdl } from '../../src/baseline/sql/trace-table.js';
import { agreesWithRows } from './agreement.js';
import { openServer } from './engines.js';

const [first, second] = await Promise.all([openServer(0), openServer(1)]);
const one = { database: 'default', table: "calls 'here'" };
const [local, all] = ['calls', 'calls_all'].map((table) => ({ database: 'default', table })) as [typeof one, typeof one];

beforeAll(async () => {
  for (const engine of [first, second]) for (const table of [one, local, all]) await engine.run(`DROP TABLE IF EXISTS ${sqlTableName(table)}`);
  const statements = traceDdl(local, { dialect: 'plain', cluster: 'pair' }).map((statement) => statement.replace(' ON CLUSTER `pair`', ''));
  for (const engine of [first, second]) for (const statement of statements) await engine.run(statement);
});
afterAll(async () => {
  for (const engine of [first, second]) await engine.close();
});

agreesWithRows(`ClickHouse ${first.version}, one server over HTTP`, () => first, one);
agreesWithRows(`ClickHouse ${first.version}, a table over two servers`, () => second, all);
