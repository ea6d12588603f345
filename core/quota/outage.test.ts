import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noResponse, type ParsedResponse, parseResponse } from '../api/parse-response.ts'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import { downUntil, outageAfter, outageAt } from './outage.ts'
import { acquire, applyResponse, fullQuota, type Quota, quotaStatus } from './quota.ts'

const NOW = 1_800_000_000_000

const respond = (status: number, body: unknown, headers = {}): ParsedResponse =>
  parseResponse(status, new Headers(headers), JSON.stringify(body), '', NOW)

const GOOD = respond(200, { status: 'success', data: { status: 'PROCESSING', progress: '0' } })
const UNSENT = respond(502, { error: 'UPSTREAM_UNREACHABLE', message: 'x', sent: false })
const BROKEN_OFF = respond(502, { error: 'UPSTREAM_UNREACHABLE', message: 'x' })
const BUSY = respond(503, '<html>')

const FAILURES = { UNSENT, BROKEN_OFF, BUSY, offline: noResponse('network', true) }
const REFUSALS = {
  'a task': GOOD,
  'no such task': respond(404, { error: 'NOT_FOUND' }),
  'a key that is not accepted': respond(401, { error: 'UNAUTHORIZED' }),
  'a used quota': respond(429, { error: 'RATE_LIMIT_EXCEEDED' }),
  "an error that Loupe's server reports": respond(
    502,
    {},
    { 'loupe-answer': 'at=1, age=0, next=9' },
  ),
}

type Event = readonly [seconds: number, taskId: string, response: ParsedResponse, failures?: number]

const outageOf = (...events: readonly Event[]) =>
  events.reduce<ReturnType<typeof outageAt>>(
    (before, [seconds, taskId, response, failures = 0]) => {
      const at = NOW + seconds * SECOND
      return outageAfter(outageAt(before, at), response, { taskId, failures }, at)
    },
    null,
  )

/** Seconds until the next request may be sent. */
const waitAfter = (...events: readonly Event[]): number | null => {
  const until = downUntil(outageOf(...events))
  return until === null ? null : (until - NOW) / SECOND - (events.at(-1)?.[0] ?? 0)
}

describe('a host that is down', () => {
  test('is detected by one unsent request', () => {
    expect(waitAfter([0, 'a', UNSENT])).toBe(2)
    expect(waitAfter([0, 'a', noResponse('network', true)])).toBe(2)
  })

  test('is detected by errors of two tasks, not of one alone', () => {
    for (const error of [BUSY, BROKEN_OFF, noResponse('timeout')]) {
      expect(waitAfter([0, 'a', error], [1, 'a', error, 1], [3, 'a', error, 2])).toBeNull()
      expect(waitAfter([0, 'a', error], [1, 'b', error])).toBe(2)
    }
  })

  test('is not detected by tasks that keep failing while others succeed', () => {
    expect(waitAfter([0, 'a', BUSY, 5], [1, 'b', BUSY, 7], [2, 'a', BUSY, 6])).toBeNull()
    expect(waitAfter([0, 'a', BUSY], [1, 'c', GOOD], [2, 'b', BUSY])).toBeNull()
  })

  test('is waited for as long as it has been down, then 20 s, and finally a minute', () => {
    const waits: number[] = []
    const events: Event[] = [[0, 'a', UNSENT]]
    for (let at = 0; at < 1500; ) {
      const wait = waitAfter(...events) ?? 0
      waits.push(wait)
      at += wait
      events.push([at, 'a', UNSENT])
    }
    expect(waits.slice(0, 8)).toEqual([2, 2, 4, 8, 16, 20, 20, 20])
    expect(waits.at(-1)).toBe(60)
    // Even if every attempt counts, an hour of them does not use up the quota.
    expect(waits.length).toBeLessThan(45)
  })

  test.each(Object.entries(REFUSALS))('is back with %s', (_, word) => {
    expect(waitAfter([0, 'a', UNSENT], [2, 'b', word])).toBeNull()
    expect(outageOf([0, 'a', UNSENT], [2, 'b', word])).toMatchObject({ over: NOW + 2 * SECOND })
    expect(outageOf([0, 'a', word])).toBeNull()
  })

  test('is dropped after a minute without attempts, even if the clock jumps', () => {
    const down = outageOf([0, 'a', UNSENT])
    expect(downUntil(outageAt(down, NOW + 61 * SECOND))).toBe(NOW + 2 * SECOND)
    expect(outageAt(down, NOW + 63 * SECOND)).toBeNull()
    expect(downUntil(outageAt(down, NOW - HOUR))).toBe(NOW - HOUR + MINUTE)
    expect(outageAt(outageOf([0, 'a', UNSENT], [2, 'a', GOOD]), NOW + 63 * SECOND)).toBeNull()
  })
})

describe('the quota while the host is down', () => {
  const taken = (quota: Quota, at: number): Quota => {
    const [next, wait] = acquire(quota, at)
    expect(wait).toBe(0)
    return next
  }
  const concluded = (quota: Quota, response: ParsedResponse, at: number, taskId = 'a') =>
    applyResponse(quota, response, { taskId, failures: 0, sentAt: at }, at)

  test('gets back unsent requests, and no others', () => {
    const [first, second] = [NOW, NOW + SECOND]
    const sent = taken(taken(fullQuota(), first), second)
    expect(concluded(sent, UNSENT, second).sent).toEqual([first])
    expect(concluded(sent, UNSENT, first).sent).toEqual([second])
    for (const reached of [BUSY, BROKEN_OFF, noResponse('timeout'), noResponse('network'), GOOD])
      expect(concluded(sent, reached, second).sent).toEqual([first, second])
    // Loupe's server may have reported other requests meanwhile.
    expect(concluded({ ...sent, sent: [] }, UNSENT, second).sent).toEqual([])
  })

  test('allows one request at a time, except the user’s', () => {
    const down = concluded(fullQuota(), UNSENT, NOW)
    expect(quotaStatus(down, NOW)).toMatchObject({ left: 98, blockedUntil: null })
    expect(acquire(down, NOW)[1]).toBe(2 * SECOND)
    expect(acquire(down, NOW, true)[1]).toBe(0)
    const tried = taken(down, NOW + 2 * SECOND)
    expect(acquire(tried, NOW + 3 * SECOND)[1]).toBe(19 * SECOND)
    const back = concluded(tried, GOOD, NOW + 3 * SECOND)
    expect(acquire(back, NOW + 3 * SECOND)[1]).toBe(0)
  })

  test('counts only requests that may have been received, and any response ends the outage', () => {
    const event = fc.record({
      taskId: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom(...(Object.keys(FAILURES) as (keyof typeof FAILURES)[])),
      pause: fc.integer({ min: 0, max: 5 * MINUTE }),
      failures: fc.nat({ max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let quota = fullQuota()
        let now = NOW
        let reached = 0
        for (const { taskId, kind, pause, failures } of events) {
          now += pause
          const [next, wait] = acquire(quota, now)
          expect(wait).toBeLessThanOrEqual(MINUTE)
          now += wait
          quota = wait > 0 ? taken(quota, now) : next
          quota = applyResponse(quota, FAILURES[kind], { taskId, failures, sentAt: now }, now)
          reached += FAILURES[kind].unsent ? 0 : 1
          expect(quota.sent.length).toBeLessThanOrEqual(reached)
          expect(JSON.parse(JSON.stringify(quota))).toEqual(quota)
        }
        quota = concluded(quota, GOOD, now)
        expect(acquire(quota, now)[1]).toBe(0)
      }),
    )
  })
})
