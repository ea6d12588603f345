import type { Page } from '@playwright/test'
import { HOUR, MINUTE, SECOND } from '../core/lib/units.ts'
import { expect, giveKey, test } from './support/fixtures.ts'
import { addButton, addTasks, chip, row, rows, turn } from './support/list.ts'
import { keepNotifications } from './support/notifications.ts'
import { type LoupeServer, startServer } from './support/server.ts'
import { type SteeredApi, startSteeredApi } from './support/steered-api.ts'

/* A list kept open all day, with an API whose clock moves together with the page's. */

const START = Date.UTC(2026, 0, 1, 12)
const LIMIT = 100

interface Day {
  readonly api: SteeredApi
  readonly own: LoupeServer
  /** Advances page and API by `ms`, one step at a time, and calls `afterStep` after each. */
  readonly pass: (ms: number, step: number, afterStep?: () => Promise<void>) => Promise<void>
}

declare global {
  interface Window {
    /** Requests in flight in this page. */
    fetches: number
  }
}

function countFetches() {
  const fetch = window.fetch.bind(window)
  window.fetches = 0
  window.fetch = async (...request) => {
    window.fetches++
    try {
      const response = await fetch(...request)
      // A request ends when its body has been read.
      await response.clone().text()
      return response
    } finally {
      window.fetches--
    }
  }
}

/** Thirty tasks, one of which ends every two minutes, all within the first hour. */
const TASKS = new Map(
  Array.from({ length: 30 }, (_, n) => [
    `task-${String(n).padStart(2, '0')}`,
    { began: START - MINUTE, ends: START + (n + 1) * 2 * MINUTE },
  ]),
)

const day = test.extend<{ day: Day }>({
  day: async ({ page }, use) => {
    // The page takes a moment to open.
    const api = await startSteeredApi({ start: START + MINUTE, limit: LIMIT, tasks: TASKS })
    const own = await startServer({ UPSCAYL_API_URL: api.url })
    await page.clock.install({ time: START })
    await giveKey(page, 'a-key-of-the-real-api')
    await page.addInitScript(countFetches)
    await page.goto(own.url)
    await addButton(page).waitFor()
    // From here on only the test advances the time.
    await page.clock.pauseAt(api.now)
    const pass: Day['pass'] = async (ms, step, afterStep) => {
      for (let passed = 0; passed < ms; passed += step) {
        api.now += step
        await page.clock.runFor(step)
        // A response takes real time: further steps could trigger its timeout.
        await expect.poll(() => page.evaluate(() => window.fetches)).toBe(0)
        await expect.poll(api.inFlight).toBe(0)
        await afterStep?.()
      }
    }
    await use({ api, own, pass })
    await own.stop()
    await api.stop()
  },
})

/**
 * Adds the tasks, and lets time pass until each has been checked once. A check is a timer that is set some
 * real time after a task was added: a fixed wait could be over before that, and no time passes by itself.
 */
async function addAndCheck(page: Page, { api, pass }: Day, ids: readonly string[]) {
  await addTasks(page, ids)
  await expect(async () => {
    await pass(SECOND, SECOND)
    expect(ids.filter((id) => !api.asked.has(id))).toEqual([])
  }).toPass()
}

const digest = (page: Page) => page.getByRole('status').filter({ hasText: 'While you were away:' })

day(
  'thirty running tasks within a hundred requests per hour',
  async ({ page, day: { api, pass } }) => {
    test.setTimeout(180_000)
    await addTasks(page, [...TASKS.keys()])
    await expect(chip(page, 'Running 30')).toBeVisible()
    const left = page.getByRole('button', { name: /checks? left$/ })
    /** Requests that the page counts as used; two are reserved for unrecorded requests. */
    const used = async () => LIMIT - 2 - Number.parseInt(await left.innerText(), 10)
    // Shorter than a request's timeout, which a step as long would trigger.
    const step = 15 * SECOND
    await pass(90 * MINUTE, step, async () => {
      // The page's hour is three seconds longer, and the API's clock is only as precise as a
      // step.
      await expect(async () => {
        const count = await used()
        expect(count).toBeGreaterThanOrEqual(api.recent())
        expect(count).toBeLessThanOrEqual(api.recent(HOUR + step + 3 * SECOND))
      }).toPass()
    })
    expect(api.refused).toBe(0)
    await expect(chip(page, 'Done 30')).toBeVisible()
    await expect(chip(page, 'Running 0')).toBeVisible()
    await expect(page.getByText('300 credits in 14 days')).toBeVisible()
  },
)

day(
  'after a night away: one request per task within the quota, then a digest',
  async ({ page, day }) => {
    const { api, pass } = day
    await addAndCheck(page, day, [...TASKS.keys()].slice(0, 4))
    await expect(chip(page, 'Running 4')).toBeVisible()
    await turn(page, 'hidden')
    const before = api.asked.get('task-00') ?? 0
    // The device sleeps: no timer runs, and all are late.
    api.now += 8 * HOUR
    await page.clock.fastForward(8 * HOUR)
    await turn(page, 'visible')
    await pass(10 * SECOND, SECOND)
    await expect(digest(page)).toContainText('4 finished')
    expect((api.asked.get('task-00') ?? 0) - before).toBe(1)
    await page.getByRole('link', { name: '4 finished' }).click()
    await expect(rows(page)).toHaveCount(4)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await expect(digest(page)).toBeHidden()
  },
)

day('offline, then back: no request is sent twice', async ({ page, context, day }) => {
  const { api, pass } = day
  await addAndCheck(page, day, ['task-00', 'task-01'])
  await expect(chip(page, 'Running 2')).toBeVisible()
  // The page receives the event slightly later.
  const onLine = () => page.evaluate(() => navigator.onLine)
  await context.setOffline(true)
  await expect.poll(onLine).toBe(false)
  const before = [...api.asked.values()].reduce((sum, n) => sum + n, 0)
  await pass(10 * MINUTE, MINUTE)
  expect([...api.asked.values()].reduce((sum, n) => sum + n, 0)).toBe(before)
  await context.setOffline(false)
  await expect.poll(onLine).toBe(true)
  await pass(2 * MINUTE, 5 * SECOND)
  await expect(digest(page)).toContainText('2 finished')
  expect(api.refused).toBe(0)
})

day(
  'the tab title shows the progress of all tasks, and a hidden tab notifies',
  async ({ page, day }) => {
    const { api, pass } = day
    await page.evaluate(keepNotifications)
    const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    await addAndCheck(page, day, ['task-00', 'task-01'])
    await expect(page).toHaveTitle(/^\d+% · 2 running · Loupe$/)
    const icon = page.locator('link[rel~="icon"]')
    await expect(icon).toHaveAttribute('href', /^data:image\/svg/)
    await page.getByRole('button', { name: /^API key/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Notifications' }).click()

    // The second task ends four minutes after the start.
    await pass(2 * MINUTE, 5 * SECOND)
    await expect(chip(page, 'Done 1')).toBeVisible()
    // The page is visible: no notification.
    expect(await shown()).toEqual([])
    await turn(page, 'hidden')
    await pass(20 * MINUTE, 10 * SECOND)
    await expect.poll(shown).toEqual(['Done: task-01.png'])
    await expect(page).toHaveTitle('1 done · Loupe')
    expect(api.refused).toBe(0)
    await turn(page, 'visible')
    await expect(row(page, 'task-01')).toContainText('Done')
  },
)

day(
  'a tab that opens another page checks the tasks of the list, too, and notifies',
  async ({ page, day }) => {
    const { own, pass } = day
    await page.evaluate(keepNotifications)
    await addAndCheck(page, day, ['task-00', 'task-01'])
    await page.getByRole('button', { name: /^API key/ }).click()
    await page.getByRole('menuitemcheckbox', { name: 'Notifications' }).click()
    await page.addInitScript(keepNotifications)
    await page.goto(`${own.url}/credits`)
    const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    await expect(page.getByRole('link', { name: '2 running' })).toBeVisible()
    await turn(page, 'hidden')
    await pass(20 * MINUTE, 10 * SECOND)
    await expect.poll(shown).toEqual(['Done: task-00.png', 'Done: task-01.png'])
    await expect(page.getByRole('link', { name: /running$/ })).toBeHidden()
  },
)
