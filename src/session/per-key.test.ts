import { expect, it, vi } from 'vitest'
import { type ApiKey, asApiKey } from './api-key.ts'
import { perKey } from './per-key.ts'
import { dismiss, forgetKey, rememberKey } from './session.ts'

const keyOf = (text: string): ApiKey => {
  const key = asApiKey(text)
  if (key === null) throw new Error('no key')
  return key
}
const [ONE, OTHER] = [keyOf('key-1111111111'), keyOf('key-2222222222')]

it('creates one instance per key, and closes it with the key', () => {
  const make = vi.fn((key: ApiKey, name: string) => ({ key, name, close: vi.fn() }))
  const of = perKey(make)
  rememberKey(ONE)
  const first = of(ONE, 'first')
  dismiss('in-address')
  expect(of(ONE, 'again')).toBe(first)
  expect(first).toMatchObject({ key: ONE, name: 'first' })

  rememberKey(OTHER)
  expect(first.close).toHaveBeenCalledOnce()
  const second = of(OTHER, 'second')
  expect(second).not.toBe(first)

  forgetKey()
  expect(second.close).toHaveBeenCalledOnce()
  expect(first.close).toHaveBeenCalledOnce()
  rememberKey(ONE)
  expect(of(ONE, 'once more')).not.toBe(first)
  expect(make).toHaveBeenCalledTimes(3)
  forgetKey()
})

it('closes an instance of an already removed key with the next change', () => {
  const of = perKey(() => ({ close: vi.fn() }))
  const late = of(ONE)
  expect(late.close).not.toHaveBeenCalled()
  rememberKey(OTHER)
  expect(late.close).toHaveBeenCalledOnce()
  forgetKey()
})
