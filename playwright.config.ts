import { defineConfig } from '@playwright/test'
import { launchOptions } from './e2e/support/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  // Each worker has its own server and sandbox, so tests can run in parallel.
  fullyParallel: true,
  // Twice as many as two cores: many tests mostly wait for a task.
  workers: 4,
  // A test that passes only on its second try is listed as flaky, which is a bug to mend. What is
  // really broken fails twice.
  retries: 1,
  forbidOnly: process.env.CI !== undefined,
  // Only catches tests that hang: on a busy machine, a page was seen to take ten times as long.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['html', { open: 'never' }], ['./e2e/accessibility/axe-count.ts']],
  use: {
    // Unpacked and started once here, before the workers start browsers in parallel.
    launchOptions: await launchOptions(),
    viewport: { width: 1280, height: 900 },
    // Tests see what the server sends. Those of the service worker (installed-app.e2e.ts) allow it.
    serviceWorkers: 'block',
    // Animations are drawn sixty times a second, on the processor that the other tests wait for.
    contextOptions: { reducedMotion: 'reduce' },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Tracing slows down every test. To trace one that fails: `npx playwright test --trace on -g
    // <its name>`.
    trace: 'off',
    screenshot: 'only-on-failure',
  },
  projects: [
    // A single project, since a worker with its server and browser belongs to one project.
    { name: 'tests', testMatch: ['*.e2e.ts', 'accessibility/*.a11y.ts'] },
    { name: 'screenshots', testMatch: 'screenshots.ts' },
  ],
})
