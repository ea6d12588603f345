import type { Page } from '@playwright/test'
import { addressOf, DEFAULT_AT, type Theme } from '../../src/pages/gallery/address.ts'

/** Opens a state of the gallery, and waits until its picture is whole. */
export async function openState(page: Page, name: string, theme: Theme): Promise<void> {
  await page.goto(addressOf(name, { theme, at: DEFAULT_AT, width: null }))
  // In the page itself: an assertion would look again after 100, 250, 500 ms, some 900 times a run.
  await page.waitForFunction(() => document.documentElement.dataset.stage === 'ready')
}

/** Changes the theme of the state that is open; the button is out of reach while a dialog is open. */
export async function darken(page: Page): Promise<void> {
  await page.locator('header [aria-label^=Theme]').dispatchEvent('click')
  await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
}
