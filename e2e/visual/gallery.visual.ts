import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { openState } from '../support/gallery.ts'
import { comparePicture, eachLook, test } from './picture.ts'

/* Every state of the gallery, in both themes, on a phone and on a desk. */

for (const name of STATE_NAMES) {
  test(name, async ({ warmPage }) => {
    await eachLook(warmPage, async (theme, width) => {
      await openState(warmPage, name, theme)
      await comparePicture(warmPage, `gallery/${name}-${theme}-${width}`)
    })
  })
}
