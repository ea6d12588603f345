import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { fullQuota, quotaStatus } from '../../core/quota/quota.ts'
import type {
  CreateTaskError,
  CreateTaskResult,
  StartOptions,
  StartSettings,
} from '../api/create-task.ts'
import { createStore } from '../lib/store.ts'
import { DEFAULT_SETTINGS } from './task-settings.ts'
import { keepNothing } from './testing.ts'
import { type Preview, sourcesOf, type Upload } from './upload.ts'
import { createUploadQueue, type UploadQueueOptions } from './upload-queue.ts'

/* Several images as one task. */

interface Call extends StartOptions {
  readonly source: Upload['source']
  readonly settings: StartSettings
  readonly respond: (result: CreateTaskResult) => Promise<void>
}

const STARTED: CreateTaskResult = {
  ok: true,
  value: { taskId: 'task-1' as TaskId, credits: 30, balance: null },
}
const fails = (error: CreateTaskError): CreateTaskResult => ({ ok: false, error })

function open(preview: UploadQueueOptions['preview'] = async () => null) {
  const calls: Call[] = []
  const onStarted = vi.fn()
  const onShown = vi.fn()
  const quota = createStore(fullQuota(50))
  const queue = createUploadQueue({
    quota,
    preview,
    onStarted,
    onShown,
    ...keepNothing(),
    start: (source, settings, options) =>
      new Promise((resolve) => {
        const respond = async (result: CreateTaskResult) => {
          resolve(result)
          await Promise.resolve()
          await Promise.resolve()
        }
        options.signal.addEventListener('abort', () => resolve(fails({ kind: 'cancelled' })))
        calls.push({ ...options, source, settings, respond })
      }),
  })
  const rows = () =>
    queue.items.get().map(({ source, state }) => `${sourcesOf(source).length} ${state.kind}`)
  const first = () => queue.items.get()[0]?.id ?? ''
  return { queue, calls, rows, first, quota, onStarted, onShown }
}

const URLS = ['a', 'b', 'c'].map((name) => `https://img.example/${name}.png`)

/** Three images that are being sent as one task. */
function sending() {
  const rig = open()
  rig.queue.addUrls(URLS)
  rig.queue.start(DEFAULT_SETTINGS, true)
  const [call] = rig.calls
  if (call === undefined) throw new Error('nothing was sent')
  return { ...rig, call }
}

it('is one start, one row and one task', async () => {
  const { queue, calls, call, rows, quota, onStarted } = sending()
  expect(call.source).toEqual({ kind: 'group', sources: URLS.map((url) => ({ kind: 'url', url })) })
  expect(rows()).toEqual(['3 sending'])
  expect(quotaStatus(quota.get(), Date.now()).remaining).toBe(49)
  await call.respond(STARTED)
  expect(rows()).toEqual(['3 started'])
  expect(calls).toHaveLength(1)
  expect(onStarted).toHaveBeenCalledTimes(1)
  expect(queue.addUrls(URLS)).toBe(0)
})

it('is not needed for one image', () => {
  const { queue, calls } = open()
  queue.addUrls(URLS.slice(1))
  queue.remove(queue.items.get()[0]?.id ?? '')
  queue.start(DEFAULT_SETTINGS, true)
  expect(calls.map(({ source }) => source.kind)).toEqual(['url'])
})

it('counts its images as known, so that none is added twice', () => {
  expect(sending().queue.addUrls(URLS)).toBe(3)
})

describe('when its start failed', () => {
  it.each([
    ['cut', true],
    ['unknown', true],
    ['credits', true],
    ['rejected', false],
  ] as const)(
    'with %s, it stays one row (retry: %s), and a retry is the same attempt',
    async (kind, again) => {
      const { queue, calls, call, rows, first } = sending()
      await call.respond(fails({ kind, message: null }))
      expect(rows()).toEqual(['3 failed'])
      expect(queue.items.get()[0]?.state).toMatchObject({ again })
      queue.retry(first(), DEFAULT_SETTINGS)
      expect(calls).toHaveLength(again ? 2 : 1)
      expect(new Set(calls.map(({ attempt }) => attempt)).size).toBe(1)
    },
  )

  it.each(['unknown', 'upstream'] as const)(
    'with %s, a cancelled retry leaves the row: a task may run',
    async (kind) => {
      const { queue, calls, call, rows, first } = sending()
      await call.respond(fails({ kind, message: null }))
      queue.retry(first(), { ...DEFAULT_SETTINGS, scale: 2 })
      // The server starts no second task only for the same request.
      expect(calls[1]?.settings).toEqual(DEFAULT_SETTINGS)
      queue.cancel(first())
      await vi.waitFor(() => expect(rows()).toEqual(['3 failed']))
      expect(queue.items.get()[0]?.state).toMatchObject({ error: { kind: 'unknown' } })
    },
  )
})

describe('its images become separate again', () => {
  it('when it is cancelled', async () => {
    const { queue, rows, first, calls } = sending()
    queue.addUrls(['https://img.example/later.png'])
    queue.cancel(first())
    await vi.waitFor(() => expect(rows()).toEqual(['1 ready', '1 ready', '1 ready', '1 ready']))
    expect(queue.items.get().map(({ source }) => 'url' in source && source.url)).toEqual([
      ...URLS,
      'https://img.example/later.png',
    ])
    queue.start(DEFAULT_SETTINGS, true)
    expect(rows()).toEqual(['4 sending'])
    expect(calls[1]?.attempt).not.toBe(calls[0]?.attempt)
  })

  it('when one of them is rejected, which alone failed', async () => {
    const { queue, rows, call } = sending()
    await call.respond(fails({ kind: 'rejected', message: 'Not an image', image: 1 }))
    expect(rows()).toEqual(['1 ready', '1 failed', '1 ready'])
    expect(queue.items.get()[1]?.state).toMatchObject({
      again: false,
      error: { message: 'Not an image' },
    })
  })

  it('when the API takes one image per task, and nothing starts by itself', async () => {
    const { queue, rows, call, calls } = sending()
    expect(queue.singleOnly.get()).toBe(false)
    await call.respond(fails({ kind: 'single-only' }))
    expect(queue.singleOnly.get()).toBe(true)
    expect(rows()).toEqual(['1 ready', '1 ready', '1 ready'])
    expect(calls).toHaveLength(1)
  })

  it('when it waits, and the account has no credits', async () => {
    const { queue, rows, call, calls } = sending()
    for (const group of [1, 2]) {
      queue.addUrls([0, 1].map((n) => `https://img.example/${group}${n}.png`))
      queue.start(DEFAULT_SETTINGS, true)
    }
    expect(rows()).toEqual(['3 sending', '2 sending', '2 waiting'])
    await call.respond(fails({ kind: 'credits', message: null }))
    expect(rows()).toEqual(['3 failed', '2 sending', '1 ready', '1 ready'])
    expect(calls).toHaveLength(2)
  })
})

describe('its thumbnail', () => {
  const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  let done: ((preview: Preview) => void)[] = []
  beforeEach(() => {
    done = []
  })

  it('is its first image, also if that is decoded after the start', async () => {
    const rig = open(() => new Promise((resolve) => done.push(resolve)))
    rig.queue.add([new File([PNG], 'a.png'), new File([PNG], 'b.png')])
    await vi.waitFor(() => expect(rig.rows()).toEqual(['1 ready', '1 ready']))
    rig.queue.start(DEFAULT_SETTINGS, true)
    await rig.calls[0]?.respond(STARTED)
    expect(rig.queue.items.get()[0]?.thumbnail).toBeNull()
    for (const [n, thumbnail] of ['data:image/webp,a', 'data:image/webp,b'].entries()) {
      await vi.waitFor(() => expect(done).toHaveLength(n + 1))
      done[n]?.({ width: 4, height: 3, thumbnail })
    }
    await vi.waitFor(() => expect(rig.onShown).toHaveBeenCalled())
    expect(rig.queue.items.get()).toMatchObject([
      { thumbnail: 'data:image/webp,a', dimensions: null },
    ])
    expect(rig.onShown.mock.calls[0]?.[1]).toBe('task-1')
  })
})
