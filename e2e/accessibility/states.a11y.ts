import { THEMES } from '../../src/pages/gallery/address.ts'
import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { test } from '../support/fixtures.ts'
import { darken, openState } from '../support/gallery.ts'
import { TO_BE_SEEN } from './axe-count.ts'
import { checkByAxe, checkLargeText, checkNarrow } from './checks.ts'
import { PAGES, WIDTHS } from './real-pages.ts'

/* Every state of the gallery, in both themes; what the theme does not change is looked at in one. */

for (const name of STATE_NAMES) {
  test(`state ${name}`, async ({ gallery }) => {
    await openState(gallery, name, 'light')
    await checkByAxe(gallery)
    await darken(gallery)
    await checkByAxe(gallery)
    await checkNarrow(gallery)
    await checkLargeText(gallery)
  })
}

// A run of all tests has this one in it; axe-count.ts holds what axe saw against it.
test('every state and page is counted', () => {
  const count = THEMES.length * (STATE_NAMES.length + PAGES.length * WIDTHS.length)
  test.info().annotations.push({ type: TO_BE_SEEN, description: String(count) })
})
