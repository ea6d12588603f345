import type { Page, Request } from '@playwright/test'
import { expect, giveKey, test } from './support/fixtures.ts'

/*
 * The HTML shows the frame of the page before any code of it has arrived, and says at once which
 * files are needed: no file of the first content is found only by way of two others.
 */

const ROUTES = ['/', '/tasks/sentinel-processed~paint', '/new', '/credits', '/snapshot', '/s/none']
const NEEDS_KEY = ROUTES.slice(0, 4)

interface Requested {
  /** Files that had to arrive before it could be requested, one after the other, with itself. */
  readonly depth: number
  /** Epoch milliseconds. */
  readonly at: number
}

/** Files of the page so far. */
async function requested(page: Page): Promise<ReadonlyMap<string, Requested>> {
  const found = new Map<string, Requested>()
  const client = await page.context().newCDPSession(page)
  await client.send('Network.enable')
  client.on('Network.requestWillBeSent', ({ request, initiator, wallTime }) => {
    const { pathname } = new URL(request.url)
    const by = initiator.url ?? initiator.stack?.callFrames[0]?.url
    if (!pathname.startsWith('/assets/') || found.has(pathname)) return
    const before = by === undefined ? 0 : (found.get(new URL(by).pathname)?.depth ?? 0)
    found.set(pathname, { depth: before + 1, at: wallTime * 1000 })
  })
  return found
}

/** Measures in the page when the first render replaced the shell, and how far anything moved. */
const measure = (page: Page) =>
  page.addInitScript(() => {
    const measured = { shownAt: 0, moved: 0 }
    Object.assign(window, { measured })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        measured.moved += (entry as unknown as { value: number }).value
      }
    }).observe({ type: 'layout-shift', buffered: true })
    const observer = new MutationObserver(() => {
      const root = document.getElementById('root')
      if (!root?.hasChildNodes() || root.querySelector(':scope > [data-shell]')) return
      measured.shownAt = performance.timeOrigin + performance.now()
      observer.disconnect()
    })
    observer.observe(document, { childList: true, subtree: true })
  })

const measured = (page: Page) =>
  page.evaluate(
    () => (window as unknown as { measured: { shownAt: number; moved: number } }).measured,
  )

/** The first render replaces the shell. */
const shell = (page: Page) => page.locator('#root > [data-shell]')

/** A page whose code never arrives, apart from the script before the paint. */
async function withoutCode(page: Page, path: string): Promise<void> {
  const beforePaint = /<script src="([^"]*)"/.exec(await (await page.request.get(path)).text())?.[1]
  const isLate = (request: Request) => new URL(request.url()).pathname !== beforePaint
  await page.route('**/assets/*.js', (route) =>
    isLate(route.request()) ? route.abort() : route.continue(),
  )
  await page.goto(path)
}

for (const path of ROUTES) {
  for (const hasKey of [false, true]) {
    test(`${path}, ${hasKey ? 'key' : 'no key'}: at most two files one after the other, nothing moves`, async ({
      page,
      sandbox,
    }) => {
      if (hasKey) await giveKey(page, (await sandbox.state()).key)
      await measure(page)
      const files = await requested(page)
      await page.goto(path)
      await expect(shell(page)).toHaveCount(0)
      await page.waitForLoadState('networkidle')
      const { shownAt, moved } = await measured(page)
      const first = [...files].filter(([, { at }]) => at < shownAt)
      expect(first.length).toBeGreaterThan(4)
      expect(first.filter(([, { depth }]) => depth > 2)).toEqual([])
      expect(moved).toBeLessThan(0.01)
    })
  }
}

for (const path of NEEDS_KEY) {
  test(`${path}: without a key the key page is there before its code`, async ({ page }) => {
    await withoutCode(page, path)
    const form = page.locator('[data-shell="key-form"]')
    await expect(form.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(0)
    await expect(page.locator('header:visible')).toHaveCount(1)
    await expect(shell(page).first()).toHaveAttribute('inert')
  })

  test(`${path}: with a key its frame is there before its code`, async ({ page }) => {
    await giveKey(page, 'any-key-of-a-tab')
    await withoutCode(page, path)
    await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(1)
    await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
    await expect(page.locator('header:visible')).toHaveCount(1)
  })
}

test('where another tab may have a key, no form is shown that would go again', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('loupe:key-used', ''))
  await withoutCode(page, '/')
  await expect(page.locator('header:visible')).toHaveCount(1)
  await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
})

test('an unknown page shows the frame alone', async ({ page }) => {
  await withoutCode(page, '/nowhere')
  await expect(page.locator('header:visible')).toHaveCount(1)
  await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
  await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(0)
})

test('the theme is set before the first paint', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('loupe:theme', 'dark'))
  await withoutCode(page, '/')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
