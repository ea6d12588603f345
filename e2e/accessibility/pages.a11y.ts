import { THEMES } from '../../src/pages/gallery/address.ts'
import { expect, giveKey, test } from '../support/fixtures.ts'
import { DESK } from '../support/gallery.ts'
import { checkByAxe, checkLargeText } from './checks.ts'
import { WIDTHS as LAYOUT_WIDTHS, layoutFaults } from './layout.ts'
import { PAGES, WIDTHS } from './real-pages.ts'

/* Every page of the real program, in both themes, on a desk and on a phone. */

for (const { name, path, keyGiven, there } of PAGES) {
  test(`page ${name}`, async ({ page, sandbox }) => {
    if (keyGiven) await giveKey(page, (await sandbox.state()).key)
    await page.goto(path)
    await there(page)
    for (const colorScheme of THEMES) {
      // The page follows the device.
      await page.emulateMedia({ colorScheme })
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
      for (const width of WIDTHS) {
        await page.setViewportSize({ ...DESK, width })
        await checkByAxe(page)
      }
      await page.setViewportSize(DESK)
    }
    for (const width of LAYOUT_WIDTHS) {
      expect.soft(await layoutFaults(page, width), `${width} px`).toEqual([])
    }
    await page.setViewportSize(DESK)
    await checkLargeText(page)
  })
}
