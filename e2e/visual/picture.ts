import type { Page } from 'playwright'

const SCREEN = 900
/** Forty cards are as good as eight. */
const LONGEST = 3600

/**
 * Resolves with the height of the page at rest: three frames without a change, since a page may
 * measure itself, and fonts and images loaded, lazy ones too. Runs in the page, in one call: each
 * costs the processor more than what it does.
 */
async function rest(): Promise<number> {
  let changes = 0
  const observer = new MutationObserver(() => changes++)
  const all = { attributes: true, characterData: true, childList: true, subtree: true }
  observer.observe(document.body, all)
  let last = ''
  for (let same = 0; same < 3; ) {
    await new Promise(requestAnimationFrame)
    const now = `${document.documentElement.scrollHeight} ${changes}`
    same = now === last ? same + 1 : 0
    last = now
  }
  observer.disconnect()
  for (const image of document.images) image.loading = 'eager'
  await document.fonts.ready
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})))
  return document.documentElement.scrollHeight
}

/** Sets the width, and makes the window as high as the page, so that everything is visible. */
export async function showWhole(page: Page, width: number): Promise<void> {
  await page.setViewportSize({ width, height: SCREEN })
  const whole = await page.evaluate(rest)
  if (whole <= SCREEN) return
  await page.setViewportSize({ width, height: Math.min(LONGEST, whole) })
  // With more room a list renders more rows, with images of their own.
  await page.evaluate(rest)
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
