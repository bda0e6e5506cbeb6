import { defineConfig } from 'vitest/config';

// The tests that need engines: npm run test:clickhouse installs and starts them.
export default defineConfig({
  test: { root: new URL('..', import.meta.url).pathname, include: ['test/clickhouse/**/*.engine.ts'], testTimeout: 300_000, hookTimeout: 120_000 },
});
