import { defineConfig } from 'vitest/config';

// Test files share no state, so that a module is loaded once a worker and not once a file.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 120_000, isolate: false },
});
