import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTask, parseCreateTaskResponse, type StartSettings } from './create-task.ts'

const KEY = 'key-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)
const ID = '3f2a9c1e-77b0-4d2e-9a51-0c8d6e5f4b3a'
const SETTINGS: StartSettings = {
  model: 'digital-art-4x',
  scale: 3,
  saveImageAs: 'webp',
  enhanceFace: true,
}
const file = new File([new Uint8Array([1, 2, 3])], 'my cat.png')

const read = (status: number, body: string, headers: Record<string, string> = {}) =>
  parseCreateTaskResponse(status, new Headers(headers), body, KEY, AT)
const success = (data: unknown) => JSON.stringify({ status: 'success', data })
const problem = (error: string, message = 'In words.') => JSON.stringify({ error, message })

describe('a response', () => {
  it.each([
    [10, 10],
    ['10', 10],
    [0, 0],
    ['2.5', 2.5],
    [-1, null],
    ['ten', null],
    [null, null],
    [undefined, null],
  ])('with creditsToDeduct %j has %j credits', (creditsToDeduct, credits) => {
    const body = success({ message: 'ok', taskId: ID, creditsToDeduct })
    expect(read(200, body)).toEqual({ ok: true, value: { taskId: ID, credits, balance: null } })
  })

  it('has the cost in a header, and perhaps the balance', () => {
    const header = { 'x-task-cost': '20' }
    const body = success({ taskId: ID, currentCredits: 980 })
    expect(read(200, body, header)).toEqual({
      ok: true,
      value: { taskId: ID, credits: 20, balance: { credits: 980, extra: null } },
    })
    const both = success({ taskId: ID, creditsToDeduct: 30 })
    expect(read(200, both, header)).toMatchObject({ value: { credits: 30 } })
    const odd = { 'x-task-cost': 'free' }
    expect(read(200, success({ taskId: ID }), odd)).toMatchObject({ value: { credits: null } })
  })

  it.each([
    [200, success({}), { kind: 'unknown' }],
    [200, '"Error processing request"', { kind: 'upstream', message: 'Error processing request' }],
    [200, '{"status":"error","message":"In words."}', { kind: 'upstream', message: 'In words.' }],
    [200, '{"error":{"message":"In words."}}', { kind: 'upstream', message: 'In words.' }],
    [400, '"Bad Request: Missing User"', { kind: 'key' }],
    [400, 'Bad Request: Missing User', { kind: 'key' }],
    [404, '"User not found"', { kind: 'key' }],
    [404, 'User not found', { kind: 'key' }],
    [404, problem('NOT_FOUND', 'User not found'), { kind: 'key' }],
    [404, 'No such document', { kind: 'rejected', message: 'No such document' }],
    [402, 'Insufficient credits', { kind: 'credits', message: 'Insufficient credits' }],
    [500, 'Error processing request', { kind: 'upstream', message: 'Error processing request' }],
    [404, '', { kind: 'unavailable', message: null }],
    [200, success({ taskId: '../x' }), { kind: 'unknown' }],
    [200, '{"status":"error"}', { kind: 'unknown' }],
    [200, '<!doctype html>', { kind: 'unavailable', message: null }],
    [200, '', { kind: 'unavailable', message: null }],
    [404, '<html>', { kind: 'unavailable', message: null }],
    [405, problem('METHOD_NOT_ALLOWED'), { kind: 'unavailable', message: null }],
    [501, '<html>', { kind: 'unavailable', message: null }],
    [400, '"Bad Request: Missing User ID"', { kind: 'key' }],
    [401, problem('UNAUTHORIZED'), { kind: 'key' }],
    [402, problem('INSUFFICIENT_CREDITS'), { kind: 'credits', message: 'In words.' }],
    [413, '<html>', { kind: 'too-large' }],
    [415, problem('UNSUPPORTED'), { kind: 'rejected', message: 'In words.' }],
    [400, '"No image"', { kind: 'rejected', message: 'No image' }],
    [422, problem('X'), { kind: 'rejected', message: 'In words.' }],
    [403, problem('FORBIDDEN'), { kind: 'rejected', message: 'In words.' }],
    [400, '<html>', { kind: 'upstream', message: null }],
    [408, '{}', { kind: 'upstream', message: null }],
    [400, problem('BODY_CUT_OFF'), { kind: 'cut' }],
    [409, problem('START_UNKNOWN'), { kind: 'unknown' }],
    [500, '"Error"', { kind: 'upstream', message: 'Error' }],
    [502, problem('UPSTREAM_UNREACHABLE'), { kind: 'cut' }],
    [502, '{"error":"UPSTREAM_UNREACHABLE","message":"x","sent":false}', { kind: 'unreachable' }],
    [503, problem('CLOSING'), { kind: 'cut' }],
    [503, problem('START_UNAVAILABLE', 'It can’t.'), { kind: 'unavailable', message: 'It can’t.' }],
    [504, problem('UPSTREAM_TIMEOUT'), { kind: 'unknown' }],
  ])('%i with %s is %j', (status, body, error) => {
    expect(read(status, body)).toEqual({ ok: false, error })
  })

  it.each(['success', 'ok', 'Task started', true, 200, null, 'error'])(
    'with a task ID is a start, whatever its envelope: %j',
    (status) => {
      const body = JSON.stringify({ status, data: { taskId: ID, creditsToDeduct: 10 } })
      expect(read(200, body)).toEqual({
        ok: true,
        value: { taskId: ID, credits: 10, balance: null },
      })
    },
  )

  it('has the retry time from a header or a message', () => {
    const words = problem('RATE_LIMIT_EXCEEDED', 'Too many requests. Try again in 1 hour')
    expect(read(429, words, { 'retry-after': '90' })).toMatchObject({
      error: { kind: 'limited', until: AT + 90_000 },
    })
    expect(read(429, words)).toMatchObject({ error: { until: AT + 3_600_000 } })
    expect(read(429, '')).toMatchObject({ error: { until: null, message: null } })
  })

  it("is marked if it is an error of Loupe's server", () => {
    for (const [status, code] of [
      [429, 'TOO_MANY_REQUESTS'],
      [421, 'MISDIRECTED'],
      [500, 'INTERNAL'],
    ] as const) {
      const body = { error: code, message: 'Words.' }
      const own = read(status, JSON.stringify({ ...body, by: 'loupe' }))
      expect(own).toMatchObject({ error: { by: 'loupe', message: 'Words.' } })
      expect(JSON.stringify(read(status, JSON.stringify(body)))).not.toContain('loupe')
    }
  })

  it('can be anything, and its result never contains the key', () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc.jsonValue().map((data) => success(data)),
      fc.string().map((words) => problem('X', `${words}${KEY}${words}`)),
    )
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), text, (status, body) => {
        const result = read(status, body)
        expect(JSON.stringify(result)).not.toContain(KEY)
        if (result.ok) expect(result.value.taskId).toMatch(/^[\w.~-]+$/)
      }),
    )
  })
})

class FakeRequest {
  static last: FakeRequest
  upload: {
    onprogress?: (event: { loaded: number; total: number }) => void
    onload?: () => void
  } = {}
  onload = () => {}
  onerror = () => {}
  onabort = () => {}
  status = 200
  responseText = ''
  opened: readonly string[] = []
  headers: Record<string, string> = {}
  body: FormData | null = null
  constructor() {
    FakeRequest.last = this
  }
  open(...opened: string[]) {
    this.opened = opened
  }
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value
  }
  getAllResponseHeaders = () => 'content-type: application/json\r\nretry-after: 90\r\n'
  send(body: FormData) {
    this.body = body
  }
  abort() {
    this.onabort()
  }
}

describe('a start', () => {
  let controller: AbortController
  const send = vi.fn()
  const progress = vi.fn()
  const limits = vi.fn()

  beforeEach(() => {
    vi.useFakeTimers({ now: AT })
    vi.stubGlobal('XMLHttpRequest', FakeRequest)
    controller = new AbortController()
    send.mockReset()
    progress.mockReset()
    limits.mockReset()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  const begin = (source: Parameters<typeof createTask>[1] = { kind: 'file', file }) => {
    const options = {
      attempt: 'a1b2',
      onSend: send,
      onProgress: progress,
      onLimits: limits,
      signal: controller.signal,
    }
    const result = createTask(KEY, source, SETTINGS, options)
    return { result, request: FakeRequest.last }
  }

  it('sends the image and the settings as a form, with the key and the attempt as headers', async () => {
    const { result, request } = begin()
    expect(request.opened).toEqual(['POST', '/api/start-task'])
    expect(request.headers).toEqual({ 'X-API-Key': KEY, 'Idempotency-Key': 'a1b2' })
    expect([...(request.body ?? [])]).toEqual([
      ['model', 'digital-art-4x'],
      ['scale', '3'],
      ['saveImageAs', 'webp'],
      ['enhanceFace', 'true'],
      ['file', expect.objectContaining({ name: 'my cat.png', size: 3 })],
    ])
    request.responseText = success({ taskId: ID, creditsToDeduct: 10 })
    request.onload()
    expect(await result).toEqual({ ok: true, value: { taskId: ID, credits: 10, balance: null } })
  })

  it('is reported before it is sent, and never if it was cancelled before', () => {
    send.mockImplementation(() => expect(FakeRequest.last.body).toBeNull())
    begin()
    expect(send).toHaveBeenCalledOnce()
    controller.abort()
    begin()
    expect(send).toHaveBeenCalledOnce()
  })

  it('sends a URL unchanged', () => {
    const url = 'https://img.example/a.png?sig=%2F'
    expect(begin({ kind: 'url', url }).request.body?.getAll('urls')).toEqual([url])
  })

  it('sends several files or URLs as JSON', () => {
    const files = [{ path: 'users/1/a.png', fileSize: 3 }, { path: 'users/1/b.png' }]
    const uploads = begin({ kind: 'uploads', files })
    expect(uploads.request.body?.getAll('files')).toEqual([JSON.stringify(files)])
    const urls = ['https://img.example/a.png', 'https://img.example/b.png']
    expect(begin({ kind: 'urls', urls }).request.body?.getAll('urls')).toEqual([
      JSON.stringify(urls),
    ])
  })

  it('reports upload progress', () => {
    const { request } = begin()
    request.upload.onprogress?.({ loaded: 0, total: 0 })
    request.upload.onprogress?.({ loaded: 50, total: 200 })
    request.upload.onprogress?.({ loaded: 200, total: 200 })
    request.upload.onload?.()
    expect(progress.mock.calls).toEqual([[0.25], [1]])
  })

  it('parses the response headers', async () => {
    const { result, request } = begin()
    request.status = 429
    request.onload()
    expect(await result).toMatchObject({ error: { kind: 'limited', until: AT + 90_000 } })
    expect(limits).not.toHaveBeenCalled()
  })

  it('reports the limits of the response', () => {
    const { request } = begin()
    request.getAllResponseHeaders = () => 'x-ratelimit-limit: 50\r\nx-ratelimit-remaining: 47\r\n'
    request.responseText = success({ taskId: ID })
    request.onload()
    expect(limits).toHaveBeenCalledWith([expect.objectContaining({ limit: 50, remaining: 47 })])
  })

  it.each([
    [0.5, 'onerror', 'cut'],
    [1, 'onerror', 'unknown'],
    [0.5, 'abort', 'cancelled'],
    [1, 'abort', 'unknown'],
    [0.5, 'onabort', 'cut'],
    [1, 'onabort', 'unknown'],
  ] as const)('with %d sent and %s results in %s', async (part, event, kind) => {
    const { result, request } = begin()
    request.upload.onprogress?.({ loaded: part * 100, total: 100 })
    if (event === 'abort') controller.abort()
    else request[event]()
    expect(await result).toEqual({ ok: false, error: { kind } })
  })

  it('waits long for a response, but not forever', async () => {
    const { result, request } = begin()
    await vi.advanceTimersByTimeAsync(3_600_000)
    request.upload.onload?.()
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(await result).toEqual({ ok: false, error: { kind: 'unknown' } })
  })

  it('is not sent once it is cancelled', async () => {
    const { request: before } = begin()
    controller.abort()
    const { result, request } = begin()
    expect(request).toBe(before)
    expect(await result).toEqual({ ok: false, error: { kind: 'cancelled' } })
  })
})
