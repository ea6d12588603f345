import type { Locator, Page } from '@playwright/test'
import { expect, test } from '../support/fixtures.ts'
import { openState } from '../support/gallery.ts'

/* What a person asks of every page by the settings of the device: other colours, less motion. */

const style = (target: Locator, property: string): Promise<string> =>
  target.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

test.describe('forced colours', () => {
  test.beforeEach(({ page }) => page.emulateMedia({ forcedColors: 'active' }))

  /** The colour that everything else has to differ from. */
  const canvas = (page: Page) => style(page.locator('html'), 'background-color')

  /** Something of the element is drawn in another colour than what is behind it. */
  async function expectEdge(target: Locator, behind: string) {
    expect(await style(target, 'border-top-style')).toBe('solid')
    expect(await style(target, 'border-top-color')).not.toBe(behind)
  }

  test('the bar has an edge and a filling', async ({ page }) => {
    for (const name of ['enhancing', 'processed', 'failed']) {
      await openState(page, name, 'light')
      const bar = page.getByRole('progressbar')
      await expectEdge(bar, await canvas(page))
      const filling = await style(bar.locator(':scope > :last-child'), 'background-color')
      expect(filling).not.toBe(await canvas(page))
    }
    await openState(page, 'no-progress', 'light')
    await expectEdge(page.getByRole('progressbar'), await canvas(page))
  })

  test('buttons, fields and boxes have edges, and signs a colour', async ({ page }) => {
    await openState(page, 'dialog-allowance-asking', 'dark')
    const behind = await canvas(page)
    const dialog = page.getByRole('dialog')
    for (const target of [
      dialog,
      dialog.getByRole('textbox'),
      dialog.getByRole('button', { name: 'Save' }),
      dialog.getByRole('button', { name: 'Pause all questions' }),
    ]) {
      await expectEdge(target, behind)
    }
    const close = dialog.getByRole('button', { name: 'Close' }).locator('svg')
    expect(await style(close, 'stroke')).not.toBe(behind)

    await openState(page, 'key-sandbox', 'light')
    await expectEdge(page.getByLabel('API key'), await canvas(page))
    await expectEdge(page.getByRole('button', { name: 'Continue' }), await canvas(page))
  })

  test('the focus has a ring', async ({ page }) => {
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
  /** What moves when the bar gets another value, and then when a dialog opens over it. */
  async function moving(page: Page): Promise<number> {
    await openState(page, 'enhancing', 'light')
    const bar = page.getByRole('progressbar').locator(':scope > :last-child')
    await bar.evaluate((element) => {
      element.style.transform = 'scaleX(0.9)'
    })
    const count = await page.evaluate(() => document.getAnimations().length)
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog')).toBeVisible()
    return count + (await page.evaluate(() => document.getAnimations().length))
  }

  test('the bar glides', async ({ page }) => expect(await moving(page)).toBeGreaterThan(0))

  test('nothing moves where less motion is wanted', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await moving(page)).toBe(0)
  })

  test('nor when a time is shown', async ({ page }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await openState(page, 'detail-time-focused', 'light')
    const time = page.locator('main time').first()
    await time.blur()
    await time.focus()
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
  })
})
