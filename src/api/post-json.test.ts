import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonResponse } from './post-json.ts'

const KEY = 'key-1234567890'
const AT = Date.UTC(2026, 0, 1, 12)

const read = (status: number, body: string, headers: Record<string, string> = {}) =>
  parseJsonResponse(status, new Headers(headers), body, KEY, AT)

describe('a response', () => {
  const message = 'In words.'
  const problem = (error: string) => JSON.stringify({ error, message })

  it.each([
    [400, '"Bad Request: Missing User ID"', { kind: 'key' }],
    [401, problem('UNAUTHORIZED'), { kind: 'key' }],
    [402, '"Insufficient credits"', { kind: 'credits', message: 'Insufficient credits' }],
    [400, problem('INVALID_FILE_TYPE'), { kind: 'rejected', message }],
    [400, `{"error":"BODY_CUT_OFF","message":"${message}","by":"loupe"}`, { by: 'loupe' }],
    [413, problem('BODY_TOO_LARGE'), { kind: 'rejected', message }],
    [404, problem('NOT_FOUND'), { kind: 'unavailable' }],
    [404, '<!doctype html>', { kind: 'unavailable' }],
    [405, '', { kind: 'unavailable' }],
    [200, '<!doctype html>', { kind: 'unavailable' }],
    [200, '"Error"', { kind: 'upstream', message: 'Error' }],
    [200, `{"status":"error","message":"${message}"}`, { kind: 'upstream', message }],
    [200, `{"success":false,"message":"${message}"}`, { kind: 'upstream', message }],
    [429, problem('RATE_LIMIT_EXCEEDED'), { kind: 'limited', until: AT + 90_000, message }],
    [
      500,
      '"Internal Server Error: Failed to complete upload"',
      { kind: 'upstream', message: 'Internal Server Error: Failed to complete upload' },
    ],
    [502, '<html>', { kind: 'upstream', message: null }],
    [504, problem('UPSTREAM_TIMEOUT'), { kind: 'upstream', message }],
  ])('%i %s', (status, body, error) => {
    expect(read(status, body, { 'retry-after': '90' })).toMatchObject({ ok: false, error })
  })

  it('is read without failing, and without the key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.string(), (status, text) => {
        const body = JSON.stringify({ error: 'E', message: `${text}${KEY}` })
        expect(JSON.stringify(read(status, text))).toBeDefined()
        const result = read(status, body)
        if (!result.ok) expect(JSON.stringify(result)).not.toContain(KEY)
      }),
    )
  })
})
