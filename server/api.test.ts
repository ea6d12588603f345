import { describe, expect, test } from 'vitest'
import { SAMPLES } from '../core/api/samples.ts'
import { type Expected, withContractChecks } from '../test/openapi/assert-contract.ts'
import { type ApiOptions, createApi } from './api.ts'
import type { LogRecord } from './http/log.ts'
import { readContract } from './openapi-file.ts'
import type { Upstream } from './proxy/upstream.ts'

const KEY = 'key-that-must-not-leak'
const QUESTION = JSON.stringify({ data: { taskId: 'a-task' } })
const ORIGIN = 'http://loupe.test'

const TASK = SAMPLES.processing.reply(0, ORIGIN).body

const respondWith = (body: BodyInit | null = TASK, init: ResponseInit = {}): Upstream => {
  return async () =>
    new Response(body, { headers: { 'content-type': 'application/json' }, ...init })
}

const never: Upstream = () => new Promise(() => undefined)

/** An API whose responses are checked against the contract; `outside` is for an upstream that breaks it. */
const gatewayOf = (
  upstream: Upstream,
  options: Partial<ApiOptions> = {},
  expected: Expected = 'relayed',
) =>
  withContractChecks(createApi({ upstream, timeoutMs: 1000, sandbox: false, ...options }), expected)

const statusRequest = (init: RequestInit = {}): Request =>
  new Request(`${ORIGIN}/get-task-status`, {
    method: 'POST',
    body: QUESTION,
    ...init,
    headers: { 'content-type': 'application/json', 'x-api-key': KEY, ...init.headers },
  })

/** An upstream that records its requests. */
function recorder(upstream: Upstream = respondWith()) {
  const seen: { url: string; method: string; headers: Headers; body: string }[] = []
  return {
    seen,
    upstream: async (request: Request) => {
      const { url, method, headers } = request
      seen.push({ url, method, headers, body: await request.text() })
      return upstream(request)
    },
  }
}

async function expectProblem(response: Response, status: number, error: string): Promise<string> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body: unknown = await response.json()
  expect(body).toEqual({ error, message: expect.stringMatching(/\.$/), by: 'loupe' })
  return JSON.stringify(body)
}

const stream = (...chunks: (Uint8Array | Error)[]) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift()
      if (chunk === undefined) controller.close()
      else if (chunk instanceof Error) controller.error(chunk)
      else controller.enqueue(chunk)
    },
  })

describe('a status request', () => {
  test('is forwarded unchanged, with the origin of the browser', async () => {
    const { seen, upstream } = recorder()
    await gatewayOf(upstream).request(statusRequest())
    expect(seen).toHaveLength(1)
    expect(seen[0]).toMatchObject({
      url: `${ORIGIN}/get-task-status`,
      method: 'POST',
      body: QUESTION,
    })
  })

  test('carries only the headers it needs', async () => {
    const { seen, upstream } = recorder()
    await gatewayOf(upstream).request(
      statusRequest({
        headers: {
          accept: 'application/json',
          authorization: 'Basic x',
          cookie: 'a=b',
          forwarded: 'for=1.2.3.4',
          origin: ORIGIN,
          referer: `${ORIGIN}/tasks/1`,
          'accept-language': 'de',
          'user-agent': 'browser',
          'x-forwarded-for': '1.2.3.4',
          'x-http-method-override': 'DELETE',
        },
      }),
    )
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual({
      accept: 'application/json',
      'content-type': 'application/json',
      'x-api-key': KEY,
    })
  })

  test('is forwarded without its query', async () => {
    const { seen, upstream } = recorder()
    await gatewayOf(upstream).request(new Request(`${ORIGIN}/get-task-status?a=1`, statusRequest()))
    expect(seen[0]?.url).toBe(`${ORIGIN}/get-task-status`)
  })

  test('without a key is left for the upstream to reject', async () => {
    const { seen, upstream } = recorder(
      respondWith('"Bad Request: Missing User ID"', { status: 400 }),
    )
    const request = statusRequest()
    request.headers.delete('x-api-key')
    const response = await gatewayOf(upstream).request(request)
    expect(seen[0]?.headers.has('x-api-key')).toBe(false)
    expect(response.status).toBe(400)
    expect(await response.text()).toBe('"Bad Request: Missing User ID"')
  })

  test('continues when the browser disconnects', async () => {
    const hangUp = new AbortController()
    let finished = false
    const upstream: Upstream = async (request) => {
      hangUp.abort()
      await Promise.resolve()
      expect(request.signal.aborted).toBe(false)
      finished = true
      return respondWith()(request)
    }
    await gatewayOf(upstream).request(statusRequest({ signal: hangUp.signal }))
    expect(finished).toBe(true)
  })
})

describe('a response', () => {
  const passed = async (status: number, expected: Expected) => {
    const upstream = respondWith('"as it came"', { status })
    const response = await gatewayOf(upstream, {}, expected).request(statusRequest())
    expect(response.status).toBe(status)
    expect(await response.text()).toBe('"as it came"')
    expect(response.headers.get('cache-control')).toBe('no-store')
  }

  test.each([400, 500, 503])('%i is passed on with its body', (status) => passed(status, 'relayed'))

  test.each([200, 401, 402, 404, 418, 429, 507])(
    '%i is passed on with its body, though undocumented',
    (status) => passed(status, 'outside'),
  )

  test('without a body is passed on', async () => {
    const upstream = respondWith(null, { status: 204 })
    const response = await gatewayOf(upstream, {}, 'outside').request(statusRequest())
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  test.each(['<h1>502</h1>', '', '{"status":"succ'])(
    'that is not JSON is passed on: %s',
    async (body) => {
      const upstream = respondWith(body, { headers: { 'content-type': 'text/html' } })
      const response = await gatewayOf(upstream, {}, 'outside').request(statusRequest())
      expect(response.headers.get('content-type')).toBe('text/html')
      expect(await response.text()).toBe(body)
    },
  )

  test('passes on only useful headers', async () => {
    const kept = {
      'content-type': 'application/json',
      date: 'Tue, 01 Sep 2026 10:00:00 GMT',
      'retry-after': '90',
      ratelimit: '"hour";r=3;t=90',
      'ratelimit-policy': '"hour";q=100;w=3600',
      'ratelimit-remaining': '3',
      'x-ratelimit-reset': '90',
    }
    const headers = {
      ...kept,
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=600',
      'content-encoding': 'identity',
      'set-cookie': 'a=b',
      server: 'nginx',
      'x-powered-by': 'Express',
    }
    const response = await gatewayOf(respondWith(TASK, { headers })).request(statusRequest())
    expect(Object.fromEntries(response.headers)).toEqual({ ...kept, 'cache-control': 'no-store' })
  })
})

describe('an upstream that fails', () => {
  test('by not responding: 504', async () => {
    const response = await gatewayOf(never, { timeoutMs: 5 }).request(statusRequest())
    const body = await expectProblem(response, 504, 'UPSTREAM_TIMEOUT')
    expect(body).toContain('No response for 0.005 s')
  })

  test('by stopping in the middle of its response: 504, and the response is cancelled', async () => {
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(3)),
      cancel() {
        cancelled = true
      },
    })
    const response = await gatewayOf(respondWith(body), { timeoutMs: 5 }).request(statusRequest())
    await expectProblem(response, 504, 'UPSTREAM_TIMEOUT')
    expect(cancelled).toBe(true)
  })

  test('is aborted when its time is over', async () => {
    let reason: unknown
    const upstream: Upstream = (request) =>
      new Promise((_, reject) => {
        request.signal.addEventListener('abort', () => {
          reason = request.signal.reason
          reject(reason)
        })
      })
    const response = await gatewayOf(upstream, { timeoutMs: 5 }).request(statusRequest())
    await expectProblem(response, 504, 'UPSTREAM_TIMEOUT')
    expect(reason).toBeInstanceOf(Error)
  })

  test('by being unreachable: 502', async () => {
    const upstream: Upstream = () => Promise.reject(new TypeError(`fetch failed for ${KEY}`))
    const response = await gatewayOf(upstream).request(statusRequest())
    expect(await expectProblem(response, 502, 'UPSTREAM_UNREACHABLE')).not.toContain(KEY)
  })

  test('by breaking off in the middle: 502', async () => {
    const body = stream(new Uint8Array(3), new TypeError('terminated'))
    const response = await gatewayOf(respondWith(body)).request(statusRequest())
    await expectProblem(response, 502, 'UPSTREAM_UNREACHABLE')
  })

  test.each([301, 302, 303, 307, 308])(
    'by redirecting with %i: 502, without revealing the target',
    async (status) => {
      const headers = { location: 'https://elsewhere.test/' }
      const response = await gatewayOf(respondWith(null, { status, headers })).request(
        statusRequest(),
      )
      expect(response.headers.has('location')).toBe(false)
      expect(await expectProblem(response, 502, 'UPSTREAM_UNUSABLE')).not.toContain('elsewhere')
    },
  )

  test('by an endless response: 502', async () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536
        controller.enqueue(new Uint8Array(65_536))
      },
    })
    const response = await gatewayOf(respondWith(body)).request(statusRequest())
    await expectProblem(response, 502, 'UPSTREAM_UNUSABLE')
    expect(sent).toBeLessThan(5 * 1024 * 1024)
  })

  test('not, if the response has exactly the maximum size', async () => {
    const upstream = respondWith(new Uint8Array(4 * 1024 * 1024))
    const response = await gatewayOf(upstream, {}, 'outside').request(statusRequest())
    expect(response.status).toBe(200)
    expect((await response.arrayBuffer()).byteLength).toBe(4 * 1024 * 1024)
  })
})

describe('rejected before reaching the upstream', () => {
  const refusing: Upstream = () => {
    throw new Error('the upstream was asked')
  }
  const gateway = gatewayOf(refusing)

  test.each([
    '/',
    '/start-task/',
    '/start-tasks',
    '/get-task-status/',
    '/get-task-status/x',
    '/sandbox',
    '/sandbox/tasks',
    '/sandbox/recordings',
  ])('POST %s is 404', async (path) => {
    const response = await gateway.request(new Request(ORIGIN + path, statusRequest()))
    await expectProblem(response, 404, 'NOT_FOUND')
  })

  test.each(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
    const response = await gateway.request(`${ORIGIN}/get-task-status`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])(
    'content type "%s" is 415',
    async (type) => {
      const response = await gateway.request(statusRequest({ headers: { 'content-type': type } }))
      await expectProblem(response, 415, 'NOT_JSON')
    },
  )

  test('another site is 403', async () => {
    const response = await gateway.request(
      statusRequest({ headers: { 'sec-fetch-site': 'cross-site' } }),
    )
    await expectProblem(response, 403, 'CROSS_SITE')
  })

  test('a body above 64 KiB is 413, with and without a length', async () => {
    const big = 'x'.repeat(64 * 1024 + 1)
    const refused = await gateway.request(statusRequest({ body: big }))
    expect(await expectProblem(refused, 413, 'BODY_TOO_LARGE')).toContain('at most 64 KiB')
    const chunked = stream(...Array.from({ length: 5 }, () => new Uint8Array(16 * 1024)))
    const init = { body: chunked, duplex: 'half' }
    await expectProblem(await gateway.request(statusRequest(init)), 413, 'BODY_TOO_LARGE')
    for (const length of ['65537', '2', '-2', 'two']) {
      const lying = statusRequest({ body: big, headers: { 'content-length': length } })
      await expectProblem(await gateway.request(lying), 413, 'BODY_TOO_LARGE')
    }
  })

  test('a body that breaks off is 400, with and without a length', async () => {
    for (const headers of [{}, { 'content-length': '50' }]) {
      const body = stream(new Uint8Array(8), new Error('aborted'))
      const broken = statusRequest({ body, duplex: 'half', headers } as RequestInit)
      await expectProblem(await gateway.request(broken), 400, 'BODY_CUT_OFF')
    }
  })

  test('exactly 64 KiB, a charset and requests of the same site are accepted', async () => {
    const accepting = gatewayOf(respondWith())
    for (const init of [
      { body: 'x'.repeat(64 * 1024) },
      { body: 'x'.repeat(64 * 1024), headers: { 'content-length': '65536' } },
      { headers: { 'content-type': 'Application/JSON; charset=utf-8' } },
      { headers: { 'sec-fetch-site': 'same-origin' } },
      { headers: { 'sec-fetch-site': 'none' } },
    ]) {
      expect((await accepting.request(statusRequest(init))).status).toBe(200)
    }
  })
})

describe('with the sandbox as the upstream', () => {
  const lists = { tasks: [], sentinels: [], recordings: [], ledger: [], requestsByTask: {} }
  const listing = { key: 'sandbox_key', balance: 0, requests: 0, ...lists }
  const started = { id: 'a', demo: 'done', title: 'Done', says: 'Done.' }

  test('its own paths exist', async () => {
    const { seen, upstream } = recorder(async ({ method }) =>
      method === 'GET' ? Response.json(listing) : Response.json(started, { status: 201 }),
    )
    const gateway = gatewayOf(upstream, { sandbox: true })
    expect((await gateway.request(`${ORIGIN}/sandbox`)).status).toBe(200)
    expect((await gateway.request(`${ORIGIN}/sandbox`, { method: 'HEAD' })).status).toBe(200)
    expect(
      (await gateway.request(new Request(`${ORIGIN}/sandbox/tasks`, statusRequest()))).status,
    ).toBe(201)
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${ORIGIN}/sandbox`,
      `GET ${ORIGIN}/sandbox`,
      `POST ${ORIGIN}/sandbox/tasks`,
    ])
  })

  test('a recording may have 8 MiB, everything else 64 KiB', async () => {
    const added = { id: 'recording-0a1b2c3d', title: 'A recording', says: '3 answers' }
    const gateway = gatewayOf(async () => Response.json(added, { status: 201 }), { sandbox: true })
    const send = (path: string, length: number) =>
      gateway.request(new Request(ORIGIN + path, statusRequest({ body: 'x'.repeat(length) })))
    const most = 8 * 1024 * 1024
    expect((await send('/sandbox/recordings', most)).status).toBe(201)
    const refused = await send('/sandbox/recordings', most + 1)
    expect(await expectProblem(refused, 413, 'BODY_TOO_LARGE')).toContain('at most 8192 KiB')
    expect((await send('/sandbox/tasks', 64 * 1024 + 1)).status).toBe(413)
    expect((await send('/get-task-status', 64 * 1024 + 1)).status).toBe(413)
  })

  test('other methods are 405', async () => {
    const gateway = gatewayOf(respondWith(), { sandbox: true })
    const response = await gateway.request(`${ORIGIN}/sandbox`, { method: 'DELETE' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('the contract', () => {
  const gateway = gatewayOf(respondWith(), { contract: readContract })
  const url = `${ORIGIN}/openapi.yaml`

  test('is served verbatim', async () => {
    const response = await gateway.request(url)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/yaml')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe(await readContract())
    expect((await gateway.request(url, { method: 'HEAD' })).status).toBe(200)
  })

  test('other methods are 405', async () => {
    const response = await gateway.request(url, { method: 'PUT' })
    await expectProblem(response, 405, 'METHOD_NOT_ALLOWED')
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('the log', () => {
  async function logOf(upstream: Upstream, expected?: Expected): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    const log = (record: LogRecord) => records.push(record)
    await gatewayOf(upstream, { timeoutMs: 100, log }, expected).request(statusRequest())
    return records
  }

  test('has one line for a failed request', async () => {
    const record = {
      event: 'upstream-failure',
      method: 'POST',
      path: '/get-task-status',
      ms: expect.any(Number),
    }
    expect(await logOf(never)).toEqual([{ ...record, status: 504 }])
    expect(await logOf(respondWith('"x"', { status: 500 }))).toEqual([{ ...record, status: 500 }])
    const refused = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
    expect(await logOf(() => Promise.reject(refused))).toEqual([
      { ...record, status: 502, code: 'ECONNREFUSED' },
    ])
  })

  test('has no line for other requests', async () => {
    expect(await logOf(respondWith())).toEqual([])
    expect(await logOf(respondWith('"x"', { status: 429 }), 'outside')).toEqual([])
  })

  test('contains no key, body or task ID', async () => {
    const error = Object.assign(new TypeError(`bad ${KEY} ${QUESTION}`), { code: KEY })
    const written = JSON.stringify(await logOf(() => Promise.reject(error)))
    expect(written).not.toContain(KEY)
    expect(written).not.toContain('a-task')
  })
})
