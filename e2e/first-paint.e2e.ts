import type { Page } from '@playwright/test'
import { expect, giveKey, test } from './support/fixtures.ts'

/*
 * The HTML alone shows the frame of the page, in its colours, before any other file has arrived, and
 * says at once which are needed: no file of the first content is found only by way of two others.
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

interface Measured {
  shownAt: number
  moved: number
  refused: string[]
}

/**
 * Measures in the page when the first render replaced the shell, how far anything moved, and what the
 * Content-Security-Policy refused.
 */
const measure = (page: Page) =>
  page.addInitScript(() => {
    const measured: Measured = { shownAt: 0, moved: 0, refused: [] }
    Object.assign(window, { measured })
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      measured.refused.push(`${violatedDirective} ${blockedURI}`),
    )
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
  page.evaluate(() => (window as unknown as { measured: Measured }).measured)

/** The first render replaces the shell. */
const shell = (page: Page) => page.locator('#root > [data-shell]')

/** A page of which nothing but its HTML arrives. */
async function htmlAlone(page: Page, path: string): Promise<void> {
  await page.route('**/*', (route) =>
    route.request().resourceType() === 'document' ? route.continue() : route.abort(),
  )
  await page.goto(path)
}

const background = (page: Page) =>
  page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor)

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
      const { shownAt, moved, refused } = await measured(page)
      const first = [...files].filter(([, { at }]) => at < shownAt)
      expect(first.length).toBeGreaterThan(2)
      expect(first.filter(([, { depth }]) => depth > 2)).toEqual([])
      expect(moved).toBeLessThan(0.01)
      expect(refused).toEqual([])
    })
  }
}

for (const path of NEEDS_KEY) {
  test(`${path}: without a key the HTML is the key page`, async ({ page }) => {
    await htmlAlone(page, path)
    const form = page.locator('[data-shell="key-form"]')
    await expect(form.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(0)
    await expect(page.locator('header:visible')).toHaveCount(1)
    await expect(shell(page).first()).toHaveAttribute('inert')
  })

  test(`${path}: with a key the HTML is its frame`, async ({ page }) => {
    await giveKey(page, 'any-key-of-a-tab')
    await htmlAlone(page, path)
    await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(1)
    await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
    await expect(page.locator('header:visible')).toHaveCount(1)
  })
}

test('where another tab may have a key, no form is shown that would go again', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('loupe:key-used', ''))
  await htmlAlone(page, '/')
  await expect(page.locator('header:visible')).toHaveCount(1)
  await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
})

test('an unknown page shows the frame alone', async ({ page }) => {
  await htmlAlone(page, '/nowhere')
  await expect(page.locator('header:visible')).toHaveCount(1)
  await expect(page.locator('[data-shell="key-form"]:visible')).toHaveCount(0)
  await expect(page.locator('[data-shell="skeleton"]:visible')).toHaveCount(0)
})

test('the theme is set before the first paint', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('loupe:theme', 'dark'))
  await htmlAlone(page, '/')
  expect(await background(page)).toBe('rgb(12, 13, 16)')
})

test('a page with a key does not load the picture of the key page', async ({ page, sandbox }) => {
  const pictures: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/pictures/before-after')) pictures.push(request.url())
  })
  await giveKey(page, (await sandbox.state()).key)
  await page.goto('/')
  await expect(shell(page)).toHaveCount(0)
  await page.waitForLoadState('networkidle')
  expect(pictures).toEqual([])
})
