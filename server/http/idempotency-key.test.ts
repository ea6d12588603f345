import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIdempotencyKey } from './idempotency-key.ts'

const read = (text: string) => readIdempotencyKey(new Headers({ 'idempotency-key': text }))

test('a key is parsed, quoted as in the draft', () => {
  const key = fc.stringMatching(/^[ -~]{1,255}$/)
  fc.assert(
    fc.property(key, (text) => {
      const quoted = `"${text.replace(/["\\]/g, '\\$&')}"`
      expect(read(quoted)).toEqual({ usable: true, key: text })
    }),
  )
})

test('and without quotes, as most clients send it', () => {
  fc.assert(
    fc.property(fc.uuid(), (key) => {
      expect(read(key)).toEqual({ usable: true, key })
    }),
  )
})

test.each(['""', 'a b', '"a', 'a"', '"a";b=1 ', `${'x'.repeat(256)}`, 'é', '"\\a"'])(
  '%s is invalid',
  (text) => expect(read(text)).toEqual({ usable: false }),
)

test('a missing header gives null', () => {
  expect(readIdempotencyKey(new Headers())).toBeNull()
})
