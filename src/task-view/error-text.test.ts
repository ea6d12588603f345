import { describe, expect, it } from 'vitest'
import type { ApiError } from '../../core/api/errors.ts'
import { errorMessage, errorText } from './error-text.ts'

const MESSAGE = 'Words of whoever made it.'
const REJECTED: ApiError = { kind: 'rejected', status: 421, message: MESSAGE }
const UPSTREAM: ApiError = { kind: 'upstream', status: 500, message: MESSAGE, until: null }
const LIMITED: ApiError = { kind: 'limited', until: null, message: MESSAGE }

describe('whose error it is', () => {
  it('is Upscayl without a mark of Loupe', () => {
    expect(errorText(REJECTED).title).toBe('Upscayl rejected the request')
    expect(errorText(UPSTREAM).title).toBe('Upscayl error')
    for (const error of [REJECTED, UPSTREAM, LIMITED])
      expect(errorMessage(error)).toEqual({ label: 'Message', message: MESSAGE })
  })

  it('is Loupe with it, and neither title nor message blames Upscayl', () => {
    for (const error of [REJECTED, UPSTREAM]) {
      const own: ApiError = { ...error, by: 'loupe' }
      expect(errorText(own).title).toMatch(/^Loupe’s server /)
      expect(errorMessage(own)).toEqual({ label: 'Loupe says', message: MESSAGE })
    }
  })

  it('does not repeat itself when Loupe waits for the hourly limit', () => {
    const own: ApiError = { ...LIMITED, by: 'loupe' }
    expect(errorText(own)).toEqual(errorText(LIMITED))
    expect(errorMessage(own)).toBeNull()
  })
})
