import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { completeUpload, createUpload, uploadPart } from './uploads.ts'

const KEY = 'key-1234567890'
const file = new File(['0123456789'], 'my cat.png', { type: 'image/png' })
const UPLOAD = {
  uploadId: 'u-1',
  path: 'users/1/a.png',
  partSize: 6,
  partUrls: [
    { partNumber: 1, signedUrl: 'https://storage.example/1' },
    { partNumber: 2, signedUrl: 'https://storage.example/2' },
  ],
}
const success = (data: unknown) => JSON.stringify({ status: 'success', data })

describe('the requests to Loupe', () => {
  const { signal } = new AbortController()
  const fetched = vi.fn<typeof fetch>()

  beforeEach(() => {
    fetched.mockReset()
    vi.stubGlobal('fetch', fetched)
  })
  afterEach(() => void vi.unstubAllGlobals())

  const sent = () => {
    const [path, init] = fetched.mock.calls[0] ?? []
    return [path, JSON.parse(String(init?.body))]
  }

  it('announce the file, and get its parts', async () => {
    fetched.mockResolvedValue(new Response(success(UPLOAD)))
    const upload = await createUpload(KEY, file, signal)
    expect(sent()).toEqual([
      '/api/get-upload-url',
      { data: { fileSize: 10, fileType: 'image/png', originalFileName: 'my cat.png' } },
    ])
    expect(fetched.mock.calls[0]?.[1]?.headers).toMatchObject({ 'X-API-Key': KEY })
    expect(upload).toMatchObject({ value: { parts: [{ to: 6 }, { from: 6, to: 10 }] } })
  })

  it('list the parts', async () => {
    fetched.mockResolvedValue(new Response(success({ status: 'success' })))
    const upload = { uploadId: 'u-1', file: { path: 'users/1/a.png' } }
    const parts = [{ number: 1, etag: '"a"' }]
    expect(await completeUpload(KEY, upload, parts, signal)).toEqual({ ok: true, value: null })
    expect(sent()).toEqual([
      '/api/complete-multipart-upload',
      {
        data: {
          uploadId: 'u-1',
          key: 'users/1/a.png',
          parts: [{ PartNumber: 1, ETag: '"a"' }],
        },
      },
    ])
  })

  it('report a response that describes no upload', async () => {
    fetched.mockResolvedValue(new Response(success({ ...UPLOAD, partUrls: [] })))
    const error = { kind: 'upstream', message: null }
    expect(await createUpload(KEY, file, signal)).toEqual({ ok: false, error })
  })

  it('report a lost connection, and a cancellation', async () => {
    fetched.mockRejectedValue(new TypeError('fetch failed'))
    expect(await createUpload(KEY, file, signal)).toEqual({ ok: false, error: { kind: 'network' } })
    const cancelled = { ok: false, error: { kind: 'cancelled' } }
    expect(await createUpload(KEY, file, AbortSignal.abort())).toEqual(cancelled)
    expect(fetched).toHaveBeenCalledOnce()
  })
})

class FakeRequest {
  static last: FakeRequest
  upload: { onprogress?: () => void } = {}
  onload = () => {}
  onerror = () => {}
  onabort = () => {}
  status = 200
  etag: string | null = '"e"'
  opened: readonly string[] = []
  body: Blob | null = null
  constructor() {
    FakeRequest.last = this
  }
  open(...opened: string[]) {
    this.opened = opened
  }
  getResponseHeader = () => this.etag
  send(body: Blob) {
    this.body = body
  }
  abort() {
    this.onabort()
  }
}

describe('a part', () => {
  let controller: AbortController

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('XMLHttpRequest', FakeRequest)
    controller = new AbortController()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  const begin = () => {
    const part = file.slice(0, 6)
    const result = uploadPart('https://storage.example/1', part, controller.signal)
    return { part, result, request: FakeRequest.last }
  }

  it('is sent to its link without a key, and returns its ETag', async () => {
    const { part, result, request } = begin()
    expect([request.opened, request.body]).toEqual([['PUT', 'https://storage.example/1'], part])
    request.onload()
    expect(await result).toEqual({ ok: true, value: '"e"' })
  })

  it.each<[number, string | null, string]>([
    [200, null, 'unavailable'],
    [403, null, 'ended'],
    [404, null, 'ended'],
    [400, null, 'upstream'],
    [503, null, 'upstream'],
    [413, null, 'rejected'],
  ])('%i with ETag %j is %s', async (status, etag, kind) => {
    const { result, request } = begin()
    Object.assign(request, { status, etag })
    request.onload()
    expect(await result).toMatchObject({ ok: false, error: { kind } })
  })

  it('ends with a lost connection, or a minute without progress', async () => {
    const lost = begin()
    lost.request.onerror()
    expect(await lost.result).toEqual({ ok: false, error: { kind: 'network' } })
    const { result, request } = begin()
    vi.advanceTimersByTime(59_000)
    request.upload.onprogress?.()
    vi.advanceTimersByTime(59_000)
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1000)
    expect(await result).toEqual({ ok: false, error: { kind: 'network' } })
  })

  it('can be cancelled', async () => {
    const { result } = begin()
    controller.abort()
    expect(await result).toEqual({ ok: false, error: { kind: 'cancelled' } })
    expect(vi.getTimerCount()).toBe(0)
    expect(await begin().result).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })
})
