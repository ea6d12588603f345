import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { darken, openState } from '../support/gallery.ts'
import { comparePicture, eachWidth, test } from './picture.ts'

/* Every state of the gallery, in both themes, on a phone and on a desk. */

for (const name of STATE_NAMES) {
  test(name, async ({ warmPage }) => {
    await openState(warmPage, name, 'light')
    await eachWidth(warmPage, (width) => comparePicture(warmPage, `gallery/${name}-light-${width}`))
    await darken(warmPage)
    await eachWidth(warmPage, (width) => comparePicture(warmPage, `gallery/${name}-dark-${width}`))
  })
}
