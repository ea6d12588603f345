/**
 * tsx bench/list/main.ts
 *
 * Cost of a list of 2,000 stored tasks in the real app, over CDP: time to the first rows compared
 * with 20 tasks, scrolling through the whole list, and idle main-thread work compared with an
 * empty list. Medians of five rounds, alternating, each in its own profile. Exits with an error
 * if a goal is missed.
 */
import type { Browser, BrowserContext, Page } from 'playwright'
import { launchOptions, startBrowser } from '../../e2e/support/browser.ts'
import { sandboxOf } from '../../e2e/support/fixtures.ts'
import { type LoupeServer, startServer } from '../../e2e/support/server.ts'
import { type ApiKey, hashKey } from '../../src/session/api-key.ts'
import { remembered } from './remembered.ts'

const ROUNDS = 5
const MANY = 2000
const FEW = 20
/** Maximum ratios: first rows of many / few; idle work of many / an empty list. */
const GOALS = { firstRows: 1.5, idle: 1.5 }

const SETTLE_MS = 3000
const WINDOW_MS = 10_000
/** About as fast as a mouse wheel. */
const SCROLL_PX_PER_S = 6000

/** A browser profile with `count` stored tasks. */
async function profile(
  browser: Browser,
  server: LoupeServer,
  count: number,
): Promise<BrowserContext> {
  const { key } = await sandboxOf(server.url).state()
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // Its installation would be counted.
    serviceWorkers: 'block',
  })
  await context.addInitScript((value) => sessionStorage.setItem('loupe:api-key', value), key)
  // tsx calls a helper to name functions, which pages do not have.
  await context.addInitScript('globalThis.__name = (it) => it')
  const page = await context.newPage()
  await page.goto(server.url)
  // The app itself creates its storage.
  await page.getByRole('button', { name: 'Add by ID' }).waitFor()
  await page.evaluate(
    ({ entries, hash }) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('loupe')
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('tasks', 'readwrite')
          for (const [id, entry] of entries) transaction.objectStore('tasks').put(entry, [hash, id])
          transaction.oncomplete = () => resolve()
          transaction.onerror = () => reject(transaction.error)
        }
      }),
    {
      entries: remembered(count, `${server.url}/pictures`, Date.now()),
      hash: hashKey(key as ApiKey),
    },
  )
  await page.close()
  return context
}

/** Milliseconds from the start of the navigation to the frame that shows the first rows. */
async function firstRows(context: BrowserContext, server: LoupeServer): Promise<number> {
  const page = await context.newPage()
  // Measured in the page itself, so that no round trip is included.
  await page.addInitScript(() => {
    const check = () => {
      if (document.querySelector('[role=row][data-index]') === null) requestAnimationFrame(check)
      else requestAnimationFrame(() => performance.mark('first-rows'))
    }
    check()
  })
  await page.goto(server.url)
  const at = await page.waitForFunction(
    () => performance.getEntriesByName('first-rows')[0]?.startTime,
  )
  const ms = (await at.jsonValue()) ?? Number.NaN
  await page.close()
  return ms
}

/** Main-thread work of an idle page, in milliseconds per second. */
async function idle(context: BrowserContext, server: LoupeServer): Promise<number> {
  const page = await context.newPage()
  await page.goto(server.url)
  await page.getByRole('button', { name: 'Add by ID' }).waitFor()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.waitForTimeout(SETTLE_MS)
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics')
    const of = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN
    return { work: of('TaskDuration'), at: of('Timestamp') }
  }
  const before = await read()
  await page.waitForTimeout(WINDOW_MS)
  const after = await read()
  await page.close()
  return ((after.work - before.work) * 1000) / (after.at - before.at)
}

interface Scrolled {
  readonly frames: number
  /** Frames in which part of the visible list had no row. */
  readonly gaps: number
  readonly px: number
}

/** Scrolls through the list and checks each frame. */
async function scroll(context: BrowserContext, server: LoupeServer): Promise<Scrolled> {
  const page = await context.newPage()
  await page.goto(server.url)
  await page.locator('[role=row][data-index]').first().waitFor()
  await page.evaluate(() => {
    const seen = { frames: 0, gaps: 0 }
    const check = () => {
      const body = document.querySelector('[role=row][data-index]')?.parentElement
      if (body) {
        const { top, bottom } = body.getBoundingClientRect()
        const rects = [...body.children].map((row) => row.getBoundingClientRect())
        const [from, to] = [Math.max(0, top), Math.min(innerHeight, bottom)]
        rects.sort((a, b) => a.top - b.top)
        let reached = from
        for (const rect of rects)
          if (rect.top <= reached + 1) reached = Math.max(reached, rect.bottom)
        seen.frames++
        if (reached < to - 1) seen.gaps++
      }
      requestAnimationFrame(check)
    }
    check()
    Object.assign(window, { seen })
  })
  const px = await scrollToEnd(page)
  const { frames, gaps } = await page.evaluate(
    () => (window as unknown as { seen: { frames: number; gaps: number } }).seen,
  )
  await page.close()
  return { frames, gaps, px }
}

async function scrollToEnd(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const height = () => page.evaluate(() => document.documentElement.scrollHeight - innerHeight)
  const px = await height()
  await session.send('Input.synthesizeScrollGesture', {
    x: 640,
    y: 400,
    yDistance: -px,
    speed: SCROLL_PX_PER_S,
    gestureSourceType: 'mouse',
  })
  const at = await page.evaluate(() => scrollY)
  if (at < px * 0.95) throw new Error(`The page was scrolled to ${at} of ${px} px only`)
  return px
}

const server = await startServer()
const browser = await startBrowser(await launchOptions())
try {
  const [none, few, many] = [
    await profile(browser, server, 0),
    await profile(browser, server, FEW),
    await profile(browser, server, MANY),
  ]
  const found = { few: [], many: [], idleNone: [], idleMany: [] } as Record<string, number[]>
  for (let round = 0; round < ROUNDS; round++) {
    found.few?.push(await firstRows(few, server))
    found.many?.push(await firstRows(many, server))
  }
  for (let round = 0; round < ROUNDS; round++) {
    found.idleNone?.push(await idle(none, server))
    found.idleMany?.push(await idle(many, server))
  }
  const scrolled = await scroll(many, server)
  const [first, idling] = [
    report(`first rows, ms: ${FEW} tasks, ${MANY} tasks`, found.few, found.many, GOALS.firstRows),
    report(`idle, ms a second: empty, ${MANY} tasks`, found.idleNone, found.idleMany, GOALS.idle),
  ]
  const { frames, gaps, px } = scrolled
  console.log(
    `scrolling ${px} px at ${SCROLL_PX_PER_S} px/s: ${gaps} of ${frames} frames with a gap`,
  )
  if (!first || !idling || gaps > 0) process.exitCode = 1
} finally {
  await browser.close()
  await server.stop()
}

function report(name: string, floor: number[] = [], ours: number[] = [], goal: number): boolean {
  const [base, own] = [median(floor), median(ours)]
  const ratio = own / base
  const reached = ratio <= goal
  const figures = `${base.toFixed(1)}, ${own.toFixed(1)}`
  console.log(
    `${name.padEnd(44)}${figures.padStart(16)}  ratio ${ratio.toFixed(2)}, goal at most ${goal}: ${reached ? 'reached' : 'MISSED'}`,
  )
  return reached
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
