import { describe, expect, test } from 'vitest'
import { HOUR, MINUTE } from '../../src/lib/units.ts'
import { type Allowance, fullAllowance } from '../../src/polling/budget.ts'
import { SAMPLES, type SampleName } from '../../src/upscayl/samples.ts'
import type { TaskId } from '../../src/upscayl/task-id.ts'
import { createCoordinator, type Known } from './coordinator.ts'
import { createCoordinators } from './coordinators.ts'

const START = Date.UTC(2026, 0, 1, 12)
const KEY = 'key-1234567890'
const FILES = 'https://files.example'

const answerOf = (name: SampleName): Response => {
  const { status, headers, body } = SAMPLES[name].reply(START, FILES)
  return new Response(body, { status, headers })
}

/** A paid result with these files. */
const withFiles = (files: unknown, creditsDeducted = true) => ({
  status: 'success',
  data: { status: 'PROCESSED', progress: '100', creditsDeducted, deductedCredits: 10, files },
})

/** A coordinator with a steered clock. Its questions are answered by `answer`, or held by the test. */
function stage(answer: (taskId: string) => Response | Promise<Response>, mostTasks = 500) {
  let at = START
  const asked: { taskId: string; at: number }[] = []
  const options = {
    now: () => at,
    mostTasks,
    send: async ({ taskId }: { taskId: TaskId }) => {
      asked.push({ taskId, at })
      return answer(taskId)
    },
  }
  return {
    options,
    asked,
    now: () => at,
    pass: (ms: number) => {
      at += ms
    },
  }
}

const wanted = (taskId = 'a', key = KEY) => ({
  key,
  taskId: taskId as TaskId,
  origin: 'http://loupe.test/',
  requestId: null,
})

/** A promise that the test resolves. */
function held<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((give) => {
    resolve = give
  })
  return { promise, resolve }
}

describe('a coordinator', () => {
  test('puts one question for all who want to know at once', async () => {
    const answer = held<Response>()
    const { options, asked } = stage(() => answer.promise)
    const coordinator = createCoordinator(options)
    const all = Array.from({ length: 50 }, () => coordinator.know(wanted()))
    expect(coordinator.isBusy()).toBe(true)
    answer.resolve(answerOf('processing'))
    const known = await Promise.all(all)
    expect(asked).toHaveLength(1)
    expect(new Set(known.map(({ record }) => record)).size).toBe(1)
    expect(known[0]?.record.task?.kind).toBe('processing')
    expect(coordinator.isBusy()).toBe(false)
  })

  test('gives what it knows until the next question is due, and asks then', async () => {
    const { options, asked, now, pass } = stage(() => answerOf('processing'))
    const coordinator = createCoordinator(options)
    const known = await coordinator.know(wanted())
    const { nextAt } = known
    expect(nextAt).toBeGreaterThan(now())
    pass((nextAt ?? 0) - now() - 1)
    expect(await coordinator.know(wanted())).toEqual(known)
    expect(asked).toHaveLength(1)
    pass(1)
    expect((await coordinator.know(wanted())).record.questions).toBe(2)
    expect(asked).toHaveLength(2)
  })

  test('asks no more about what is settled', async () => {
    const { options, asked, pass } = stage(() => answerOf('processed'))
    const coordinator = createCoordinator(options)
    expect((await coordinator.know(wanted())).nextAt).toBeNull()
    pass(50 * HOUR)
    const { record, nextAt } = await coordinator.know(wanted())
    expect([record.task?.kind, nextAt, asked.length]).toEqual(['processed', null, 1])
  })

  test.each([
    ['an empty list', []],
    ['no list', null],
    ['a file without a link', [{ fileName: 'a.png' }]],
  ])('asks for the files of a paid result until they are there: %s', async (_, files) => {
    let there = false
    const { options, asked, now, pass } = stage(() => {
      const listed = there ? [{ path: 'a', downloadLink: `${FILES}/a` }] : files
      return Response.json(withFiles(listed))
    })
    const coordinator = createCoordinator(options)
    for (const wait of [5000, 20_000, 60_000]) {
      expect((await coordinator.know(wanted())).nextAt).toBe(now() + wait)
      pass(wait)
    }
    expect((await coordinator.know(wanted())).nextAt).toBeNull()
    expect(asked).toHaveLength(4)
    // Whoever comes back for them later has them asked for.
    there = true
    pass(5 * MINUTE)
    expect((await coordinator.know(wanted())).record.filesPending).toBe(true)
    const { record, answer } = await coordinator.know(wanted(), 'stale')
    expect([asked.length, record.filesPending]).toEqual([5, false])
    expect(answer?.body).toContain(`${FILES}/a`)
  })

  test('keeps the links of a list that came back empty', async () => {
    let n = 0
    const { options, pass } = stage(() =>
      Response.json(withFiles(n++ === 0 ? [{ path: 'a', downloadLink: `${FILES}/a` }] : [], n > 1)),
    )
    const coordinator = createCoordinator(options)
    await coordinator.know(wanted())
    pass(5000)
    const { record } = await coordinator.know(wanted())
    expect(record.task?.files.map(({ downloadUrl }) => downloadUrl)).toEqual([`${FILES}/a`])
    expect(record.filesPending).toBe(false)
  })

  test.each(['error-401', 'error-402', 'error-404', 'error-400-other'] as const)(
    'asks again after one %s amid good answers, and gives what was told until then',
    async (name) => {
      let stray = false
      const { options, asked, now, pass } = stage(() => answerOf(stray ? name : 'enhancing'))
      const coordinator = createCoordinator(options)
      const first = await coordinator.know(wanted())
      pass((first.nextAt ?? 0) - now())
      stray = true
      const doubted = await coordinator.know(wanted())
      expect(doubted.nextAt).toBe(now() + 2000)
      expect(doubted.answer?.status).toBe(200)
      pass(2000)
      stray = false
      const { record, nextAt } = await coordinator.know(wanted())
      expect([record.failure, asked.length]).toEqual([null, 3])
      expect(nextAt).not.toBeNull()
    },
  )

  test('believes a refusal that comes four times in a row', async () => {
    let n = 0
    const { options, asked, now, pass } = stage(() =>
      answerOf(n++ === 0 ? 'enhancing' : 'error-404'),
    )
    const coordinator = createCoordinator(options)
    for (let times = 0; times < 5; times++) {
      const { nextAt } = await coordinator.know(wanted())
      pass((nextAt ?? now()) - now())
    }
    const { nextAt, answer } = await coordinator.know(wanted())
    expect([nextAt, answer?.status, asked.length]).toEqual([null, 404, 5])
  })

  test.each([
    ['2099', Date.UTC(2099, 0, 1), 0],
    ['1970', 0, 0],
    ['5 h ahead', START + 5 * HOUR, 5 * HOUR],
  ])('passes on no Date of %s that no clock has', async (_, date, ahead) => {
    const { options, now } = stage(() => {
      const response = answerOf('processed')
      response.headers.set('date', new Date(date).toUTCString())
      return response
    })
    const { answer, record } = await createCoordinator(options).know(wanted())
    expect(Date.parse(answer?.date ?? '')).toBe(now() + ahead)
    expect(record.clockSkew).toBe(ahead)
  })

  test('keeps to the allowance of the key, over all its tasks', async () => {
    const { options, asked, now } = stage(() => answerOf('processing'))
    const coordinator = createCoordinator(options)
    const known: Known[] = []
    for (let n = 0; n < 120; n++) known.push(await coordinator.know(wanted(`task-${n}`)))
    expect(asked).toHaveLength(98)
    expect(known.at(-1)?.record.task).toBeNull()
    expect(known.at(-1)?.nextAt).toBeGreaterThanOrEqual(now() + HOUR)
  })

  test('waits out a 429', async () => {
    const { options, asked, now, pass } = stage(() => answerOf('error-429'))
    const coordinator = createCoordinator(options)
    const { record, nextAt } = await coordinator.know(wanted())
    expect(record.failure?.error.kind).toBe('limited')
    expect(nextAt).toBeGreaterThan(now() + MINUTE)
    expect((await coordinator.know(wanted('b'))).nextAt).toBeGreaterThan(now() + MINUTE)
    expect(asked).toHaveLength(1)
    pass((nextAt ?? 0) - now())
    await coordinator.know(wanted())
    expect(asked).toHaveLength(2)
  })

  test.each(['error-500', 'error-html'] as const)('backs off after %s', async (name) => {
    const { options, asked, now, pass } = stage(() => answerOf(name))
    const coordinator = createCoordinator(options)
    const waits: number[] = []
    for (let n = 0; n < 4; n++) {
      const { nextAt } = await coordinator.know(wanted())
      waits.push((nextAt ?? 0) - now())
      pass(waits.at(-1) ?? 0)
    }
    expect(asked).toHaveLength(4)
    expect(waits).toEqual([2000, 4000, 8000, 16_000])
  })

  test('backs off after whatever else goes wrong', async () => {
    const { options, now } = stage(() => Promise.reject(new Error(KEY)))
    const { record, nextAt } = await createCoordinator(options).know(wanted())
    expect(record.failure).toEqual({ error: { kind: 'network' }, at: now() })
    expect(nextAt).toBe(now() + 2000)
  })

  test('asks once more after an hour what was refused, and not before', async () => {
    const { options, asked, pass } = stage(() => answerOf('error-401'))
    const coordinator = createCoordinator(options)
    expect((await coordinator.know(wanted())).nextAt).toBeNull()
    pass(HOUR - 1)
    expect((await coordinator.know(wanted())).nextAt).toBeNull()
    expect(asked).toHaveLength(1)
    pass(1)
    await coordinator.know(wanted())
    expect(asked).toHaveLength(2)
  })

  test('goes on with a task that nobody looked at for hours', async () => {
    const { options, asked, pass } = stage(() => answerOf('processing'))
    const coordinator = createCoordinator(options)
    await coordinator.know(wanted())
    pass(5 * HOUR)
    const { record } = await coordinator.know(wanted())
    expect([record.questions, asked.length]).toEqual([2, 2])
  })

  test('keeps no question of the allowance for tasks that nobody looks at any more', async () => {
    const { options, pass, now, asked } = stage(() => answerOf('processing'))
    const coordinator = createCoordinator(options)
    for (let n = 0; n < 96; n++) await coordinator.know(wanted(`left-${n}`))
    pass(2 * MINUTE)
    // Of the 96, all are due again by now; two questions are left, and one looks.
    const { nextAt } = await coordinator.know(wanted('looked-at'))
    expect(nextAt).toBeLessThan(now() + HOUR / 2)
    pass((nextAt ?? 0) - now())
    await coordinator.know(wanted('looked-at'))
    expect(asked).toHaveLength(98)
  })

  test('remembers so many tasks, but forgets none while it is asked about', async () => {
    const slow = held<Response>()
    const { options, asked } = stage(
      (id) => (id === 'slow' ? slow.promise : answerOf('processed')),
      3,
    )
    const coordinator = createCoordinator(options)
    const first = coordinator.know(wanted('slow'))
    for (const id of ['b', 'c', 'd', 'e']) await coordinator.know(wanted(id))
    const second = coordinator.know(wanted('slow'))
    slow.resolve(answerOf('processed'))
    expect((await first).record.questions).toBe(1)
    expect((await second).record.questions).toBe(1)
    expect(asked).toHaveLength(5)
    await coordinator.know(wanted('e'))
    expect(asked).toHaveLength(5)
    await coordinator.know(wanted('b'))
    expect(asked).toHaveLength(6)
  })

  test('has the key in nothing that it gives, however the API repeats it', async () => {
    const encoded = Buffer.from(`user:${KEY}`).toString('base64')
    const { options } = stage(() =>
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
    const known = JSON.stringify(await createCoordinator(options).know(wanted()))
    expect(known.toLowerCase()).not.toContain(KEY)
    expect(known).not.toContain(encoded.slice(8, 20))
    // Nor the beginning of it, where a name was cut to its longest.
    expect(known).not.toContain('xkey-1')
  })
})

test('begins with the allowance that is left of an earlier one, and tells each change of it', async () => {
  const { options, asked, now } = stage(() => answerOf('processing'))
  const told: Allowance[] = []
  const allowance = { ...fullAllowance(4), sent: [now(), now(), now()] }
  const coordinator = createCoordinator({
    ...options,
    allowance: fullAllowance(5),
    kept: { allowance, accepted: true },
    onChange: (state) => told.push(state.allowance),
  })
  for (const id of ['a', 'b']) await coordinator.know(wanted(id))
  expect(asked).toHaveLength(1)
  // Before the question is sent, so that no crash loses it; and with what its answer said.
  expect(told.map(({ sent }) => sent.length)).toEqual([4, 4])
})

describe('the coordinators', () => {
  test('are one for each key', () => {
    const coordinators = createCoordinators(stage(() => answerOf('processing')).options)
    expect(coordinators.of('a')).toBe(coordinators.of('a'))
    expect(coordinators.of('a')).not.toBe(coordinators.of('b'))
  })

  test('go after an idle hour, when their allowance has all of its questions back', async () => {
    const { options, pass } = stage(() => answerOf('processing'))
    const coordinators = createCoordinators(options)
    const first = coordinators.of('a')
    pass(HOUR - 1)
    coordinators.of('b')
    expect(coordinators.size()).toBe(2)
    pass(1)
    coordinators.of('b')
    expect(coordinators.size()).toBe(1)
    expect(coordinators.of('a')).not.toBe(first)
  })

  test('are no more than so many, but none goes that waits for an answer', async () => {
    const answer = held<Response>()
    const { options } = stage(() => answer.promise)
    const coordinators = createCoordinators({ ...options, mostKeys: 3 })
    const busy = coordinators.of('busy')
    const known = busy.know(wanted())
    for (const key of ['b', 'c', 'd', 'e']) coordinators.of(key)
    expect(coordinators.size()).toBe(3)
    expect(coordinators.of('busy')).toBe(busy)
    answer.resolve(answerOf('processing'))
    expect((await known).record.questions).toBe(1)
  })

  test('of keys that the API never took go first', async () => {
    const { options } = stage((id) => answerOf(id === 'real' ? 'processing' : 'error-401'))
    const coordinators = createCoordinators({ ...options, mostKeys: 3 })
    const real = coordinators.of('real')
    await real.know(wanted('real'))
    for (let n = 0; n < 20; n++) await coordinators.of(`made-up-${n}`).know(wanted())
    expect(coordinators.of('real')).toBe(real)
    expect(coordinators.size()).toBe(3)
  })

  test('forget tasks beyond so many bytes, of the key that was used longest ago', async () => {
    const body = JSON.stringify({ status: 'x'.repeat(40_000) })
    const { options, asked } = stage(() => new Response(body))
    const coordinators = createCoordinators({ ...options, mostBytes: 1_000_000 })
    for (const key of ['a', 'b']) {
      for (let n = 0; n < 8; n++) await coordinators.of(key).know(wanted(`${key}-${n}`))
    }
    expect(coordinators.bytes()).toBeLessThan(1_100_000)
    expect(coordinators.bytes()).toBeGreaterThan(900_000)
    await coordinators.of('b').know(wanted('b-7'))
    expect(asked).toHaveLength(16)
    await coordinators.of('a').know(wanted('a-0'))
    expect(asked).toHaveLength(17)
    expect(coordinators.size()).toBe(2)
  })

  test('that all wait for an answer stay, with the one that is wanted', async () => {
    const { options } = stage(() => new Promise(() => undefined))
    const coordinators = createCoordinators({ ...options, mostKeys: 2 })
    for (const key of ['a', 'b', 'c']) void coordinators.of(key).know(wanted())
    expect(coordinators.size()).toBe(3)
    expect(coordinators.of('c')).toBe(coordinators.of('c'))
  })
})
