import type { Browser, Page, Request } from '@playwright/test'
import { fullQuota } from '../core/quota/quota.ts'
import { type ApiKey, hashKey } from '../src/session/api-key.ts'
import { expect, test } from './support/fixtures.ts'
import { field, grid, openAdd } from './support/list.ts'

/* As many tasks as can be pasted at once. */

const IDS = Array.from({ length: 2000 }, (_, n) => `sentinel-failed~many${n}`)
/** Longest main-thread task in milliseconds that a user would not notice. */
const MAX_TASK_MS = 200

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly args: { readonly name?: string }
  /** Thread CPU time in microseconds, so that other load on the machine does not count. */
  readonly tdur?: number
}

/** Main-thread tasks of the page in milliseconds, the longest first. */
async function tasksDuring(browser: Browser, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(undefined, {
    categories: ['__metadata', 'disabled-by-default-devtools.timeline'],
  })
  await work()
  const { traceEvents }: { traceEvents: TraceEvent[] } = JSON.parse(
    (await browser.stopTracing()).toString(),
  )
  const threads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  return traceEvents
    .filter(({ name, pid, tid }) => name === 'RunTask' && threads.has(`${pid} ${tid}`))
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((a, b) => b - a)
}

/** Counts the page's own requests from start to finish. */
function countRequests(page: Page) {
  let inFlight = 0
  let most = 0
  const isStatus = (request: Request) => request.url().endsWith('/api/get-task-status')
  page.on('request', (request) => {
    if (isStatus(request)) most = Math.max(most, ++inFlight)
  })
  page.on('requestfinished', (request) => {
    if (isStatus(request)) inFlight--
  })
  return { most: () => most }
}

/** Pastes through the clipboard: typing this much takes Chromium seconds. */
async function paste(page: Page, ids: readonly string[]): Promise<void> {
  await openAdd(page)
  await field(page).evaluate((element, text) => {
    const source = document.createElement('textarea')
    source.value = text
    element.after(source)
    source.select()
    document.execCommand('copy')
    source.remove()
  }, ids.join('\n'))
  await field(page).focus()
  await page.keyboard.press('Control+V')
}

/** Stored state of an earlier visit: no limit. */
async function unlimited(page: Page, key: string): Promise<void> {
  const state = { allowance: fullQuota(null), paused: false, counted: false }
  await page.addInitScript(([name, text]) => localStorage.setItem(name, text), [
    `loupe:asking:${hashKey(key as ApiKey)}`,
    JSON.stringify(state),
  ] as const)
}

test('adding 2,000 tasks keeps the page responsive, with few parallel requests', async ({
  browser,
  open,
  page,
  sandbox,
}) => {
  await unlimited(page, (await sandbox.state()).key)
  const requests = countRequests(page)
  await open('/')
  const tasks = await tasksDuring(browser, async () => {
    await paste(page, IDS)
    await page.getByRole('button', { name: 'Add 2,000 tasks' }).click()
    await expect(grid(page)).toHaveAttribute('aria-rowcount', String(IDS.length + 1))
    // Each response changes the whole list.
    await expect(page.getByRole('button', { name: /^Failed [1-9]\d+/ })).toBeVisible()
  })
  expect(tasks.length).toBeGreaterThan(10)
  expect(tasks[0]).toBeLessThan(MAX_TASK_MS)
  expect(requests.most()).toBe(4)
})

test('2,000 tasks shown as added survive a reload right after', async ({ open }) => {
  const page = await open('/')
  await page.evaluate(() => {
    const check = () => {
      if (document.querySelector('[role=grid]') === null) requestAnimationFrame(check)
      else setTimeout(() => location.reload(), 100)
    }
    check()
  })
  await paste(page, IDS)
  const reloaded = page.waitForEvent('load')
  await page.getByRole('button', { name: 'Add 2,000 tasks' }).click()
  await reloaded
  await expect(grid(page)).toHaveAttribute('aria-rowcount', String(IDS.length + 1))
})
