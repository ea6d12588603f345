import { expect, test } from 'vitest'
import { fileText } from './file-text.ts'

test('a text, or why there is none', async () => {
  const file = new File(['one'], 'list.csv')
  expect(await fileText(file, 3, 'Too large.')).toEqual({ ok: true, value: 'one' })
  expect(await fileText(file, 2, 'Too large.')).toEqual({ ok: false, error: 'Too large.' })
  file.text = () => Promise.reject(new DOMException('', 'NotFoundError'))
  expect(await fileText(file, 3, 'Too large.')).toEqual({
    ok: false,
    error: 'This file can’t be read.',
  })
})
