import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The integration tests wait for deadlines most of their time, so many may wait at once.
    maxConcurrency: 8,
    maxWorkers: 4,
    // Property tests and real sockets on a busy machine: only what hangs is too slow.
    testTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      exclude: ['src/**/*.d.ts'],
      // scripts/coverage.ts adds what ran in the browser, and enforces the thresholds.
      reporter: ['json'],
      reportsDirectory: 'coverage/node',
      reportOnFailure: true,
    },
  },
});
