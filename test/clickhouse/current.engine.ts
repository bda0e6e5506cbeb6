import { afterAll } from 'vitest';
import { agreesWithRows } from './agreement.js';
import { openChdb } from './engines.js';

const engine = openChdb();
afterAll(() => engine.close());

agreesWithRows(`ClickHouse ${engine.version} in this process`, () => engine, { database: 'default', table: 'calls `and` more' });
