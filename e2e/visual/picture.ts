import type { Page } from '@playwright/test'
import { expect } from '../support/fixtures.ts'

export const WIDTHS = [390, 1280] as const

const SCREEN = 900
/** Forty cards are as good as ten. */
const LONGEST = 5000

/** Compares the page from its top to its end with the baseline of this name; goes on if they differ. */
export async function comparePicture(page: Page, name: string): Promise<void> {
  const { width } = page.viewportSize() ?? { width: 0 }
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  const height = Math.min(LONGEST, Math.max(SCREEN, whole))
  if (height !== SCREEN) await page.setViewportSize({ width, height })
  await expect.soft(page).toHaveScreenshot(`${name}.png`)
  if (height !== SCREEN) await page.setViewportSize({ width, height: SCREEN })
}
