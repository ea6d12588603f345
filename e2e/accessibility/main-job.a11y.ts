import type { Locator, Page } from '@playwright/test'
import { credits, expect, openShortcuts, test } from '../support/fixtures.ts'

/* The main job without a mouse. */

/** Presses Tab until the target has focus; the focus ring must be visible on every element on the way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = page.locator(':focus')
  // What the HTML shows before the app has loaded takes no focus.
  await expect(target).toBeEnabled()
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab')
    const { outlineStyle, outlineWidth } = await focused.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return { outlineStyle, outlineWidth }
    })
    expect(`${outlineStyle} ${outlineWidth}`).toBe('solid 2px')
    if (await target.evaluate((element) => element === document.activeElement)) return
  }
  await expect(target).toBeFocused()
}

test('from entering the key to the download by keyboard only', async ({ page }) => {
  await page.goto('/')
  await tabTo(page, page.getByRole('button', { name: 'Open the sandbox' }))
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: 'Add by ID' }))
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Task IDs or links')).toBeFocused()
  await page.keyboard.insertText('sentinel-processed')
  await page.keyboard.press('Enter')

  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  const link = page.getByRole('link', { name: 'Download dunes.png' })
  await tabTo(page, link)

  const dialog = await openShortcuts(page)
  // Once around (the browser's own toolbar is between the end and the start).
  for (let presses = 0; presses < 6; presses++) {
    await page.keyboard.press('Tab')
    const outside = await page.evaluate(() => {
      const focused = document.activeElement
      return focused !== document.body && focused?.closest('dialog') === null
    })
    expect(outside).toBe(false)
  }
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(link).toBeFocused()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.keyboard.press('Enter'),
  ])
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x.png')
})
