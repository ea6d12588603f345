import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { asTaskId } from '../../core/api/task-id.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { fullQuota, type Quota, quotaStatus } from '../../core/quota/quota.ts'
import type {
  CreateTaskError,
  CreateTaskResult,
  StartOptions,
  StartSettings,
} from '../api/create-task.ts'
import { createStore } from '../lib/store.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { keepNothing } from './testing.ts'
import { factsOf, type Preview, type Upload } from './upload.ts'
import { createUploadQueue, type UploadQueue, type UploadQueueOptions } from './upload-queue.ts'

/** Only a hanging test takes this long. */
const until = (check: () => unknown) => vi.waitFor(check, 50_000)

const AT = Date.UTC(2026, 0, 1, 12)
const OTHER: StartSettings = { ...DEFAULT_SETTINGS, scale: 2 }
const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Quota as a single tab sees it, without storage. */
const quotaOf = (value: Quota = fullQuota(50)) => createStore(value)

interface Call extends StartOptions {
  readonly name: string
  readonly settings: StartSettings
  readonly at: number
  readonly respond: (result: CreateTaskResult) => Promise<void>
}

const started = (n: number): CreateTaskResult => {
  const taskId = asTaskId(`task-${n}`)
  if (taskId === null) throw new Error('no id')
  return { ok: true, value: { taskId, credits: n, balance: null } }
}
const error = (error: CreateTaskError): CreateTaskResult => ({ ok: false, error })

/** Queues to close: one left open would keep the page's clock waiting in the next test. */
const opened: UploadQueue[] = []
const closeAll = () => {
  for (const queue of opened.splice(0)) queue.close()
}

function open(quota = quotaOf(), preview: UploadQueueOptions['preview'] = async () => null) {
  const calls: Call[] = []
  const under = new Set<Call>()
  const reported: string[] = []
  const shown: string[] = []
  const queue = createUploadQueue({
    quota,
    start: (source, settings, options) =>
      new Promise((resolve) => {
        let sent = 0
        const call: Call = {
          ...options,
          name: nameOf(source),
          settings,
          at: Date.now(),
          onProgress: (part) => {
            sent = part
            options.onProgress(part)
          },
          async respond(result) {
            under.delete(call)
            resolve(result)
            await vi.advanceTimersByTimeAsync(0)
          },
        }
        options.signal.addEventListener('abort', () => {
          void call.respond(error({ kind: sent < 1 ? 'cancelled' : 'unknown' }))
        })
        calls.push(call)
        under.add(call)
      }),
    preview,
    onStarted: (item) => reported.push(item.id),
    onShown: (item) => shown.push(item.id),
    ...keepNothing(),
  })
  opened.push(queue)
  return { queue, calls, under, reported, shown, quota }
}

const urls = (n: number, from = 0) =>
  Array.from({ length: n }, (_, i) => `https://img.example/${from + i}.png`)
const nameOf = (source: Upload['source']): string =>
  source.kind === 'group'
    ? source.sources.map(nameOf).join(' ')
    : source.kind === 'url'
      ? source.url
      : factsOf(source).name
const kinds = (queue: UploadQueue) => queue.items.get().map(({ state }) => state.kind)
const idOf = (queue: UploadQueue, n: number) => queue.items.get()[n]?.id ?? ''

beforeEach(() => {
  vi.useFakeTimers({ now: AT })
})
afterEach(() => {
  closeAll()
  vi.useRealTimers()
})

describe('images', () => {
  it('are validated before anything is sent', async () => {
    const { queue } = open()
    queue.add([new File([PNG], 'a.png'), new File([], 'b.png')])
    expect(kinds(queue)).toEqual(['checking', 'checking'])
    await until(() => expect(kinds(queue)).toEqual(['ready', 'invalid']))
  })

  it('are decoded one at a time, for their size and a thumbnail', async () => {
    const decoding: { name: string; done: (preview: Preview | null) => void }[] = []
    const { queue } = open(
      quotaOf(),
      ({ name }) => new Promise((done) => decoding.push({ name, done })),
    )
    const header = [0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 3, 0, 0, 0, 4]
    const huge = [...header.slice(0, 8), 0, 1, 0, 0, 0, 1, 0, 0]
    queue.add([
      new File([PNG, new Uint8Array(header)], 'a.png'),
      new File([PNG, new Uint8Array(huge)], 'huge.png'),
      new File([PNG], 'no-header.png'),
    ])
    await until(() => expect(kinds(queue)).toEqual(['ready', 'ready', 'ready']))
    const [a, b] = queue.items.get()
    expect(a).toMatchObject({ dimensions: { width: 3, height: 4 }, thumbnail: null })
    expect(b?.dimensions).toEqual({ width: 65_536, height: 65_536 })
    expect(decoding).toHaveLength(1)
    // A photo taken upright is stored lying down.
    const shown = { width: 4, height: 3, thumbnail: 'data:image/webp,a' }
    for (let n = 0; n < 2; n++) {
      await until(() => expect(decoding).toHaveLength(n + 1))
      decoding[n]?.done(decoding[n]?.name === 'a.png' ? shown : null)
    }
    await until(() => expect(queue.items.get()[0]?.dimensions).toEqual({ width: 4, height: 3 }))
    expect(queue.items.get()[0]?.thumbnail).toBe('data:image/webp,a')
    expect(queue.items.get()[2]).toMatchObject({ dimensions: null, thumbnail: null })
    expect(decoding.map(({ name }) => name).sort()).toEqual(['a.png', 'no-header.png'])
  })

  it('that are decoded after their task was started are reported then', async () => {
    let done: (preview: Preview | null) => void = () => undefined
    const decoding = vi.fn(() => new Promise<Preview | null>((resolve) => (done = resolve)))
    const { queue, calls, shown } = open(quotaOf(), decoding)
    queue.add([new File([PNG], 'a.png')])
    await until(() => expect(decoding).toHaveBeenCalled())
    queue.start(DEFAULT_SETTINGS)
    await calls[0]?.respond(started(1))
    expect(shown).toEqual([])
    done({ width: 4, height: 3, thumbnail: null })
    await until(() => expect(shown).toEqual([idOf(queue, 0)]))
  })

  it('that were added before are skipped and counted, unless they became a task', async () => {
    const { queue, calls } = open()
    const a = () => new File([PNG], 'a.png', { lastModified: 1 })
    expect(queue.add([a(), a(), new File([PNG], 'a.png', { lastModified: 2 })])).toBe(1)
    expect(queue.addUrls(['https://x.example/', 'https://x.example/'])).toBe(1)
    expect(queue.items.get()).toHaveLength(3)
    queue.start(DEFAULT_SETTINGS)
    await calls[0]?.respond(started(1))
    expect(queue.addUrls(['https://x.example/'])).toBe(0)
  })

  it('are sent two at a time, in order, with upload progress', async () => {
    const { queue, calls, reported } = open()
    queue.addUrls(urls(4))
    queue.start(DEFAULT_SETTINGS)
    expect(kinds(queue)).toEqual(['sending', 'sending', 'waiting', 'waiting'])
    calls[1]?.onProgress(0.5)
    expect(queue.items.get()[1]?.state).toEqual({ kind: 'sending', sent: 0.5 })
    await calls[1]?.respond(started(1))
    expect(queue.items.get()[1]?.state).toEqual({ kind: 'started', taskId: 'task-1', credits: 1 })
    expect(calls.map(({ name }) => name)).toEqual(urls(3))
    expect(reported).toEqual([idOf(queue, 1)])
  })

  it('keep their identity until something changes', () => {
    const { queue, calls } = open()
    const listener = vi.fn()
    queue.addUrls(urls(3))
    queue.start(DEFAULT_SETTINGS)
    const before = queue.items.get()
    queue.items.subscribe(listener)
    queue.cancel('nobody')
    queue.start(DEFAULT_SETTINGS)
    expect(queue.items.get()).toBe(before)
    expect(listener).not.toHaveBeenCalled()
    calls[0]?.onProgress(0.1)
    expect(listener).toHaveBeenCalledTimes(1)
    expect(queue.items.get()[1]).toBe(before[1])
  })
})

describe('the quota', () => {
  it('makes the remaining images wait until it recovers, each with its time', async () => {
    const { queue, calls, under } = open()
    expect(queue.hasUnsaved()).toBe(false)
    queue.addUrls(urls(60))
    expect(queue.hasUnsaved()).toBe(true)
    queue.start(DEFAULT_SETTINGS)
    while (under.size > 0) for (const call of [...under]) await call.respond(started(1))
    expect(calls.length).toBeLessThanOrEqual(50)
    expect(calls.length).toBeGreaterThanOrEqual(48)
    const last = queue.items.get().at(-1)?.state
    expect(last).toEqual({ kind: 'waiting', until: expect.any(Number) })
    expect(queue.hasUnsaved()).toBe(true)
    await vi.advanceTimersByTimeAsync(HOUR + MINUTE)
    while (under.size > 0) for (const call of [...under]) await call.respond(started(1))
    expect(calls).toHaveLength(60)
    expect(queue.hasUnsaved()).toBe(false)
  })

  it('is shared by all tabs of a key', async () => {
    const quota = quotaOf()
    const one = open(quota)
    const two = open(quota)
    for (const { queue } of [one, two]) {
      queue.addUrls(urls(40))
      queue.start(DEFAULT_SETTINGS)
    }
    const under = () => [...one.under, ...two.under]
    while (under().length > 0) for (const call of under()) await call.respond(started(1))
    expect(one.calls.length + two.calls.length).toBeLessThanOrEqual(50)
  })

  it('gets back the slots of starts that reached no server, and the others are not tried', async () => {
    const { queue, calls, quota } = open()
    queue.addUrls(urls(20))
    queue.start(DEFAULT_SETTINGS)
    for (const call of calls) await call.respond(error({ kind: 'unreachable' }))
    expect(calls).toHaveLength(2)
    expect(quota.get().sent).toEqual([])
    expect(kinds(queue).sort()).toEqual([
      ...['failed', 'failed'],
      ...Array<string>(18).fill('ready'),
    ])
    queue.start(DEFAULT_SETTINGS)
    expect(calls).toHaveLength(4)
    await calls[2]?.respond(error({ kind: 'cut' }))
    expect(quota.get().sent).toHaveLength(3)
  })

  it('that is rejected makes all images wait, and the rejected one goes first afterwards', async () => {
    const { queue, calls } = open()
    queue.addUrls(urls(3))
    queue.start(DEFAULT_SETTINGS)
    const until = AT + 10 * MINUTE
    await calls[0]?.respond(error({ kind: 'limited', until, message: null, ofStarts: true }))
    await calls[1]?.respond(started(1))
    expect(kinds(queue)).toEqual(['waiting', 'started', 'waiting'])
    expect(queue.items.get()[0]?.state).toEqual({ kind: 'waiting', until })
    await vi.advanceTimersByTimeAsync(10 * MINUTE)
    expect(calls[2]).toMatchObject({ name: urls(1)[0], attempt: calls[0]?.attempt })
  })
})

it('of other requests only delays the rest, without a lower limit', async () => {
  const { queue, calls, quota } = open()
  queue.addUrls(urls(3))
  queue.start(DEFAULT_SETTINGS)
  const busy = { kind: 'limited', message: null, ofStarts: false } as const
  await calls[0]?.respond(error({ ...busy, until: AT + 2000 }))
  await calls[1]?.respond(error({ ...busy, until: null }))
  expect(kinds(queue)).toEqual(['waiting', 'waiting', 'waiting'])
  expect(quota.get()).toMatchObject({ ceiling: null, sent: [] })
  await vi.advanceTimersByTimeAsync(2000)
  expect(calls).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(calls).toHaveLength(4)
  // A retry time that is over.
  for (const call of calls.slice(2)) await call.respond(error({ ...busy, until: Date.now() }))
  await vi.advanceTimersByTimeAsync(MINUTE - 1000)
  expect(calls).toHaveLength(4)
})

describe('errors', () => {
  it.each(['key', 'credits', 'unavailable'] as const)(
    'with the %s stops the rest',
    async (kind) => {
      const { queue, calls } = open()
      queue.addUrls(urls(4))
      queue.start(DEFAULT_SETTINGS)
      await calls[0]?.respond(error({ kind, message: null }))
      expect(kinds(queue)).toEqual(['failed', 'sending', 'ready', 'ready'])
      queue.retry(idOf(queue, 0), OTHER)
      expect(calls[2]).toMatchObject({ settings: OTHER, attempt: calls[0]?.attempt })
    },
  )

  it('of one image do not affect the others', async () => {
    const { queue, calls } = open()
    queue.addUrls(urls(3))
    queue.start(DEFAULT_SETTINGS)
    const rejected = { kind: 'rejected', message: 'Broken.' } as const
    await calls[0]?.respond(error(rejected))
    expect(queue.items.get()[0]?.state).toEqual({ kind: 'failed', error: rejected, again: false })
    expect(kinds(queue)).toEqual(['failed', 'sending', 'sending'])
    queue.retry(idOf(queue, 0), DEFAULT_SETTINGS)
    expect(kinds(queue)[0]).toBe('failed')
  })

  it('after which a task may have started lead to a retry of the same attempt', async () => {
    const { queue, calls } = open()
    queue.addUrls(urls(1))
    queue.start(DEFAULT_SETTINGS)
    await calls[0]?.respond(error({ kind: 'unknown' }))
    queue.retry(idOf(queue, 0), OTHER)
    const { attempt, settings } = calls[0] ?? {}
    expect(calls[1]).toMatchObject({ attempt, settings })
    // The second attempt failing does not mean that the first one did.
    await calls[1]?.respond(error({ kind: 'cut' }))
    const unknown = { kind: 'failed', error: { kind: 'unknown' }, again: true }
    expect(queue.items.get()[0]?.state).toEqual(unknown)
    queue.retry(idOf(queue, 0), OTHER)
    queue.cancel(idOf(queue, 0))
    await vi.advanceTimersByTimeAsync(0)
    expect(queue.items.get()[0]?.state).toEqual(unknown)
  })
})

describe('the user', () => {
  it('cancels waiting and active uploads, and can retry them', async () => {
    const { queue, calls } = open()
    queue.addUrls(urls(3))
    queue.start(DEFAULT_SETTINGS)
    for (const n of [2, 0]) queue.cancel(idOf(queue, n))
    await vi.advanceTimersByTimeAsync(0)
    expect(kinds(queue)).toEqual(['cancelled', 'sending', 'cancelled'])
    queue.retry(idOf(queue, 0), OTHER)
    expect(calls[2]).toMatchObject({ settings: OTHER, attempt: calls[0]?.attempt })
  })

  it('removes anything that is not being sent', () => {
    const { queue } = open()
    queue.addUrls(urls(4))
    queue.start(DEFAULT_SETTINGS)
    for (const { id } of queue.items.get()) queue.remove(id)
    expect(kinds(queue)).toEqual(['sending', 'sending'])
  })

  it('leaves: fully sent uploads are still reported, the rest is aborted', async () => {
    const { queue, calls, reported } = open()
    queue.addUrls(urls(3))
    queue.start(DEFAULT_SETTINGS)
    calls[0]?.onProgress(1)
    queue.close()
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([false, true])
    await calls[0]?.respond(started(1))
    expect(reported).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2 * HOUR)
    expect(calls).toHaveLength(2)
  })
})

it('the limits that a response reports replace the default one', async () => {
  const { queue, calls, quota } = open()
  queue.addUrls(urls(1))
  queue.start(DEFAULT_SETTINGS)
  calls[0]?.onLimits([{ limit: 20, remaining: 3, windowMs: HOUR, resetAt: null }])
  await calls[0]?.respond(started(1))
  expect(quota.get().stated).not.toBeNull()
  // Other browsers have used the rest.
  expect(quotaStatus(quota.get(), AT)).toMatchObject({ limit: 20, remaining: 3 })
})

describe('any sequence of events', () => {
  const which = fc.nat(30)
  const anError = fc.constantFrom<CreateTaskError>(
    { kind: 'cut' },
    { kind: 'unreachable' },
    { kind: 'unknown' },
    { kind: 'key' },
    { kind: 'credits', message: null },
    { kind: 'limited', until: null, message: null, ofStarts: true },
    { kind: 'limited', until: AT, message: null, ofStarts: false },
    { kind: 'rejected', message: null },
    { kind: 'upstream', message: null },
  )
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), n: fc.nat(30) }),
    fc.record({
      do: fc.constant('start' as const),
      settings: fc.constantFrom(DEFAULT_SETTINGS, OTHER),
    }),
    fc.record({ do: fc.constant('progress' as const), n: which, part: fc.constantFrom(0.5, 1) }),
    fc.record({ do: fc.constant('succeed' as const), n: which, times: fc.nat(40) }),
    fc.record({ do: fc.constant('fail' as const), n: which, error: anError }),
    fc.record({
      do: fc.constantFrom('cancel' as const, 'remove' as const),
      n: which,
    }),
    fc.record({ do: fc.constant('retry' as const) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(5 * MINUTE) }),
  )

  it('no item has two active starts, no hour has more than 50, and each item ends in one state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(3, 80),
        fc.array(step, { maxLength: 40 }),
        async (first, steps) => {
          closeAll()
          vi.setSystemTime(AT)
          const { queue, calls, under, reported } = open()
          const maybe = new Map<string, Call>()
          const items = () => queue.items.get()
          const nth = (n: number): Upload | undefined => items()[n % Math.max(1, items().length)]
          const call = (n: number) => [...under][n % Math.max(1, under.size)]
          let added = first
          let ids = 0
          queue.addUrls(urls(first))
          queue.start(DEFAULT_SETTINGS)

          const check = () => {
            const names = [...under].map(({ name }) => name)
            expect(new Set(names).size).toBe(names.length)
            expect(names.length).toBeLessThanOrEqual(2)
            const sending = items().filter(({ state }) => state.kind === 'sending')
            expect(sending.map(({ source }) => nameOf(source)).sort()).toEqual(names.sort())
            for (const [i, { at }] of calls.entries()) {
              const oneHourOn = calls[i + 50]
              if (oneHourOn) expect(oneHourOn.at - at).toBeGreaterThan(HOUR)
            }
            // One attempt ID per image, and a started image is never sent again.
            const attempts = new Map(calls.map(({ name, attempt }) => [name, attempt]))
            for (const one of calls) expect(one.attempt).toBe(attempts.get(one.name))
            expect(new Set(attempts.values()).size).toBe(attempts.size)
            expect(new Set(reported).size).toBe(reported.length)
          }
          const succeed = async (one: Call | undefined) => {
            // Where a task may have started, the same attempt is sent again.
            const before = one && maybe.get(one.name)
            if (before) expect(one?.settings).toEqual(before.settings)
            await one?.respond(started(ids++))
          }

          for (const one of steps) {
            switch (one.do) {
              case 'add':
                queue.addUrls(urls(one.n, added))
                added += one.n
                break
              case 'start':
                queue.start(one.settings)
                break
              case 'progress':
                call(one.n)?.onProgress(one.part)
                break
              case 'succeed':
                for (let n = 0; n <= one.times; n++) await succeed(call(one.n))
                break
              case 'fail': {
                const failing = call(one.n)
                if (failing && one.error.kind === 'unknown' && !maybe.has(failing.name))
                  maybe.set(failing.name, failing)
                await failing?.respond(error(one.error))
                break
              }
              case 'retry':
                for (const { id, state } of items())
                  if (state.kind === 'failed') queue.retry(id, OTHER)
                break
              case 'cancel':
              case 'remove':
                queue[one.do](nth(one.n)?.id ?? '')
                await vi.advanceTimersByTimeAsync(0)
                break
              case 'pass':
                await vi.advanceTimersByTimeAsync(one.ms)
            }
            check()
          }

          for (let hours = 0; queue.hasUnsaved() && hours < 40; hours++) {
            while (under.size > 0) await succeed(call(0))
            await vi.advanceTimersByTimeAsync(HOUR)
            check()
          }
          const ends = ['started', 'failed', 'cancelled', 'ready']
          for (const { state } of items()) expect(ends).toContain(state.kind)
          const counted = items()
            .filter(({ state }) => state.kind === 'started')
            .map(({ id }) => id)
          expect(reported).toEqual(expect.arrayContaining(counted))
        },
      ),
      { numRuns: 60 },
    )
  })
})
