import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isApiPath } from '../core/lib/site-paths.ts'
import { withContractChecks } from '../test/openapi/assert-contract.ts'
import { type AppOptions, createApp } from './app.ts'
import type { LogRecord } from './http/log.ts'
import { hasBuild, serveDashboard } from './node/static.ts'

/** Names the hashes of a script and a style in it. */
const INDEX = `<!doctype html><title>Loupe</title><meta http-equiv="Content-Security-Policy" content="script-src 'self' 'sha256-a+/1='; style-src 'self' 'sha256-b='">`
const SCRIPT = 'export const loupe = 1\n'.repeat(200)
const SECRET = 'outside of the build'
const ASSET = '/assets/index-BxY12345.js'

let folder = ''
let dist = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loupe-app-'))
  dist = join(folder, 'dist')
  mkdirSync(join(dist, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  writeFileSync(join(dist, 'index.html'), INDEX)
  writeFileSync(join(dist, 'index.html.br'), brotliCompressSync(INDEX))
  writeFileSync(join(dist, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(dist, ASSET), SCRIPT)
  writeFileSync(join(dist, `${ASSET}.br`), brotliCompressSync(SCRIPT))
  writeFileSync(join(dist, `${ASSET}.gz`), gzipSync(SCRIPT))
  writeFileSync(join(dist, 'assets/font.woff2'), 'font')
})

afterAll(() => rmSync(folder, { recursive: true }))

const NAMES = { host: '127.0.0.1', origin: 'http://loupe.test' }

const TASK = { status: 'success', data: {} }

/** The app, with its responses under /api checked against the contract. */
const appOf = (options: Partial<AppOptions> = {}) =>
  withContractChecks(
    createApp({
      upstream: async ({ url }) => Response.json({ ...TASK, asked: new URL(url).pathname }),
      timeoutMs: 1000,
      sandbox: false,
      names: NAMES,
      site: serveDashboard(dist),
      ...options,
    }),
    'relayed',
    '/api',
  )

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  appOf().request(`http://loupe.test${path}`, { method, headers })

describe('the dashboard', () => {
  test.each(['/', '/tasks/4b1c', '/tasks/v1.2', '/tasks/a%20b', '/tasks/%3Cscript%3E', '/gallery'])(
    '%s is its page, never cached',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8/i)
      expect(response.headers.get('cache-control')).toBe('no-cache')
      expect(await response.text()).toBe(INDEX)
    },
  )

  test.each(['/s/AbC-_9', '/s/', `/s/${'A'.repeat(2000)}`])(
    '%s is its page, not stored',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(response.headers.get('referrer-policy')).toBe('no-referrer')
      expect(await response.text()).toBe(INDEX)
    },
  )

  test('an invalid link is not stored either', async () => {
    for (const path of ['/s/a.png', '/s/%00']) {
      const response = await get(path)
      expect(response.status).toBe(404)
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
  })

  test('hashed files are cached forever', async () => {
    const response = await get(ASSET)
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    expect(await response.text()).toBe(SCRIPT)
  })

  test('other files are revalidated', async () => {
    const response = await get('/favicon.svg')
    expect(response.headers.get('content-type')).toMatch(/^image\/svg\+xml/)
    expect(response.headers.get('cache-control')).toBe('no-cache')
  })

  test.each([
    ...['/assets/index-old.js', '/assets', '/assets/', '/assets/x', '/robots.txt', '/a/b.png'],
    ...['/.env', '/%00', '/tasks/a%0Ab', '/tasks/%7f', '/tasks/%C2%80', '/tasks/%00%FF'],
  ])('%s is 404 and not the page', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('cache-control')).toBe('no-cache')
    expect(await response.text()).not.toContain('<title>')
  })

  test.each([
    '/assetsx',
    '/tasks/%2500',
    '/tasks/%FF',
    '/tasks/%D1%8F',
    `/tasks/${'a'.repeat(5000)}`,
  ])('%s is still its page', async (path) => expect((await get(path)).status).toBe(200))

  test('HEAD has the headers of GET and no body', async () => {
    for (const path of ['/', '/tasks/1', ASSET]) {
      const [whole, head] = [await get(path), await get(path, {}, 'HEAD')]
      expect(head.status).toBe(200)
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(whole.headers))
      expect(await head.text()).toBe('')
    }
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
    for (const path of ['/', ASSET]) {
      const response = await get(path, {}, method)
      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD')
    }
  })

  test('is missing before it is built', () => {
    expect(hasBuild(dist)).toBe(true)
    expect(hasBuild(folder)).toBe(false)
  })
})

describe('compression', () => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br', 'br'],
    ['gzip, deflate', 'gzip'],
    ['deflate', null],
    ['br;q=0', null],
    ['', null],
  ])('accepting "%s" gets %s', async (accepted, encoding) => {
    const response = await get(ASSET, { 'accept-encoding': accepted })
    expect(response.headers.get('content-encoding')).toBe(encoding)
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
    expect(response.headers.get('content-type')).toMatch(/^text\/javascript/)
    const bytes = new Uint8Array(await response.arrayBuffer())
    expect(response.headers.get('content-length')).toBe(String(bytes.byteLength))
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync }
    const text = encoding === 'br' || encoding === 'gzip' ? unpack[encoding](bytes) : bytes
    expect(Buffer.from(text).toString()).toBe(SCRIPT)
  })

  test('covers the page, at every URL', async () => {
    const response = await get('/tasks/1', { 'accept-encoding': 'br' })
    expect(response.headers.get('content-encoding')).toBe('br')
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
  })

  test('is skipped without a compressed file', async () => {
    const response = await get('/assets/font.woff2', { 'accept-encoding': 'br, gzip' })
    expect(response.headers.has('content-encoding')).toBe(false)
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
  })
})

test('no path escapes the build', async () => {
  const piece = fc.constantFrom(
    ...['..', '.', '%2e%2e', '%2E.', '..%2f', '%252e%252e', '%5c', '\\', '%00', '', 'assets'],
    ...['tasks', 'secret.txt', 'secret.txt%00.js', encodeURIComponent(folder), folder, 'C:', '~'],
  )
  const app = appOf()
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const response = await app.request(`http://loupe.test/${pieces.join('/')}`)
      expect([200, 404]).toContain(response.status)
      expect(await response.text()).not.toContain(SECRET)
    }),
    { numRuns: 500 },
  )
})

describe('the security headers', () => {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'sha256-a+/1=' 'sha256-b='",
    "style-src 'self' 'sha256-a+/1=' 'sha256-b='",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "img-src 'self' data: blob: https:",
    "connect-src 'self' https:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
  ]

  test.each(['/', '/tasks/1', ASSET, '/assets/missing.js', '/files/x'])(
    'are on %s',
    async (path) => {
      const { headers } = await get(path)
      expect(headers.get('content-security-policy')?.split('; ')).toEqual(policy)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(headers.get('permissions-policy')).toContain('camera=()')
      expect(headers.has('x-powered-by')).toBe(false)
      expect(headers.has('strict-transport-security')).toBe(false)
    },
  )
})

test.each(['/api', '/api/get-task-status', '/api/x'])(
  'the security headers of non-pages are on %s',
  async (path) => {
    const { headers } = await get(path)
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    )
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
    expect(headers.has('x-powered-by')).toBe(false)
  },
)

describe('the paths of the API', () => {
  test('are never the dashboard', async () => {
    for (const path of [
      '/api',
      '/api/',
      '/api/x',
      '/api/sandbox',
      '/files',
      '/files/a',
      '/samples/a.png',
      '/uploads/a/1',
    ]) {
      const response = await get(path)
      expect(response.status, path).toBe(404)
      expect(await response.json()).toMatchObject({ error: 'NOT_FOUND' })
      expect(isApiPath(path)).toBe(true)
    }
    for (const path of ['/', '/apis', '/filesystem', '/tasks/api/', '/src/api/x.ts']) {
      expect(isApiPath(path), path).toBe(false)
    }
  })

  test('lead to the upstream', async () => {
    const response = await appOf().request('http://loupe.test/api/get-task-status', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await response.json()).toEqual({ ...TASK, asked: '/get-task-status' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('work without a dashboard', async () => {
    const upstream = async () => new Response()
    const app = createApp({ upstream, timeoutMs: 1, sandbox: false, names: NAMES })
    const response = await app.request('http://loupe.test/tasks/1')
    expect(response.status).toBe(404)
  })
})

test('a foreign host name gets nothing, on any path', async () => {
  const app = appOf({ sandbox: true })
  for (const path of ['/', ASSET, '/api/sandbox', '/api/x', '/files/a', '/samples/dunes.webp']) {
    const response = await app.request(`http://evil.test${path}`)
    expect(response.status, path).toBe(421)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await response.json()).toEqual({
      by: 'loupe',
      error: 'MISDIRECTED',
      message: expect.stringContaining('LOUPE_ORIGIN'),
    })
  }
  expect((await app.request('/')).status).toBe(200)
})

describe('with the sandbox as the upstream', () => {
  test('its links work, with their query and without the headers of the browser', async () => {
    const seen: Request[] = []
    const app = appOf({
      sandbox: true,
      upstream: async (request) => {
        seen.push(request)
        const headers = { 'content-type': 'image/png', 'cache-control': 'private' }
        return new Response(request.method === 'HEAD' ? null : 'png', { headers })
      },
    })
    const link = 'http://loupe.test/files/a/b.png?expires=1&signature=2'
    const response = await app.request(link, { headers: { cookie: 'a=b', 'x-api-key': 'key' } })
    expect(await response.text()).toBe('png')
    expect(response.headers.get('content-type')).toBe('image/png')
    expect(response.headers.get('cache-control')).toBe('private')
    expect((await app.request(link, { method: 'HEAD' })).status).toBe(200)
    expect((await app.request('http://loupe.test/samples/dunes.png')).status).toBe(200)
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET ${link}`,
      `HEAD ${link}`,
      'GET http://loupe.test/samples/dunes.png',
    ])
    expect(seen.flatMap(({ headers }) => [...headers])).toEqual([])
    expect((await app.request(link, { method: 'DELETE' })).status).toBe(405)
  })

  test('so do those for the parts of an upload', async () => {
    const seen: string[] = []
    const upstream = async (request: Request) => {
      seen.push(`${request.method} ${request.url} ${[...request.headers]} ${await request.text()}`)
      return new Response(null, { headers: { etag: '"e"' } })
    }
    const link = 'http://loupe.test/uploads/a/1?expires=1&signature=2'
    const init = { method: 'PUT', body: new Blob(['bytes']).stream(), duplex: 'half' }
    const headers = { 'x-api-key': 'key' }
    const response = await appOf({ sandbox: true, upstream }).request(link, { ...init, headers })
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"e"'])
    expect(seen).toEqual([`PUT ${link}  bytes`])
    expect((await appOf({ sandbox: true, upstream }).request(link)).status).toBe(405)
  })
})

test('an internal error reveals nothing to the browser, and no message to the log', async () => {
  const records: LogRecord[] = []
  const app = appOf({
    sandbox: true,
    upstream: () => Promise.reject(new TypeError('the key is k-123')),
    log: (record) => records.push(record),
  })
  const response = await app.request('http://loupe.test/files/a.png')
  expect(response.status).toBe(500)
  expect(await response.json()).toEqual({
    error: 'INTERNAL',
    message: 'Internal server error.',
    by: 'loupe',
  })
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  expect(records).toEqual([
    { event: 'fault', name: 'TypeError', at: expect.stringMatching(/app\.test\.ts/) },
  ])
})
