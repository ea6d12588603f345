import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRateLimit } from '../../core/api/rate-limit.ts'
import { SAMPLES, type SampleName } from '../../core/api/samples.ts'
import { HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { type Expected, withContractChecks } from '../../test/openapi/assert-contract.ts'
import { createApi } from '../api.ts'
import { spellingsOf } from '../sharing/testing.ts'

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'
/** Hourly requests out of a hundred: two are reserved (quota.ts). */
const ROOM = 98

const sample = (name: SampleName, headers: Record<string, string> = {}): Response => {
  const reply = SAMPLES[name].reply(START, FILES)
  return new Response(reply.body, {
    status: reply.status,
    headers: { ...reply.headers, ...headers },
  })
}

interface Question {
  readonly key: string
  readonly taskId: string
}
type Answering = (request: Question, requests: number) => Response | Promise<Response>

/** The API with counting and a controlled clock, in front of an upstream that records its requests. */
function stage(answering: Answering, expected: Expected = 'relayed', hourlyLimit = 100) {
  let at = START
  const requests: (Question & { at: number })[] = []
  const gateway = createApi({
    upstream: async (request) => {
      const { data } = (await request.json()) as { data: { taskId: string } }
      const question = { key: request.headers.get('x-api-key') ?? '', taskId: data.taskId }
      requests.push({ ...question, at })
      return answering(question, requests.length)
    },
    timeoutMs: 5000,
    sandbox: false,
    now: () => at,
    hourlyLimit,
  })
  const app = withContractChecks(gateway, expected)
  return {
    requests,
    now: () => at,
    pass: (ms: number) => {
      at += ms
    },
    ask: (taskId = 'a', headers: Record<string, string> = {}, key = KEY) =>
      app.request('http://loupe.test/get-task-status', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers },
        body: JSON.stringify({ data: { taskId } }),
      }),
    send: (init: RequestInit) =>
      app.request('http://loupe.test/get-task-status', { method: 'POST', ...init }),
  }
}

const NO_CACHE = { 'cache-control': 'no-cache' }

/** `at`, `age` and `next` of a response, in ms. */
function freshnessOf({ headers }: Response): { at: number; age: number; next: number | null } {
  const part = (name: string) =>
    new RegExp(`${name}=(\\d+)`).exec(headers.get('loupe-answer') ?? '')?.[1] ?? null
  const next = part('next')
  return { at: Number(part('at')), age: Number(part('age')), next: next && Number(next) } as {
    at: number
    age: number
    next: number | null
  }
}

const head = (response: Response, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, response.headers.get(name)]))

describe('one request for all clients', () => {
  test('is the one in progress', async () => {
    let give: (response: Response) => void = () => undefined
    const { ask, requests } = stage(
      () =>
        new Promise((resolve) => {
          give = resolve
        }),
    )
    const all = Array.from({ length: 50 }, () => ask())
    // The bodies are read first.
    await expect.poll(() => requests.length, { timeout: 50_000 }).toBe(1)
    await new Promise(setImmediate)
    give(sample('processing'))
    const bodies = await Promise.all((await Promise.all(all)).map((one) => one.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(requests).toHaveLength(1)
  })

  test('is reused with its age until the next is due, and announces that time', async () => {
    const { ask, requests, pass, now } = stage(() => sample('processing'))
    const first = await ask()
    const { at, next } = freshnessOf(first)
    expect(at).toBe(now())
    expect(next).toBeGreaterThan(SECOND)
    const lifetime = Math.floor(((next ?? 0) - 1) / 1000)
    expect(head(first, 'age', 'cache-control', 'vary', 'date')).toEqual({
      age: '0',
      'cache-control': `private, max-age=${lifetime}`,
      vary: 'X-API-Key',
      date: new Date(START).toUTCString(),
    })
    pass((next ?? 0) - 1)
    const second = await ask()
    expect(freshnessOf(second)).toEqual({ at, age: (next ?? 0) - 1, next: 1 })
    expect(head(second, 'age', 'date')).toEqual({
      age: String(lifetime),
      date: new Date(START).toUTCString(),
    })
    expect(await second.text()).toBe(await first.text())
    expect(requests).toHaveLength(1)
    pass(1)
    expect(freshnessOf(await ask())).toMatchObject({ at: now(), age: 0 })
    expect(requests).toHaveLength(2)
  })

  test('costs as many requests for a thousand clients as for one, at the same times', async () => {
    const processed = START + 50 * SECOND
    async function timesWith(viewers: number): Promise<number[]> {
      const { ask, requests, pass, now } = stage(() =>
        sample(now() >= processed ? 'processed' : 'enhancing'),
      )
      const wakes = Array.from({ length: viewers }, (_, n) => START + (n % 7) * 300)
      while (now() < START + MINUTE) {
        const due = wakes.flatMap((at, n) => (at <= now() ? [n] : []))
        const answers = await Promise.all(due.map(() => ask()))
        for (const [place, response] of answers.entries()) {
          const { next } = freshnessOf(response)
          wakes[due[place] ?? 0] = now() + (next ?? HOUR)
        }
        pass(Math.max(1, Math.min(...wakes) - now()))
      }
      return requests.map(({ at }) => at - START)
    }
    const alone = await timesWith(1)
    expect(alone.length).toBeGreaterThan(3)
    expect(await timesWith(1000)).toEqual(alone)
  })

  test('is reused even if it failed, until the back-off is over', async () => {
    const { ask, requests, pass } = stage(() => sample('error-500'))
    const { next } = freshnessOf(await ask())
    expect(next).toBe(2000)
    pass(1999)
    const again = await ask()
    expect([again.status, freshnessOf(again).age, again.headers.get('cache-control')]).toEqual([
      500,
      1999,
      'no-store',
    ])
    expect(requests).toHaveLength(1)
    pass(1)
    await ask()
    expect(requests).toHaveLength(2)
  })

  test('is sent at once when forced, but not twice in a moment', async () => {
    const { ask, requests, pass } = stage(() => sample('processing'))
    await ask()
    pass(799)
    expect(freshnessOf(await ask('a', NO_CACHE)).age).toBe(799)
    pass(1)
    expect(freshnessOf(await ask('a', NO_CACHE)).age).toBe(0)
    expect(requests).toHaveLength(2)
  })

  test('for a rejected task is repeated after five minutes', async () => {
    const { ask, requests, pass } = stage(() => sample('error-404'))
    expect(freshnessOf(await ask()).next).toBe(5 * MINUTE)
    pass(5 * MINUTE - 1)
    expect((await ask()).status).toBe(404)
    expect(requests).toHaveLength(1)
    pass(1)
    await ask()
    expect(requests).toHaveLength(2)
  })
})

describe('a settled task', () => {
  const expiring = (ends: number | null) =>
    Response.json({
      status: 'success',
      data: {
        ...JSON.parse(SAMPLES.processed.reply(START, FILES).body).data,
        files: [ends, ends && ends + HOUR].map((at) => ({
          id: String(at),
          downloadLink: `${FILES}/a`,
          ...(at === null ? {} : { expiresAt: Math.round(at / 1000) }),
        })),
      },
    })

  test('is answered from memory until its first link expires, and requested again then', async () => {
    const { ask, requests, pass, now } = stage(() => expiring(START + 2 * HOUR))
    const first = await ask()
    expect(freshnessOf(first).next).toBe(2 * HOUR)
    expect(first.headers.get('cache-control')).toBe('private, max-age=7200')
    pass(2 * HOUR - 1)
    expect(freshnessOf(await ask()).age).toBe(2 * HOUR - 1)
    expect(requests).toHaveLength(1)
    pass(1)
    // The first response's date had passed when this one gave its link, so it is not the link's.
    expect(freshnessOf(await ask())).toEqual({ at: now(), age: 0, next: HOUR })
    expect(freshnessOf(await ask()).age).toBe(0)
    expect(requests).toHaveLength(2)
  })

  test('uses the clock of the API', async () => {
    const ahead = { date: new Date(START + HOUR).toUTCString() }
    const { ask } = stage(() => {
      const response = expiring(START + 2 * HOUR)
      response.headers.set('date', ahead.date)
      return response
    })
    const response = await ask()
    expect(head(response, 'date')).toEqual(ahead)
    expect(freshnessOf(response).next).toBe(HOUR)
  })

  test('without a known expiry stays', async () => {
    const { ask, requests, pass } = stage(() => sample('failed'))
    expect(freshnessOf(await ask()).next).toBeNull()
    pass(20 * HOUR)
    expect((await ask()).headers.get('cache-control')).toBe('private, max-age=3600')
    expect(requests).toHaveLength(1)
  })

  test('survives a forced request that failed', async () => {
    const { ask, pass } = stage((_, n) =>
      n === 2 ? sample('error-500') : expiring(START + 2 * HOUR),
    )
    await ask()
    pass(MINUTE)
    expect((await ask('a', NO_CACHE)).status).toBe(500)
    const next = await ask()
    expect([next.status, freshnessOf(next).age]).toEqual([200, MINUTE])
  })
})

describe('the quota', () => {
  test('is reported with each response', async () => {
    const { ask, now, pass } = stage(() => sample('processing'))
    await ask('a')
    pass(10 * MINUTE)
    const response = await ask('b')
    expect(head(response, 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=98;t=3003',
      'ratelimit-policy': '"hour";q=100;w=3600',
    })
    expect(readRateLimit(response.headers, now())).toEqual([
      { limit: 100, remaining: 98, windowMs: HOUR, resetAt: now() + 3003 * SECOND },
    ])
    expect(response.headers.has('retry-after')).toBe(false)
  })

  test('used up: the cached status is returned with its age, and when to check again', async () => {
    const { ask, requests, pass } = stage(() => sample('processing'))
    for (let n = 0; n < ROOM; n++) await ask(`task-${n}`)
    pass(MINUTE)
    for (const headers of [{}, NO_CACHE]) {
      const result = await ask('task-0', headers)
      expect([result.status, freshnessOf(result).age]).toEqual([200, MINUTE])
      expect(head(result, 'retry-after', 'ratelimit')).toEqual({
        'retry-after': '3543',
        ratelimit: '"hour";r=2;t=3543',
      })
    }
    const unknown = await ask('another')
    expect(unknown.status).toBe(429)
    expect(await unknown.json()).toEqual({
      error: 'RATE_LIMIT_EXCEEDED',
      message: expect.stringMatching(/^Hourly limit of this key reached\./),
      by: 'loupe',
    })
    expect(unknown.headers.get('retry-after')).toBe('3543')
    expect(requests).toHaveLength(ROOM)
    pass(3543 * SECOND)
    expect((await ask('another')).status).toBe(200)
  })

  test('used up: is back at the same time for all tasks, even if one is requested before the other', async () => {
    const { ask } = stage(() => sample('processing'), 'relayed', 4)
    for (let n = 0; n < 4; n++) await ask(`task-${n}`)
    const waits = new Set<string | null>()
    for (let n = 4; n < 11; n++) waits.add((await ask(`task-${n}`)).headers.get('retry-after'))
    expect([...waits]).toEqual(['3603'])
  })

  test("of one key is separate from another's", async () => {
    const { ask } = stage(() => sample('processing'), 'relayed', 5)
    for (let n = 0; n < 4; n++) await ask(`task-${n}`)
    expect((await ask('more')).status).toBe(429)
    expect((await ask('more', {}, 'another-key')).status).toBe(200)
  })

  test('used up according to the API: its response for an unknown task, else the cached status', async () => {
    const limited = () => sample('error-429', { 'retry-after': '120' })
    const { ask, requests, pass } = stage((_, n) => (n === 1 ? sample('processing') : limited()))
    await ask('known')
    pass(MINUTE)
    const first = await ask('unknown')
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '120'])
    pass(MINUTE)
    const result = await ask('known')
    expect([result.status, freshnessOf(result).age]).toEqual([200, 2 * MINUTE])
    expect(head(result, 'retry-after')).toEqual({ 'retry-after': '60' })
    expect(result.headers.get('ratelimit')).toMatch(/;r=0;t=60$/)
    expect((await ask('unknown')).status).toBe(429)
    expect((await ask('third')).headers.get('retry-after')).toBe('60')
    expect(requests).toHaveLength(2)
    pass(MINUTE)
    await ask('known')
    expect(requests).toHaveLength(3)
  })

  test.each([
    ['that is announced', { 'retry-after': '3600' }, 1],
    // Without a given time each wait is five minutes.
    ['that is not announced', {}, 12],
  ])(
    'an hour of 429 %s, then it responds again: all clients get a response',
    async (_, headers, most) => {
      const { ask, requests, pass, now } = stage(() =>
        now() < START + MINUTE || now() >= START + MINUTE + HOUR
          ? sample('processing')
          : Response.json(
              { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many.' },
              { status: 429, headers },
            ),
      )
      await ask('known')
      pass(MINUTE)
      while (now() < START + MINUTE + HOUR) {
        const [result, unknown] = [await ask('known'), await ask('unknown')]
        expect([result.status, unknown.status]).toEqual([200, 429])
        for (const { headers: sent } of [result, unknown]) {
          expect(Number(sent.get('retry-after'))).toBeGreaterThan(0)
        }
        pass(20 * SECOND)
      }
      expect(requests.length - 1).toBeLessThanOrEqual(most)
      pass(5 * MINUTE)
      const answers = [await ask('known'), await ask('unknown')]
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(answers.map((one) => freshnessOf(one).age)).toEqual([0, 0])
    },
  )

  test('is not affected by the wait of a single task', async () => {
    const answers = [sample('retry-after'), sample('error-503'), sample('processing')]
    const { ask, requests } = stage((_, n) => answers[n - 1] ?? sample('processing'))
    for (const id of ['a', 'b', 'c']) await ask(id)
    expect(requests).toHaveLength(3)
    expect((await ask('d')).headers.get('ratelimit')).toBe('"hour";r=96;t=3603')
  })

  test('a task whose server asks for two minutes gets them, and no other does', async () => {
    const { ask, requests, pass } = stage(({ taskId }) =>
      sample(taskId === 'busy' ? 'error-503' : 'processing'),
    )
    const first = await ask('busy')
    expect([first.status, first.headers.has('retry-after')]).toEqual([503, false])
    expect(freshnessOf(first).next).toBe(2 * MINUTE)
    pass(2 * MINUTE - 1)
    await ask('busy')
    await ask('other')
    expect(requests.filter(({ taskId }) => taskId === 'busy')).toHaveLength(1)
    pass(1)
    await ask('busy')
    expect(requests.filter(({ taskId }) => taskId === 'busy')).toHaveLength(2)
  })

  test('of a shorter window applies beside the hourly one, and is reported with it', async () => {
    const { ask, requests, pass } = stage(() => sample('short-window'))
    await ask('a')
    expect(head(await ask('a'), 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=99;t=3603, "60s";r=9;t=63',
      'ratelimit-policy': '"hour";q=100;w=3600, "60s";q=10;w=60',
    })
    for (let n = 0; n < 12; n++) await ask(`task-${n}`)
    expect(requests).toHaveLength(10)
    const held = await ask('a')
    expect(Number(held.headers.get('retry-after'))).toBeLessThanOrEqual(63)
    pass(63 * SECOND)
    const { length } = requests
    await ask('task-11')
    expect(requests).toHaveLength(length + 1)
  })

  test('lowered by a 429 is reported with the configured one', async () => {
    const { ask, pass } = stage(
      (_, n) => (n === 1 ? sample('error-429') : sample('processing')),
      'relayed',
      3000,
    )
    await ask('a')
    pass(2 * MINUTE)
    expect((await ask('b')).headers.get('ratelimit-policy')).toBe(
      '"hour";q=750;w=3600, "set";q=3000;w=3600',
    )
  })

  test('is what the API reports', async () => {
    const headers = { 'ratelimit-policy': '"hour";q=50;w=3600', ratelimit: '"hour";r=10;t=600' }
    const { ask } = stage(() => sample('processing', headers))
    expect(head(await ask(), 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=10;t=603',
      'ratelimit-policy': '"hour";q=50;w=3600',
    })
  })
})

describe('an invalid request', () => {
  const json = { 'content-type': 'application/json', 'x-api-key': KEY }
  const { send, requests } = stage(() => sample('processing'))

  test.each([
    '',
    '{}',
    'null',
    '[]',
    '{"data":null}',
    '{"data":{"taskId":7}}',
    '{"data":{"taskId":""}}',
    '{"data":{"taskId":"../x"}}',
    `{"data":{"taskId":"${'x'.repeat(129)}"}}`,
  ])('%s is 400', async (body) => {
    const response = await send({ headers: json, body })
    expect([response.status, (await response.json()).error]).toEqual([400, 'BAD_REQUEST'])
    expect(requests).toEqual([])
  })

  test.each(['', 'short', 'with space in it', 'x'.repeat(513)])('key "%s" is 400', async (key) => {
    const body = '{"data":{"taskId":"a"}}'
    const response = await send({ headers: { ...json, 'x-api-key': key }, body })
    expect([response.status, (await response.json()).error]).toEqual([400, 'KEY_UNUSABLE'])
    expect(requests).toEqual([])
  })
})

test('no response contains the key, however the API repeats it', async () => {
  const spelled = spellingsOf(KEY)
  const { ask } = stage(
    () => Response.json({ status: 'success', data: { status: spelled.join(' ') } }),
    'outside',
  )
  const texts = [await (await ask()).text(), await (await ask()).text()]
  for (const text of texts) for (const form of spelled) expect(text).not.toContain(form)
})

test("at any request times: never beyond the quota, concurrent or another key's, and never too old", async () => {
  const step = fc.record({
    key: fc.constantFrom('key-one-1', 'key-two-2'),
    taskId: fc.constantFrom('a', 'b', 'c'),
    force: fc.boolean(),
    after: fc.oneof(
      fc.constant(0),
      fc.integer({ max: 3000, min: 0 }),
      fc.integer({ max: 400_000, min: 0 }),
    ),
    says: fc.constantFrom<SampleName>(
      'enhancing',
      'processing',
      'processed',
      'error-500',
      'error-404',
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const flying = new Set<string>()
      let says: SampleName = 'processing'
      const { ask, requests, pass, now } = stage(
        async ({ key, taskId }) => {
          const name = `${key} ${taskId}`
          expect(flying.has(name)).toBe(false)
          flying.add(name)
          await new Promise(setImmediate)
          flying.delete(name)
          const { status, body } = SAMPLES[says].reply(now(), FILES)
          return new Response(body, {
            status,
            headers: {
              'content-type': 'application/json',
              date: new Date(now()).toUTCString(),
            },
          })
        },
        'relayed',
        12,
      )
      for (const { key, taskId, force, after, says: next } of steps) {
        says = next
        pass(after)
        const before = requests.length
        const answers = await Promise.all([0, 1].map(() => ask(taskId, force ? NO_CACHE : {}, key)))
        const news = requests.slice(before)
        expect(news.every((one) => one.key === key && one.taskId === taskId)).toBe(true)
        expect(news.length).toBeLessThanOrEqual(1)
        for (const response of answers) {
          if (response.headers.has('retry-after') || !response.headers.has('loupe-answer')) continue
          const { age, next } = freshnessOf(response)
          // A response counts as old once its successor is due.
          expect(age > 0 && next === 0).toBe(false)
        }
      }
      for (const key of ['key-one-1', 'key-two-2']) {
        const times = requests.filter((one) => one.key === key).map(({ at }) => at)
        for (const from of times) {
          const inHour = times.filter((at) => at >= from && at <= from + HOUR)
          expect(inHour.length).toBeLessThanOrEqual(10)
        }
      }
    }),
    { numRuns: 60 },
  )
})
