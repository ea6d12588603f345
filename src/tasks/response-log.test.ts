import { describe, expect, it } from 'vitest'
import type { RecordedResponse } from '../../core/api/recording.ts'
import { responseLog } from './response-log.ts'

const silence = (at: number): RecordedResponse => ({
  kind: 'silence',
  askedAt: at,
  answeredAt: at,
  why: 'network',
})
const reply = (at: number, length: number): RecordedResponse => ({
  kind: 'reply',
  askedAt: at,
  answeredAt: at,
  reply: { status: 200, headers: {}, body: 'x'.repeat(length) },
})
const logOf = (...answers: RecordedResponse[]) => {
  const log = responseLog()
  for (const answer of answers) log.add('a', answer)
  return log.of('a').map(({ askedAt }) => askedAt)
}

describe('the response log', () => {
  it('keeps the last two hundred of each task', () => {
    const log = responseLog()
    log.add('b', silence(7))
    for (let at = 0; at < 205; at++) log.add('a', silence(at))
    expect(log.of('a').map(({ askedAt }) => askedAt)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 5),
    )
    expect(log.of('b')).toEqual([silence(7)])
    expect(log.of('c')).toEqual([])
  })

  it('drops the oldest beyond two million characters, but never the newest', () => {
    expect(logOf(reply(1, 999_000), reply(2, 999_000))).toEqual([1, 2])
    expect(logOf(reply(1, 999_000), reply(2, 999_000), silence(3), reply(4, 2000))).toEqual([
      2, 3, 4,
    ])
    expect(logOf(reply(1, 10), reply(2, 3_000_000))).toEqual([2])
    expect(logOf(reply(1, 3_000_000), reply(2, 10))).toEqual([2])
  })

  it('returns a new array after a change, and only then', () => {
    const log = responseLog()
    log.add('a', silence(1))
    const before = log.of('a')
    expect(log.of('a')).toBe(before)
    log.add('a', silence(2))
    expect(log.of('a')).not.toBe(before)
    expect(before).toHaveLength(1)
    expect(log.of('none')).toBe(log.of('none'))
  })
})
