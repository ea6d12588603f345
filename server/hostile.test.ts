import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { HOUR } from '../core/lib/units.ts'
import { readConfig } from './config.ts'
import { startServer } from './create-server.ts'
import type { LogRecord } from './http/log.ts'
import { createHttpServer, withVariable } from './node/http-server.ts'
import { serveDashboard } from './node/static.ts'

/* Hostile input, over real connections to the whole server. */

const KEY = 'key-planted-0123456789'
const SECRET = 'outside of the build'
const ANSWER = '{"status":"success","data":{}}'

/** `apiRequests` lists all requests that reached the API: method, path, and host. */
async function api() {
  const apiRequests: string[] = []
  const server = createServer((incoming, response) => {
    apiRequests.push(`${incoming.method} ${incoming.url} ${incoming.headers.host}`)
    incoming.resume()
    response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise((done) => void server.close(() => done()).closeAllConnections()))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { apiRequests, host, baseUrl: `http://${host}/v1` }
}

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loupe-hostile-'))
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  return () => rmSync(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}, server: Server = createHttpServer()) {
  const upstream = await api()
  const records: LogRecord[] = []
  const config = readConfig({
    PORT: '0',
    LOUPE_DATA_DIR: join(folder, 'data'),
    UPSCAYL_API_URL: upstream.baseUrl,
    LOUPE_LOG: 'requests',
    ...env,
  })
  if (!config.ok) throw new Error(config.error.join('\n'))
  const started = await startServer(config.value, {
    commandWith: withVariable('npm start'),
    site: serveDashboard(join(folder, 'dist')),
    log: (record) => records.push(record),
    server,
  })
  if (!started.ok) throw new Error(started.error)
  onTestFinished(() => started.value.close())
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const allowed = ['get-task-status', 'start-task'].map(
    (path) => `POST /v1/${path} ${upstream.host}`,
  )
  return {
    ...{ started: started.value, url, records, server },
    apiRequests: upstream.apiRequests,
    /** Requests to the API other than the allowed ones. */
    strays: () => upstream.apiRequests.filter((it) => !allowed.includes(it)),
    socket: () => connect(port, '127.0.0.1'),
    statusRequest: () =>
      fetch(`${url}/api/get-task-status`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': 'key-1234567890' },
        body: '{"data":{"taskId":"a"}}',
      }),
  }
}

/** Everything received until the connection ends, even by a reset. */
async function sendRaw(socket: Socket, bytes: string, thenEnd = false): Promise<string> {
  let received = ''
  socket.setEncoding('latin1').on('data', (more) => {
    received += more
  })
  socket.on('error', () => undefined)
  socket.write(bytes, 'latin1')
  if (thenEnd) socket.end()
  await new Promise((closed) => socket.once('close', closed))
  return received
}

const statusesIn = (received: string): number[] =>
  [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

/* --- Malformed requests */

const anything = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.string(), fc.constant(KEY))
/** Without line breaks. */
const inLine = anything.map((it) => it.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?'))
const inTarget = anything.map((it) => it.replaceAll(/[^\x21-\x7e]/g, '%'))

const target = fc.oneof(
  fc.constantFrom(
    ...['/', '*', '/%', '/api/%zz', '/api/..%2f..%2fx', '/api//', '//evil.test/api/share'],
    ...['http://evil.test/api/share', 'https://[::1', '/tasks/%00', '/files/../../x', '/healthz?'],
    ...[`/api/${KEY}`, `/api/share/${KEY}`, `/api/shared?token=${KEY}`, `/s/${KEY}`],
  ),
  fc.constantFrom('/api/get-task-status', '/api/start-task', '/api/share', '/api/shared'),
  inTarget.map((it) => `/api/${it}`),
  inTarget.map((it) => `/${it}`),
)
const header = fc.oneof(
  fc.tuple(
    fc.constantFrom('X-API-Key', 'Authorization', 'Content-Type', 'Idempotency-Key'),
    fc.oneof(
      fc.constantFrom(KEY, `Bearer ${KEY}`, 'application/json', 'multipart/form-data; boundary=b'),
      inLine,
    ),
  ),
  fc.tuple(
    fc.constantFrom(
      'Accept',
      'Cookie',
      'X-Forwarded-For',
      'X-Request-Id',
      'Range',
      KEY,
      'Origin',
      'Forwarded',
    ),
    inLine,
  ),
)
const headers = fc.uniqueArray(header, { selector: ([name]) => name, maxLength: 5 })
const body = fc.oneof(
  anything,
  fc.json(),
  fc.constantFrom(`{"data":{"taskId":"${KEY}"}}`, `{"data":{"taskId":["${KEY}"]}}`, '[', '\0', '"'),
)
const method = fc.constantFrom('GET', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE')
const host = fc.oneof(
  { weight: 5, arbitrary: fc.constant('127.0.0.1') },
  fc.constantFrom('evil.test', `${KEY}.test`, '127.0.0.1:99999', 'a b', '[', 'user@127.0.0.1', ''),
)

/** Well-formed HTTP with meaningless content. */
const nonsense = fc
  .record({ method, target, host, headers, body })
  .map(({ method, target, host, headers, body }) => {
    const bytes = Buffer.from(body)
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    return `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${lines}Content-Length: ${bytes.length}\r\n\r\n${bytes.toString('latin1')}`
  })

/** Not even HTTP: cut off, concatenated, with wrong lengths. */
const broken = fc
  .record({
    request: nonsense,
    place: fc.double({ min: 0, max: 1, noNaN: true }),
    inserted: fc.oneof(
      anything,
      fc.constantFrom(
        '\n',
        '\r',
        '\0',
        ' ',
        ':',
        '\r\n\r\n',
        `\r\nX-API-Key: ${KEY}`,
        ' HTTP/1.1\r\n',
      ),
      fc.constantFrom(
        '\r\nContent-Length: 5',
        '\r\nTransfer-Encoding: chunked',
        '\r\n folded',
        '\xff',
      ),
    ),
    cut: fc.boolean(),
  })
  .map(({ request, place, inserted, cut }) => {
    const at = Math.floor(request.length * place)
    return request.slice(0, at) + inserted + (cut ? '' : request.slice(at))
  })

test('ten thousand malformed requests change nothing, and no response or log contains the key', async () => {
  const { socket, apiRequests, strays, records, statusRequest } = await start()
  let answers = 0
  const check = (received: string) => {
    expect(received).not.toContain(KEY)
    expect(statusesIn(received)).not.toContain(500)
    answers += statusesIn(received).length
  }
  const LAST = 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
  const eight = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.array(arbitrary, { minLength: 8, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(eight(eight(nonsense)), async (connections) => {
      const received = await Promise.all(
        connections.map((requests) => sendRaw(socket(), requests.join('') + LAST)),
      )
      for (const it of received) {
        check(it)
        expect(statusesIn(it).at(-1)).toBe(200)
      }
    }),
    { numRuns: 125 },
  )
  expect(answers).toBeGreaterThanOrEqual(8000)
  await fc.assert(
    fc.asyncProperty(eight(broken), async (requests) => {
      const received = await Promise.all(requests.map((it) => sendRaw(socket(), it, true)))
      received.forEach(check)
    }),
    { numRuns: 250 },
  )
  expect((await statusRequest()).status).toBe(200)
  expect(apiRequests.length).toBeGreaterThan(1)
  expect(strays()).toEqual([])
  expect(records.length).toBeGreaterThan(1000)
  expect(records.filter(({ event }) => event === 'fault')).toEqual([])
  expect(JSON.stringify(records)).not.toContain(KEY)
}, 60_000)

/* --- Requests that point elsewhere */

const JSON_BODY = '{"data":{"taskId":"a"}}'
const asking = (target: string, name = '127.0.0.1', method = 'POST') =>
  [
    `${method} ${target} HTTP/1.1`,
    `Host: ${name}`,
    'Content-Type: application/json',
    'X-API-Key: key-1234567890',
    `Content-Length: ${JSON_BODY.length}`,
    'Connection: close',
    '',
    JSON_BODY,
  ].join('\r\n')

test('it is not an open proxy', async () => {
  const { socket, apiRequests, strays, records } = await start()
  const elsewhere = ['http://evil.test/', 'http://evil.test/get-task-status', 'https://evil.test/']
  for (const target of [...elsewhere, 'http://evil.test/api/get-task-status']) {
    expect(statusesIn(await sendRaw(socket(), asking(target))), target).toEqual([421])
  }
  // Protocol-relative, with credentials, with another scheme.
  for (const target of ['//evil.test/api/get-task-status', '//evil.test:80/', '///evil.test']) {
    const [status] = statusesIn(await sendRaw(socket(), asking(target)))
    expect([400, 404, 405], target).toContain(status)
  }
  for (const target of [
    'http://a:b@127.0.0.1/get-task-status',
    'ftp://evil.test/',
    'evil.test:443',
  ]) {
    const [status] = statusesIn(await sendRaw(socket(), asking(target)))
    expect([400, 404, 405, 421], target).toContain(status)
  }
  expect(await sendRaw(socket(), 'CONNECT evil.test:443 HTTP/1.1\r\nHost: evil.test\r\n\r\n')).toBe(
    '',
  )
  expect(apiRequests).toEqual([])
  expect(strays()).toEqual([])
  expect(JSON.stringify(records)).not.toContain('evil')
})

test('the API is requested only at its own URL and known paths', async () => {
  // So that each request reaches it.
  const { socket, apiRequests, strays } = await start({ LOUPE_HOURLY_QUESTIONS: 'none' })
  expect(statusesIn(await sendRaw(socket(), asking('/api/get-task-status')))).toEqual([200])
  const piece = fc.constantFrom(
    ...['api', 'get-task-status', 'start-task', '..', '.', '', '%2e%2e', '%2E.', '..%2f', '%2f%2f'],
    ...[
      '%5c',
      '\\',
      'evil.test',
      'http:',
      '@evil.test',
      '?',
      '#',
      '%00',
      '%0d%0aHost:%20evil',
      ':80',
    ],
  )
  const odd = fc.array(piece, { maxLength: 6 }).map((pieces) => `/api/${pieces.join('/')}`)
  const near = fc
    .tuple(piece, piece)
    .map(([before, after]) => `${before}/api/${before}get-task-status${after}`)
  const name = fc.constantFrom('127.0.0.1', 'localhost:1', '[::1]', 'a.localhost', '127.0.0.1:80')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.oneof(odd, near), name), { maxLength: 8 }),
      async (all) => {
        await Promise.all(all.map(([target, it]) => sendRaw(socket(), asking(target, it))))
        expect(strays()).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
  expect(apiRequests.length).toBeGreaterThan(0)
})

test('a URL in a request is passed on and never fetched', async () => {
  const { url, apiRequests, strays } = await start()
  const trap = await api()
  const form = new FormData()
  form.set('urls', `${trap.baseUrl}/picture.png`)
  form.set('model', trap.baseUrl)
  // With a known length, as a browser sends it.
  const whole = new Response(form)
  const type = whole.headers.get('content-type') ?? ''
  const sent = await fetch(`${url}/api/start-task`, {
    method: 'POST',
    headers: { 'content-type': type, 'x-api-key': 'key-1234567890', referer: trap.baseUrl },
    body: await whole.arrayBuffer(),
  })
  expect(sent.status).toBe(200)
  const shared = await fetch(`${url}/api/share`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'key-1234567890' },
    body: JSON.stringify({ taskId: trap.baseUrl, shown: { credits: true, links: true } }),
  })
  expect(shared.status).toBe(400)
  expect(apiRequests).toHaveLength(1)
  expect(strays()).toEqual([])
  expect(trap.apiRequests).toEqual([])
})

test('no raw path escapes the build', async () => {
  const { socket } = await start()
  const piece = fc.constantFrom(
    ...[
      '..',
      '.',
      '%2e%2e',
      '%2E.',
      '..%2f..',
      '%252e%252e',
      '%5c..',
      '\\..',
      '..;',
      'assets',
      'files',
    ],
    ...['secret.txt', 'secret.txt%00.html', folder, encodeURIComponent(folder), 'file:', '//', '~'],
  )
  const targets = fc.array(fc.array(piece, { minLength: 1, maxLength: 7 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(targets, async (all) => {
      const answers = await Promise.all(
        all.map((pieces) => sendRaw(socket(), asking(`/${pieces.join('/')}`, '127.0.0.1', 'GET'))),
      )
      for (const response of answers) {
        expect(response).not.toContain(SECRET)
        expect([200, 400, 404]).toContain(statusesIn(response)[0])
      }
    }),
    { numRuns: 40 },
  )
})

test('an ambiguous request reaches nobody', async () => {
  const { socket, apiRequests } = await start()
  const [line = '', ...rest] = asking('/api/get-task-status').split('\r\n')
  const withHeaders = (...headers: string[]) => [line, ...headers, ...rest].join('\r\n')
  const two = withHeaders(`X-API-Key: ${KEY}`, 'x-api-key: key-1234567890')
  expect(statusesIn(await sendRaw(socket(), two))).toEqual([400])
  const many = withHeaders(...Array.from({ length: 2500 }, (_, n) => `X-${n}: ${KEY}`))
  expect(statusesIn(await sendRaw(socket(), many))).toEqual([431])
  expect(apiRequests).toEqual([])
})

/* --- Excessive use */

test('five hundred clients that never finish block nobody, and are disconnected', async () => {
  const { server, socket, statusRequest } = await start({}, createHttpServer(50))
  server.headersTimeout = HOUR
  let accepted = 0
  server.on('connection', () => accepted++)
  const slow = Array.from({ length: 500 }, () => {
    const client = socket()
    return { client, received: sendRaw(client, 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ') }
  })
  await vi.waitFor(() => expect(accepted).toBe(500), 50_000)
  for (const { client } of slow) client.write('a')
  expect((await statusRequest()).status).toBe(200)
  const open = await new Promise((done) => server.getConnections((_, count) => done(count)))
  expect(open).toBeGreaterThanOrEqual(500)
  // Their time is over.
  server.headersTimeout = 1
  for (const { received } of slow) expect(statusesIn(await received)).toEqual([408])
  server.headersTimeout = HOUR
  expect((await statusRequest()).status).toBe(200)
})

test("one address can't take every connection, nor send unlimited requests", async () => {
  const server = createHttpServer()
  let remoteAddress = '192.0.2.1'
  server.on('connection', (it) =>
    Object.defineProperty(it, 'remoteAddress', { value: remoteAddress }),
  )
  const { socket, url } = await start({ LOUPE_REQUESTS_PER_MINUTE: '1' }, server)
  server.headersTimeout = HOUR
  let refused = 0
  const clients = Array.from({ length: 250 }, () =>
    socket()
      .on('error', () => undefined)
      .on('close', () => refused++),
  )
  await vi.waitFor(() => expect(refused).toBe(50), 50_000)
  remoteAddress = '192.0.2.2'
  expect((await fetch(`${url}/api/openapi.yaml`)).status).toBe(200)
  expect((await fetch(`${url}/api/openapi.yaml`)).status).toBe(429)
  expect(refused).toBe(50)
  for (const client of clients) client.destroy()
})

describe('requests are limited per client', () => {
  const from = (url: string, address: string) =>
    fetch(`${url}/api/openapi.yaml`, { headers: { 'x-forwarded-for': address } })

  beforeEach(() => {
    // No quota returns while the clock stands still.
    vi.useFakeTimers({ toFake: ['Date'] })
    return () => {
      vi.useRealTimers()
    }
  })

  test('by the address from a trusted proxy', async () => {
    const { url, records } = await start({
      LOUPE_REQUESTS_PER_MINUTE: '3',
      LOUPE_TRUSTED_PROXIES: '127.0.0.1',
    })
    for (let n = 0; n < 3; n++) expect((await from(url, `6.6.6.${n}, 192.0.2.1`)).status).toBe(200)
    const refused = await from(url, '192.0.2.1')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(records.at(-1)).toMatchObject({
      event: 'request',
      status: 429,
      id: refused.headers.get('x-request-id'),
    })
    expect((await from(url, '192.0.2.2')).status).toBe(200)
    // Requests that cost the API nothing are not counted.
    expect((await fetch(`${url}/`, { headers: { 'x-forwarded-for': '192.0.2.1' } })).status).toBe(
      200,
    )
  })

  test('but not on this machine', async () => {
    const { url } = await start({ LOUPE_REQUESTS_PER_MINUTE: '1' })
    for (let n = 0; n < 5; n++) expect((await from(url, '192.0.2.1')).status).toBe(200)
  })

  test('nor when disabled', async () => {
    const { url } = await start({
      LOUPE_REQUESTS_PER_MINUTE: 'none',
      LOUPE_TRUSTED_PROXIES: '127.0.0.1',
    })
    for (let n = 0; n < 5; n++) expect((await from(url, '192.0.2.1')).status).toBe(200)
  })
})
