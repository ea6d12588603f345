import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fetchFile, isClosed, isRefusal } from './fetch-file.ts'

/* A host is what it answers to each way of asking; what a page may not read is a TypeError. */

type Ask = (init: RequestInit, url: string) => Response
const refuse: Ask = () => {
  throw new TypeError('Failed to fetch')
}

let asked: { url: string; init: RequestInit }[]
let n = 0
/** Each host is another one: what was learnt of one is remembered. */
const link = () => `https://host-${n}.example/file.png`

/** `pages`: to a question of a page by its cache mode; `silent`: to one it reads nothing of. */
function host({ pages = refuse, silent = () => new Response(), shows = false }: HostOf): void {
  n++
  asked = []
  vi.stubGlobal('location', { origin: 'https://loupe.example' })
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init })
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
        asked.push({ url, init: {} })
        queueMicrotask(() => (shows ? this.onload() : this.onerror()))
      }
    },
  )
}
interface HostOf {
  readonly pages?: Ask
  readonly silent?: Ask
  /** Whether an image element can show what is there. */
  readonly shows?: boolean
}

const fetched = (url = link()) => fetchFile(url, new AbortController().signal)

beforeEach(() => vi.unstubAllGlobals())

describe('a link that its host refuses', () => {
  it('has ended, unless the status says that it is for now', async () => {
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

  it('may have ended, where the page may read nothing and no image shows', async () => {
    host({ shows: false })
    const result = await fetched()
    expect(result).toEqual({ ok: false, error: { kind: 'refused' } })
    expect(!result.ok && isRefusal(result.error)).toBe(true)
    // Which says nothing of the host's other files.
    expect(await isClosed(link())).toBe(false)
    host({ pages: () => new Response('bytes') })
    expect((await fetched()).ok).toBe(true)
  })
})

describe('a host that lets no page read', () => {
  it('is known by an image that shows all the same, and asked so once', async () => {
    host({ shows: true })
    expect(await isClosed(link())).toBe(true)
    const images = () => asked.filter(({ init }) => init.cache === undefined).length
    expect(images()).toBe(1)
    expect(await fetched(`${link()}?another`)).toEqual({ ok: false, error: { kind: 'closed' } })
    expect(await isClosed(link())).toBe(true)
    expect(images()).toBe(1)
  })

  it('is out of reach where no answer comes at all', async () => {
    host({ silent: refuse })
    expect(await fetched()).toEqual({ ok: false, error: { kind: 'network' } })
    expect(await isClosed(link())).toBe(false)
  })

  it.each(['GET', 'HEAD'])('is reached where %s alone is answered unread', async (only) => {
    host({ silent: (init, url) => (init.method === only ? new Response() : refuse(init, url)) })
    expect(await fetched()).toEqual({ ok: false, error: { kind: 'refused' } })
  })
})

describe('a host that can be read', () => {
  it.each([
    ['always', () => new Response('bytes')],
    // What an image element left in the cache cannot be read by a page.
    [
      'past the cache',
      (init, url) => (init.cache === 'reload' ? new Response('bytes') : refuse(init, url)),
    ],
    ['for its refusals, too', () => new Response('', { status: 403 })],
  ] satisfies [string, Ask][])('is asked as the download asks: %s', async (_, pages) => {
    host({ pages })
    expect(await isClosed(link())).toBe(false)
    await fetched()
    const readable = asked.filter(({ init }) => init.mode !== 'no-cors')
    expect(readable.length).toBeGreaterThan(1)
    for (const { init } of readable) expect(init.method).toBeUndefined()
  })

  it('gives a file, an empty one, or what broke off', async () => {
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
    ['before its answer', false, 'network'],
    ['amid its file', true, 'cut-off'],
  ])('is given up after a minute of silence: %s', async (_, answers, kind) => {
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

  it('is cancelled at any point', async () => {
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
    expect(asked).toHaveLength(1)
  })
})
