import { describe, expect, test } from 'vitest'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { HOUR, MINUTE } from '../../core/lib/units.ts'
import { fullQuota, type Quota } from '../../core/quota/quota.ts'
import { createStatusCache, type StatusResult } from './status-cache.ts'
import { createStatusCaches } from './status-caches.ts'

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'

const responseOf = (name: SampleName): Response => {
  const { status, headers, body } = SAMPLES[name].reply(START, FILES)
  return new Response(body, { status, headers })
}

/** A charged result with these files. */
const withFiles = (files: unknown, creditsDeducted = true) => ({
  status: 'success',
  data: { status: 'PROCESSED', progress: '100', creditsDeducted, deductedCredits: 10, files },
})

/** A status cache with a controlled clock. `answer` responds to its requests, or the test does. */
function createHarness(respond: (taskId: string) => Response | Promise<Response>, maxTasks = 500) {
  let at = START
  const requests: { taskId: string; at: number }[] = []
  const options = {
    now: () => at,
    maxTasks,
    send: async ({ taskId }: { taskId: TaskId }) => {
      requests.push({ taskId, at })
      return respond(taskId)
    },
  }
  return {
    options,
    requests,
    now: () => at,
    pass: (ms: number) => {
      at += ms
    },
  }
}

const statusRequest = (taskId = 'a', key = KEY) => ({
  key,
  taskId: taskId as TaskId,
  origin: 'http://loupe.test/',
  requestId: null,
})

/** A promise that the test resolves. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((give) => {
    resolve = give
  })
  return { promise, resolve }
}

describe('a status cache', () => {
  test('sends one request for all concurrent clients', async () => {
    const respond = deferred<Response>()
    const { options, requests } = createHarness(() => respond.promise)
    const statusCache = createStatusCache(options)
    const all = Array.from({ length: 50 }, () => statusCache.getStatus(statusRequest()))
    expect(statusCache.hasInFlight()).toBe(true)
    respond.resolve(responseOf('processing'))
    const result = await Promise.all(all)
    expect(requests).toHaveLength(1)
    expect(new Set(result.map(({ record }) => record)).size).toBe(1)
    expect(result[0]?.record.task?.kind).toBe('processing')
    expect(statusCache.hasInFlight()).toBe(false)
  })

  test('returns the cached status until the next request is due, and sends it then', async () => {
    const { options, requests, now, pass } = createHarness(() => responseOf('processing'))
    const statusCache = createStatusCache(options)
    const result = await statusCache.getStatus(statusRequest())
    const { nextAt } = result
    expect(nextAt).toBeGreaterThan(now())
    pass((nextAt ?? 0) - now() - 1)
    expect(await statusCache.getStatus(statusRequest())).toEqual(result)
    expect(requests).toHaveLength(1)
    pass(1)
    expect((await statusCache.getStatus(statusRequest())).record.requestCount).toBe(2)
    expect(requests).toHaveLength(2)
  })

  test('sends no more requests for a settled task', async () => {
    const { options, requests, pass } = createHarness(() => responseOf('processed'))
    const statusCache = createStatusCache(options)
    expect((await statusCache.getStatus(statusRequest())).nextAt).toBeNull()
    pass(50 * HOUR)
    const { record, nextAt } = await statusCache.getStatus(statusRequest())
    expect([record.task?.kind, nextAt, requests.length]).toEqual(['processed', null, 1])
  })

  test.each([
    ['an empty list', []],
    ['no list', null],
    ['a file without a link', [{ fileName: 'a.png' }]],
  ])('requests the files of a charged result until they are there: %s', async (_, files) => {
    let there = false
    const { options, requests, now, pass } = createHarness(() => {
      const listed = there ? [{ path: 'a', downloadLink: `${FILES}/a` }] : files
      return Response.json(withFiles(listed))
    })
    const statusCache = createStatusCache(options)
    for (const wait of [5000, 20_000, 60_000]) {
      expect((await statusCache.getStatus(statusRequest())).nextAt).toBe(now() + wait)
      pass(wait)
    }
    expect((await statusCache.getStatus(statusRequest())).nextAt).toBeNull()
    expect(requests).toHaveLength(4)
    // A client that returns later triggers a request for them.
    there = true
    pass(5 * MINUTE)
    expect((await statusCache.getStatus(statusRequest())).record.filesPending).toBe(true)
    const { record, response: respond } = await statusCache.getStatus(statusRequest(), 'stale')
    expect([requests.length, record.filesPending]).toEqual([5, false])
    expect(respond?.body).toContain(`${FILES}/a`)
  })

  test('keeps the links when a later list is empty', async () => {
    let n = 0
    const { options, pass } = createHarness(() =>
      Response.json(withFiles(n++ === 0 ? [{ path: 'a', downloadLink: `${FILES}/a` }] : [], n > 1)),
    )
    const statusCache = createStatusCache(options)
    await statusCache.getStatus(statusRequest())
    pass(5000)
    const { record } = await statusCache.getStatus(statusRequest())
    expect(record.task?.files.map(({ downloadUrl }) => downloadUrl)).toEqual([`${FILES}/a`])
    expect(record.filesPending).toBe(false)
  })

  test.each(['error-401', 'error-402', 'error-404', 'error-400-other'] as const)(
    'requests again after one %s amid good responses, and returns the cached one until then',
    async (name) => {
      let stray = false
      const { options, requests, now, pass } = createHarness(() =>
        responseOf(stray ? name : 'enhancing'),
      )
      const statusCache = createStatusCache(options)
      const first = await statusCache.getStatus(statusRequest())
      pass((first.nextAt ?? 0) - now())
      stray = true
      const doubted = await statusCache.getStatus(statusRequest())
      expect(doubted.nextAt).toBe(now() + 2000)
      expect(doubted.response?.status).toBe(200)
      pass(2000)
      stray = false
      const { record, nextAt } = await statusCache.getStatus(statusRequest())
      expect([record.failure, requests.length]).toEqual([null, 3])
      expect(nextAt).not.toBeNull()
    },
  )

  test('accepts a rejection that repeats four times in a row', async () => {
    let n = 0
    const { options, requests, now, pass } = createHarness(() =>
      responseOf(n++ === 0 ? 'enhancing' : 'error-404'),
    )
    const statusCache = createStatusCache(options)
    for (let times = 0; times < 5; times++) {
      const { nextAt } = await statusCache.getStatus(statusRequest())
      pass((nextAt ?? now()) - now())
    }
    const { nextAt, response: respond } = await statusCache.getStatus(statusRequest())
    expect([nextAt, respond?.status, requests.length]).toEqual([null, 404, 5])
  })

  test.each([
    ['2099', Date.UTC(2099, 0, 1), 0],
    ['1970', 0, 0],
    ['5 h ahead', START + 5 * HOUR, 5 * HOUR],
  ])('passes on no implausible Date of %s', async (_, date, ahead) => {
    const { options, now } = createHarness(() => {
      const response = responseOf('processed')
      response.headers.set('date', new Date(date).toUTCString())
      return response
    })
    const { response: respond, record } = await createStatusCache(options).getStatus(
      statusRequest(),
    )
    expect(Date.parse(respond?.date ?? '')).toBe(now() + ahead)
    expect(record.clockSkew).toBe(ahead)
  })

  test("stays within the key's quota, over all its tasks", async () => {
    const { options, requests, now } = createHarness(() => responseOf('processing'))
    const statusCache = createStatusCache(options)
    const result: StatusResult[] = []
    for (let n = 0; n < 120; n++)
      result.push(await statusCache.getStatus(statusRequest(`task-${n}`)))
    expect(requests).toHaveLength(98)
    expect(result.at(-1)?.record.task).toBeNull()
    expect(result.at(-1)?.nextAt).toBeGreaterThanOrEqual(now() + HOUR)
  })

  test('waits out a 429', async () => {
    const { options, requests, now, pass } = createHarness(() => responseOf('error-429'))
    const statusCache = createStatusCache(options)
    const { record, nextAt } = await statusCache.getStatus(statusRequest())
    expect(record.failure?.error.kind).toBe('limited')
    expect(nextAt).toBeGreaterThan(now() + MINUTE)
    expect((await statusCache.getStatus(statusRequest('b'))).nextAt).toBeGreaterThan(now() + MINUTE)
    expect(requests).toHaveLength(1)
    pass((nextAt ?? 0) - now())
    await statusCache.getStatus(statusRequest())
    expect(requests).toHaveLength(2)
  })

  test.each(['error-500', 'error-html'] as const)('backs off after %s', async (name) => {
    const { options, requests, now, pass } = createHarness(() => responseOf(name))
    const statusCache = createStatusCache(options)
    const waits: number[] = []
    for (let n = 0; n < 4; n++) {
      const { nextAt } = await statusCache.getStatus(statusRequest())
      waits.push((nextAt ?? 0) - now())
      pass(waits.at(-1) ?? 0)
    }
    expect(requests).toHaveLength(4)
    expect(waits).toEqual([2000, 4000, 8000, 16_000])
  })

  test('backs off after any other error', async () => {
    const { options, now } = createHarness(() => Promise.reject(new Error(KEY)))
    const { record, nextAt } = await createStatusCache(options).getStatus(statusRequest())
    expect(record.failure).toEqual({ error: { kind: 'network' }, at: now() })
    expect(nextAt).toBe(now() + 2000)
  })

  test('retries a rejected request after an hour, and not before', async () => {
    const { options, requests, pass } = createHarness(() => responseOf('error-401'))
    const statusCache = createStatusCache(options)
    expect((await statusCache.getStatus(statusRequest())).nextAt).toBeNull()
    pass(HOUR - 1)
    expect((await statusCache.getStatus(statusRequest())).nextAt).toBeNull()
    expect(requests).toHaveLength(1)
    pass(1)
    await statusCache.getStatus(statusRequest())
    expect(requests).toHaveLength(2)
  })

  test('resumes a task that nobody viewed for hours', async () => {
    const { options, requests, pass } = createHarness(() => responseOf('processing'))
    const statusCache = createStatusCache(options)
    await statusCache.getStatus(statusRequest())
    pass(5 * HOUR)
    const { record } = await statusCache.getStatus(statusRequest())
    expect([record.requestCount, requests.length]).toEqual([2, 2])
  })

  test('reserves no quota for tasks that nobody views any more', async () => {
    const { options, pass, now, requests } = createHarness(() => responseOf('processing'))
    const statusCache = createStatusCache(options)
    for (let n = 0; n < 96; n++) await statusCache.getStatus(statusRequest(`left-${n}`))
    pass(2 * MINUTE)
    // All 96 are due again by now; two requests are left, and one client is watching.
    const { nextAt } = await statusCache.getStatus(statusRequest('looked-at'))
    expect(nextAt).toBeLessThan(now() + HOUR / 2)
    pass((nextAt ?? 0) - now())
    await statusCache.getStatus(statusRequest('looked-at'))
    expect(requests).toHaveLength(98)
  })

  test('stores a limited number of tasks, but evicts none during a request', async () => {
    const slow = deferred<Response>()
    const { options, requests } = createHarness(
      (id) => (id === 'slow' ? slow.promise : responseOf('processed')),
      3,
    )
    const statusCache = createStatusCache(options)
    const first = statusCache.getStatus(statusRequest('slow'))
    for (const id of ['b', 'c', 'd', 'e']) await statusCache.getStatus(statusRequest(id))
    const second = statusCache.getStatus(statusRequest('slow'))
    slow.resolve(responseOf('processed'))
    expect((await first).record.requestCount).toBe(1)
    expect((await second).record.requestCount).toBe(1)
    expect(requests).toHaveLength(5)
    await statusCache.getStatus(statusRequest('e'))
    expect(requests).toHaveLength(5)
    await statusCache.getStatus(statusRequest('b'))
    expect(requests).toHaveLength(6)
  })

  test('returns the key nowhere, however the API repeats it', async () => {
    const encoded = Buffer.from(`user:${KEY}`).toString('base64')
    const { options } = createHarness(() =>
      Response.json({
        status: 'success',
        data: {
          status: `odd ${KEY}`,
          model: KEY.toUpperCase(),
          files: [
            { path: `/${KEY}/a.png`, originalFileName: `${'x'.repeat(245)}${KEY}` },
            { downloadLink: `${FILES}/a?key=${KEY}&auth=${encoded}` },
          ],
        },
      }),
    )
    const result = JSON.stringify(await createStatusCache(options).getStatus(statusRequest()))
    expect(result.toLowerCase()).not.toContain(KEY)
    expect(result).not.toContain(encoded.slice(8, 20))
    // Nor its beginning, where a name was truncated.
    expect(result).not.toContain('xkey-1')
  })
})

test('starts with the rest of an earlier quota, and reports each change of it', async () => {
  const { options, requests, now } = createHarness(() => responseOf('processing'))
  const changes: Quota[] = []
  const quota = { ...fullQuota(4), sent: [now(), now(), now()] }
  const statusCache = createStatusCache({
    ...options,
    quota: fullQuota(5),
    stored: { quota, accepted: true },
    onChange: (state) => changes.push(state.quota),
  })
  for (const id of ['a', 'b']) await statusCache.getStatus(statusRequest(id))
  expect(requests).toHaveLength(1)
  // Before the request is sent, so that no crash loses it; and with the data of its response.
  expect(changes.map(({ sent }) => sent.length)).toEqual([4, 4])
})

describe('the status caches', () => {
  test('are separate for each key', () => {
    const statusCaches = createStatusCaches(createHarness(() => responseOf('processing')).options)
    expect(statusCaches.of('a')).toBe(statusCaches.of('a'))
    expect(statusCaches.of('a')).not.toBe(statusCaches.of('b'))
  })

  test('are evicted after an idle hour, when their quota is full again', async () => {
    const { options, pass } = createHarness(() => responseOf('processing'))
    const statusCaches = createStatusCaches(options)
    const first = statusCaches.of('a')
    pass(HOUR - 1)
    statusCaches.of('b')
    expect(statusCaches.size()).toBe(2)
    pass(1)
    statusCaches.of('b')
    expect(statusCaches.size()).toBe(1)
    expect(statusCaches.of('a')).not.toBe(first)
  })

  test('are limited in number, but none that waits for a response is evicted', async () => {
    const respond = deferred<Response>()
    const { options } = createHarness(() => respond.promise)
    const statusCaches = createStatusCaches({ ...options, maxKeys: 3 })
    const busy = statusCaches.of('busy')
    const result = busy.getStatus(statusRequest())
    for (const key of ['b', 'c', 'd', 'e']) statusCaches.of(key)
    expect(statusCaches.size()).toBe(3)
    expect(statusCaches.of('busy')).toBe(busy)
    respond.resolve(responseOf('processing'))
    expect((await result).record.requestCount).toBe(1)
  })

  test('are evicted first for keys the API never accepted', async () => {
    const { options } = createHarness((id) =>
      responseOf(id === 'real' ? 'processing' : 'error-401'),
    )
    const statusCaches = createStatusCaches({ ...options, maxKeys: 3 })
    const real = statusCaches.of('real')
    await real.getStatus(statusRequest('real'))
    for (let n = 0; n < 20; n++) await statusCaches.of(`made-up-${n}`).getStatus(statusRequest())
    expect(statusCaches.of('real')).toBe(real)
    expect(statusCaches.size()).toBe(3)
  })

  test('evict tasks beyond the byte limit, from the least recently used key', async () => {
    const body = JSON.stringify({ status: 'x'.repeat(40_000) })
    const { options, requests } = createHarness(() => new Response(body))
    const statusCaches = createStatusCaches({ ...options, maxBytes: 1_000_000 })
    for (const key of ['a', 'b']) {
      for (let n = 0; n < 8; n++) await statusCaches.of(key).getStatus(statusRequest(`${key}-${n}`))
    }
    expect(statusCaches.bytes()).toBeLessThan(1_100_000)
    expect(statusCaches.bytes()).toBeGreaterThan(900_000)
    await statusCaches.of('b').getStatus(statusRequest('b-7'))
    expect(requests).toHaveLength(16)
    await statusCaches.of('a').getStatus(statusRequest('a-0'))
    expect(requests).toHaveLength(17)
    expect(statusCaches.size()).toBe(2)
  })

  test('that all wait for a response stay, with the requested one', async () => {
    const { options } = createHarness(() => new Promise(() => undefined))
    const statusCaches = createStatusCaches({ ...options, maxKeys: 2 })
    for (const key of ['a', 'b', 'c']) void statusCaches.of(key).getStatus(statusRequest())
    expect(statusCaches.size()).toBe(3)
    expect(statusCaches.of('c')).toBe(statusCaches.of('c'))
  })
})
