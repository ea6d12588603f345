import * as v from 'valibot'
import { STAND_IN_ORIGIN } from './anonymize-response.ts'
import { type ParsedResponse, parseResponse } from './parse-response.ts'
import { EPOCH_SECONDS_ABOVE } from './rate-limit.ts'
import type { RawResponse } from './raw-response.ts'
import { instant, SECONDS_BELOW } from './wire.ts'

export interface Stage {
  /** Origin that has `/samples/<picture>.webp`; without trailing slash. */
  readonly base: string
  /** Milliseconds by which times are shifted; 0 leaves them as recorded. */
  readonly shift: number
}

/**
 * A recorded response, ready to be parsed or served: its placeholder links point to existing images, and
 * its times are shifted. Times in seconds are shifted by whole seconds. Pure.
 */
export function replyAt(
  { status, headers, body }: RawResponse,
  { base, shift }: Stage,
): RawResponse {
  return { status, headers: movedHeaders(headers, shift), body: stagedBody(body, base, shift) }
}

/** Applies to any JSON body: only a cleaned response contains placeholders. */
function stagedBody(body: string, base: string, shift: number): string {
  const staged = (name: string, value: unknown): unknown => {
    if (name === 'createdAt' || name === 'expiresAt') return movedInstant(value, shift)
    return typeof value === 'string' && value.startsWith(STAND_IN_ORIGIN)
      ? `${base}/samples/${value.slice(STAND_IN_ORIGIN.length)}`
      : value
  }
  try {
    return JSON.stringify(JSON.parse(body, staged))
  } catch {
    return body
  }
}

/** Shifts a time in its own unit and type. A value that the parser rejects stays unchanged. */
function movedInstant(value: unknown, shift: number): unknown {
  if (!v.safeParse(instant, value).success) return value
  const number = Number(value)
  const moved = number + (number < SECONDS_BELOW ? Math.round(shift / 1000) : shift)
  return shift === 0 ? value : typeof value === 'string' ? String(moved) : moved
}

/** Shifts absolute times only: delays stay the same. */
function movedHeaders(headers: RawResponse['headers'], shift: number): RawResponse['headers'] {
  if (shift === 0) return headers
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, movedHeader(name, value, shift)]),
  )
}

function movedHeader(name: string, value: string, shift: number): string {
  if (name.endsWith('-reset') && Number(value) > EPOCH_SECONDS_ABOVE) {
    return String(movedInstant(value, shift))
  }
  const isDate = name === 'date' || (name === 'retry-after' && /^[A-Za-z]{3}/.test(value))
  const at = isDate ? Date.parse(value) + shift : Number.NaN
  return Math.abs(at) <= 8.64e15 ? new Date(at).toUTCString() : value // ECMA-262, 21.4.1.1
}

const NO_KEY = ''

/** Parses a recorded response as if it came at `time` (epoch ms). */
export const parseRecordedResponse = (
  { status, headers, body }: RawResponse,
  time: number,
): ParsedResponse => parseResponse(status, new Headers(headers), body, NO_KEY, time)
