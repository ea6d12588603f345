import { defineConfig } from '@playwright/test'
import { launchOptions } from './e2e/support/browser.ts'

const launch = await launchOptions()

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.e2e.ts',
  // Each worker has a server and a sandbox of its own, so tests may run at once.
  fullyParallel: true,
  workers: 2,
  // A flaky test is a bug: nothing is run twice.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['html', { open: 'never' }]],
  use: {
    ...launch,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'e2e', testIgnore: 'screenshots.e2e.ts' },
    { name: 'screenshots', testMatch: 'screenshots.e2e.ts', timeout: 120_000 },
  ],
})
