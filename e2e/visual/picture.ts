import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { BASELINES } from '../support/baselines.ts'
import { expect } from '../support/fixtures.ts'

const WIDTHS = [390, 1280] as const

const SCREEN = 900
/** Forty cards are as good as eight. */
const LONGEST = 3600

/** Waits until a page that measures itself has come to rest: three frames in which nothing of it changed. */
async function comeToRest(page: Page): Promise<void> {
  await page.evaluate(async () => {
    let last = ''
    for (let same = 0; same < 3; ) {
      await new Promise(requestAnimationFrame)
      const now = `${document.documentElement.scrollHeight} ${document.body.innerHTML}`
      same = now === last ? same + 1 : 0
      last = now
    }
  })
}

/** Waits for fonts and pictures, also those that would load when scrolled to. */
const loaded = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager'
    await document.fonts.ready
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})))
  })

/** Makes room for the page from its top to its end, and has it drawn anew in it when all of it is there. */
export async function makeRoom(page: Page): Promise<void> {
  await comeToRest(page)
  await loaded(page)
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  const { width } = page.viewportSize() ?? { width: 0 }
  await page.setViewportSize({ width, height: Math.min(LONGEST, Math.max(SCREEN, whole)) })
  // With more room a list draws more rows, with pictures of their own.
  await comeToRest(page)
  await loaded(page)
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
  const baseline = await readFile(`${BASELINES}/${name}.png`).catch(() => null)
  const drawn = await page.screenshot({ animations: 'disabled' })
  // The same bytes are the same pixels; Playwright would unpack both pictures first, which takes longer
  // than to draw one.
  if (baseline?.equals(drawn)) return
  await expect.soft(page).toHaveScreenshot(`${name}.png`)
}

/** Calls back at each width. */
export async function eachWidth(page: Page, look: (width: number) => Promise<void>): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: SCREEN })
    await look(width)
  }
}
