import { afterEach, describe, expect, it, vi } from 'vitest'
import { addRecording, getSandbox } from './sandbox.ts'

afterEach(() => vi.unstubAllGlobals())

const stubFetch = (status: number, body: unknown) => {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => Response.json(body, { status }))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

describe('a recording for the sandbox', () => {
  it('is sent unchanged, and gets an ID', async () => {
    const added = { id: 'recording-0a1b2c3d', says: '3 answers' }
    const fetch = stubFetch(201, { ...added, title: 'A recording' })
    expect(await addRecording('{"format":1}')).toEqual({ ok: true, value: added })
    expect(fetch.mock.calls[0]).toMatchObject([
      '/api/sandbox/recordings',
      { method: 'POST', body: '{"format":1}' },
    ])
  })

  it('that is rejected has the server’s message', async () => {
    stubFetch(400, { error: 'BAD_REQUEST', message: 'This is not a Loupe recording.' })
    expect(await addRecording('x')).toEqual({ ok: false, error: 'This is not a Loupe recording.' })
  })

  it.each([
    ['no response', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['another page', async () => new Response('<h1>', { status: 200 })],
    ['another response', async () => Response.json({}, { status: 201 })],
    ['another refusal', async () => Response.json('no', { status: 500 })],
  ])('that gets %s is rejected with our own message', async (_, fetch) => {
    vi.stubGlobal('fetch', fetch)
    expect(await addRecording('x')).toEqual({ ok: false, error: expect.stringMatching(/server/) })
  })
})

it('is known to be missing only from a response', async () => {
  stubFetch(404, {})
  expect(await getSandbox()).toBeNull()
  for (const status of [429, 503]) {
    stubFetch(status, {})
    await expect(getSandbox()).rejects.toThrow()
  }
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
  await expect(getSandbox()).rejects.toThrow()
})

it('supports an earlier version without recordings', async () => {
  stubFetch(200, { key: 'k', tasks: [], sentinels: [] })
  expect(await getSandbox()).toMatchObject({ recordings: [] })
})
