import { afterEach, expect, it, vi } from 'vitest'
import { asApiKey } from '../session/api-key.ts'
import { balanceOf, keepBalance } from './balance.ts'
import { stubBrowser } from './testing-browser.ts'
import { T0 } from './testing-list.ts'

afterEach(() => vi.unstubAllGlobals())

it('keeps the newest balance of a key', () => {
  stubBrowser()
  const key = asApiKey('key-one-123456')
  if (key === null) throw new Error('not a key')
  expect(balanceOf(key).get()).toEqual({ credits: null, extra: null, at: 0 })
  keepBalance(key, { credits: 990, extra: null }, T0)
  keepBalance(key, { credits: 1000, extra: 5 }, T0 - 1)
  expect(balanceOf(key).get()).toEqual({ credits: 990, extra: null, at: T0 })
})
