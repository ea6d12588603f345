import { afterEach, describe, expect, it, vi } from 'vitest'
import { addRecording, getSandbox } from './sandbox.ts'

afterEach(() => vi.unstubAllGlobals())

const answering = (status: number, body: unknown) => {
  const fetch = vi.fn(async (_url: string, _init: RequestInit) => Response.json(body, { status }))
  vi.stubGlobal('fetch', fetch)
  return fetch
}

describe('a recording for the sandbox', () => {
  it('is sent as it is, and has an id then', async () => {
    const added = { id: 'recording-0a1b2c3d', says: '3 answers' }
    const fetch = answering(201, { ...added, title: 'A recording' })
    expect(await addRecording('{"format":1}')).toEqual({ ok: true, value: added })
    expect(fetch.mock.calls[0]).toMatchObject([
      '/api/sandbox/recordings',
      { method: 'POST', body: '{"format":1}' },
    ])
  })

  it('that is refused is so in the words of the server', async () => {
    answering(400, { error: 'BAD_REQUEST', message: 'This is no recording of Loupe.' })
    expect(await addRecording('x')).toEqual({ ok: false, error: 'This is no recording of Loupe.' })
  })

  it.each([
    ['no answer', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['another page', async () => new Response('<h1>', { status: 200 })],
    ['another answer', async () => Response.json({}, { status: 201 })],
    ['another refusal', async () => Response.json('no', { status: 500 })],
  ])('that gets %s is refused in our own words', async (_, fetch) => {
    vi.stubGlobal('fetch', fetch)
    expect(await addRecording('x')).toEqual({ ok: false, error: expect.stringMatching(/server/) })
  })
})

it('the sandbox of an earlier version has no recordings', async () => {
  answering(200, { key: 'k', tasks: [], sentinels: [] })
  expect(await getSandbox()).toMatchObject({ recordings: [] })
})
