import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { ERROR_RULES } from '../../core/api/errors.ts'
import { parseResponse } from '../../core/api/parse-response.ts'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import { asTaskId } from '../../core/api/task-id.ts'
import { getTaskStatus } from './client.ts'

const KEY = 'key-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)

const answerOf = (name: SampleName) => {
  const { status, headers, body } = SAMPLES[name].reply(AT, 'https://files.example')
  return parseResponse(status, new Headers(headers), body, KEY, AT)
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

describe('errors', () => {
  it.each([
    ['error-400-missing-user', { kind: 'key' }],
    [
      'error-400-other',
      { kind: 'rejected', status: 400, message: 'Bad Request: taskId is not valid' },
    ],
    ['error-401', { kind: 'key' }],
    ['error-402', { kind: 'credits' }],
    ['error-404', { kind: 'missing', message: 'No task with this id.' }],
    ['error-400-bare', { kind: 'key' }],
    ['error-404-bare', { kind: 'missing', message: 'No such document' }],
    ['error-404-user', { kind: 'key' }],
    [
      'error-500-bare',
      { kind: 'upstream', status: 500, message: 'Error generating links for images' },
    ],
    ['error-in-200', { kind: 'upstream', status: 200, message: 'The task could not be read.' }],
    ['error-429', { kind: 'limited' }],
    ['error-500', { kind: 'upstream', status: 500, message: 'Error getting data' }],
    ['error-html', { kind: 'upstream', status: 502, message: null }],
    ['error-empty', { kind: 'upstream', status: 200 }],
    ['error-cut-off', { kind: 'upstream', status: 200 }],
    ['error-no-envelope', { kind: 'upstream', status: 200 }],
  ] as const)('%s', (name, error) => {
    expect(answerOf(name).result).toMatchObject({ ok: false, error })
  })

  it.each([
    [404, '<html>', { kind: 'upstream', status: 404, message: null }],
    [404, '\ufeff<!doctype html>Not found', { kind: 'upstream', message: null }],
    [404, 'Oh no <b>404</b>', { kind: 'upstream', message: null }],
    [404, '', { kind: 'upstream', message: null }],
    [404, '\ufffdPNG\r\n\u001a', { kind: 'upstream', message: null }],
    [404, '{"error":"NOT_FO', { kind: 'upstream', message: null }],
    [404, 'No files found\n', { kind: 'missing', message: 'No files found' }],
    [404, '"No such document"', { kind: 'missing', message: 'No such document' }],
    [403, 'Forbidden', { kind: 'rejected', status: 403, message: 'Forbidden' }],
    [422, 'Two\r\nlines', { kind: 'rejected', status: 422, message: 'Two lines' }],
    [400, '"Bad Request: Missing User"', { kind: 'key' }],
    [404, '{"error":"NOT_FOUND","message":"User not found"}', { kind: 'key' }],
    [400, 'Missing User-Agent header', { kind: 'rejected' }],
    [500, 'User not found', { kind: 'upstream', message: 'User not found' }],
    [503, 'upstream connect error', { kind: 'upstream', message: 'upstream connect error' }],
    [429, 'Too many requests. Try again in 1 hour', { kind: 'limited', until: AT + 3_600_000 }],
    [
      500,
      '{"error":{"code":7,"message":"Model gone"}}',
      { kind: 'upstream', message: 'Model gone' },
    ],
    [403, '<html>', { kind: 'upstream' }],
    [403, '{"error":"FORBIDDEN","message":"no"}', { kind: 'rejected', message: 'no' }],
    [408, '"Request Timeout"', { kind: 'upstream' }],
    [425, '{}', { kind: 'upstream' }],
    [502, '{"error":"UPSTREAM_UNREACHABLE","message":"x"}', { kind: 'unreachable' }],
    [502, '{"error":"UPSTREAM_UNUSABLE","message":"x"}', { kind: 'upstream', message: null }],
    [504, '{"error":"UPSTREAM_TIMEOUT","message":"x"}', { kind: 'timeout' }],
  ])('%i with %s is no verdict on the task unless the API speaks', (status, body, error) => {
    expect(parseResponse(status, new Headers(), body, KEY, AT).result).toMatchObject({
      ok: false,
      error,
    })
  })

  it.each([
    [502, '{"error":"UPSTREAM_UNREACHABLE","message":"x","sent":false}', true],
    [502, '{"error":"UPSTREAM_UNREACHABLE","message":"x"}', false],
    [502, '{"error":"UPSTREAM_UNUSABLE","message":"x","sent":false}', false],
    [504, '{"error":"UPSTREAM_TIMEOUT","message":"x"}', false],
    [500, '"Error getting data"', false],
    [200, '', false],
  ])('%i with %s was unsent: %s', (status, body, unsent) => {
    expect(parseResponse(status, new Headers(), body, KEY, AT).unsent).toBe(unsent)
  })

  it('have the retry time of a 429 from a header or a message', () => {
    expect(answerOf('error-429')).toMatchObject({ result: { error: { until: AT + 90_000 } } })
    expect(answerOf('error-429-sentence')).toMatchObject({
      result: { error: { until: AT + 3_600_000 } },
    })
  })

  it('compute the wait from the time of the response, which a replay sets', () => {
    const { status, headers, body } = SAMPLES['error-429-sentence'].reply(AT, '')
    const { result } = parseResponse(status, new Headers(headers), body, '', AT)
    expect(result).toMatchObject({
      error: { until: AT + 3_600_000, message: 'Too many requests. Try again in 1 hour' },
    })
  })

  it('block requests while nothing is left', () => {
    const headers = new Headers({ ratelimit: '"hour";r=0;t=40' })
    expect(parseResponse(200, headers, '{}', KEY, AT).notBefore).toBe(AT + 40_000)
  })

  it.each([
    [503, '120', AT + 120_000],
    [500, '120', AT + 120_000],
    [502, 'Thu, 01 Jan 2026 12:05:00 GMT', AT + 300_000],
    [503, 'soon', null],
    [503, null, null],
    // There it does not concern an error.
    [200, '86400', null],
  ])(
    'a %i with Retry-After: %s is retried at %s, and blocks no other task',
    (status, value, until) => {
      const headers = new Headers(value === null ? {} : { 'retry-after': value })
      const response = parseResponse(status, headers, 'Busy', KEY, AT)
      expect(response.result).toMatchObject({ error: { kind: 'upstream', until } })
      expect([response.rateLimit, response.notBefore]).toEqual([null, null])
    },
  )

  it('do not apply the key’s retry time from Loupe’s own server to the task', () => {
    const headers = new Headers({ 'retry-after': '120', 'loupe-answer': 'at=1, age=0' })
    expect(parseResponse(503, headers, '', KEY, AT).result).toMatchObject({
      error: { until: null },
    })
  })

  it('never contain the key', () => {
    const { result } = parseResponse(
      400,
      new Headers(),
      JSON.stringify(`Bad key ${KEY}, really ${KEY}`),
      KEY,
      AT,
    )
    expect(JSON.stringify(result)).not.toContain(KEY)
  })

  it('cover any response', () => {
    const words = fc.constantFrom('No such document', 'User not found', 'Error', 'Gone\nfor good')
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((bytes) => new TextDecoder().decode(bytes)),
      fc.json(),
      words,
      words.map((text) => JSON.stringify(text)),
      words.map((text) => `<html><body>${text}`),
      words.map((text) => JSON.stringify({ status: 'error', error: { message: text } })),
      fc.jsonValue().map((data) => JSON.stringify({ status: 'success', data })),
      fc.constant('{"error":'.repeat(50_000) + 1 + '}'.repeat(50_000)),
      fc.constant('['.repeat(50_000)),
    )
    const type = fc.constantFrom('application/json', 'text/plain', 'text/html', 'image/png', '')
    const kinds: Readonly<Record<number, string>> = { 401: 'key', 402: 'credits', 429: 'limited' }
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), type, body, (status, contentType, text) => {
        const headers = new Headers({ 'content-type': contentType })
        const { result } = parseResponse(status, headers, text, KEY, AT)
        if (result.ok) return expect(status).toBeLessThan(300)
        const { kind } = result.error
        if (status >= 500) expect(['upstream', 'timeout']).toContain(kind)
        else if (status in kinds && !/user/i.test(text)) expect(kind).toBe(kinds[status])
        // A response that is not from the API itself is not final: it is retried.
        const isPage = /^\s*$|<html>/.test(text)
        if (isPage && !(status in kinds)) expect(ERROR_RULES[kind].next).toBe('retry')
        if (isPage && 'message' in result.error) expect(result.error.message).toBe(null)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the request', () => {
  const taskId = asTaskId('task-1')
  if (taskId === null) throw new Error('not an id')

  it('is sent once, with the key only in its header', async () => {
    const fetch = vi.fn(async (_url: string, _init: RequestInit) => new Response('{}'))
    vi.stubGlobal('fetch', fetch)
    await getTaskStatus(KEY, taskId)
    expect(fetch).toHaveBeenCalledTimes(1)
    const [url, init] = fetch.mock.calls[0] ?? []
    expect(url).toBe('/api/get-task-status')
    expect(init).toMatchObject({ method: 'POST', body: '{"data":{"taskId":"task-1"}}' })
    expect(new Headers(init?.headers).get('x-api-key')).toBe(KEY)
    expect(`${url}${init?.body}`).not.toContain(KEY)
  })

  it('keeps the unmodified response', async () => {
    const headers = { date: 'Thu, 01 Jan 2026 12:00:00 GMT', 'content-type': 'text/html' }
    vi.stubGlobal('fetch', async () => new Response('<h1>', { status: 502, headers }))
    const { raw } = await getTaskStatus(KEY, taskId)
    expect(raw).toEqual({ status: 502, headers, body: '<h1>' })
  })

  it('is a network error without a response', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    expect(await getTaskStatus(KEY, taskId)).toMatchObject({
      result: { ok: false, error: { kind: 'network' } },
      raw: null,
    })
  })

  it('is a timeout when the response takes too long', async () => {
    vi.useFakeTimers()
    vi.stubGlobal(
      'fetch',
      (_url: string, init: RequestInit) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
        }),
    )
    const response = getTaskStatus(KEY, taskId)
    await vi.advanceTimersByTimeAsync(20_000)
    expect((await response).result).toEqual({ ok: false, error: { kind: 'timeout' } })
  })
})
