import type { Page } from '@playwright/test'
import { THEMES } from '../../src/pages/gallery/address.ts'
import { test as base, expect } from '../support/fixtures.ts'
import { openState } from '../support/gallery.ts'

export const WIDTHS = [390, 1280] as const

const SCREEN = 900
/** Forty cards are as good as eight. */
const LONGEST = 3600

/** Makes room for the page from its top to its end, and has its pictures drawn anew in it. */
export async function makeRoom(page: Page): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 }
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.min(LONGEST, Math.max(SCREEN, whole)) })
  // The round corners of a picture that was drawn while the page grew have another shade.
  await page.evaluate(async () => {
    const drawn = () =>
      new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    for (const image of document.images) image.style.visibility = 'hidden'
    await drawn()
    for (const image of document.images) image.style.visibility = ''
    await drawn()
  })
}

/** Compares the page with the baseline of this name; goes on if they differ, so that all are told. */
export async function comparePicture(page: Page, name: string): Promise<void> {
  await makeRoom(page)
  await expect.soft(page).toHaveScreenshot(`${name}.png`)
}

/** With pictures in them: one that has the room to itself, and many. */
const PICTURED = ['processed', 'batch']

/** Calls back for each width and theme, at the width. */
export async function eachLook(
  page: Page,
  look: (theme: (typeof THEMES)[number], width: number) => Promise<void>,
): Promise<void> {
  for (const width of WIDTHS) {
    for (const theme of THEMES) {
      await page.setViewportSize({ width, height: SCREEN })
      await look(theme, width)
    }
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
        await eachLook(page, async (theme) => {
          await openState(page, name, theme)
          await makeRoom(page)
          await page.screenshot()
        })
      }
      await use(page)
      await context.close()
    },
    { scope: 'worker', timeout: 60_000 },
  ],
})
