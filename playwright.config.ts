import { defineConfig } from '@playwright/test'
import { BASELINES, PLATFORM } from './e2e/support/baselines.ts'
import { launchOptions } from './e2e/support/browser.ts'

const launch = await launchOptions()

export default defineConfig({
  testDir: 'e2e',
  // Each worker has a server and a sandbox of its own, so tests may run at once.
  fullyParallel: true,
  // One more than two cores: some tests mostly wait for a task.
  workers: 3,
  // A flaky test is a bug: nothing is run twice.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: {
    timeout: 10_000,
    // No pixel may differ. The threshold is what the same drawing on another processor may come to:
    // one of 255 steps of a colour.
    toHaveScreenshot: { maxDiffPixels: 0, threshold: 0.005, animations: 'disabled' },
  },
  snapshotPathTemplate: `${BASELINES}/${PLATFORM}/{arg}{ext}`,
  reporter: [['list'], ['html', { open: 'never' }], ['./e2e/accessibility/axe-count.ts']],
  use: {
    ...launch,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // A trace costs time in every test; of one that fails: `npx playwright test --trace on -g <its name>`.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'e2e', testMatch: '*.e2e.ts' },
    { name: 'accessibility', testMatch: 'accessibility/*.a11y.ts' },
    { name: 'visual', testMatch: 'visual/*.visual.ts', timeout: 120_000 },
    { name: 'screenshots', testMatch: 'screenshots.ts', timeout: 120_000 },
  ],
})
