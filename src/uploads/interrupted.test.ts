import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { STARTS_KEPT_MS } from '../../core/api/upload-limits.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import type { CreateTaskResult, StartOptions, StartSettings } from '../api/create-task.ts'
import { createStore } from '../lib/store.ts'
import { createKeptParts, type PartsState } from './kept-parts.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { memoryTexts } from './testing.ts'
import { saveTo, type Unfinished } from './unfinished.ts'
import { sourcesOf, type Upload } from './upload.ts'
import { createUploadQueue, type UploadQueue } from './upload-queue.ts'

/* Uploads that were under way when the page was left. */

const AT = Date.UTC(2026, 0, 1, 12)
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const OTHER: StartSettings = { ...DEFAULT_SETTINGS, scale: 2 }
const URL = 'https://img.example/a.png'

const file = (name: string, lastModified = 1) => new File([PNG], name, { lastModified })
const identity = (name: string) => `1 8 ${name}`

interface Call extends StartOptions {
  readonly source: Upload['source']
  readonly settings: StartSettings
  readonly respond: (result: CreateTaskResult) => Promise<void>
}

const fails = (kind: 'unknown' | 'cut' | 'cancelled'): CreateTaskResult => ({
  ok: false,
  error: { kind },
})

const opened: UploadQueue[] = []

/** A tab: each `load` is a load of its page, which leaves the one before. */
function tab() {
  const store = createStore<readonly Unfinished[]>([])
  const texts = memoryTexts()
  const load = () => {
    const calls: Call[] = []
    const parts = createKeptParts('parts', texts)
    const queue = createUploadQueue({
      quota: createStore(fullQuota(50)),
      preview: async () => null,
      onStarted: () => {},
      onShown: () => {},
      save: saveTo(store, 'p'),
      parts,
      start: (source, settings, options) =>
        new Promise((resolve) => {
          const respond = async (result: CreateTaskResult) => {
            resolve(result)
            await vi.advanceTimersByTimeAsync(0)
          }
          options.signal.addEventListener('abort', () => resolve(fails('cancelled')))
          calls.push({ ...options, source, settings, respond })
        }),
    })
    opened.push(queue)
    const left = store.get()
    parts.restore(['a.png', 'b.png'].map(identity))
    queue.restore(left)
    const state = (n = 0) => queue.items.get()[n]?.state
    /** Adds and starts them. */
    const start = async (names: readonly string[], asGroup = false) => {
      queue.add(names.map((name) => file(name)))
      await vi.waitFor(() =>
        expect(queue.items.get().every((one) => one.state.kind === 'ready')).toBe(true),
      )
      queue.start(OTHER, asGroup)
    }
    return { queue, calls, parts, state, start }
  }
  return { store, load }
}

const openParts = (expiresAt: number | null, sent: number): PartsState => ({
  kind: 'open',
  upload: {
    uploadId: 'u',
    file: { path: '/u' },
    expiresAt,
    parts: [0, 2, 4, 6].map((from, n) => ({
      number: n + 1,
      url: 'https://storage.example/',
      from,
      to: from + 2,
    })),
  },
  sent: Array.from({ length: sent }, (_, n) => ({ number: n + 1, etag: 'e' })),
  joining: false,
})

beforeEach(() => {
  vi.useFakeTimers({ now: AT })
})
afterEach(() => {
  for (const queue of opened.splice(0)) queue.close()
  vi.useRealTimers()
})

describe('after a reload', () => {
  it('an upload waits for its file, and continues with its settings as the same attempt', async () => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png'])
    const { queue, calls, state } = load()
    expect(state()).toEqual({ kind: 'interrupted', needed: ['a.png'], sent: 0, unsure: false })
    expect(queue.hasUnsaved()).toBe(false)
    expect(calls).toEqual([])
    const [wrong, changed] = [file('b.png'), file('a.png', 2)]
    expect(queue.choose([wrong, changed])).toEqual([wrong, changed])
    expect(calls).toEqual([])
    const again = file('a.png')
    expect(queue.choose([again])).toEqual([])
    expect(calls).toMatchObject([
      { source: { kind: 'file', file: again }, settings: OTHER, attempt: before.calls[0]?.attempt },
    ])
    // It is under way now.
    expect(queue.add([file('a.png')])).toBe(1)
    expect(calls).toHaveLength(1)
  })

  it('a file that is added in the usual way continues its upload, and others are new', async () => {
    const { load } = tab()
    await load().start(['a.png'])
    const { queue, calls, state } = load()
    expect(queue.add([file('b.png'), file('a.png'), file('a.png')])).toBe(1)
    expect(calls).toHaveLength(1)
    expect(state(1)).toMatchObject({ kind: 'checking' })
  })

  it('what was not under way is not there', async () => {
    const { load, store } = tab()
    const before = load()
    await before.start(['a.png', 'b.png'])
    before.queue.add([file('c.png')])
    await before.calls[0]?.respond({
      ok: true,
      value: { taskId: 'task-1' as never, credits: null, balance: null },
    })
    before.queue.cancel(before.queue.items.get()[1]?.id ?? '')
    await vi.advanceTimersByTimeAsync(0)
    expect(store.get()).toEqual([])
    expect(load().queue.items.get()).toEqual([])
  })

  it('a page that was left stores nothing more, except that a task was started', async () => {
    const { load, store } = tab()
    const { start, calls, queue } = load()
    await start(['a.png', 'b.png'])
    calls[0]?.onProgress(1)
    queue.close()
    await vi.advanceTimersByTimeAsync(0)
    expect(store.get()).toHaveLength(2)
    await calls[0]?.respond({
      ok: true,
      value: { taskId: 'task-1' as never, credits: null, balance: null },
    })
    expect(store.get()).toMatchObject([{ images: [{ name: 'b.png' }] }])
  })

  it('URLs and uploaded files need no file, and nothing starts by itself', async () => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png'])
    before.queue.addUrls([URL])
    before.queue.start(OTHER)
    before.parts.set(identity('a.png'), { kind: 'complete', file: { path: '/u' } })
    const { queue, calls, state } = load()
    expect([state(0), state(1)]).toMatchObject([
      { kind: 'failed', error: { kind: 'cut' }, again: true },
      { kind: 'failed', error: { kind: 'cut' }, again: true },
    ])
    expect(calls).toEqual([])
    for (const { id } of queue.items.get()) queue.retry(id, OTHER)
    expect(calls.map(({ source }) => source.kind)).toEqual(['missing', 'url'])
  })

  it('a removed upload is forgotten, with its links', async () => {
    const { load, store } = tab()
    const before = load()
    await before.start(['a.png'])
    before.parts.set(identity('a.png'), openParts(null, 1))
    const { queue, parts } = load()
    queue.remove(queue.items.get()[0]?.id ?? '')
    expect(store.get()).toEqual([])
    expect(parts.get(identity('a.png'))).toBeNull()
  })
})

describe('a start that may have arrived', () => {
  /** Leaves the page after the start was sent; `lost`: after its response was lost, too. */
  async function leave(lost: boolean) {
    const all = tab()
    const before = all.load()
    await before.start(['a.png'])
    before.calls[0]?.onSend()
    if (lost) await before.calls[0]?.respond(fails('unknown'))
    return { ...all, attempt: before.calls[0]?.attempt }
  }

  it.each([true, false])('(response lost: %s) is repeated as the same', async (lost) => {
    const { load, attempt } = await leave(lost)
    const { queue, calls, state } = load()
    expect(state()).toMatchObject({ kind: 'interrupted', unsure: true })
    queue.choose([file('a.png')])
    expect(calls).toMatchObject([{ attempt, settings: OTHER }])
    // That nothing came of the second does not mean that of the first.
    await calls[0]?.respond(fails('cut'))
    expect(state()).toEqual({ kind: 'failed', error: { kind: 'unknown' }, again: true })
  })

  it('is not repeated once the server may not remember it', async () => {
    const { load } = await leave(true)
    const { queue, calls, state } = load()
    vi.advanceTimersByTime(STARTS_KEPT_MS - HOUR - 1)
    expect(state()).toMatchObject({ kind: 'interrupted' })
    vi.advanceTimersByTime(1)
    const tooLate = { kind: 'failed', error: { kind: 'unknown' }, again: false }
    expect(state()).toEqual(tooLate)
    // A new upload, since the user has been warned.
    queue.add([file('a.png')])
    expect(calls).toEqual([])
    expect(queue.items.get()).toHaveLength(2)
    expect(load().state()).toEqual(tooLate)
  })

  it('is not retried too late without a reload either', async () => {
    const { load } = tab()
    const { start, calls, queue, state } = load()
    await start(['a.png'])
    calls[0]?.onSend()
    await calls[0]?.respond(fails('unknown'))
    vi.advanceTimersByTime(STARTS_KEPT_MS - HOUR)
    queue.retry(queue.items.get()[0]?.id ?? '', OTHER)
    expect(calls).toHaveLength(1)
    expect(state()).toMatchObject({ again: false })
  })

  it('of which nothing came is not one', async () => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png'])
    before.calls[0]?.onSend()
    await before.calls[0]?.respond(fails('cut'))
    expect(load().state()).toMatchObject({ kind: 'interrupted', unsure: false })
  })
})

describe('an upload by parts', () => {
  const leave = async (expiresAt: number | null) => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png'])
    before.parts.set(identity('a.png'), openParts(expiresAt, 3))
    return load
  }

  it('shows what has arrived', async () => {
    const load = await leave(null)
    expect(load().state()).toMatchObject({ kind: 'interrupted', sent: 0.75 })
  })

  it('is abandoned when its links expire, and added again as a new one', async () => {
    const load = await leave(AT + 5 * MINUTE)
    const { queue, calls, state } = load()
    expect(state()).toMatchObject({ kind: 'interrupted' })
    vi.advanceTimersByTime(5 * MINUTE)
    expect(state()).toEqual({ kind: 'abandoned', why: 'expired' })
    expect(load().state()).toEqual({ kind: 'abandoned', why: 'expired' })
    expect(queue.choose([file('a.png')])).toHaveLength(1)
    expect(queue.add([file('a.png')])).toBe(0)
    expect(calls).toEqual([])
    expect(state(1)).toMatchObject({ kind: 'checking' })
  })
})

it('of a closed tab, an upload is abandoned, unless its task may have started', async () => {
  const { load, store } = tab()
  const before = load()
  await before.start(['a.png', 'b.png'])
  before.calls[1]?.onSend()
  store.change((all) => all.map((one) => ({ ...one, closed: true })))
  const { state } = load()
  expect(state(0)).toEqual({ kind: 'abandoned', why: 'closed' })
  expect(state(1)).toMatchObject({ kind: 'interrupted', unsure: true })
})

describe('a group', () => {
  it('continues when all its files are back, in their order', async () => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png', 'b.png'], true)
    const { queue, calls, state } = load()
    expect(state()).toMatchObject({ kind: 'interrupted', needed: ['a.png', 'b.png'] })
    queue.add([file('b.png')])
    expect(state()).toMatchObject({ kind: 'interrupted', needed: ['a.png'] })
    expect(calls).toEqual([])
    queue.add([file('a.png')])
    expect(calls).toMatchObject([{ attempt: before.calls[0]?.attempt, settings: OTHER }])
    const [first, second] = calls[0] === undefined ? [] : sourcesOf(calls[0].source)
    expect([first, second]).toMatchObject([
      { kind: 'file', file: { name: 'a.png' } },
      { kind: 'file', file: { name: 'b.png' } },
    ])
  })

  it('needs only the files that have not arrived, and is separate images again when cancelled', async () => {
    const { load } = tab()
    const before = load()
    await before.start(['a.png', 'b.png'], true)
    before.parts.set(identity('a.png'), { kind: 'complete', file: { path: '/u' } })
    const { queue, calls, state } = load()
    expect(state()).toMatchObject({ kind: 'interrupted', needed: ['b.png'], sent: 0.5 })
    queue.add([file('b.png')])
    expect(calls).toHaveLength(1)
    queue.cancel(queue.items.get()[0]?.id ?? '')
    await vi.waitFor(() => expect(queue.items.get()).toHaveLength(2))
    expect([state(0), state(1)]).toEqual([{ kind: 'ready' }, { kind: 'ready' }])
  })
})
