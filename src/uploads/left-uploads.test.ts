import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { browserLocks } from '../lib/browser/locks.ts'
import { createStore } from '../lib/store.ts'
import { openPage, takeLeftUploads } from './left-uploads.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { memoryTexts } from './testing.ts'
import type { Unfinished } from './unfinished.ts'

type Locks = NonNullable<ReturnType<typeof browserLocks>>

/** A browser with locks, in which pages are opened and closed. */
function browser() {
  const held = new Map<string, () => void>()
  const waiting: { name: string; grant: () => void }[] = []
  const free = (name: string) => {
    held.delete(name)
    const next = waiting.findIndex((one) => one.name === name)
    if (next >= 0) waiting.splice(next, 1)[0]?.grant()
  }
  const locksOf = (closed: Promise<void>): Locks => ({
    request: (async (name: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as (lock: unknown) => Promise<unknown> | undefined
      const options = (rest.length > 1 ? rest[0] : {}) as LockOptions
      if (held.has(name)) {
        if (options.ifAvailable) {
          await work(null)
          return
        }
        await new Promise<void>((grant, reject) => {
          waiting.push({ name, grant })
          options.signal?.addEventListener('abort', () => reject(new Error('aborted')))
        })
      }
      held.set(name, () => free(name))
      await Promise.race([work({ name }), closed])
      free(name)
    }) as Locks['request'],
  })
  const store = createStore<readonly Unfinished[]>([])
  /** Loads the page in a tab, whose sessionStorage this is. */
  const load = (texts = memoryTexts(), hasLocks = true) => {
    let close = () => {}
    const closed = new Promise<void>((resolve) => (close = resolve))
    const locks = hasLocks ? locksOf(closed) : undefined
    const page = openPage({ locks, texts })
    const taken: (readonly Unfinished[])[] = []
    takeLeftUploads({ store, page, take: (uploads) => taken.push(uploads) })
    const add = (attempt: string) => store.change((all) => [...all, upload(attempt, page.id)])
    return { page, taken, close, add, texts }
  }
  return { store, load }
}

const upload = (attempt: string, page: string): Unfinished => ({
  attempt,
  page,
  images: [{ kind: 'url', url: 'https://img.example/a.png' }],
  settings: DEFAULT_SETTINGS,
  earlier: null,
  sentAt: null,
  closed: false,
})
const names = (taken: readonly (readonly Unfinished[])[]) =>
  taken.map((all) => all.map(({ attempt, closed }) => (closed ? `${attempt} closed` : attempt)))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('uploads', () => {
  it('of a page that is reloaded are passed to the next', async () => {
    const { load, store } = browser()
    const first = load()
    await pass(0)
    expect(names(first.taken)).toEqual([[]])
    first.add('a')
    first.close()
    const second = load(first.texts)
    await pass(0)
    expect(names(second.taken)).toEqual([['a']])
    expect(store.get()).toEqual([upload('a', second.page.id)])
  })

  it('of a page that closes late are passed then', async () => {
    const { load } = browser()
    const first = load()
    await pass(0)
    first.add('a')
    const second = load(first.texts)
    await pass(1000)
    expect(second.taken).toEqual([])
    first.close()
    await pass(0)
    expect(names(second.taken)).toEqual([['a']])
  })

  it('of a page that closes even later are not those of a closed tab', async () => {
    const { load } = browser()
    const first = load()
    await pass(0)
    first.add('a')
    const second = load(first.texts)
    await pass(3000)
    first.close()
    await pass(2000)
    expect(names(second.taken)).toEqual([[], ['a']])
  })

  it('stay with the original of a duplicated tab', async () => {
    const { load, store } = browser()
    const original = load()
    await pass(0)
    original.add('a')
    const copied = memoryTexts()
    copied.set('loupe:upload-page', original.page.id)
    const copy = load(copied)
    await pass(60_000)
    expect(names(copy.taken)).toEqual([[]])
    expect(store.get()).toEqual([upload('a', original.page.id)])
  })

  it('of a closed tab are passed to another tab, as such, and to no second one', async () => {
    const { load } = browser()
    const closing = load()
    await pass(0)
    closing.add('a')
    const open = load()
    await pass(60_000)
    expect(names(open.taken)).toEqual([[]])
    closing.close()
    const [next, second] = [load(), load()]
    await pass(60_000)
    expect(names([...next.taken, ...second.taken]).filter(({ length }) => length > 0)).toEqual([
      ['a closed'],
    ])
  })

  it('are found by their own tab first, if all are opened together', async () => {
    const { load } = browser()
    const closing = [load(), load()] as const
    await pass(0)
    for (const [n, tab] of closing.entries()) tab.add(`${n}`)
    for (const { close } of closing) close()
    await pass(0)
    const opened = closing.map(({ texts }) => load(texts))
    await pass(60_000)
    expect(opened.map(({ taken }) => names(taken))).toEqual([[['0']], [['1']]])
  })

  it('continue after a reload where the browser has no locks', async () => {
    const { load } = browser()
    const first = load(memoryTexts(), false)
    first.add('a')
    const other = load(memoryTexts(), false)
    const second = load(first.texts, false)
    await pass(60_000)
    expect(names(second.taken)).toEqual([['a']])
    expect(names(other.taken)).toEqual([[]])
  })
})
