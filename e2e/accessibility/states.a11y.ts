import { THEMES } from '../../src/gallery/address.ts'
import { STATE_NAMES } from '../../src/gallery/states/states.ts'
import { expect, test } from '../support/fixtures.ts'
import { DESK, darken, openState, turnToState } from '../support/gallery.ts'
import { drawPage, showWhole } from '../visual/picture.ts'
import { TO_BE_SEEN } from './axe-count.ts'
import { checkByAxe, checkLargeText } from './checks.ts'
import { findFaults, WIDTHS } from './layout.ts'
import { WIDTHS as PAGE_WIDTHS, PAGES } from './real-pages.ts'

/* Every state of the gallery, in both themes, which differ only in colours, and at all widths. */

for (const name of STATE_NAMES) {
  test(`state ${name}`, async ({ gallery, complaints }) => {
    await openState(gallery, name, 'light')
    await checkByAxe(gallery)
    await darken(gallery)
    await checkByAxe(gallery, 'colours')
    await checkLargeText(gallery)
    for (const width of WIDTHS) {
      await showWhole(gallery, width)
      expect.soft(await gallery.evaluate(findFaults), `${width} px`).toEqual([])
    }
    // One state shows a page that fails to render.
    expect(complaints().filter((text) => !text.includes('Thrown by the gallery'))).toEqual([])
  })
}

/** Screenshot comparison only works if the same state always gives the same image. */
const DRAWN_TWICE = STATE_NAMES.filter(
  (_, index) => index % Math.ceil(STATE_NAMES.length / 20) === 0,
)

for (const name of DRAWN_TWICE) {
  test(`identical pixels: ${name}`, async ({ gallery }) => {
    const draw = async () => {
      await turnToState(gallery, name, 'light')
      return drawPage(gallery, DESK.width)
    }
    // Reached from another state, in a new document: after a mouse click in one, elements focused by script
    // show no focus ring.
    await gallery.goto('about:blank')
    await turnToState(gallery, name === 'processed' ? 'enhancing' : 'processed', 'light')
    const first = await draw()
    await gallery.goto('about:blank')
    const second = await draw()
    if (second.equals(first)) return
    for (const [name, body] of Object.entries({ first, second })) {
      await test.info().attach(name, { body, contentType: 'image/png' })
    }
    throw new Error('The second image differs from the first.')
  })
}

// Part of every full run; axe-count.ts compares it with the number of pages that axe checked.
test('every state and page is counted', () => {
  const count = THEMES.length * (STATE_NAMES.length + PAGES.length * PAGE_WIDTHS.length)
  test.info().annotations.push({ type: TO_BE_SEEN, description: String(count) })
})
