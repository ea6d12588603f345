import { THEMES } from '../../src/pages/gallery/address.ts'
import { giveKey, test } from '../support/fixtures.ts'
import { checkByAxe, checkLargeText, checkNarrow, DESK } from './checks.ts'
import { PAGES, WIDTHS } from './real-pages.ts'

/* Every page of the real program, in both themes, on a desk and on a phone. */

for (const { name, path, keyGiven, there } of PAGES) {
  test(`page ${name}`, async ({ page, sandbox }) => {
    if (keyGiven) await giveKey(page, (await sandbox.state()).key)
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme })
      await page.goto(path)
      await there(page)
      for (const width of WIDTHS) {
        await page.setViewportSize({ ...DESK, width })
        await checkByAxe(page)
      }
      await page.setViewportSize(DESK)
    }
    await checkNarrow(page)
    await checkLargeText(page)
  })
}
