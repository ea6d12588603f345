import * as v from 'valibot'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { jsonFormat } from '../../core/lib/parse-json.ts'
import { createStore, persisted } from './store.ts'

let store: Map<string, string>
let onStorage: ((event: { key: string }) => void) | null

beforeEach(() => {
  store = new Map()
  onStorage = null
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
    removeItem: (name: string) => store.delete(name),
  })
  vi.stubGlobal('addEventListener', (_: string, listener: typeof onStorage) => {
    onStorage = listener
  })
  vi.stubGlobal('removeEventListener', () => {
    onStorage = null
  })
})
afterEach(() => vi.unstubAllGlobals())

const open = () => persisted('name', { n: 1 }, jsonFormat(v.object({ n: v.number() })))

it('keeps its identity until it changes, in this tab or another', () => {
  const value = open()
  const other = open()
  value.change(({ n }) => ({ n: n + 1 }))
  const first = value.get()
  expect(value.get()).toBe(first)
  expect(other.get()).toEqual({ n: 2 })
  other.change(({ n }) => ({ n: n + 1 }))
  expect(value.get()).toEqual({ n: 3 })
})

it.each(['{', 'null', '{"n":"x"}'])('keeps its value when storage contains %s', (text) => {
  store.set('name', text)
  expect(open().get()).toEqual({ n: 1 })
})

it('listens to other tabs only while it has subscribers', () => {
  const value = open()
  const listener = vi.fn()
  const stop = value.subscribe(listener)
  onStorage?.({ key: 'name' })
  onStorage?.({ key: 'another' })
  expect(listener).toHaveBeenCalledTimes(1)
  stop()
  expect(onStorage).toBeNull()
})

it('formats its text, and stores none for the default', () => {
  const choice = persisted<'usual' | 'other'>('choice', 'usual', {
    parse: (text) => (text === 'other' ? 'other' : 'usual'),
    format: (value) => (value === 'usual' ? null : value),
  })
  choice.set('other')
  expect(store.get('choice')).toBe('other')
  // Another tab goes back to the default.
  store.delete('choice')
  expect(choice.get()).toBe('usual')
  choice.set('other')
  choice.set('usual')
  expect(store.has('choice')).toBe(false)
})

it('without storage calls all subscribers until they unsubscribe', () => {
  const value = createStore(1)
  const [first, second] = [vi.fn(), vi.fn()]
  const stop = value.subscribe(first)
  value.subscribe(second)
  value.set(2)
  stop()
  value.change((n) => n + 1)
  expect([value.get(), first.mock.calls.length, second.mock.calls.length]).toEqual([3, 1, 2])
})
