import { STATE_NAMES } from '../../src/pages/gallery/states/states.ts'
import { test } from '../support/fixtures.ts'
import { darken, openState } from '../support/gallery.ts'
import { comparePicture, eachWidth } from './picture.ts'

/* Every state of the gallery, in both themes, on a phone and on a desk. */

for (const name of STATE_NAMES) {
  test(name, async ({ gallery }) => {
    await openState(gallery, name, 'light')
    await eachWidth(gallery, (width) => comparePicture(gallery, `gallery-${name}-light-${width}`))
    await darken(gallery)
    await eachWidth(gallery, (width) => comparePicture(gallery, `gallery-${name}-dark-${width}`))
  })
}
