import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HOUR, MINUTE } from '../../../core/lib/units.ts'
import { createStore } from '../../lib/store.ts'
import type { ApiKey } from '../../session/api-key.ts'
import { forgetKey, rememberKey } from '../../session/session.ts'
import { EMPTY_LIST, type ListState } from '../../tasks/list-state.ts'
import type { Poller } from '../../tasks/poller.ts'
import type { TaskList } from '../../tasks/task-list.ts'
import { asId, entryAfter, T0 } from '../../tasks/testing-list.ts'
import { listFollowerFor } from './list-follower.ts'

const KEY = 'key-1234567890' as ApiKey
const NOW = T0 + 3 * HOUR

let events: EventTarget
let visibility: DocumentVisibilityState

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  events = new EventTarget()
  visibility = 'visible'
  const target = {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  }
  for (const [name, value] of Object.entries(target)) vi.stubGlobal(name, value)
  vi.stubGlobal('document', {
    ...target,
    get visibilityState() {
      return visibility
    },
  })
  rememberKey(KEY)
})
afterEach(() => {
  forgetKey()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const dispatch = (name: string) => events.dispatchEvent(new Event(name))
const look = (next: DocumentVisibilityState) => {
  visibility = next
  dispatch('visibilitychange')
}

const RUNNING = entryAfter('a1', ['enhancing'])
const READ: ListState = {
  ...EMPTY_LIST,
  loaded: true,
  entries: new Map([[RUNNING.id, RUNNING]]),
}

/** A follower of a list in this state, with what it follows. */
function follow(initial: ListState) {
  const state = createStore(initial)
  const followed = new Set<string>()
  const poller = {
    state: () => ({ role: 'leader' }),
    restore: () => {},
    follow: (ids: readonly string[]) => {
      for (const id of ids) followed.add(id)
      return () => {
        for (const id of ids) followed.delete(id)
      }
    },
  } as unknown as Poller
  const list = { state, load: async () => {} } as unknown as TaskList
  return { state, followed, follower: listFollowerFor(KEY, poller, list, () => {}) }
}

it('has a digest of the time since the stored state of an earlier visit', () => {
  const { followed, follower } = follow(READ)
  expect([...followed]).toEqual(['a1'])
  expect(follower.away.get()).toMatchObject({ since: T0, back: true })
})

it('has it as well if the list is read only after a timeout', () => {
  const { state, followed, follower } = follow({ ...READ, entries: new Map(), denial: 'silent' })
  expect(follower.away.get()).toBeNull()
  state.set(READ)
  expect([...followed]).toEqual(['a1'])
  expect(follower.away.get()).toMatchObject({ since: T0, back: true })
})

it('has none for tasks that are added to an empty list', () => {
  const { state, follower } = follow({ ...READ, entries: new Map() })
  state.set({ ...READ, entries: new Map([[asId('a1'), RUNNING]]) })
  expect(follower.away.get()).toBeNull()
})

it('counts the time away from when the user left, though the network comes back meanwhile', () => {
  const { follower } = follow(READ)
  follower.dismiss()
  look('hidden')
  const since = Date.now()
  vi.setSystemTime(since + MINUTE)
  dispatch('offline')
  dispatch('online')
  expect(follower.away.get()).toMatchObject({ since, back: false })
  vi.setSystemTime(since + HOUR)
  look('visible')
  expect(follower.away.get()).toMatchObject({ since, back: true })
})
