import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fullAllowance, take } from './budget.ts'
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
  state.change((all) => ({ ...all, allowance: take(all.allowance, NOW)[0] }))

describe('what tabs share', () => {
  it('is the same for all of them, and outlives them', () => {
    const one = sharedState('1234abcd')
    const other = sharedState('1234abcd')
    takeOne(one)
    takeOne(other)
    takeOne(one)
    expect(other.get().allowance.sent).toHaveLength(3)
    expect(sharedState('1234abcd').get().allowance.sent).toHaveLength(3)
    expect(sharedState('other').get().allowance.sent).toHaveLength(0)
  })

  it('opens as an earlier Loupe kept it', () => {
    const { stated: _, ...earlier } = { ...fullAllowance(40), sent: [NOW] }
    store.set(NAME, JSON.stringify({ allowance: earlier, paused: true }))
    expect(sharedState('1234abcd').get()).toEqual({
      allowance: { ...fullAllowance(40), sent: [NOW] },
      paused: true,
      counted: false,
    })
  })

  it.each(['{', '[]', '{"allowance":{},"paused":false}', '{"allowance":null}', 'null'])(
    'starts anew where it is garbled: %s',
    (text) => {
      store.set(NAME, text)
      const state = sharedState('1234abcd')
      expect(state.get()).toEqual({ allowance: fullAllowance(), paused: false, counted: false })
      takeOne(state)
      expect(sharedState('1234abcd').get().allowance.sent).toHaveLength(1)
    },
  )

  it('opens what an earlier Loupe has stored', () => {
    const { outage: _, ...allowance } = { ...fullAllowance(), sent: [NOW, NOW] }
    store.set(NAME, JSON.stringify({ allowance, paused: true, counted: false }))
    const { paused, ...kept } = sharedState('1234abcd').get()
    expect(paused).toBe(true)
    expect(kept.allowance).toEqual({ ...allowance, outage: null })
  })

  it('keeps counting in memory where storage is denied or emptied', () => {
    denied = true
    const state = sharedState('1234abcd')
    takeOne(state)
    takeOne(state)
    expect(state.get().allowance.sent).toHaveLength(2)
    denied = false
    takeOne(state)
    store.clear()
    expect(state.get().allowance.sent).toHaveLength(3)
  })

  it('tells who listens, and calls back no more after that', () => {
    const state = sharedState('1234abcd')
    const heard = vi.fn()
    const stop = state.subscribe(heard)
    takeOne(state)
    stop()
    takeOne(state)
    expect(heard).toHaveBeenCalledTimes(1)
  })
})
