import type { Locator, Page } from '@playwright/test'
import { credits, expect, test } from '../support/fixtures.ts'

/* The main job without a mouse, and as a screen reader has it. */

/** Presses Tab until the target has the focus, which is to be seen on each stop of the way. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const focused = page.locator(':focus')
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

test('from no key to the file by keyboard alone', async ({ page }) => {
  await page.goto('/')
  await tabTo(page, page.getByRole('button', { name: 'Use the sandbox key' }))
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { name: 'Watch a task' })).toBeVisible()
  await expect(page.getByRole('main')).toBeFocused()
  await tabTo(page, page.getByLabel('Task id or link'))
  await page.keyboard.insertText('sentinel-processed')
  await page.keyboard.press('Enter')

  await expect(credits(page).getByText('10 credits deducted')).toBeVisible()
  const link = page.getByRole('link', { name: 'Download dunes.png' })
  await tabTo(page, link)

  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(dialog).toBeVisible()
  // All of it and around again (the browser's own bars lie between its end and its start).
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
  expect(download.suggestedFilename()).toBe('dunes-upscayl-standard-4x-4x.png')
})
