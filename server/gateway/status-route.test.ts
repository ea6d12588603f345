import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/lib/units.ts'
import { readRateLimit } from '../../src/upscayl/rate-limit.ts'
import { SAMPLES, type SampleName } from '../../src/upscayl/samples.ts'
import { type Expected, heldApp } from '../held-to-contract.ts'
import { spellingsOf } from '../share/testing.ts'
import { createGateway } from './gateway.ts'

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'
/** Questions an hour of a hundred: two are kept back (budget.ts). */
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
type Answering = (question: Question, asked: number) => Response | Promise<Response>

/** A gateway that counts, with a steered clock, before an upstream that is counted. */
function stage(answering: Answering, expected: Expected = 'relayed', hourlyQuestions = 100) {
  let at = START
  const asked: (Question & { at: number })[] = []
  const gateway = createGateway({
    upstream: async (request) => {
      const { data } = (await request.json()) as { data: { taskId: string } }
      const question = { key: request.headers.get('x-api-key') ?? '', taskId: data.taskId }
      asked.push({ ...question, at })
      return answering(question, asked.length)
    },
    timeoutMs: 5000,
    sandbox: false,
    now: () => at,
    hourlyQuestions,
  })
  const app = heldApp(gateway, expected)
  return {
    asked,
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

/** `at`, `age` and `next` of an answer, in ms. */
function told({ headers }: Response): { at: number; age: number; next: number | null } {
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

describe('one question for all', () => {
  test('is the one that is under way', async () => {
    let give: (response: Response) => void = () => undefined
    const { ask, asked } = stage(
      () =>
        new Promise((resolve) => {
          give = resolve
        }),
    )
    const all = Array.from({ length: 50 }, () => ask())
    // The bodies are read first.
    await expect.poll(() => asked.length, { timeout: 50_000 }).toBe(1)
    await new Promise(setImmediate)
    give(sample('processing'))
    const bodies = await Promise.all((await Promise.all(all)).map((one) => one.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(asked).toHaveLength(1)
  })

  test('is given again with its age until the next is due, and says when', async () => {
    const { ask, asked, pass, now } = stage(() => sample('processing'))
    const first = await ask()
    const { at, next } = told(first)
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
    expect(told(second)).toEqual({ at, age: (next ?? 0) - 1, next: 1 })
    expect(head(second, 'age', 'date')).toEqual({
      age: String(lifetime),
      date: new Date(START).toUTCString(),
    })
    expect(await second.text()).toBe(await first.text())
    expect(asked).toHaveLength(1)
    pass(1)
    expect(told(await ask())).toMatchObject({ at: now(), age: 0 })
    expect(asked).toHaveLength(2)
  })

  test('costs as many questions for a thousand as for one, at the same times', async () => {
    const processed = START + 50 * SECOND
    async function timesWith(viewers: number): Promise<number[]> {
      const { ask, asked, pass, now } = stage(() =>
        sample(now() >= processed ? 'processed' : 'enhancing'),
      )
      const wakes = Array.from({ length: viewers }, (_, n) => START + (n % 7) * 300)
      while (now() < START + MINUTE) {
        const due = wakes.flatMap((at, n) => (at <= now() ? [n] : []))
        const answers = await Promise.all(due.map(() => ask()))
        for (const [place, answer] of answers.entries()) {
          const { next } = told(answer)
          wakes[due[place] ?? 0] = now() + (next ?? HOUR)
        }
        pass(Math.max(1, Math.min(...wakes) - now()))
      }
      return asked.map(({ at }) => at - START)
    }
    const alone = await timesWith(1)
    expect(alone.length).toBeGreaterThan(3)
    expect(await timesWith(1000)).toEqual(alone)
  })

  test('also where it failed, until the back-off is over', async () => {
    const { ask, asked, pass } = stage(() => sample('error-500'))
    const { next } = told(await ask())
    expect(next).toBe(2000)
    pass(1999)
    const again = await ask()
    expect([again.status, told(again).age, again.headers.get('cache-control')]).toEqual([
      500,
      1999,
      'no-store',
    ])
    expect(asked).toHaveLength(1)
    pass(1)
    await ask()
    expect(asked).toHaveLength(2)
  })

  test('by a person’s wish is asked at once, but not twice in a moment', async () => {
    const { ask, asked, pass } = stage(() => sample('processing'))
    await ask()
    pass(799)
    expect(told(await ask('a', NO_CACHE)).age).toBe(799)
    pass(1)
    expect(told(await ask('a', NO_CACHE)).age).toBe(0)
    expect(asked).toHaveLength(2)
  })

  test('about what was refused is asked anew after five minutes', async () => {
    const { ask, asked, pass } = stage(() => sample('error-404'))
    expect(told(await ask()).next).toBe(5 * MINUTE)
    pass(5 * MINUTE - 1)
    expect((await ask()).status).toBe(404)
    expect(asked).toHaveLength(1)
    pass(1)
    await ask()
    expect(asked).toHaveLength(2)
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

  test('is answered from memory until its first link ends, and asked anew then', async () => {
    const { ask, asked, pass, now } = stage(() => expiring(START + 2 * HOUR))
    const first = await ask()
    expect(told(first).next).toBe(2 * HOUR)
    expect(first.headers.get('cache-control')).toBe('private, max-age=7200')
    pass(2 * HOUR - 1)
    expect(told(await ask()).age).toBe(2 * HOUR - 1)
    expect(asked).toHaveLength(1)
    pass(1)
    // The date of the first had passed when this answer gave its link, so it is not the link's.
    expect(told(await ask())).toEqual({ at: now(), age: 0, next: HOUR })
    expect(told(await ask()).age).toBe(0)
    expect(asked).toHaveLength(2)
  })

  test('by the clock of the API', async () => {
    const ahead = { date: new Date(START + HOUR).toUTCString() }
    const { ask } = stage(() => {
      const response = expiring(START + 2 * HOUR)
      response.headers.set('date', ahead.date)
      return response
    })
    const answer = await ask()
    expect(head(answer, 'date')).toEqual(ahead)
    expect(told(answer).next).toBe(HOUR)
  })

  test('of which no end is known stays', async () => {
    const { ask, asked, pass } = stage(() => sample('failed'))
    expect(told(await ask()).next).toBeNull()
    pass(20 * HOUR)
    expect((await ask()).headers.get('cache-control')).toBe('private, max-age=3600')
    expect(asked).toHaveLength(1)
  })

  test('is not lost to a wish that came to nothing', async () => {
    const { ask, pass } = stage((_, n) =>
      n === 2 ? sample('error-500') : expiring(START + 2 * HOUR),
    )
    await ask()
    pass(MINUTE)
    expect((await ask('a', NO_CACHE)).status).toBe(500)
    const next = await ask()
    expect([next.status, told(next).age]).toEqual([200, MINUTE])
  })
})

describe('the allowance', () => {
  test('is told with each answer', async () => {
    const { ask, now, pass } = stage(() => sample('processing'))
    await ask('a')
    pass(10 * MINUTE)
    const answer = await ask('b')
    expect(head(answer, 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=98;t=3003',
      'ratelimit-policy': '"hour";q=100;w=3600',
    })
    expect(readRateLimit(answer.headers, now())).toEqual([
      { limit: 100, remaining: 98, windowMs: HOUR, resetAt: now() + 3003 * SECOND },
    ])
    expect(answer.headers.has('retry-after')).toBe(false)
  })

  test('that is used up: what is known is given with its age, and when to ask again', async () => {
    const { ask, asked, pass } = stage(() => sample('processing'))
    for (let n = 0; n < ROOM; n++) await ask(`task-${n}`)
    pass(MINUTE)
    for (const headers of [{}, NO_CACHE]) {
      const known = await ask('task-0', headers)
      expect([known.status, told(known).age]).toEqual([200, MINUTE])
      expect(head(known, 'retry-after', 'ratelimit')).toEqual({
        'retry-after': '3543',
        ratelimit: '"hour";r=2;t=3543',
      })
    }
    const unknown = await ask('another')
    expect(unknown.status).toBe(429)
    expect(await unknown.json()).toEqual({
      error: 'RATE_LIMIT_EXCEEDED',
      message: expect.stringMatching(/^All questions that this key may ask for now are used up/),
    })
    expect(unknown.headers.get('retry-after')).toBe('3543')
    expect(asked).toHaveLength(ROOM)
    pass(3543 * SECOND)
    expect((await ask('another')).status).toBe(200)
  })

  test('that is used up is back at one time for all tasks, though one will be asked before the other', async () => {
    const { ask } = stage(() => sample('processing'), 'relayed', 4)
    for (let n = 0; n < 4; n++) await ask(`task-${n}`)
    const waits = new Set<string | null>()
    for (let n = 4; n < 11; n++) waits.add((await ask(`task-${n}`)).headers.get('retry-after'))
    expect([...waits]).toEqual(['3603'])
  })

  test('of one key is not that of another', async () => {
    const { ask } = stage(() => sample('processing'), 'relayed', 5)
    for (let n = 0; n < 4; n++) await ask(`task-${n}`)
    expect((await ask('more')).status).toBe(429)
    expect((await ask('more', {}, 'another-key')).status).toBe(200)
  })

  test('that the API says is used up: its answer where nothing is known, else what is known', async () => {
    const limited = () => sample('error-429', { 'retry-after': '120' })
    const { ask, asked, pass } = stage((_, n) => (n === 1 ? sample('processing') : limited()))
    await ask('known')
    pass(MINUTE)
    const first = await ask('unknown')
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '120'])
    pass(MINUTE)
    const known = await ask('known')
    expect([known.status, told(known).age]).toEqual([200, 2 * MINUTE])
    expect(head(known, 'retry-after')).toEqual({ 'retry-after': '60' })
    expect(known.headers.get('ratelimit')).toMatch(/;r=0;t=60$/)
    expect((await ask('unknown')).status).toBe(429)
    expect((await ask('third')).headers.get('retry-after')).toBe('60')
    expect(asked).toHaveLength(2)
    pass(MINUTE)
    await ask('known')
    expect(asked).toHaveLength(3)
  })

  test.each([
    ['that is told', { 'retry-after': '3600' }, 1],
    // Without a word each wait is five minutes.
    ['that is not told', {}, 12],
  ])(
    'an hour of 429 %s, then answers again: all who come are answered',
    async (_, headers, most) => {
      const { ask, asked, pass, now } = stage(() =>
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
        const [known, unknown] = [await ask('known'), await ask('unknown')]
        expect([known.status, unknown.status]).toEqual([200, 429])
        for (const { headers: told } of [known, unknown]) {
          expect(Number(told.get('retry-after'))).toBeGreaterThan(0)
        }
        pass(20 * SECOND)
      }
      expect(asked.length - 1).toBeLessThanOrEqual(most)
      pass(5 * MINUTE)
      const answers = [await ask('known'), await ask('unknown')]
      expect(answers.map(({ status }) => status)).toEqual([200, 200])
      expect(answers.map((one) => told(one).age)).toEqual([0, 0])
    },
  )

  test('is not touched by what an answer about one task asks for', async () => {
    const answers = [sample('retry-after'), sample('error-503'), sample('processing')]
    const { ask, asked } = stage((_, n) => answers[n - 1] ?? sample('processing'))
    for (const id of ['a', 'b', 'c']) await ask(id)
    expect(asked).toHaveLength(3)
    expect((await ask('d')).headers.get('ratelimit')).toBe('"hour";r=96;t=3603')
  })

  test('a task whose server asks for two minutes gets them, and no other does', async () => {
    const { ask, asked, pass } = stage(({ taskId }) =>
      sample(taskId === 'busy' ? 'error-503' : 'processing'),
    )
    const first = await ask('busy')
    expect([first.status, first.headers.has('retry-after')]).toEqual([503, false])
    expect(told(first).next).toBe(2 * MINUTE)
    pass(2 * MINUTE - 1)
    await ask('busy')
    await ask('other')
    expect(asked.filter(({ taskId }) => taskId === 'busy')).toHaveLength(1)
    pass(1)
    await ask('busy')
    expect(asked.filter(({ taskId }) => taskId === 'busy')).toHaveLength(2)
  })

  test('of a shorter window holds beside that of the hour, and is told with it', async () => {
    const { ask, asked, pass } = stage(() => sample('short-window'))
    await ask('a')
    expect(head(await ask('a'), 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=99;t=3603, "60s";r=9;t=63',
      'ratelimit-policy': '"hour";q=100;w=3600, "60s";q=10;w=60',
    })
    for (let n = 0; n < 12; n++) await ask(`task-${n}`)
    expect(asked).toHaveLength(10)
    const held = await ask('a')
    expect(Number(held.headers.get('retry-after'))).toBeLessThanOrEqual(63)
    pass(63 * SECOND)
    const { length } = asked
    await ask('task-11')
    expect(asked).toHaveLength(length + 1)
  })

  test('that a 429 has lowered is told with the one that was set', async () => {
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

  test('is what the API says it is', async () => {
    const headers = { 'ratelimit-policy': '"hour";q=50;w=3600', ratelimit: '"hour";r=10;t=600' }
    const { ask } = stage(() => sample('processing', headers))
    expect(head(await ask(), 'ratelimit', 'ratelimit-policy')).toEqual({
      ratelimit: '"hour";r=10;t=603',
      'ratelimit-policy': '"hour";q=50;w=3600',
    })
  })
})

describe('what is no question', () => {
  const json = { 'content-type': 'application/json', 'x-api-key': KEY }
  const { send, asked } = stage(() => sample('processing'))

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
    expect(asked).toEqual([])
  })

  test.each(['', 'short', 'with space in it', 'x'.repeat(513)])('key "%s" is 400', async (key) => {
    const body = '{"data":{"taskId":"a"}}'
    const response = await send({ headers: { ...json, 'x-api-key': key }, body })
    expect([response.status, (await response.json()).error]).toEqual([400, 'KEY_UNUSABLE'])
    expect(asked).toEqual([])
  })
})

test('no answer has the key in it, however the API repeats it', async () => {
  const spelled = spellingsOf(KEY)
  const { ask } = stage(
    () => Response.json({ status: 'success', data: { status: spelled.join(' ') } }),
    'outside',
  )
  const texts = [await (await ask()).text(), await (await ask()).text()]
  for (const text of texts) for (const form of spelled) expect(text).not.toContain(form)
})

test('whoever asks when: never beyond the allowance, twice at once or another’s, and never too old', async () => {
  const step = fc.record({
    key: fc.constantFrom('key-one-1', 'key-two-2'),
    taskId: fc.constantFrom('a', 'b', 'c'),
    wish: fc.boolean(),
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
      const { ask, asked, pass, now } = stage(
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
      for (const { key, taskId, wish, after, says: next } of steps) {
        says = next
        pass(after)
        const before = asked.length
        const answers = await Promise.all([0, 1].map(() => ask(taskId, wish ? NO_CACHE : {}, key)))
        const news = asked.slice(before)
        expect(news.every((one) => one.key === key && one.taskId === taskId)).toBe(true)
        expect(news.length).toBeLessThanOrEqual(1)
        for (const answer of answers) {
          if (answer.headers.has('retry-after') || !answer.headers.has('loupe-answer')) continue
          const { age, next } = told(answer)
          // An old answer is one whose successor is not due yet.
          expect(age > 0 && next === 0).toBe(false)
        }
      }
      for (const key of ['key-one-1', 'key-two-2']) {
        const times = asked.filter((one) => one.key === key).map(({ at }) => at)
        for (const from of times) {
          const inHour = times.filter((at) => at >= from && at <= from + HOUR)
          expect(inHour.length).toBeLessThanOrEqual(10)
        }
      }
    }),
    { numRuns: 60 },
  )
})
