import type { Page } from 'playwright'

const SCREEN = 900
/** Forty cards are as good as eight. */
const LONGEST = 3600

/** Resolves when a page that measures itself has settled: three frames without a change. */
async function settle(page: Page): Promise<void> {
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

/** Resolves when fonts and images are loaded, including lazy images. */
const loaded = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    for (const image of document.images) image.loading = 'eager'
    await document.fonts.ready
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})))
  })

/** Sets the width, and makes the window as high as the page, so that everything is visible. */
export async function showWhole(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: SCREEN })
  await settle(page)
  await loaded(page)
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  if (whole <= SCREEN) return
  await page.setViewportSize({ width, height: Math.min(LONGEST, whole) })
  // With more room a list renders more rows, with images of their own.
  await settle(page)
  await loaded(page)
}

/** A PNG of the whole page at this width, reproducible to the pixel. */
export async function drawPage(page: Page, width: number): Promise<Buffer> {
  await showWhole(page, width)
  // Incremental painting gives varying shades in round corners and dotted lines. A single repaint
  // is always the same, and a change of the zoom forces one.
  await page.evaluate(async () => {
    const { style } = document.documentElement
    for (const zoom of ['1.02', '']) {
      style.zoom = zoom
      for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
    }
  })
  return page.screenshot({ animations: 'disabled' })
}
