import type { Page } from 'playwright'
import { addressOf, DEFAULT_AT, type Theme } from '../../src/gallery/address.ts'
import { paths } from '../../src/lib/paths.ts'

export const DESK = { width: 1280, height: 900 }

/** Opens a state of the gallery at desktop size and waits until it is fully drawn. */
export async function openState(page: Page, name: string, theme: Theme): Promise<void> {
  await page.setViewportSize(DESK)
  await turnToState(page, name, theme)
}

/**
 * Opens a state at the current window width. From another state the page only navigates: loading
 * and compiling the app takes longer than the checks themselves.
 */
export async function turnToState(page: Page, name: string, theme: Theme): Promise<void> {
  const url = addressOf(name, { theme, at: DEFAULT_AT, width: null })
  const from = new URL(page.url()).pathname
  // A state that is already open would not be drawn again.
  const isElsewhere = from.startsWith(`${paths.gallery}/`) && !url.startsWith(`${from}?`)
  if (!isElsewhere) await page.goto(url)
  await page.evaluate(turnTo, isElsewhere ? url : null)
}

/** Does what a browser does on back and forward, and resolves when the state is drawn. */
const turnTo = async (url: string | null) => {
  const { dataset } = document.documentElement
  if (url !== null) {
    delete dataset.stage
    history.pushState(null, '', url)
    dispatchEvent(new PopStateEvent('popstate'))
  }
  while (dataset.stage !== 'ready') await new Promise(requestAnimationFrame)
}

/** Changes the theme of the open state, which depends only on this attribute. */
export const darken = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark'
  })
