import { defineConfig } from '@playwright/test';
import process from 'node:process';
import { CHROMIUM_FLAGS } from './scripts/chromium.ts';

const chromium = process.env['CHROMIUM'];

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: process.env['CI'] === 'true',
  // Real sockets and clocks on a shared machine: a second try tells a busy moment from a fault, and the last lines name who needed it.
  retries: 1,
  // They wait most of their time; more than two at once on two cores would judge each other's delays.
  workers: 2,
  timeout: 30_000,
  reporter: [['list'], ['json', { outputFile: 'coverage/playwright.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: { ...(chromium === undefined ? {} : { executablePath: chromium }), args: [...CHROMIUM_FLAGS] },
  },
});
