import { THEMES } from '../../src/pages/gallery/address.ts'
import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { test } from '../support/fixtures.ts'
import { openState } from '../support/gallery.ts'
import { comparePicture, WIDTHS } from './picture.ts'

/* Every state of the gallery, in both themes, on a phone and on a desk. */

for (const name of STATE_NAMES) {
  test(name, async ({ page }) => {
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      for (const theme of THEMES) {
        await openState(page, name, theme)
        await comparePicture(page, `gallery/${name}-${theme}-${width}`)
      }
    }
  })
}
