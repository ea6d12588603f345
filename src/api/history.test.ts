import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { EMPTY_PAGE } from '../../core/api/history.ts'
import { getHistory } from './history.ts'

const KEY = 'key-1234567890'
const { signal } = new AbortController()
const fetched = vi.fn<typeof fetch>()

beforeEach(() => {
  fetched.mockReset()
  vi.stubGlobal('fetch', fetched)
})
afterEach(() => void vi.unstubAllGlobals())

const sent = () => fetched.mock.calls.map(([path, init]) => [path, JSON.parse(String(init?.body))])

it('is requested page by page', async () => {
  const body = { status: 'success', data: [{ id: 'a' }], pagination: { hasMore: true } }
  fetched.mockImplementation(async () => Response.json(body))
  expect(await getHistory(KEY, null, signal)).toMatchObject({
    ok: true,
    value: { tasks: [{ id: 'a' }] },
  })
  await getHistory(KEY, 7, signal)
  expect(sent()).toEqual([
    ['/api/get-upscayl-history', { data: { limit: 100 } }],
    ['/api/get-upscayl-history', { data: { limit: 100, timestampOffset: 7 } }],
  ])
})

const error = (status: number, message = 'In words.') =>
  Response.json({ error: 'E', message: `${message} ${KEY}` }, { status })

it.each([
  ['empty', () => new Response(null, { status: 204 }), { ok: true, value: EMPTY_PAGE }],
  ['missing', () => error(404), { error: { kind: 'unavailable' } }],
  ['not allowed', () => error(405), { error: { kind: 'unavailable' } }],
  ['not implemented', () => error(501), { error: { kind: 'unavailable' } }],
  ['a page', () => new Response('<!doctype html>'), { error: { kind: 'unavailable' } }],
  ['nothing', () => new Response(''), { error: { kind: 'unavailable' } }],
  ['a rejected key', () => error(401), { error: { kind: 'key' } }],
  ['no user', () => error(404, 'User not found'), { error: { kind: 'key' } }],
  ['the limit', () => error(429), { error: { kind: 'limited', until: null } }],
  [
    'an error with 200',
    () => Response.json({ status: 'error', message: 'Removed.' }),
    { error: { kind: 'upstream', message: 'Removed.' } },
  ],
  [
    'other JSON',
    () => Response.json({ data: { key: KEY } }),
    { error: { kind: 'upstream', message: null } },
  ],
])('%s', async (_, response, result) => {
  fetched.mockResolvedValue(response())
  const received = await getHistory(KEY, null, signal)
  expect(received).toMatchObject(result)
  expect(JSON.stringify(received)).not.toContain(KEY)
})

it('is cancelled', async () => {
  const page = new AbortController()
  page.abort()
  expect(await getHistory(KEY, null, page.signal)).toEqual({
    ok: false,
    error: { kind: 'cancelled' },
  })
  expect(fetched).not.toHaveBeenCalled()
})
