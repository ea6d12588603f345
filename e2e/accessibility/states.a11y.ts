import { THEMES } from '../../src/pages/gallery/address.ts'
import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { expect, test } from '../support/fixtures.ts'
import { DESK, darken, openState, turnToState } from '../support/gallery.ts'
import { drawPage } from '../visual/picture.ts'
import { TO_BE_SEEN } from './axe-count.ts'
import { checkByAxe, checkLargeText } from './checks.ts'
import { layoutFaults, WIDTHS } from './layout.ts'
import { WIDTHS as PAGE_WIDTHS, PAGES } from './real-pages.ts'

/* Every state of the gallery, in both themes and all widths. */

for (const name of STATE_NAMES) {
  test(`state ${name}`, async ({ gallery, complaints }) => {
    await openState(gallery, name, 'light')
    for (const theme of THEMES) {
      if (theme === 'dark') await darken(gallery)
      await checkByAxe(gallery)
      for (const width of WIDTHS) {
        expect.soft(await layoutFaults(gallery, width), `${theme}, ${width} px`).toEqual([])
      }
      await gallery.setViewportSize(DESK)
    }
    await checkLargeText(gallery)
    // One state is about what a page does that cannot be drawn.
    expect(complaints().filter((text) => !text.includes('Thrown by the gallery'))).toEqual([])
  })
}

/** What a picture is compared with holds only if the same state is always the same picture. */
const DRAWN_TWICE = STATE_NAMES.filter(
  (_, index) => index % Math.ceil(STATE_NAMES.length / 20) === 0,
)

for (const name of DRAWN_TWICE) {
  test(`the same to the pixel: ${name}`, async ({ gallery }) => {
    const draw = async () => {
      await turnToState(gallery, name, 'light')
      return drawPage(gallery, DESK.width)
    }
    const first = await draw()
    await gallery.goto('about:blank')
    expect((await draw()).equals(first)).toBe(true)
  })
}

// A run of all tests has this one in it; axe-count.ts holds what axe saw against it.
test('every state and page is counted', () => {
  const count = THEMES.length * (STATE_NAMES.length + PAGES.length * PAGE_WIDTHS.length)
  test.info().annotations.push({ type: TO_BE_SEEN, description: String(count) })
})
