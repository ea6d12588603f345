import { readdir } from 'node:fs/promises'
import { createServer, type RequestListener, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { withContractChecks } from '../../test/openapi/assert-contract.ts'
import { type ApiOptions, createApi } from '../api.ts'
import { createHttpServer, lateApp, listen, withVariable } from '../node/http-server.ts'
import { pathsIn } from '../sandbox/data-dir.ts'
import { openSandbox } from '../sandbox/testing.ts'
import { remoteUpstream, type Upstream } from './upstream.ts'

const KEY = 'key-that-must-not-leak'
const URL_HERE = 'http://loupe.test/start-task'
const FORM = '--b\r\nContent-Disposition: form-data; name="scale"\r\n\r\n2\r\n--b--\r\n'
const HEADERS = {
  'content-type': 'multipart/form-data; boundary=b',
  'content-length': String(FORM.length),
  'x-api-key': KEY,
  'idempotency-key': '"one"',
}

const success = (taskId = 'a') =>
  Response.json({
    status: 'success',
    data: { message: 'Started', taskId, creditsToDeduct: 10 },
  })

const gatewayOf = (upstream: Upstream, options: Partial<ApiOptions> = {}) =>
  withContractChecks(createApi({ upstream, timeoutMs: 1000, sandbox: false, ...options }))

const startWith = (headers: Readonly<Record<string, string>> = {}, body: BodyInit = FORM) =>
  new Request(URL_HERE, {
    ...{ method: 'POST', body, headers: { ...HEADERS, ...headers }, duplex: 'half' },
  } as RequestInit)

/** An upstream that reads the whole form, and counts. */
function taking(response: (n: number) => Response | Promise<Response> = () => success()) {
  const seen: { headers: Headers; body: string }[] = []
  const upstream: Upstream = async (request) => {
    const { headers } = request
    seen.push({ headers, body: await request.text() })
    return response(seen.length)
  }
  return { seen, upstream }
}

const errorOf = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { error: string }
  return `${response.status} ${body.error}`
}

describe('a start', () => {
  test('is forwarded unchanged, with only the headers it needs', async () => {
    const { seen, upstream } = taking()
    const response = await gatewayOf(upstream).request(
      startWith({ cookie: 'a=b', authorization: 'Basic x', origin: 'http://loupe.test' }),
    )
    expect(await response.json()).toMatchObject({ data: { taskId: 'a', creditsToDeduct: 10 } })
    expect(seen[0]?.body).toBe(FORM)
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toEqual(HEADERS)
  })

  test.each<[string, Record<string, string>]>([
    ['415 NOT_MULTIPART', { 'content-type': 'application/json' }],
    ['415 NOT_MULTIPART', { 'content-type': 'multipart/form-data' }],
    ['411 LENGTH_REQUIRED', { 'content-length': '' }],
    ['413 BODY_TOO_LARGE', { 'content-length': String(102 * 1024 * 1024) }],
    ['400 IDEMPOTENCY_KEY_UNUSABLE', { 'idempotency-key': 'a b' }],
    ['403 CROSS_SITE', { 'sec-fetch-site': 'cross-site' }],
  ])('is rejected before reaching the upstream: %s', async (error, headers) => {
    const { seen, upstream } = taking()
    expect(await errorOf(await gatewayOf(upstream).request(startWith(headers)))).toBe(error)
    expect(seen).toEqual([])
  })

  test('is streamed, as fast as the upstream reads it', async () => {
    const piece = new Uint8Array(64 * 1024)
    const count = 200
    let sent = 0
    let most = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (sent === count) controller.close()
          else controller.enqueue(piece)
          sent += sent < count ? 1 : 0
        },
      },
      { highWaterMark: 0 },
    )
    const upstream: Upstream = async (request) => {
      let taken = 0
      for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
        taken += chunk.byteLength / piece.byteLength
        most = Math.max(most, sent - taken)
      }
      return success()
    }
    const length = { 'content-length': String(count * piece.byteLength) }
    expect((await gatewayOf(upstream).request(startWith(length, body))).status).toBe(200)
    expect(most).toBeLessThan(4)
  })
})

describe('a second request under the same Idempotency-Key', () => {
  test('joins the one in progress, and gets its response from then on', async () => {
    let finish: (response: Response) => void = () => undefined
    const { seen, upstream } = taking(() => new Promise((resolve) => (finish = resolve)))
    const gateway = gatewayOf(upstream)
    const both = [gateway.request(startWith()), gateway.request(startWith())]
    await vi.waitFor(() => expect(seen).toHaveLength(1), 50_000)
    finish(success('first'))
    const third = gateway.request(startWith({ 'idempotency-key': 'one' }))
    for (const response of [...both, third]) {
      expect(await (await response).json()).toMatchObject({ data: { taskId: 'first' } })
    }
    expect(seen).toHaveLength(1)
  })

  test('gets the stored response at the end of its upload, however slow it is', async () => {
    const { seen, upstream } = taking()
    const gateway = gatewayOf(upstream)
    await gateway.request(startWith())
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    let left = FORM.length
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 1000))
          controller.enqueue(new Uint8Array(1))
          left -= 1
          if (left === 0) controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    let response: Response | null = null
    const again = gateway.request(startWith({}, body)).then((it) => {
      response = it
    })
    while (response === null) {
      await vi.advanceTimersByTimeAsync(1000)
      await new Promise(setImmediate)
    }
    await again
    expect(response).toMatchObject({ status: 200 })
    expect([seen.length, left]).toEqual([1, 0])
  })

  test('is separate with another API key, without a key, and a day later', async () => {
    let time = 0
    const { seen, upstream } = taking((n) => success(String(n)))
    const gateway = gatewayOf(upstream, { now: () => time })
    await gateway.request(startWith())
    await gateway.request(startWith({ 'x-api-key': 'another-key' }))
    await gateway.request(startWith({ 'idempotency-key': 'two' }))
    const without = startWith()
    without.headers.delete('idempotency-key')
    await gateway.request(without)
    expect(seen).toHaveLength(4)
    time += 24 * 3_600_000 - 1
    await gateway.request(startWith())
    expect(seen).toHaveLength(4)
    time += 1
    await gateway.request(startWith())
    expect(seen).toHaveLength(5)
  })

  test.each([400, 401, 402, 429])('is sent after a rejection: %i', async (status) => {
    const words = { 401: 'UNAUTHORIZED', 402: 'INSUFFICIENT_CREDITS', 429: 'RATE_LIMIT_EXCEEDED' }
    const error = words[status as 401] ?? 'BAD_REQUEST'
    const { seen, upstream } = taking((n) =>
      n === 1 ? Response.json({ error, message: 'No.' }, { status }) : success(),
    )
    const gateway = gatewayOf(upstream)
    expect(await errorOf(await gateway.request(startWith()))).toBe(`${status} ${error}`)
    expect((await gateway.request(startWith())).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  test('is sent when the one it waits for has no effect', async () => {
    let refuse: (error: Error) => void = () => undefined
    let requests = 0
    const upstream: Upstream = async (request) => {
      requests += 1
      await request.text()
      return success('second')
    }
    const breaking = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(Buffer.from('--b'))
        refuse = (error) => controller.error(error)
      },
    })
    const gateway = gatewayOf(upstream)
    const first = gateway.request(startWith({}, breaking))
    await vi.waitFor(() => expect(requests).toBe(1), 50_000)
    const second = gateway.request(startWith())
    refuse(new Error('the tab was closed'))
    expect(await errorOf(await first)).toBe('400 BODY_CUT_OFF')
    expect(await (await second).json()).toMatchObject({ data: { taskId: 'second' } })
    expect(requests).toBe(2)
  })

  test('is not sent if the first may have started a task', async () => {
    const { seen, upstream } = taking((n) => {
      if (n === 1) return Response.json('Error getting data', { status: 500 })
      if (n === 2) return new Promise(() => undefined)
      throw new TypeError('fetch failed')
    })
    const gateway = gatewayOf(upstream, { uploadIdleMs: 300 })
    const problems = ['500', '504 UPSTREAM_TIMEOUT', '502 UPSTREAM_UNUSABLE']
    for (const [n, error] of problems.entries()) {
      const mark = { 'idempotency-key': `key-${n}` }
      const response = await gateway.request(startWith(mark))
      expect(n === 0 ? String(response.status) : await errorOf(response)).toBe(error)
      const again = await gateway.request(startWith(mark))
      expect(again.status).toBe(409)
      expect(await again.json()).toEqual({
        by: 'loupe',
        error: 'START_UNKNOWN',
        message: expect.stringContaining('may have started a task'),
      })
      expect(seen).toHaveLength(n + 1)
    }
  })

  test('is sent if the upstream read only a part', async () => {
    let requests = 0
    const upstream: Upstream = async (request) => {
      requests += 1
      if (requests === 1) throw Object.assign(new TypeError(), { cause: { code: 'ECONNREFUSED' } })
      if (requests === 2) return new Promise(() => undefined)
      if (requests === 3) return new Response(null, { status: 302, headers: { location: '/' } })
      await request.text()
      return success()
    }
    const gateway = gatewayOf(upstream, { uploadIdleMs: 300 })
    expect(await errorOf(await gateway.request(startWith()))).toBe('502 UPSTREAM_UNREACHABLE')
    for (const why of ['accepted no data', 'was unreadable']) {
      const stopped = await gateway.request(startWith())
      expect(await stopped.json()).toMatchObject({
        // Of any other failure, the dashboard says that the task may have started.
        error: 'UPSTREAM_UNREACHABLE',
        message: expect.stringMatching(`${why}.* No task was started`),
      })
    }
    expect((await gateway.request(startWith())).status).toBe(200)
  })
})

describe('over real connections', () => {
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async function gatewayTo(
    to: string | Upstream,
    options: Partial<ApiOptions> = {},
  ): Promise<string> {
    const upstream = typeof to === 'string' ? remoteUpstream(to) : to
    const gateway = createApi({ upstream, timeoutMs: 1000, sandbox: false, ...options })
    const late = lateApp()
    const server = createHttpServer()
    server.on('request', late.listener)
    const listening = await listen(
      server,
      { host: '127.0.0.1', port: 0 },
      withVariable('npm start'),
    )
    if (!listening.ok) throw new Error(listening.error)
    onTestFinished(() => listening.value.close(0))
    late.open((request) => gateway.fetch(request))
    return listening.value.url
  }

  const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'

  /** A browser that sends part of 20 MiB. */
  const upload = (url: string, mib: number, key = KEY) => {
    const length = String(20 * 1024 * 1024)
    const headers = { ...HEADERS, 'content-length': length, 'x-api-key': key }
    const request = send(`${url}/start-task`, { method: 'POST', headers })
    request.write(HEAD)
    for (let n = 0; n < mib; n++) request.write(Buffer.alloc(1024 * 1024))
    return request
  }

  test('a large form arrives with its length, and is not sent in chunks', async () => {
    let bytes = 0
    const base = await serve(async (request, response) => {
      expect(request.headers['content-length']).toBe(String(20 * 1024 * 1024))
      expect(request.headers['transfer-encoding']).toBeUndefined()
      for await (const chunk of request) bytes += chunk.length
      response.setHeader('content-type', 'application/json')
      response.end('{"status":"success","data":{"taskId":"a"}}')
    })
    const request = upload(await gatewayTo(base), 19)
    request.end(Buffer.alloc(1024 * 1024 - HEAD.length))
    const status = await new Promise((resolve) =>
      request.on('response', (response) => resolve(response.statusCode)),
    )
    expect([status, bytes]).toEqual([200, 20 * 1024 * 1024])
  })

  test('a browser that disconnects halfway also cuts off the upload upstream', async () => {
    let isComplete: boolean | null = null
    let bytes = 0
    const base = await serve((request) => {
      request.on('data', (chunk) => {
        bytes += chunk.length
      })
      request.on('close', () => {
        isComplete = request.complete
      })
    })
    const request = upload(await gatewayTo(base), 10).on('error', () => undefined)
    await vi.waitFor(() => expect(bytes).toBeGreaterThan(8 * 1024 * 1024), 50_000)
    request.destroy()
    await vi.waitFor(() => expect(isComplete).toBe(false), 50_000)
  })

  test('and starts nothing in the sandbox', async () => {
    const { sandbox, db, dir } = await openSandbox()
    const url = await gatewayTo(sandbox.fetch)
    const request = upload(url, 5, sandbox.key).on('error', () => undefined)
    const uploads = async () =>
      (await readdir(pathsIn(dir).uploads, { recursive: true })).filter((it) => it.endsWith('file'))
    await vi.waitFor(async () => expect(await uploads()).toHaveLength(1), 50_000)
    request.destroy()
    await vi.waitFor(async () => expect(await uploads()).toEqual([]), 50_000)
    expect(db.get("SELECT count(*) AS n FROM tasks WHERE demo = 'upload'")).toEqual({ n: 0 })
  })

  test('an idle upload is aborted', async () => {
    let isComplete: boolean | null = null
    const base = await serve((request) => {
      request.resume().on('close', () => {
        isComplete = request.complete
      })
    })
    const request = upload(await gatewayTo(base, { uploadIdleMs: 500 }), 5)
    const response = await new Promise<number | undefined>((resolve) =>
      request.on('response', ({ statusCode }) => resolve(statusCode)),
    )
    expect(response).toBe(400)
    request.on('error', () => undefined).destroy()
    await vi.waitFor(() => expect(isComplete).toBe(false), 50_000)
  })

  test('an early rejection reaches a browser that is still sending', async () => {
    const base = await serve((incoming, response) => {
      incoming.resume()
      response.writeHead(402, { 'content-type': 'application/json' })
      response.end('{"error":"INSUFFICIENT_CREDITS","message":"No."}')
    })
    const request = upload(await gatewayTo(base), 10)
    const status = new Promise((resolve) =>
      request.on('response', (response) => resolve(response.statusCode)),
    )
    for (let n = 0; n < 9; n++) {
      request.write(Buffer.alloc(1024 * 1024))
      await new Promise((resolve) => setImmediate(resolve))
    }
    request.end(Buffer.alloc(1024 * 1024 - HEAD.length))
    expect(await status).toBe(402)
  })
})
