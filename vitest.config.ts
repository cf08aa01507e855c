import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
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
