import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchFile, isClosed, isRefusal } from './fetch-file.ts'

/*
 * A host is defined by its response to each kind of request; one that a page may not read is a
 * TypeError.
 */

type Handler = (init: RequestInit, url: string) => Response
const refuse: Handler = () => {
  throw new TypeError('Failed to fetch')
}

let requests: { url: string; init: RequestInit }[]
let n = 0
/** A new host each time, since host access is cached. */
const link = () => `https://host-${n}.example/file.png`

/** Responses. `pages`: to readable requests, by cache mode; `silent`: to no-cors requests. */
function host({ pages = refuse, silent = () => new Response(), shows = false }: HostOf): void {
  n++
  requests = []
  vi.stubGlobal('location', { origin: 'https://loupe.example' })
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push({ url, init })
    return (init.mode === 'no-cors' ? silent : pages)(init, url)
  })
  vi.stubGlobal(
    'Image',
    class {
      onload = () => {}
      onerror = () => {}
      naturalWidth = 0
      removeAttribute() {}
      set src(url: string) {
        requests.push({ url, init: {} })
        queueMicrotask(() => (shows ? this.onload() : this.onerror()))
      }
    },
  )
}
interface HostOf {
  readonly pages?: Handler
  readonly silent?: Handler
  /** Whether an image element can load it. */
  readonly shows?: boolean
}

const fetched = (url = link()) => fetchFile(url, new AbortController().signal)

beforeEach(() => vi.unstubAllGlobals())

describe('a link that its host rejects', () => {
  it('has expired, unless the status is temporary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 400, max: 599 }), async (status) => {
        host({ pages: () => new Response('<Error/>', { status }) })
        const passing = status >= 500 || [408, 421, 425, 429].includes(status)
        expect(await fetched()).toEqual({
          ok: false,
          error: { kind: passing ? 'status' : 'ended', status },
        })
      }),
    )
  })

  it('may have expired if the response is unreadable and no image loads', async () => {
    host({ shows: false })
    const result = await fetched()
    expect(result).toEqual({ ok: false, error: { kind: 'refused' } })
    expect(!result.ok && isRefusal(result.error)).toBe(true)
    // This says nothing about the host's other files.
    expect(await isClosed(link())).toBe(false)
    host({ pages: () => new Response('bytes') })
    expect((await fetched()).ok).toBe(true)
  })
})

describe('a host without CORS', () => {
  it('is detected by an image that still loads, and probed only once', async () => {
    host({ shows: true })
    expect(await isClosed(link())).toBe(true)
    const images = () => requests.filter(({ init }) => init.cache === undefined).length
    expect(images()).toBe(1)
    expect(await fetched(`${link()}?another`)).toEqual({ ok: false, error: { kind: 'closed' } })
    expect(await isClosed(link())).toBe(true)
    expect(images()).toBe(1)
  })

  it('is unreachable when no response arrives at all', async () => {
    host({ silent: refuse })
    expect(await fetched()).toEqual({ ok: false, error: { kind: 'network' } })
    expect(await isClosed(link())).toBe(false)
  })

  it.each(['GET', 'HEAD'])('is reachable when only %s gets an opaque response', async (only) => {
    host({ silent: (init, url) => (init.method === only ? new Response() : refuse(init, url)) })
    expect(await fetched()).toEqual({ ok: false, error: { kind: 'refused' } })
  })
})

describe('a host with CORS', () => {
  it.each([
    ['always', () => new Response('bytes')],
    // A page cannot read what an image element left in the cache.
    [
      'past the cache',
      (init, url) => (init.cache === 'reload' ? new Response('bytes') : refuse(init, url)),
    ],
    ['for its refusals, too', () => new Response('', { status: 403 })],
  ] satisfies [string, Handler][])(
    'is probed with the same request as the download: %s',
    async (_, pages) => {
      host({ pages })
      expect(await isClosed(link())).toBe(false)
      await fetched()
      const readable = requests.filter(({ init }) => init.mode !== 'no-cors')
      expect(readable.length).toBeGreaterThan(1)
      for (const { init } of readable) expect(init.method).toBeUndefined()
    },
  )

  it('returns a file, an empty one, or a truncated one', async () => {
    host({ pages: () => new Response('bytes') })
    expect(await fetched()).toMatchObject({ ok: true, value: { size: 5 } })
    host({ pages: () => new Response(null, { status: 204 }) })
    expect(await fetched()).toMatchObject({ ok: true, value: { size: 0 } })
    const broken = () =>
      new ReadableStream({ pull: (controller) => controller.error(new TypeError('reset')) })
    host({ pages: () => new Response(broken()) })
    expect(await fetched()).toEqual({ ok: false, error: { kind: 'cut-off', received: null } })
  })

  it.each([
    ['before the response', false, 'network'],
    ['amid its file', true, 'cut-off'],
  ])('times out after a minute without data: %s', async (_, answers, kind) => {
    vi.useFakeTimers()
    const hangs = (signal: AbortSignal | null | undefined) =>
      new Promise<never>((_, reject) => {
        signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')))
      })
    host({ pages: () => new Response('') })
    vi.stubGlobal('fetch', async (_: string, { signal }: RequestInit) => {
      if (!answers) return hangs(signal)
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(7)),
        pull: () => hangs(signal),
      })
      return new Response(body)
    })
    let result: Awaited<ReturnType<typeof fetched>> | null = null
    void fetched().then((came) => {
      result = came
    })
    await vi.advanceTimersByTimeAsync(59_000)
    expect(result).toBeNull()
    await vi.advanceTimersByTimeAsync(2000)
    expect(result).toMatchObject({ ok: false, error: { kind } })
    vi.useRealTimers()
  })

  it('can be cancelled at any point', async () => {
    const controller = new AbortController()
    host({
      pages: () => {
        controller.abort()
        throw new DOMException('', 'AbortError')
      },
    })
    expect(await fetchFile(link(), controller.signal)).toEqual({
      ok: false,
      error: { kind: 'cancelled' },
    })
    expect(requests).toHaveLength(1)
  })
})
