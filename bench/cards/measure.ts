import type { Browser, CDPSession, Page } from 'playwright'
import { COUNT } from './thousand.ts'

/** `floor`: cards that do not count. */
export type Kind = 'ours' | 'naive' | 'floor'

/** What it takes to load and to come to rest: first layout, fonts, what the compiler does late. */
const SETTLE_MS = 3000
const WINDOW_MS = 5000

/** Milliseconds that the main thread of a fresh page works in each second that nobody touches it. */
export async function idleWork(browser: Browser, origin: string, kind: Kind): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    page.on('pageerror', (error) => {
      throw error
    })
    await page.goto(`${origin}/${kind}`)
    await page
      .locator('main li')
      .nth(COUNT - 1)
      .waitFor({ state: 'attached' })
    const session = await context.newCDPSession(page)
    // Time on the processor: what other programs take meanwhile is not the page's work.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.waitForTimeout(SETTLE_MS)

    const textBefore = await textOf(page)
    const before = await taskSeconds(session)
    await page.waitForTimeout(WINDOW_MS)
    const after = await taskSeconds(session)
    const moved = (await textOf(page)) !== textBefore
    // A page that stands still would be the fastest of all.
    if (moved !== (kind !== 'floor'))
      throw new Error(`${kind}: the countdown is not as it should be`)
    return ((after.work - before.work) * 1000) / (after.at - before.at)
  } finally {
    await context.close()
  }
}

const textOf = (page: Page) => page.evaluate(() => document.body.textContent)

async function taskSeconds(session: CDPSession): Promise<{ work: number; at: number }> {
  const { metrics } = await session.send('Performance.getMetrics')
  const metric = (name: string) => {
    const value = metrics.find((one) => one.name === name)?.value
    if (value === undefined) throw new Error(`The browser does not report ${name}`)
    return value
  }
  return { work: metric('TaskDuration'), at: metric('Timestamp') }
}
