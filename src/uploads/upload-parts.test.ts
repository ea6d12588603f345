import { describe, expect, it } from 'vitest'
import type { NewUpload } from '../../core/api/upload.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import type { UploadError } from '../api/uploads.ts'
import { createStore } from '../lib/store.ts'
import type { PartsState } from './kept-parts.ts'
import { createPartsUpload, type PartsApi } from './upload-parts.ts'

const PART = 10
const FILE = new Blob([new Uint8Array(95)])
const COUNT = 10

const upload = (id: string, expiresAt: number | null = null): NewUpload => ({
  uploadId: id,
  file: { path: `/${id}` },
  expiresAt,
  parts: Array.from({ length: COUNT }, (_, n) => ({
    number: n + 1,
    url: `https://storage.example/${id}/${n + 1}`,
    from: n * PART,
    to: Math.min(95, (n + 1) * PART),
  })),
})

interface Rig {
  /** Response to a part that is sent for the nth time; by default its ETag. */
  readonly send?: (url: string, nth: number) => Result<string, UploadError>
  readonly complete?: (nth: number) => Result<null, UploadError>
  /** By default it is. */
  readonly isOnline?: () => boolean | Promise<boolean>
  readonly create?: (nth: number) => Result<NewUpload, UploadError>
}

function rig(
  { send, complete, create, isOnline }: Rig = {},
  kept = createStore<PartsState | null>(null),
) {
  const sent: string[] = []
  const completed: string[] = []
  const pauses: number[] = []
  const sizes = new Map<string, number>()
  let active = 0
  let most = 0
  let created = 0
  const api: PartsApi = {
    create: async () => create?.(++created) ?? ok(upload(`u${++created}`)),
    send: async (url, part) => {
      sent.push(url)
      sizes.set(url, part.size)
      most = Math.max(most, ++active)
      await null
      active--
      const nth = sent.filter((one) => one === url).length
      return send?.(url, nth) ?? ok(`"${url}"`)
    },
    complete: async ({ uploadId }, parts) => {
      completed.push(`${uploadId} ${parts.length}`)
      return complete?.(completed.length) ?? ok(null)
    },
    pause: async (ms) => void pauses.push(ms),
    isOnline: async () => isOnline?.() ?? true,
  }
  const target = createPartsUpload(FILE, api, kept)
  const progress: number[] = []
  const run = (signal = new AbortController().signal) =>
    target.run((confirmed) => progress.push(confirmed), signal)
  return { run, kept, sent, completed, pauses, progress, sizes, most: () => most }
}

const NETWORK = err({ kind: 'network' } as const)

describe('an upload by parts', () => {
  it('sends each part once, three at a time, and reports what was confirmed', async () => {
    const { run, sent, completed, progress, sizes, most } = rig()
    expect(await run()).toEqual(ok({ path: '/u1' }))
    expect(new Set(sent).size).toBe(COUNT)
    expect(sent).toHaveLength(COUNT)
    expect([...sizes.values()].reduce((a, b) => a + b)).toBe(95)
    expect(most()).toBe(3)
    expect(completed).toEqual([`u1 ${COUNT}`])
    expect(progress.toSorted((a, b) => a - b)).toEqual(progress)
    expect(progress.at(-1)).toBe(1)
  })

  it('repeats a part that failed, and no other', async () => {
    const { run, sent, pauses } = rig({
      send: (url, nth) => (url.endsWith('/7') && nth < 3 ? NETWORK : ok('"e"')),
    })
    expect((await run()).ok).toBe(true)
    expect(sent).toHaveLength(COUNT + 2)
    expect(pauses).toEqual([1000, 2000])
  })

  it('goes on where it was interrupted', async () => {
    let isDown = true
    const { run, sent } = rig({
      send: (url) => (isDown && Number(url.split('/').at(-1)) > 5 ? NETWORK : ok('"e"')),
    })
    expect(await run()).toEqual(NETWORK)
    const before = sent.length
    isDown = false
    expect((await run()).ok).toBe(true)
    expect(sent.length - before).toBe(5)
  })

  it.each(['network', 'unavailable'] as const)(
    'of a storage where no part arrives (%s) is unavailable',
    async (kind) => {
      const { run, completed } = rig({ send: () => err({ kind }) })
      expect(await run()).toEqual(err({ kind: 'unavailable' }))
      expect(completed).toEqual([])
    },
  )

  it('waits for the network instead of taking the storage for one that refuses', async () => {
    const send = (_: string, nth: number) => (nth <= 5 ? NETWORK : ok('"e"'))
    expect((await rig({ send, isOnline: () => false }).run()).ok).toBe(true)
    expect(await rig({ send }).run()).toEqual(err({ kind: 'unavailable' }))
  })

  it('does not take it for one either when a part arrives meanwhile', async () => {
    let probes = 0
    const { run } = rig({
      send: (_, nth) => (nth < 4 ? NETWORK : ok('"e"')),
      isOnline: async () => {
        if (++probes > 1) return false
        await new Promise((resolve) => setTimeout(resolve))
        return true
      },
    })
    expect((await run()).ok).toBe(true)
  })

  it('gets new links once they have expired', async () => {
    const { run, sent } = rig({
      send: (url) =>
        url.includes('/u1/') && url.endsWith('/9') ? err({ kind: 'ended' }) : ok('e'),
    })
    expect(await run()).toEqual(err({ kind: 'ended' }))
    expect(await run()).toEqual(ok({ path: '/u2' }))
    expect(sent.filter((url) => url.includes('/u2/'))).toHaveLength(COUNT)
  })

  it('is joined though the response was lost', async () => {
    const { run, completed } = rig({
      complete: (nth) =>
        nth === 1 ? NETWORK : err({ kind: 'rejected', message: 'No such upload' }),
    })
    expect((await run()).ok).toBe(true)
    expect(completed).toHaveLength(2)
    expect((await run()).ok).toBe(true)
    expect(completed).toHaveLength(2)
  })

  it('that is rejected is not', async () => {
    const rejected = err({ kind: 'rejected', message: 'Missing required parameters' } as const)
    expect(await rig({ complete: () => rejected }).run()).toEqual(rejected)
    expect(await rig({ create: () => rejected }).run()).toEqual(rejected)
  })

  it('stops when it is cancelled, and keeps what it has', async () => {
    const controller = new AbortController()
    const { run, sent } = rig({
      send: (url) => {
        if (url.endsWith('/4')) controller.abort()
        return ok('"e"')
      },
    })
    expect(await run(controller.signal)).toEqual(err({ kind: 'cancelled' }))
    const before = sent.length
    expect((await run()).ok).toBe(true)
    expect(new Set(sent).size).toBe(COUNT)
    expect(sent.length).toBeGreaterThan(before)
    expect(sent.length).toBeLessThanOrEqual(COUNT + 3)
  })

  it('goes on in another load of the page, and is complete in the next', async () => {
    const controller = new AbortController()
    const first = rig({
      send: (url) => {
        if (url.endsWith('/4')) controller.abort()
        return ok(`"${url}"`)
      },
    })
    await first.run(controller.signal)
    const confirmed = first.sent.length
    const second = rig({}, first.kept)
    expect(await second.run()).toEqual(ok({ path: '/u1' }))
    expect(second.sent).toHaveLength(COUNT - confirmed)
    expect(second.progress[0]).toBeCloseTo(confirmed / 9.5)
    expect(second.completed).toEqual([`u1 ${COUNT}`])
    const third = rig({}, first.kept)
    expect(await third.run()).toEqual(ok({ path: '/u1' }))
    expect([third.sent, third.completed]).toEqual([[], []])
  })

  it('of which the parts may be joined is not taken to be rejected', async () => {
    const rejected = err({ kind: 'rejected', message: 'No such upload' } as const)
    const first = rig({ complete: () => err({ kind: 'cancelled' }) })
    expect((await first.run()).ok).toBe(false)
    expect((await rig({ complete: () => rejected }, first.kept).run()).ok).toBe(true)
  })

  it('of another size, or whose links have expired, starts again', async () => {
    for (const change of [{ expiresAt: 1 }, { parts: upload('u').parts.slice(0, -1) }]) {
      const state = { kind: 'open', upload: { ...upload('u'), ...change }, sent: [] } as const
      const kept = createStore<PartsState | null>({ ...state, joining: false })
      const { run, sent } = rig({}, kept)
      expect(await run()).toEqual(ok({ path: '/u1' }))
      expect(sent).toHaveLength(COUNT)
    }
  })
})
