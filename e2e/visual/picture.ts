import type { Page } from '@playwright/test'
import { test as base, expect } from '../support/fixtures.ts'

const WIDTHS = [390, 1280] as const

const SCREEN = 900
/** Forty cards are as good as eight. */
const LONGEST = 3600

/** Waits for fonts and pictures, makes room for the page from its top to its end, and has it drawn anew in it. */
export async function makeRoom(page: Page): Promise<void> {
  const whole = await page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager'
    await document.fonts.ready
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})))
    return document.documentElement.scrollHeight
  })
  const { width } = page.viewportSize() ?? { width: 0 }
  await page.setViewportSize({ width, height: Math.min(LONGEST, Math.max(SCREEN, whole)) })
  // What was painted bit by bit, as it came, has other shades in round corners and dotted lines each
  // time. Painted at once it is always the same, and a change of the zoom does that.
  await page.evaluate(async () => {
    const { style } = document.documentElement
    for (const zoom of ['1.02', '']) {
      style.zoom = zoom
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
    }
  })
}

/** Compares the page with the baseline of this name; goes on if they differ, so that all are told. */
export async function comparePicture(page: Page, name: string): Promise<void> {
  await makeRoom(page)
  await expect.soft(page).toHaveScreenshot(`${name}.png`)
}

/** Calls back at each width. */
export async function eachWidth(page: Page, look: (width: number) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: SCREEN })
    await look(width)
  }
}

/** One page for all pictures of a worker: the gallery keeps nothing between two addresses. */
export const test = base.extend<object, { gallery: Page }>({
  gallery: [
    async ({ browser, server }, use) => {
      const page = await browser.newPage({
        baseURL: server.url,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
      })
      await use(page)
      await page.close()
    },
    { scope: 'worker' },
  ],
})
