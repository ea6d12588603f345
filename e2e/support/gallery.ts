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
  if (from.startsWith(`${paths.gallery}/`) && !url.startsWith(`${from}?`)) {
    await page.evaluate(turnTo, url)
  } else {
    await page.goto(url)
  }
  // Polled in the page: an assertion would retry after 100, 250, 500 ms, some 900 times per run.
  await page.waitForFunction(() => document.documentElement.dataset.stage === 'ready')
}

/** Does what a browser does on back and forward. */
const turnTo = (url: string) => {
  delete document.documentElement.dataset.stage
  history.pushState(null, '', url)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Changes the theme of the open state, which depends only on this attribute. */
export const darken = (page: Page): Promise<void> =>
  page.evaluate(() => {
    document.documentElement.dataset.theme = 'dark'
  })
