import type { Page } from 'playwright'
import { paths } from '../../src/lib/paths.ts'
import { addressOf, DEFAULT_AT, type Theme } from '../../src/pages/gallery/address.ts'

export const DESK = { width: 1280, height: 900 }

/** Opens a state of the gallery on a desk, and waits until all of it is there. */
export async function openState(page: Page, name: string, theme: Theme): Promise<void> {
  await page.setViewportSize(DESK)
  await turnToState(page, name, theme)
}

/**
 * Opens a state at the width that the window has. From another state the page only turns to it: to load
 * and compile the program takes longer than all that is looked at.
 */
export async function turnToState(page: Page, name: string, theme: Theme): Promise<void> {
  const address = addressOf(name, { theme, at: DEFAULT_AT, width: null })
  const from = new URL(page.url()).pathname
  // A state that is open already would not be drawn anew.
  if (from.startsWith(`${paths.gallery}/`) && !address.startsWith(`${from}?`)) {
    await page.evaluate(turnTo, address)
  } else {
    await page.goto(address)
  }
  // In the page itself: an assertion would look again after 100, 250, 500 ms, some 900 times a run.
  await page.waitForFunction(() => document.documentElement.dataset.stage === 'ready')
}

/** What a browser does on the way back or forth. */
const turnTo = (address: string) => {
  delete document.documentElement.dataset.stage
  history.pushState(null, '', address)
  dispatchEvent(new PopStateEvent('popstate'))
}

/** Changes the theme of the state that is open; the button is out of reach while a dialog is open. */
export async function darken(page: Page): Promise<void> {
  await page.locator('header [aria-label^=Theme]').dispatchEvent('click')
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
}
