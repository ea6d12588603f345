import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { held } from '../test/openapi/assert-contract.ts'
import { type Config, readConfig } from './config.ts'
import { type Started, startServer } from './create-server.ts'
import { isLoopback } from './http/allowed-hosts.ts'
import type { LogRecord } from './http/log.ts'
import { banner, linksToTry } from './node/banner.ts'
import { withVariable } from './node/http-server.ts'

const closers: (() => Promise<unknown>)[] = []

let dataDir = ''

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'loupe-start-'))
})

afterEach(async () => {
  for (const close of closers.splice(0)) await close()
  await rm(dataDir, { recursive: true, force: true })
})

/** An API on loopback; resolves to its base URL. */
function api(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  closers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
    })
  })
}

function configOf(env: Record<string, string>): Config {
  const config = readConfig({ PORT: '0', LOUPE_DATA_DIR: dataDir, ...env })
  if (!config.ok) throw new Error(config.error.join('\n'))
  return config.value
}

async function start(baseUrl: string, env: Record<string, string> = {}): Promise<Started> {
  const started = await startServer(configOf({ UPSCAYL_API_URL: baseUrl, ...env }), {
    commandWith: withVariable('npm start'),
  })
  if (!started.ok) throw new Error(started.error)
  closers.push(() => started.value.close().catch(() => undefined))
  return started.value
}

const FORM = '--b\r\nContent-Disposition: form-data; name="scale"\r\n\r\n2\r\n--b--\r\n'
const START_HEADERS = {
  'content-type': 'multipart/form-data; boundary=b',
  'x-api-key': 'key-1234567890',
  'idempotency-key': 'one',
}

const QUESTION = {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-api-key': 'key-1234567890' },
  body: '{"data":{"taskId":"a"}}',
}

/** The response, checked against the contract. */
const ask = async ({ url }: Started): Promise<Response> =>
  held(await fetch(`${url}/api/get-task-status`, QUESTION), {
    method: 'POST',
    path: '/get-task-status',
  })

const ANSWER = '{"status":"success","data":{}}'
const JSON_TYPE = { 'content-type': 'application/json' }

test('a port in use gives an error with a fix', async () => {
  const { url } = await start('http://127.0.0.1:9')
  const { port } = new URL(url)
  const second = await startServer(configOf({ PORT: port }), {
    commandWith: withVariable('npm start'),
  })
  expect(second).toEqual({
    ok: false,
    error: expect.stringMatching(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken\\. .+: PORT=\\d+ npm start$`),
    ),
  })
})

test('an address of another machine gives an error', async () => {
  const started = await startServer(configOf({ HOST: '192.0.2.1' }), {
    commandWith: withVariable('npm start'),
  })
  expect(started).toEqual({ ok: false, error: expect.stringMatching(/^192\.0\.2\.1 isn't/) })
})

test('the URL to open is the configured one, if any', async () => {
  const origin = 'https://loupe.example.org'
  expect((await start('http://127.0.0.1:9', { LOUPE_ORIGIN: origin })).url).toBe(origin)
})

test('end to end, over real connections', async () => {
  const headers = { ...JSON_TYPE, 'set-cookie': 'a=b' }
  const base = await api((_, response) => response.writeHead(200, headers).end(ANSWER))
  const response = await ask(await start(base))
  expect(await response.text()).toBe(ANSWER)
  expect(response.headers.has('set-cookie')).toBe(false)
  expect(response.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
})

test('a status request continues when the browser disconnects, and closing waits for it', async () => {
  let arrived: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    arrived = resolve
  })
  let answer: () => void = () => undefined
  const events: string[] = []
  const base = await api((incoming, response) => {
    incoming.resume()
    response.on('close', () => events.push(response.writableFinished ? 'answered' : 'aborted'))
    answer = () => response.end('{}')
    arrived()
  })
  const started = await start(base)
  const hangUp = new AbortController()
  const gone = fetch(`${started.url}/api/get-task-status`, { ...QUESTION, signal: hangUp.signal })
  await asked
  hangUp.abort()
  await expect(gone).rejects.toThrow()
  const closing = started.close().then(() => events.push('closed'))
  await expect(fetch(started.url)).rejects.toThrow()
  expect(events).toEqual([])
  answer()
  await closing
  expect(events).toEqual(['answered', 'closed'])
})

test('closing lets responses in progress finish, and rejects new requests on open connections', async () => {
  let arrived: () => void = () => undefined
  const asked = new Promise<void>((resolve) => {
    arrived = resolve
  })
  let answer: () => void = () => undefined
  const base = await api((incoming, response) => {
    incoming.resume()
    answer = () => response.writeHead(200, JSON_TYPE).end(ANSWER)
    arrived()
  })
  const started = await start(base)
  const { hostname, port } = new URL(started.url)
  const socket = connect(Number(port), hostname)
  const received = text(socket)
  const { body } = QUESTION
  socket.write(
    `POST /api/get-task-status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-API-Key: key-1234567890\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  )
  await asked
  const closing = started.close()
  // The connection is still open for new requests.
  for (const path of ['/healthz', '/api/share']) {
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  }
  await expect(fetch(`${started.url}/healthz`)).rejects.toThrow()
  answer()
  await closing
  const answers = (await received).split(/(?=HTTP\/1\.1 )/)
  expect(answers[0]).toMatch(/^HTTP\/1\.1 200 OK/)
  expect(answers[0]).toContain(ANSWER)
  expect(answers[1]).toMatch(/^HTTP\/1\.1 503 .*connection: close.*closing\n$/is)
})

test('closing ends idle connections', async () => {
  const base = await api((_, response) => response.writeHead(200, JSON_TYPE).end(ANSWER))
  const started = await start(base)
  await (await ask(started)).text()
  await started.close()
  await expect(fetch(started.url)).rejects.toThrow()
})

test.each(['/../etc/passwd', '//evil.test/', '/%', '/\\..\\x', 'http://evil.test/api/x', '*'])(
  'the request target %s does no harm',
  async (path) => {
    const { url } = await start('http://127.0.0.1:9')
    const status = await new Promise((resolve, reject) => {
      request(url, { path, method: 'GET' }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect([400, 404, 421]).toContain(status)
  },
)

describe('live links', () => {
  const order = {
    method: 'POST',
    headers: { ...JSON_TYPE, 'x-api-key': 'key-1234567890' },
    body: '{"taskId":"a","shown":{"credits":true,"links":false}}',
  }
  const view = (started: Started, token: string) =>
    fetch(`${started.url}/api/shared`, { headers: { authorization: `Bearer ${token}` } })

  test('work over real connections, and after a restart on the same folder', async () => {
    const asked: unknown[] = []
    const base = await api((incoming, response) => {
      asked.push(incoming.headers['x-api-key'])
      const body = '{"status":"success","data":{"status":"PROCESSED","creditsDeducted":true}}'
      response.writeHead(200, JSON_TYPE).end(body)
    })
    const first = await start(base)
    const given = await fetch(`${first.url}/api/share`, order)
    const { url } = (await given.json()) as { url: string }
    const token = url.replace('/s/', '')
    expect(await (await view(first, token)).json()).toMatchObject({
      record: { task: { kind: 'processed' } },
    })
    await first.close()
    const second = await start(base)
    expect((await view(second, token)).status).toBe(200)
    expect(asked).toEqual(['key-1234567890', 'key-1234567890'])
  })

  test('are rejected with a reason if the folder is unusable, and everything else works', async () => {
    const file = join(dataDir, 'file')
    await writeFile(file, 'in the way')
    const base = await api((_, response) => response.writeHead(200, JSON_TYPE).end(ANSWER))
    const logged: LogRecord[] = []
    const started = await startServer(configOf({ UPSCAYL_API_URL: base, LOUPE_DATA_DIR: file }), {
      commandWith: withVariable('npm start'),
      log: (record) => logged.push(record),
    })
    if (!started.ok) throw new Error(started.error)
    closers.push(() => started.value.close())
    expect(await (await ask(started.value)).text()).toBe(ANSWER)
    const refused = await fetch(`${started.value.url}/api/share`, order)
    expect(refused.status).toBe(503)
    expect(await refused.json()).toMatchObject({ error: 'SHARE_UNAVAILABLE' })
    const form = { method: 'POST', headers: START_HEADERS, body: FORM }
    const unsaved = await fetch(`${started.value.url}/api/start-task`, form)
    expect(unsaved.status).toBe(503)
    expect(await unsaved.json()).toMatchObject({ error: 'START_UNAVAILABLE' })
    const why = expect.stringMatching(
      /can't be used: a file with this name exists\..*--data or LOUPE_DATA_DIR/,
    )
    expect(logged).toEqual([
      { event: 'shares-unavailable', why },
      { event: 'starts-unavailable', why },
      { event: 'fault', name: 'Error', at: expect.stringContaining('noPlace') },
    ])
  })
})

test('starts and request counts survive a restart on the same folder', async () => {
  let [starts, questions] = [0, 0]
  const base = await api(async (incoming, response) => {
    await text(incoming)
    if (incoming.url === '/start-task') starts++
    else questions++
    response.writeHead(200, JSON_TYPE)
    response.end(incoming.url === '/start-task' ? `{"data":{"taskId":"t-${starts}"}}` : ANSWER)
  })
  for (const used of [1, 2, 3]) {
    const started = await start(base)
    const form = { method: 'POST', headers: START_HEADERS, body: FORM }
    const response = await fetch(`${started.url}/api/start-task`, form)
    expect(await response.text()).toBe('{"data":{"taskId":"t-1"}}')
    const { headers } = await ask(started)
    expect(headers.get('ratelimit')).toContain(`;r=${100 - used};`)
    await started.close()
  }
  expect([starts, questions]).toEqual([1, 3])
})

describe('the banner', () => {
  const started: Started = {
    url: 'http://127.0.0.1:4173',
    upstream: async () => new Response(),
    sandboxKey: 'sandbox-key',
    close: async () => undefined,
  }

  test('of a sandbox has its key and links', () => {
    const links = [
      { label: 'Running', url: 'http://127.0.0.1:4173/tasks/1' },
      { label: 'Batch of six', url: 'http://127.0.0.1:4173/tasks/2' },
    ]
    expect(banner(configOf({ LOUPE_DATA_DIR: '.loupe' }), started, links)).toMatchInlineSnapshot(`
      "
        Loupe

        Dashboard  http://127.0.0.1:4173
        Upstream   sandbox on this machine, its data in .loupe
        API key    sandbox-key

        Try these
          Running       http://127.0.0.1:4173/tasks/1
          Batch of six  http://127.0.0.1:4173/tasks/2

        Open the dashboard and choose “Open the sandbox”.

        Press Ctrl+C to stop.
      "
    `)
  })

  test('has links to the first tasks of the sandbox, or none', async () => {
    const tasks = Array.from({ length: 9 }, (_, n) => ({ id: `id ${n}`, title: `Task ${n}` }))
    const linksFrom = (response: () => Response) =>
      linksToTry({ ...started, upstream: async () => response() })
    const links = await linksFrom(() => Response.json({ tasks }))
    expect(links).toHaveLength(6)
    expect(links[0]).toEqual({ label: 'Task 0', url: 'http://127.0.0.1:4173/tasks/id%200' })
    expect(await linksFrom(() => new Response('<html>'))).toEqual([])
    expect(await linksFrom(() => Response.json({ tasks: 1 }))).toEqual([])
    expect(await linksToTry({ ...started, sandboxKey: null })).toEqual([])
  })

  test('of a remote API has neither', () => {
    const config = configOf({ UPSCAYL_API_URL: 'https://api.upscayl.org' })
    expect(banner(config, { ...started, sandboxKey: null }, [])).toMatchInlineSnapshot(`
      "
        Loupe

        Dashboard  http://127.0.0.1:4173
        Upstream   https://api.upscayl.org

        Press Ctrl+C to stop.
      "
    `)
  })

  test('warns if others can listen in', () => {
    const open = configOf({ HOST: '0.0.0.0', UPSCAYL_API_URL: 'http://api.test' })
    const text = banner(open, { ...started, sandboxKey: null }, [])
    expect(text).toContain(
      'Warning: Other machines can use this server over plain HTTP: it listens on 0.0.0.0.',
    )
    expect(text).toContain(
      'Warning: API keys can be read in transit: http://api.test is plain HTTP.',
    )
    // The user may have given them by --host and --upstream.
    expect(text).not.toMatch(/\bHOST\b|[A-Z]_[A-Z]/)
    const proxied = { LOUPE_ORIGIN: 'https://loupe.example.org' }
    const hint = 'Warning: LOUPE_ORIGIN is set.'
    expect(banner(configOf(proxied), started, [])).toContain(hint)
    const named = configOf({ ...proxied, LOUPE_TRUSTED_PROXIES: '127.0.0.1' })
    expect(banner(named, started, [])).not.toContain('Warning')
    const local = configOf({ HOST: '::1', UPSCAYL_API_URL: 'http://127.0.0.1:3000' })
    expect(banner(local, started, [])).not.toContain('Warning')
  })

  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['127.evil.test', false],
    ['0.0.0.0', false],
    ['::', false],
  ])('%s is loopback: %s', (host, expected) => expect(isLoopback(host)).toBe(expected))
})
