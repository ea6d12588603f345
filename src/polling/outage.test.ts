import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../lib/units.ts'
import { readAnswer, silence, type Understood } from '../upscayl/read-answer.ts'
import { type Allowance, conclude, fullAllowance, standing, take } from './budget.ts'
import { heldUntil, outageAfter, outageAt } from './outage.ts'

const NOW = 1_800_000_000_000

const answer = (status: number, body: unknown, headers = {}): Understood =>
  readAnswer(status, new Headers(headers), JSON.stringify(body), '', NOW)

const GOOD = answer(200, { status: 'success', data: { status: 'PROCESSING', progress: '0' } })
const UNSENT = answer(502, { error: 'UPSTREAM_UNREACHABLE', message: 'x', sent: false })
const BROKEN_OFF = answer(502, { error: 'UPSTREAM_UNREACHABLE', message: 'x' })
const BUSY = answer(503, '<html>')

const FAILURES = { UNSENT, BROKEN_OFF, BUSY, offline: silence('network', true) }
const REFUSALS = {
  'a task': GOOD,
  'no such task': answer(404, { error: 'NOT_FOUND' }),
  'a key that is not accepted': answer(401, { error: 'UNAUTHORIZED' }),
  'a used allowance': answer(429, { error: 'RATE_LIMIT_EXCEEDED' }),
  "a fault that Loupe's server tells": answer(502, {}, { 'loupe-answer': 'at=1, age=0, next=9' }),
}

type Event = readonly [seconds: number, taskId: string, answer: Understood, failures?: number]

const outageOf = (...events: readonly Event[]) =>
  events.reduce<ReturnType<typeof outageAt>>((before, [seconds, taskId, answer, failures = 0]) => {
    const at = NOW + seconds * SECOND
    return outageAfter(outageAt(before, at), answer, { taskId, failures }, at)
  }, null)

/** Seconds until the next question may be sent. */
const waitAfter = (...events: readonly Event[]): number | null => {
  const until = heldUntil(outageOf(...events))
  return until === null ? null : (until - NOW) / SECOND - (events.at(-1)?.[0] ?? 0)
}

describe('a host that is down', () => {
  test('is known by one question that reached nobody', () => {
    expect(waitAfter([0, 'a', UNSENT])).toBe(2)
    expect(waitAfter([0, 'a', silence('network', true)])).toBe(2)
  })

  test('is known by the faults of two tasks, not of one alone', () => {
    for (const fault of [BUSY, BROKEN_OFF, silence('timeout')]) {
      expect(waitAfter([0, 'a', fault], [1, 'a', fault, 1], [3, 'a', fault, 2])).toBeNull()
      expect(waitAfter([0, 'a', fault], [1, 'b', fault])).toBe(2)
    }
  })

  test('is not known by tasks that fail again and again while others are answered', () => {
    expect(waitAfter([0, 'a', BUSY, 5], [1, 'b', BUSY, 7], [2, 'a', BUSY, 6])).toBeNull()
    expect(waitAfter([0, 'a', BUSY], [1, 'c', GOOD], [2, 'b', BUSY])).toBeNull()
  })

  test('is waited for as long as it has been down, 20 s, and a minute in the end', () => {
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
    // Also where each counts, what is tried in an hour leaves something of it.
    expect(waits.length).toBeLessThan(45)
  })

  test.each(Object.entries(REFUSALS))('is there again with %s', (_, word) => {
    expect(waitAfter([0, 'a', UNSENT], [2, 'b', word])).toBeNull()
    expect(outageOf([0, 'a', UNSENT], [2, 'b', word])).toMatchObject({ over: NOW + 2 * SECOND })
    expect(outageOf([0, 'a', word])).toBeNull()
  })

  test('is forgotten when nobody has tried for a minute, whatever the clock does', () => {
    const down = outageOf([0, 'a', UNSENT])
    expect(heldUntil(outageAt(down, NOW + 61 * SECOND))).toBe(NOW + 2 * SECOND)
    expect(outageAt(down, NOW + 63 * SECOND)).toBeNull()
    expect(heldUntil(outageAt(down, NOW - HOUR))).toBe(NOW - HOUR + MINUTE)
    expect(outageAt(outageOf([0, 'a', UNSENT], [2, 'a', GOOD]), NOW + 63 * SECOND)).toBeNull()
  })
})

describe('the allowance while the host is down', () => {
  const taken = (allowance: Allowance, at: number): Allowance => {
    const [next, wait] = take(allowance, at)
    expect(wait).toBe(0)
    return next
  }
  const concluded = (allowance: Allowance, answer: Understood, at: number, taskId = 'a') =>
    conclude(allowance, answer, { taskId, failures: 0, sentAt: at }, at)

  test('gets the places of what reached nobody back, and of nothing else', () => {
    const [first, second] = [NOW, NOW + SECOND]
    const sent = taken(taken(fullAllowance(), first), second)
    expect(concluded(sent, UNSENT, second).sent).toEqual([first])
    expect(concluded(sent, UNSENT, first).sent).toEqual([second])
    for (const reached of [BUSY, BROKEN_OFF, silence('timeout'), silence('network'), GOOD])
      expect(concluded(sent, reached, second).sent).toEqual([first, second])
    // Loupe's server may have told of others meanwhile.
    expect(concluded({ ...sent, sent: [] }, UNSENT, second).sent).toEqual([])
  })

  test('lets one question go at a time, but a person’s', () => {
    const down = concluded(fullAllowance(), UNSENT, NOW)
    expect(standing(down, NOW)).toMatchObject({ left: 98, blockedUntil: null })
    expect(take(down, NOW)[1]).toBe(2 * SECOND)
    expect(take(down, NOW, true)[1]).toBe(0)
    const tried = taken(down, NOW + 2 * SECOND)
    expect(take(tried, NOW + 3 * SECOND)[1]).toBe(19 * SECOND)
    const back = concluded(tried, GOOD, NOW + 3 * SECOND)
    expect(take(back, NOW + 3 * SECOND)[1]).toBe(0)
  })

  test('is never more used than what may have reached somebody, and any answer opens it', () => {
    const event = fc.record({
      taskId: fc.constantFrom('a', 'b', 'c'),
      kind: fc.constantFrom(...(Object.keys(FAILURES) as (keyof typeof FAILURES)[])),
      pause: fc.integer({ min: 0, max: 5 * MINUTE }),
      failures: fc.nat({ max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let allowance = fullAllowance()
        let now = NOW
        let reached = 0
        for (const { taskId, kind, pause, failures } of events) {
          now += pause
          const [next, wait] = take(allowance, now)
          expect(wait).toBeLessThanOrEqual(MINUTE)
          now += wait
          allowance = wait > 0 ? taken(allowance, now) : next
          allowance = conclude(allowance, FAILURES[kind], { taskId, failures, sentAt: now }, now)
          reached += FAILURES[kind].unsent ? 0 : 1
          expect(allowance.sent.length).toBeLessThanOrEqual(reached)
          expect(JSON.parse(JSON.stringify(allowance))).toEqual(allowance)
        }
        allowance = concluded(allowance, GOOD, now)
        expect(take(allowance, now)[1]).toBe(0)
      }),
    )
  })
})
