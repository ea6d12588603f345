import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { TaskId } from '../../core/api/task-id.ts'
import { createShare, getPreviews, getShared, getShares, revokeShare } from './shares.ts'

afterEach(() => vi.unstubAllGlobals())

const KEY = 'key-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)
const SHARE = {
  id: 'abcdefghijklmnop',
  url: '/s/AbC_-9',
  taskId: 'a-task',
  createdAt: AT,
  endsAt: AT + 1000,
  shown: { credits: true, links: false },
  previews: true,
}
const SHARED = {
  taskId: 'a-task',
  record: { anything: 1 },
  shown: SHARE.shown,
  endsAt: AT,
  now: AT,
  nextInMs: 500,
}
const ORDER = { taskId: 'a-task' as TaskId, hours: 24, shown: SHARE.shown, previews: [] }

function stubFetch(response: () => Response | Promise<Response>) {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => response())
  vi.stubGlobal('fetch', fetch)
  return fetch
}
const json = (body: unknown, status = 200) => stubFetch(() => Response.json(body, { status }))

const CALLS = {
  createShare: () => createShare(KEY, ORDER),
  getShares: () => getShares(KEY),
  revokeShare: () => revokeShare(KEY, SHARE.id),
  getShared: () => getShared('AbC_-9'),
  getPreviews: () => getPreviews('AbC_-9'),
}
const calls = Object.entries(CALLS)

describe('requests', () => {
  const sent = (fetch: ReturnType<typeof stubFetch>) => {
    const [url, init] = fetch.mock.calls[0] ?? []
    return { url, method: init?.method, headers: init?.headers, body: init?.body }
  }

  test('create a link with the key', async () => {
    const fetch = json(SHARE, 201)
    expect(await createShare(KEY, ORDER)).toEqual({ ok: true, value: SHARE })
    expect(sent(fetch)).toEqual({
      url: '/api/share',
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-API-Key': KEY },
      body: JSON.stringify(ORDER),
    })
  })

  test('list and revoke links with the key', async () => {
    const list = json({ shares: [SHARE] })
    expect(await getShares(KEY)).toEqual({ ok: true, value: [SHARE] })
    expect(sent(list)).toEqual({ url: '/api/share', headers: { 'X-API-Key': KEY } })
    const revoke = stubFetch(() => new Response(null, { status: 204 }))
    expect(await revokeShare(KEY, SHARE.id)).toEqual({ ok: true, value: null })
    expect(sent(revoke)).toEqual({
      url: `/api/share/${SHARE.id}`,
      method: 'DELETE',
      headers: { 'X-API-Key': KEY },
    })
  })

  test('open a link with the token only, and not in the URL', async () => {
    const fetch = json(SHARED)
    expect(await getShared('AbC_-9')).toEqual({ ok: true, value: SHARED })
    expect(sent(fetch)).toEqual({
      url: '/api/shared',
      headers: { Authorization: 'Bearer AbC_-9' },
    })
  })

  test('are not sent for an invalid token', async () => {
    const fetch = json(SHARED)
    for (const token of ['', 'a b', 'a\n', 'ü', 'a/b', 'a.b']) {
      expect(await getShared(token)).toEqual({ ok: false, error: { kind: 'unknown' } })
    }
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('errors', () => {
  test.each(calls)('%s: no network', async (_, call) => {
    stubFetch(() => Promise.reject(new TypeError('Failed to fetch')))
    expect(await call()).toEqual({ ok: false, error: { kind: 'network' } })
  })

  test.each(calls)('%s: a static deployment', async (_, call) => {
    for (const response of [
      () => new Response('<!doctype html>', { status: 200 }),
      () => new Response('<h1>404</h1>', { status: 404 }),
      () => Response.json({ message: 'Not Found' }, { status: 404 }),
      () => Response.json({ error: 'NOT_FOUND', message: 'Nothing here.' }, { status: 404 }),
      () => Response.json({ error: 'SHARE_UNAVAILABLE', message: 'No.' }, { status: 503 }),
      () => new Response('', { status: 501 }),
    ]) {
      stubFetch(response)
      expect(await call()).toEqual({ ok: false, error: { kind: 'unavailable' } })
    }
  })

  test.each(calls)('%s: a proxy whose server restarts', async (_, call) => {
    for (const status of [429, 500, 502, 503, 504]) {
      stubFetch(() => new Response('<h1>Bad gateway</h1>', { status }))
      expect(await call()).toEqual({ ok: false, error: { kind: 'network' } })
    }
  })

  test.each([
    ['createShare', 'SHARE_TOO_MANY', { kind: 'too-many' }],
    ['revokeShare', 'SHARE_UNKNOWN', { kind: 'unknown' }],
    ['getShared', 'SHARE_UNKNOWN', { kind: 'unknown' }],
    ['getShared', 'SHARE_ENDED', { kind: 'ended' }],
    ['getShared', 'SHARE_REVOKED', { kind: 'revoked' }],
    ['getShares', 'KEY_UNUSABLE', { kind: 'refused', message: 'In words.' }],
    ['getShared', 'CROSS_SITE', { kind: 'refused', message: 'In words.' }],
  ] as const)('%s: %s', async (name, error, expected) => {
    json({ error, message: 'In words.' }, 400)
    expect(await CALLS[name]()).toEqual({ ok: false, error: expected })
  })

  test.each(calls)('%s: any response', async (name, call) => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(200, 201, 400, 404, 410, 500),
        fc.json(),
        async (status, body) => {
          stubFetch(() => new Response(body, { status }))
          const response = await call()
          if (name !== 'revokeShare' || body !== 'null') expect(response.ok).toBe(false)
        },
      ),
      { numRuns: 100 },
    )
  })

  test.each([
    { url: 'https://elsewhere.example/s/a' },
    { url: '/s/a?b' },
    { url: 'javascript:alert(1)' },
    { id: 'short' },
    { taskId: '../x' },
    { endsAt: 'soon' },
    { shown: { credits: true } },
  ])('an invalid link: %o', async (change) => {
    json({ ...SHARE, ...change }, 201)
    expect((await createShare(KEY, ORDER)).ok).toBe(false)
  })
})

describe('without live links', () => {
  test.each<[string, () => Response]>([
    [
      'a server without storage for them',
      () => Response.json({ error: 'SHARE_UNAVAILABLE', message: '' }, { status: 503 }),
    ],
    ['files alone', () => new Response('<!doctype html>')],
    ['some other JSON', () => Response.json({})],
  ])('%s', async (_, response) => {
    stubFetch(response)
    expect(await getShares(KEY)).toEqual({ ok: false, error: { kind: 'unavailable' } })
  })
})
