import type { Locator, Page } from '@playwright/test'
import { expect, openShortcuts, test } from '../support/fixtures.ts'
import { openState } from '../support/gallery.ts'

/* User preferences of the device: forced colours, reduced motion. */

const style = (target: Locator, property: string): Promise<string> =>
  target.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

test.describe('forced colours', () => {
  test.beforeEach(({ page }) => page.emulateMedia({ forcedColors: 'active' }))

  /** The page's background, which everything else has to differ from. */
  const canvas = (page: Page) => style(page.locator('html'), 'background-color')

  /** The element has a solid border in another colour than `behind`. */
  async function expectEdge(target: Locator, behind: string) {
    expect(await style(target, 'border-top-style')).toBe('solid')
    expect(await style(target, 'border-top-color')).not.toBe(behind)
  }

  test('the progress bar has a border and a fill', async ({ page }) => {
    for (const name of ['enhancing', 'hundred-percent', 'older-processing']) {
      await openState(page, name, 'light')
      const bar = page.getByRole('progressbar')
      await expectEdge(bar, await canvas(page))
      const filling = await style(bar.locator(':scope > :last-child'), 'background-color')
      expect(filling).not.toBe(await canvas(page))
    }
    await openState(page, 'no-progress', 'light')
    await expectEdge(page.getByRole('progressbar'), await canvas(page))
  })

  test('buttons, fields and boxes have borders, and icons a colour', async ({ page }) => {
    await openState(page, 'dialog-quota-leader', 'dark')
    const behind = await canvas(page)
    const dialog = page.getByRole('dialog')
    for (const target of [
      dialog,
      dialog.getByRole('textbox'),
      dialog.getByRole('button', { name: 'Save' }),
      dialog.getByRole('button', { name: 'Pause checking' }),
    ]) {
      await expectEdge(target, behind)
    }
    const close = dialog.getByRole('button', { name: 'Close' }).locator('svg')
    expect(await style(close, 'stroke')).not.toBe(behind)

    await openState(page, 'key-sandbox', 'light')
    await expectEdge(page.getByLabel('API key'), await canvas(page))
    await expectEdge(page.getByRole('button', { name: 'Continue' }), await canvas(page))
  })

  test('focus has a visible ring', async ({ page }) => {
    await openState(page, 'processed', 'light')
    for (let presses = 0; presses < 8; presses++) {
      await page.keyboard.press('Tab')
      const focused = page.locator(':focus-visible')
      expect(await style(focused, 'outline-style')).toBe('solid')
      expect(await style(focused, 'outline-color')).not.toBe(await canvas(page))
    }
  })
})

test.describe('motion', () => {
  /** Animations when the progress bar gets another value, and then when a dialog opens over it. */
  async function moving(page: Page): Promise<number> {
    await openState(page, 'enhancing', 'light')
    const bar = page.getByRole('progressbar').locator(':scope > :last-child')
    await bar.evaluate((element) => {
      element.style.transform = 'scaleX(0.9)'
    })
    const count = await page.evaluate(() => document.getAnimations().length)
    await openShortcuts(page)
    return count + (await page.evaluate(() => document.getAnimations().length))
  }

  test('the progress bar is animated', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await moving(page)).toBeGreaterThan(0)
  })

  test('nothing moves with reduced motion', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await moving(page)).toBe(0)
  })

  test('nor when a time is focused', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await openState(page, 'detail-time-focused', 'light')
    const time = page.locator('main time').first()
    await time.blur()
    await time.focus()
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  })
})
