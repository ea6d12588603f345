import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { acquire, fullQuota } from '../../core/quota/quota.ts'
import { sharedState } from './shared-state.ts'

const NAME = 'loupe:asking:1234abcd'
const NOW = Date.UTC(2026, 0, 1, 12)

let store: Map<string, string>
let denied = false

beforeEach(() => {
  store = new Map()
  denied = false
  const guard = <T>(value: () => T): T => {
    if (denied) throw new DOMException('denied', 'SecurityError')
    return value()
  }
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => guard(() => store.get(name) ?? null),
    setItem: (name: string, text: string) => guard(() => store.set(name, text)),
  })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
})
afterEach(() => vi.unstubAllGlobals())

const takeOne = (state: ReturnType<typeof sharedState>) =>
  state.change((all) => ({ ...all, quota: acquire(all.quota, NOW)[0] }))

describe('state shared by tabs', () => {
  it('is the same in all of them, and persists', () => {
    const one = sharedState('1234abcd')
    const other = sharedState('1234abcd')
    takeOne(one)
    takeOne(other)
    takeOne(one)
    expect(other.get().quota.sent).toHaveLength(3)
    expect(sharedState('1234abcd').get().quota.sent).toHaveLength(3)
    expect(sharedState('other').get().quota.sent).toHaveLength(0)
  })

  it('loads the format of an earlier version', () => {
    const { stated: _, ...earlier } = { ...fullQuota(40), sent: [NOW] }
    store.set(NAME, JSON.stringify({ allowance: earlier, paused: true }))
    expect(sharedState('1234abcd').get()).toEqual({
      quota: { ...fullQuota(40), sent: [NOW] },
      paused: true,
      serverManaged: false,
    })
  })

  it.each(['{', '[]', '{"allowance":{},"paused":false}', '{"allowance":null}', 'null'])(
    'is reset if invalid: %s',
    (text) => {
      store.set(NAME, text)
      const state = sharedState('1234abcd')
      expect(state.get()).toEqual({ quota: fullQuota(), paused: false, serverManaged: false })
      takeOne(state)
      expect(sharedState('1234abcd').get().quota.sent).toHaveLength(1)
    },
  )

  it('loads data stored by an earlier version', () => {
    const { outage: _, ...allowance } = { ...fullQuota(), sent: [NOW, NOW] }
    store.set(NAME, JSON.stringify({ allowance, paused: true, counted: false }))
    const { paused, ...kept } = sharedState('1234abcd').get()
    expect(paused).toBe(true)
    expect(kept.quota).toEqual({ ...allowance, outage: null })
  })

  it('keeps counting in memory if storage is denied or cleared', () => {
    denied = true
    const state = sharedState('1234abcd')
    takeOne(state)
    takeOne(state)
    expect(state.get().quota.sent).toHaveLength(2)
    denied = false
    takeOne(state)
    store.clear()
    expect(state.get().quota.sent).toHaveLength(3)
  })

  it('notifies subscribers until they unsubscribe', () => {
    const state = sharedState('1234abcd')
    const listener = vi.fn()
    const stop = state.subscribe(listener)
    takeOne(state)
    stop()
    takeOne(state)
    expect(listener).toHaveBeenCalledTimes(1)
  })
})
