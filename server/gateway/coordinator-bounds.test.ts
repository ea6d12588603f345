import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { fullAllowance } from '../../src/polling/budget.ts'
import { SAMPLES, type SampleName } from '../../src/upscayl/samples.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { keepingOf } from '../share/testing.ts'
import { type CoordinatorOptions, createCoordinator } from './coordinator.ts'
import { createCoordinators } from './coordinators.ts'
import { createGateway } from './gateway.ts'

/* What nobody means well with: invented ids and keys, headers that are nonsense, clocks that jump. */

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'

const answerOf = (name: SampleName, more: Record<string, string> = {}): Response => {
  const { status, headers, body } = SAMPLES[name].reply(START, FILES)
  return new Response(body, { status, headers: { ...headers, ...more } })
}

const wanted = (taskId: string, key = KEY) => ({
  key,
  taskId: taskId as TaskId,
  origin: 'http://loupe.test/',
  requestId: null,
})

/** A steered clock, and questions that are noted. */
function stage(answer: (taskId: string, key: string) => Response | Promise<Response>) {
  let at = START
  const asked: string[] = []
  const options: CoordinatorOptions = {
    now: () => at,
    send: async ({ taskId, key }) => {
      asked.push(taskId)
      return answer(taskId, key)
    },
  }
  return {
    asked,
    options,
    pass: (ms: number) => {
      at += ms
    },
  }
}

describe('what an API says of its limit', () => {
  test.each([
    ['0', '0'],
    ['1', '0'],
    ['4294967296', '0'],
    ['999999999999999', '1'],
    ['100', '500'],
    ['100', '-5'],
  ])('%s with %s left stops nobody for longer than an hour, and breaks nothing', async (q, r) => {
    const headers = { 'x-ratelimit-limit': q, 'x-ratelimit-remaining': r }
    const { options, pass, asked } = stage(() => answerOf('processing', headers))
    const coordinator = createCoordinator(options)
    const known = await coordinator.know(wanted('a'), 'stale')
    expect(known.goodUntil).toBeLessThanOrEqual(START + 1.1 * HOUR)
    expect(known.allowance.sent.length).toBeLessThanOrEqual(100)
    pass(1.1 * HOUR)
    await coordinator.know(wanted('b'), 'stale')
    expect(asked).toEqual(['a', 'b'])
  })

  test('never makes more of it than was set here', async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '990' }
    const { options, asked } = stage(() => answerOf('processed', headers))
    const coordinator = createCoordinator({ ...options, allowance: fullAllowance(12) })
    for (let n = 0; n < 30; n++) await coordinator.know(wanted(`${n}`))
    expect(asked).toHaveLength(10)
  })

  test('and has left of much is kept, also below what was set here', async () => {
    const headers = { 'x-ratelimit-limit': '1000', 'x-ratelimit-remaining': '5' }
    const { options, asked } = stage(() => answerOf('processed', headers))
    const coordinator = createCoordinator({ ...options, allowance: fullAllowance(12) })
    await coordinator.know(wanted('a'))
    const { allowance } = await coordinator.know(wanted('a'))
    expect([allowance.limit, allowance.sent.length, asked.length]).toEqual([12, 7, 1])
  })
})

test('an allowance that was kept has the limit that is set now', async () => {
  const kept = { ...fullAllowance(1000), sent: [START] }
  const gateway = createGateway({
    upstream: async () => answerOf('processing'),
    timeoutMs: 5000,
    sandbox: false,
    now: () => START,
    hourlyQuestions: 10,
    keeping: keepingOf({ allowance: kept, accepted: true }),
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
    'keeps no task from being asked again: %s',
    async (name) => {
      const { options, asked, pass } = stage(() => answerOf(name))
      const coordinator = createCoordinator(options)
      await coordinator.know(wanted('a'), 'stale')
      pass(-50 * HOUR)
      await coordinator.know(wanted('a'), 'stale')
      expect(asked).toHaveLength(2)
      pass(1)
      await coordinator.know(wanted('a'), 'stale')
      expect(asked).toHaveLength(2)
    },
  )
})

describe('what is known', () => {
  test('is not displaced by ids that somebody made up', async () => {
    const { options, asked } = stage((id) => answerOf(id === 'mine' ? 'processed' : 'error-404'))
    const coordinator = createCoordinator({
      ...options,
      mostTasks: 5,
      allowance: fullAllowance(10),
    })
    await coordinator.know(wanted('mine'))
    for (let n = 0; n < 40; n++) await coordinator.know(wanted(`made-up-${n}`))
    expect(asked).toHaveLength(8)
    expect((await coordinator.know(wanted('mine'))).answer?.status).toBe(200)
  })

  test('is not displaced by keys that somebody made up', async () => {
    const { options, asked } = stage((_, key) => answerOf(key === KEY ? 'processed' : 'error-401'))
    const coordinators = createCoordinators({ ...options, mostBytes: 200_000 })
    await coordinators.of(KEY).know(wanted('mine'))
    for (let n = 0; n < 50; n++) {
      await coordinators.of('made-up').know(wanted(`${n}`, 'made-up'))
    }
    expect(coordinators.bytes()).toBeLessThanOrEqual(220_000)
    asked.length = 0
    expect((await coordinators.of(KEY).know(wanted('mine'))).answer?.status).toBe(200)
    expect(asked).toEqual([])
  })
})

test('a sandbox’s links of one who asked under another name are given to nobody else', async () => {
  const gateway = createGateway({
    upstream: async ({ url }) =>
      Response.json({
        status: 'success',
        data: { status: 'PROCESSING', error: new URL(url).origin },
      }),
    timeoutMs: 5000,
    sandbox: true,
    now: () => START,
    hourlyQuestions: 10,
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
])('a Date that is none is not given: %j', async (date) => {
  const { options } = stage(() => answerOf('processing', { date }))
  const { answer, record } = await createCoordinator(options).know(wanted('a'))
  expect(answer?.date).toBe(new Date(START).toUTCString())
  expect(record.task?.kind).toBe('processing')
})

test('a key that has to wait for a day is not asked with after an idle hour', async () => {
  const { options, asked, pass } = stage(() => answerOf('error-429', { 'retry-after': '86400' }))
  const coordinators = createCoordinators(options)
  const ask = () => coordinators.of(KEY).know(wanted('a'))
  await ask()
  pass(20 * HOUR)
  coordinators.of('another')
  await ask()
  expect(asked).toHaveLength(1)
  pass(5 * HOUR)
  await ask()
  expect(asked).toHaveLength(2)
})

test('whatever comes and goes, the bytes are those of what is remembered', async () => {
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
      const { options, pass } = stage(async () => {
        const { length, fails } = next
        await Promise.resolve()
        if (fails) throw new Error('no answer')
        return new Response(JSON.stringify({ status: 'x'.repeat(length) }))
      })
      const coordinators = createCoordinators({ ...options, mostKeys: 2, mostBytes: 100_000 })
      const flying: Promise<unknown>[] = []
      for (const { key, taskId, after, waits, ...answer } of steps) {
        pass(after)
        next = answer
        const known = coordinators.of(key).know(wanted(taskId, key), 'now')
        flying.push(known)
        if (waits) await known
        expect(coordinators.bytes()).toBeGreaterThan(0)
      }
      await Promise.all(flying)
      // Then nothing is under way, and all that is idle goes.
      pass(30 * HOUR)
      coordinators.of('the-last')
      expect([coordinators.size(), coordinators.bytes()]).toEqual([1, 0])
    }),
    { numRuns: 100 },
  )
})
