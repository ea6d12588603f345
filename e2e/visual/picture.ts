import type { Page } from '@playwright/test'
import { test as base, expect } from '../support/fixtures.ts'
import { darken, openState } from '../support/gallery.ts'

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
  // What is kept from before the page grew has other shades in round corners and dotted lines.
  await page.evaluate(async () => {
    const { style } = document.documentElement
    for (const colour of ['red', '']) {
      style.backgroundColor = colour
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
    }
  })
}

/** Compares the page with the baseline of this name; goes on if they differ, so that all are told. */
export async function comparePicture(page: Page, name: string): Promise<void> {
  await makeRoom(page)
  await expect.soft(page).toHaveScreenshot(`${name}.png`)
}

/** With pictures in them: one that has the room to itself, and many. */
const PICTURED = ['processed', 'batch']

/** Calls back at each width. */
export async function eachWidth(page: Page, look: (width: number) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: SCREEN })
    await look(width)
  }
}

/**
 * One page for all pictures of a worker: the gallery keeps nothing between two addresses. What a
 * browser draws for the first time it draws a shade otherwise, so each size of picture is drawn once before.
 */
export const test = base.extend<object, { warmPage: Page }>({
  warmPage: [
    async ({ browser, server }, use) => {
      const context = await browser.newContext({
        baseURL: server.url,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
      })
      const page = await context.newPage()
      for (const name of PICTURED) {
        const draw = async () => {
          await makeRoom(page)
          await page.screenshot()
        }
        await openState(page, name, 'light')
        await eachWidth(page, draw)
        await darken(page)
        await eachWidth(page, draw)
      }
      await use(page)
      await context.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})
