import * as v from 'valibot'
import { STAND_IN_ORIGIN } from './clean-reply.ts'
import { EPOCH_SECONDS_ABOVE } from './rate-limit.ts'
import type { Reply } from './reply.ts'
import { instant, SECONDS_BELOW } from './wire.ts'

export interface Stage {
  /** Origin that has `/samples/<picture>.webp`; no slash at the end. */
  readonly base: string
  /** Milliseconds by which its times are moved; 0 leaves them as recorded. */
  readonly shift: number
}

/**
 * A reply of a recording, ready to be read or served: its stand-ins for links lead to pictures that are
 * there, and its times are moved. Times that count in seconds move by whole ones. Pure.
 */
export function replyAt({ status, headers, body }: Reply, { base, shift }: Stage): Reply {
  return { status, headers: movedHeaders(headers, shift), body: stagedBody(body, base, shift) }
}

/** Works on the parsed text, whatever the body is: only a clean reply has stand-ins in it. */
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

/** In its own unit and type. What the reader takes for no time stays as it is. */
function movedInstant(value: unknown, shift: number): unknown {
  if (!v.safeParse(instant, value).success) return value
  const number = Number(value)
  const moved = number + (number < SECONDS_BELOW ? Math.round(shift / 1000) : shift)
  return shift === 0 ? value : typeof value === 'string' ? String(moved) : moved
}

/** Points in time only: a delay is as long whenever it is told. */
function movedHeaders(headers: Reply['headers'], shift: number): Reply['headers'] {
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
