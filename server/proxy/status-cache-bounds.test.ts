import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { fullQuota } from '../../core/quota/quota.ts'
import { createApi } from '../api.ts'
import { storesOf } from '../sharing/testing.ts'
import { createStatusCache, type StatusCacheOptions } from './status-cache.ts'
import { createStatusCaches } from './status-caches.ts'

/* Abuse and nonsense: made-up IDs and keys, invalid headers, clocks that jump. */

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'

const responseOf = (name: SampleName, more: Record<string, string> = {}): Response => {
  const { status, headers, body } = SAMPLES[name].reply(START, FILES)
  return new Response(body, { status, headers: { ...headers, ...more } })
}

const statusRequest = (taskId: string, key = KEY) => ({
  key,
  taskId: taskId as TaskId,
  origin: 'http://loupe.test/',
  requestId: null,
})

/** A controlled clock, and recorded requests. */
function createHarness(respond: (taskId: string, key: string) => Response | Promise<Response>) {
  let at = START
  const requests: string[] = []
  const options: StatusCacheOptions = {
    now: () => at,
    send: async ({ taskId, key }) => {
      requests.push(taskId)
      return respond(taskId, key)
    },
  }
  return {
    requests,
    options,
    pass: (ms: number) => {
      at += ms
    },
  }
}

describe('the limit reported by the API', () => {
  test.each([
    ['0', '0'],
    ['1', '0'],
    ['4294967296', '0'],
    ['999999999999999', '1'],
    ['100', '500'],
    ['100', '-5'],
  ])('%s with %s left blocks nobody for longer than an hour, and breaks nothing', async (q, r) => {
    const headers = { 'x-ratelimit-limit': q, 'x-ratelimit-remaining': r }
    const { options, pass, requests } = createHarness(() => responseOf('processing', headers))
    const statusCache = createStatusCache(options)
    const result = await statusCache.getStatus(statusRequest('a'), 'stale')
    expect(result.freshUntil).toBeLessThanOrEqual(START + 1.1 * HOUR)
    expect(result.quota.sent.length).toBeLessThanOrEqual(100)
    pass(1.1 * HOUR)
    await statusCache.getStatus(statusRequest('b'), 'stale')
    expect(requests).toEqual(['a', 'b'])
  })

  test('never raises the configured one', async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '990' }
    const { options, requests } = createHarness(() => responseOf('processed', headers))
    const statusCache = createStatusCache({ ...options, quota: fullQuota(12) })
    for (let n = 0; n < 30; n++) await statusCache.getStatus(statusRequest(`${n}`))
    expect(requests).toHaveLength(10)
  })

  test('is kept with its remainder, even below the configured one', async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '5' }
    const { options, requests } = createHarness(() => responseOf('processed', headers))
    const statusCache = createStatusCache({ ...options, quota: fullQuota(12) })
    await statusCache.getStatus(statusRequest('a'))
    const { quota } = await statusCache.getStatus(statusRequest('a'))
    expect([quota.limit, quota.sent.length, requests.length]).toEqual([12, 7, 1])
  })
})

test('a stored quota gets the current limit', async () => {
  const kept = { ...fullQuota(1000), sent: [START] }
  const gateway = createApi({
    upstream: async () => responseOf('processing'),
    timeoutMs: 5000,
    sandbox: false,
    now: () => START,
    hourlyLimit: 10,
    stores: storesOf({ quota: kept, accepted: true }),
  })
  const response = await gateway.request('http://loupe.test/get-task-status', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': KEY },
    body: '{"data":{"taskId":"a"}}',
  })
  expect(response.headers.get('ratelimit')).toMatch(/;r=8;/)
})

describe('a clock that is set back', () => {
  test.each<SampleName>(['processing', 'processed', 'error-404'])(
    'keeps no task from being requested again: %s',
    async (name) => {
      const { options, requests, pass } = createHarness(() => responseOf(name))
      const statusCache = createStatusCache(options)
      await statusCache.getStatus(statusRequest('a'), 'stale')
      pass(-50 * HOUR)
      await statusCache.getStatus(statusRequest('a'), 'stale')
      expect(requests).toHaveLength(2)
      pass(1)
      await statusCache.getStatus(statusRequest('a'), 'stale')
      expect(requests).toHaveLength(2)
    },
  )
})

describe('a known status', () => {
  test('is not displaced by made-up IDs', async () => {
    const { options, requests } = createHarness((id) =>
      responseOf(id === 'mine' ? 'processed' : 'error-404'),
    )
    const statusCache = createStatusCache({
      ...options,
      maxTasks: 5,
      quota: fullQuota(10),
    })
    await statusCache.getStatus(statusRequest('mine'))
    for (let n = 0; n < 40; n++) await statusCache.getStatus(statusRequest(`made-up-${n}`))
    expect(requests).toHaveLength(8)
    expect((await statusCache.getStatus(statusRequest('mine'))).response?.status).toBe(200)
  })

  test('is not displaced by made-up keys', async () => {
    const { options, requests } = createHarness((_, key) =>
      responseOf(key === KEY ? 'processed' : 'error-401'),
    )
    const statusCaches = createStatusCaches({ ...options, maxBytes: 200_000 })
    await statusCaches.of(KEY).getStatus(statusRequest('mine'))
    for (let n = 0; n < 50; n++) {
      await statusCaches.of('made-up').getStatus(statusRequest(`${n}`, 'made-up'))
    }
    expect(statusCaches.bytes()).toBeLessThanOrEqual(220_000)
    requests.length = 0
    expect((await statusCaches.of(KEY).getStatus(statusRequest('mine'))).response?.status).toBe(200)
    expect(requests).toEqual([])
  })
})

test('sandbox links for one host name are given to no other', async () => {
  const gateway = createApi({
    upstream: async ({ url }) =>
      Response.json({
        status: 'success',
        data: { status: 'PROCESSING', error: new URL(url).origin },
      }),
    timeoutMs: 5000,
    sandbox: true,
    now: () => START,
    hourlyLimit: 10,
  })
  const ask = async (origin: string) => {
    const response = await gateway.request(`${origin}/get-task-status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': KEY },
      body: '{"data":{"taskId":"a"}}',
    })
    return (await response.json()).data.error
  }
  for (const origin of ['http://192.0.2.66', 'http://loupe.test', 'http://loupe.test:81']) {
    expect(await ask(origin)).toBe(origin)
  }
})

test.each([
  '',
  'yesterday',
  'x'.repeat(8000),
  'Thu, 01 Jan 2026 12:00:00 GMT, now',
  '\u00ff\u0001',
])('an invalid Date is not passed on: %j', async (date) => {
  const { options } = createHarness(() => responseOf('processing', { date }))
  const { response: respond, record } = await createStatusCache(options).getStatus(
    statusRequest('a'),
  )
  expect(respond?.date).toBe(new Date(START).toUTCString())
  expect(record.task?.kind).toBe('processing')
})

test('a key that has to wait for a day is not used after an idle hour', async () => {
  const { options, requests, pass } = createHarness(() =>
    responseOf('error-429', { 'retry-after': '86400' }),
  )
  const statusCaches = createStatusCaches(options)
  const ask = () => statusCaches.of(KEY).getStatus(statusRequest('a'))
  await ask()
  pass(20 * HOUR)
  statusCaches.of('another')
  await ask()
  expect(requests).toHaveLength(1)
  pass(5 * HOUR)
  await ask()
  expect(requests).toHaveLength(2)
})

test('the byte count always matches what is stored', async () => {
  const step = fc.record({
    key: fc.constantFrom('key-one', 'key-two', 'key-three'),
    taskId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    after: fc.constantFrom(0, 1000, MINUTE, HOUR),
    length: fc.integer({ min: 0, max: 20_000 }),
    fails: fc.boolean(),
    waits: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      let next = { length: 0, fails: false }
      const { options, pass } = createHarness(async () => {
        const { length, fails } = next
        await Promise.resolve()
        if (fails) throw new Error('no answer')
        return new Response(JSON.stringify({ status: 'x'.repeat(length) }))
      })
      const statusCaches = createStatusCaches({ ...options, maxKeys: 2, maxBytes: 100_000 })
      const flying: Promise<unknown>[] = []
      for (const { key, taskId, after, waits, ...respond } of steps) {
        pass(after)
        next = respond
        const result = statusCaches.of(key).getStatus(statusRequest(taskId, key), 'now')
        flying.push(result)
        if (waits) await result
        expect(statusCaches.bytes()).toBeGreaterThan(0)
      }
      await Promise.all(flying)
      // Then nothing is in progress, and all idle caches are evicted.
      pass(30 * HOUR)
      statusCaches.of('the-last')
      expect([statusCaches.size(), statusCaches.bytes()]).toEqual([1, 0])
    }),
    { numRuns: 100 },
  )
})
