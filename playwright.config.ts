import { defineConfig } from '@playwright/test'
import { BASELINES, hasBaselines } from './e2e/support/baselines.ts'
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
  // Only what hangs: on a busy machine a page was seen to take ten times as long.
  timeout: 180_000,
  expect: {
    timeout: 30_000,
    // No pixel may differ. The threshold is what the same drawing on another processor may come to:
    // one of 255 steps of a colour.
    toHaveScreenshot: { maxDiffPixels: 0, threshold: 0.005, animations: 'disabled' },
  },
  snapshotPathTemplate: `${BASELINES}/{arg}{ext}`,
  reporter: [
    ['list'],
    ['html', { open: 'never' }],
    ['./e2e/accessibility/axe-count.ts'],
    ['./e2e/visual/no-baselines.ts'],
  ],
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
    // One project, since a worker, its server and its browser are of one project.
    {
      name: 'tests',
      testMatch: ['*.e2e.ts', 'accessibility/*.a11y.ts', 'visual/*.visual.ts'],
      // Where there are no pictures to compare with, no-baselines.ts says so.
      testIgnore: hasBaselines() ? [] : 'visual/**',
    },
    { name: 'screenshots', testMatch: 'screenshots.ts' },
  ],
})
