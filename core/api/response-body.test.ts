import { describe, expect, it } from 'vitest'
import type { ApiError } from './errors.ts'
import { parseResponse } from './parse-response.ts'

const AT = Date.UTC(2026, 0, 1, 12)

function errorOf(status: number, body: object, headers = {}): ApiError {
  const { result } = parseResponse(status, new Headers(headers), JSON.stringify(body), '', AT)
  if (result.ok) throw new Error('a task')
  return result.error
}

describe("an error of Loupe's server", () => {
  it.each([
    [429, 'RATE_LIMIT_EXCEEDED', 'limited'],
    [421, 'MISDIRECTED', 'rejected'],
    [500, 'INTERNAL', 'upstream'],
    [503, 'CLOSING', 'upstream'],
  ])("%i %s is told apart from the API's", (status, error, kind) => {
    const words = { error, message: 'Words.' }
    expect(errorOf(status, { ...words, by: 'loupe' })).toMatchObject({ kind, by: 'loupe' })
    const ofApi = errorOf(status, words)
    expect(ofApi).toMatchObject({ kind, message: 'Words.' })
    expect(ofApi).not.toHaveProperty('by')
    expect(errorOf(status, { ...words, by: 'someone' })).toEqual(ofApi)
  })

  it('about too many requests of one address leaves the quota of the key alone', () => {
    const body = { error: 'TOO_MANY_REQUESTS', message: 'Too many.' }
    const headers = { 'retry-after': '7' }
    expect(errorOf(429, { ...body, by: 'loupe' }, headers)).toMatchObject({
      kind: 'upstream',
      until: AT + 7000,
    })
    expect(errorOf(429, body, headers)).toMatchObject({ kind: 'limited', until: AT + 7000 })
  })
})
