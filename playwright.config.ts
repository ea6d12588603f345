import { defineConfig } from '@playwright/test'
import { launchOptions } from './e2e/support/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  // Each worker has a server and a sandbox of its own, so tests may run at once.
  fullyParallel: true,
  // Twice two cores: many tests mostly wait for a task.
  workers: 4,
  // A flaky test is a bug: nothing is run twice.
  retries: 0,
  forbidOnly: process.env.CI !== undefined,
  // Only what hangs: on a busy machine a page was seen to take ten times as long.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['html', { open: 'never' }], ['./e2e/accessibility/axe-count.ts']],
  use: {
    // Unpacked and started once here, before the workers start browsers side by side.
    launchOptions: await launchOptions(),
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // A trace costs time in every test; of one that fails: `npx playwright test --trace on -g <its name>`.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    // One project, since a worker, its server and its browser are of one project.
    { name: 'tests', testMatch: ['*.e2e.ts', 'accessibility/*.a11y.ts'] },
    { name: 'screenshots', testMatch: 'screenshots.ts' },
  ],
})
