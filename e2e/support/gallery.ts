import { expect, type Page } from '@playwright/test'
import { addressOf, DEFAULT_AT, type Theme } from '../../src/pages/gallery/address.ts'

/** Opens a state of the gallery, and waits until its picture is whole. */
export async function openState(page: Page, name: string, theme: Theme): Promise<void> {
  await page.goto(addressOf(name, { theme, at: DEFAULT_AT, width: null }))
  await expect(page.locator('html')).toHaveAttribute('data-stage', 'ready')
}
