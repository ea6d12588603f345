import type { Browser, CDPSession, Page } from 'playwright'
import { COUNT } from './thousand.ts'

/** `floor`: cards without a countdown. */
export type Kind = 'ours' | 'naive' | 'floor'

/** Time to load and settle: first layout, fonts, late compilation. */
const SETTLE_MS = 3000
const WINDOW_MS = 5000

/** Main-thread work of a fresh, idle page, in milliseconds per second. */
export async function idleWork(browser: Browser, origin: string, kind: Kind): Promise<number> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // Its installation would be counted.
    serviceWorkers: 'block',
  })
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
    // CPU time, so that other programs on the machine do not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await page.waitForTimeout(SETTLE_MS)

    const textBefore = await textOf(page)
    const before = await taskSeconds(session)
    await page.waitForTimeout(WINDOW_MS)
    const after = await taskSeconds(session)
    const changed = (await textOf(page)) !== textBefore
    // A page whose countdowns stand still would be the fastest.
    if (changed !== (kind !== 'floor'))
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
