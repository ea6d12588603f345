import type { Page } from '@playwright/test'
import { HOUR, MINUTE, SECOND } from '../src/lib/units.ts'
import { expect, giveKey, test } from './support/fixtures.ts'
import { addTasks, field, row, rows, tile, turn } from './support/list.ts'
import { type LoupeServer, startServer } from './support/server.ts'
import { type SteeredApi, startSteeredApi } from './support/steered-api.ts'

/* A list kept open all day, beside an API whose clock is steered together with the page's. */

const START = Date.UTC(2026, 0, 1, 12)
const LIMIT = 100

interface Day {
  readonly api: SteeredApi
  readonly own: LoupeServer
  /** Lets that much time pass for page and API, a step at a time, and looks after each. */
  readonly pass: (ms: number, step: number, look?: () => Promise<void>) => Promise<void>
}

declare global {
  interface Window {
    /** Under way in this page. */
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
      // Its end is the end of its body.
      await response.clone().text()
      return response
    } finally {
      window.fetches--
    }
  }
}

/** Thirty tasks, of which one ends every two minutes; the first hour sees the end of all. */
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
    await field(page).waitFor()
    // From here on no time passes but by the test.
    await page.clock.pauseAt(api.now)
    const pass: Day['pass'] = async (ms, step, look) => {
      for (let passed = 0; passed < ms; passed += step) {
        api.now += step
        await page.clock.runFor(step)
        // An answer takes real time: steps that go on would be its time limit.
        await expect.poll(() => page.evaluate(() => window.fetches)).toBe(0)
        await expect.poll(api.inFlight).toBe(0)
        await look?.()
      }
    }
    await use({ api, own, pass })
    await own.stop()
    await api.stop()
  },
})

const digest = (page: Page) => page.getByRole('status').filter({ hasText: 'While you were away:' })

day(
  'thirty running tasks within a hundred questions an hour',
  async ({ page, day: { api, pass } }) => {
    test.setTimeout(180_000)
    await addTasks(page, [...TASKS.keys()])
    await expect(tile(page, 'Running 30')).toBeVisible()
    const left = page.getByRole('region', { name: 'Summary' }).getByText(/of 100 left this hour/)
    /** Questions that the strip takes for used; two are kept back for what nobody logged. */
    const used = async () => LIMIT - 2 - Number.parseInt(await left.innerText(), 10)
    const step = 20 * SECOND
    await pass(90 * MINUTE, step, async () => {
      // The page's hour is three seconds longer, and a step is all that the API's clock tells apart.
      const agrees = async () => {
        const count = await used()
        return api.recent() <= count && count <= api.recent(HOUR + step + 3 * SECOND)
      }
      await expect.poll(agrees).toBe(true)
    })
    expect(api.refused).toBe(0)
    await expect(tile(page, 'Done 30')).toBeVisible()
    await expect(tile(page, 'Running 0')).toBeVisible()
    await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Credits today300')
  },
)

day(
  'a night away: one question a task as the hour permits, then what happened',
  async ({ page, day: { api, pass } }) => {
    await addTasks(page, [...TASKS.keys()].slice(0, 4))
    await expect(tile(page, 'Running 4')).toBeVisible()
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

day('offline, then back: nothing is asked twice', async ({ page, context, day: { api, pass } }) => {
  await addTasks(page, ['task-00', 'task-01'])
  await expect(tile(page, 'Running 2')).toBeVisible()
  // The page hears of it a little later.
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
  'the tab tells how far the group is, and notifies while nobody looks',
  async ({ page, day: { api, pass } }) => {
    await page.evaluate(() => {
      const shown: string[] = []
      class Shown {
        static permission = 'granted'
        static requestPermission = async () => 'granted'
        constructor(title: string) {
          shown.push(title)
        }
        close() {}
      }
      Object.assign(window, { Notification: Shown, shown })
    })
    const shown = () => page.evaluate(() => (window as unknown as { shown: string[] }).shown)
    await addTasks(page, ['task-00', 'task-01'])
    await pass(SECOND, SECOND)
    await expect(page).toHaveTitle(/^\d+ % · 2 running · Loupe$/)
    const icon = page.locator('link[rel~="icon"]')
    await expect(icon).toHaveAttribute('href', /^data:image\/svg/)
    await page.getByRole('switch', { name: 'Notifications' }).click()

    // The second ends at four minutes after the start.
    await pass(2 * MINUTE, 5 * SECOND)
    await expect(tile(page, 'Done 1')).toBeVisible()
    // Somebody looks: nothing is shown.
    expect(await shown()).toEqual([])
    await turn(page, 'hidden')
    await pass(20 * MINUTE, 10 * SECOND)
    await expect.poll(shown).toEqual(['Done: task-01.png'])
    await expect(page).toHaveTitle('1 done · Loupe')
    expect(api.refused).toBe(0)
    await turn(page, 'visible')
    await expect(row(page, 'task-01')).toContainText('Processed')
  },
)
