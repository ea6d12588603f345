import fc from 'fast-check'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { createRequestLimit, limitRequests } from './request-limit.ts'

const MINUTE = 60_000

function limitOf(perMinute: number, mostAddresses?: number) {
  let at = 1_000_000
  const limit = createRequestLimit({
    perMinute,
    now: () => at,
    ...(mostAddresses === undefined ? {} : { mostAddresses }),
  })
  const pass = (ms: number): void => {
    at += ms
  }
  return { limit, pass }
}

test('allows a burst, then one request for each returned token', () => {
  const { limit, pass } = limitOf(4)
  expect([1, 2, 3, 4, 5].map(() => limit('192.0.2.1'))).toEqual([0, 0, 0, 0, 15_000])
  pass(5000)
  expect(limit('192.0.2.1')).toBe(10_000)
  expect(limit('192.0.2.2')).toBe(0)
  pass(10_000)
  expect(limit('192.0.2.1')).toBe(0)
  expect(limit('192.0.2.1')).toBe(15_000)
})

test('a site is one client, however many addresses it uses', () => {
  const { limit } = limitOf(1)
  expect(limit('2001:db8::1')).toBe(0)
  expect(limit('2001:db8::2')).toBe(MINUTE)
  expect(limit('2001:db8:0:1::1')).toBe(0)
})

test('nobody exceeds the bucket and its refill; waiting as announced succeeds', () => {
  const steps = fc.array(fc.oneof(fc.constant(0), fc.nat(3000)), { maxLength: 200 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), steps, (perMinute, waits) => {
      const { limit, pass } = limitOf(perMinute)
      let [elapsed, allowed] = [0, 0]
      for (const wait of waits) {
        pass(wait)
        elapsed += wait
        const waitMs = limit('192.0.2.1')
        if (waitMs === 0) allowed++
        expect(allowed).toBeLessThanOrEqual(perMinute + (elapsed * perMinute) / MINUTE)
        if (waitMs === 0) continue
        // A millisecond earlier would be too early.
        pass(waitMs - 1)
        expect(limit('192.0.2.1')).toBe(1)
        pass(1)
        expect(limit('192.0.2.1')).toBe(0)
        elapsed += waitMs
        allowed++
      }
    }),
  )
})

test('with too many addresses, the least recently used is evicted', () => {
  const { limit } = limitOf(1, 2)
  for (const address of ['a', 'b']) expect(limit(address)).toBe(0)
  expect(limit('a')).toBe(MINUTE)
  expect(limit('c')).toBe(0)
  expect(limit('a')).toBe(MINUTE)
  expect(limit('b')).toBe(0)
})

test('a clock that is set back locks nobody out', () => {
  const { limit, pass } = limitOf(1)
  expect(limit('a')).toBe(0)
  pass(-60 * MINUTE)
  expect(limit('a')).toBe(MINUTE)
  pass(MINUTE)
  expect(limit('a')).toBe(0)
})

test('requests over the limit are rejected, with the seconds to wait', async () => {
  const { limit, pass } = limitOf(40)
  let requests = 0
  const app = new Hono()
    .use(limitRequests({ limit, clientOf: (c) => c.req.header('from') ?? null }))
    .get('/', (c) => c.text(String(++requests)))
  const ask = (from?: string) => app.request('/', from === undefined ? {} : { headers: { from } })
  for (let n = 0; n < 40; n++) expect((await ask('a')).status).toBe(200)
  const refused = await ask('a')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('2')
  expect(refused.headers.get('cache-control')).toBe('no-store')
  expect(await refused.json()).toMatchObject({ error: 'TOO_MANY_REQUESTS' })
  expect(requests).toBe(40)
  pass(2000)
  expect((await ask('a')).status).toBe(200)
  for (let n = 0; n < 50; n++) expect((await ask()).status).toBe(200)
})
