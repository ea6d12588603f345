import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sharedValue } from './shared-value.ts'

let store: Map<string, string>
let heard: ((event: { key: string }) => void) | null

beforeEach(() => {
  store = new Map()
  heard = null
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
  })
  vi.stubGlobal('addEventListener', (_: string, hear: typeof heard) => {
    heard = hear
  })
  vi.stubGlobal('removeEventListener', () => {
    heard = null
  })
})
afterEach(() => vi.unstubAllGlobals())

const open = () =>
  sharedValue('name', { n: 1 }, (json) =>
    typeof json === 'object' && json !== null && 'n' in json && typeof json.n === 'number'
      ? { n: json.n }
      : null,
  )

it('is the same object until it changes, in this tab or another', () => {
  const value = open()
  const other = open()
  value.change(({ n }) => ({ n: n + 1 }))
  const first = value.get()
  expect(value.get()).toBe(first)
  expect(other.get()).toEqual({ n: 2 })
  other.change(({ n }) => ({ n: n + 1 }))
  expect(value.get()).toEqual({ n: 3 })
})

it.each(['{', 'null', '{"n":"x"}'])('is left as it was by %s', (text) => {
  store.set('name', text)
  expect(open().get()).toEqual({ n: 1 })
})

it('listens to other tabs for as long as somebody listens', () => {
  const value = open()
  const listener = vi.fn()
  const stop = value.subscribe(listener)
  heard?.({ key: 'name' })
  heard?.({ key: 'another' })
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
  expect(heard).toBeNull()
})
