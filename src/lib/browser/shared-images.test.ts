import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readShared, urlOfShared } from './shared-images.ts'

const ORIGIN = 'https://loupe.test'

test('the URL of an image has its time and its name, whatever it is', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.string({ unit: 'grapheme' }), (at, index, name) => {
      const { href } = new URL(urlOfShared(at, index, name), ORIGIN)
      expect(readShared(href)).toEqual({ at, name })
    }),
  )
})

test('any other URL is of no image', () => {
  for (const path of ['', '/', '/shared/', '/shared/x/1/a', '/shared/1/1/a/b', '/assets/1.js']) {
    expect(readShared(ORIGIN + path), path).toBeNull()
  }
  fc.assert(
    fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
      if (!url.includes('/shared/')) expect(readShared(url)).toBeNull()
    }),
  )
})
