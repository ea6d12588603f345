import { THEMES } from '../../src/gallery/address.ts'
import { expect, giveKey, test } from '../support/fixtures.ts'
import { DESK } from '../support/gallery.ts'
import { showWhole } from '../visual/picture.ts'
import { checkByAxe, checkLargeText } from './checks.ts'
import { findFaults, WIDTHS as LAYOUT_WIDTHS } from './layout.ts'
import { PAGES, WIDTHS } from './real-pages.ts'

/* Every page of the real app, in both themes, on desktop and phone. */

for (const { name, path, keyGiven, there } of PAGES) {
  test(`page ${name}`, async ({ page, sandbox }) => {
    if (keyGiven) await giveKey(page, (await sandbox.state()).key)
    await page.goto(path)
    await there(page)
    for (const colorScheme of THEMES) {
      // The page follows the device's theme.
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      for (const width of WIDTHS) {
        await page.setViewportSize({ ...DESK, width })
        await checkByAxe(page, colorScheme === 'light' ? 'all' : 'colours')
      }
      await page.setViewportSize(DESK)
    }
    for (const width of LAYOUT_WIDTHS) {
      await showWhole(page, width)
      expect.soft(await page.evaluate(findFaults), `${width} px`).toEqual([])
    }
    await page.setViewportSize(DESK)
    await checkLargeText(page)
  })
}
