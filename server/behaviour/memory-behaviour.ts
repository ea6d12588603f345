import { describe, expect, test, vi } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../src/lib/units.ts'
import { expectProblem, gate, MOST_WAIT, newKey, type Stage, task } from './stage.ts'

/** `at`, `age` and `next` of an answer, in ms; `next` is null where there will be no other. */
function told({ headers }: Response) {
  const [at = 0, age = 0, next = null] = (headers.get('loupe-answer')?.match(/\d+/g) ?? []).map(
    Number,
  )
  return { at, age, next }
}

/** That one question answers all who ask with one key. */
export function memoryBehaviour(stage: () => Stage): void {
  /** By the steered clock: what the API says of time has to fit to it. */
  const dated = (change: Record<string, unknown> = {}): Response => {
    const response = task(change)
    response.headers.set('date', new Date(stage().now()).toUTCString())
    return response
  }
  const ask = (key: string, taskId: string, headers: Record<string, string> = {}) =>
    stage().fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key, ...headers },
      body: JSON.stringify({ data: { taskId } }),
    })

  describe('the allowance outlives the memory of who counts', () => {
    const usedUp = () =>
      Response.json(
        { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' },
        { status: 429, headers: { 'retry-after': '1800' } },
      )

    test('as it was counted here', async () => {
      const [key, other] = [newKey(), newKey()]
      stage().upstream.answer(() => dated())
      const left = async (taskId: string) =>
        (await ask(key, taskId)).headers.get('ratelimit')?.match(/r=\d+/)?.[0]
      expect(await left('a')).toBe('r=99')
      expect(await left('b')).toBe('r=98')
      await stage().restart()
      expect(await left('c')).toBe('r=97')
      await stage().restart()
      expect((await ask(other, 'a')).headers.get('ratelimit')).toContain('r=99')
      expect(await left('d')).toBe('r=96')
    })

    test('as the API said', async () => {
      const [key, other] = [newKey(), newKey()]
      stage().upstream.answer(usedUp)
      expect((await ask(key, 'a')).status).toBe(429)
      await stage().restart()
      stage().upstream.answer(() => dated())
      expect((await ask(key, 'b')).status).toBe(429)
      expect(stage().upstream.asked).toEqual([])
      expect((await ask(other, 'b')).status).toBe(200)
      expect(stage().upstream.asked).toHaveLength(1)
      stage().pass(HOUR / 2 + MINUTE)
      expect((await ask(key, 'b')).status).toBe(200)
    })
  })

  describe('one question for all', () => {
    test('is the one under way, and is given again until the next is due', async () => {
      const answer = gate<Response>()
      stage().upstream.answer(() => answer.promise)
      const key = newKey()
      const all = Array.from({ length: 20 }, () => ask(key, 'a'))
      await vi.waitFor(() => expect(stage().upstream.asked).toHaveLength(1), MOST_WAIT)
      answer.resolve(dated())
      const answers = await Promise.all(all)
      expect(new Set(await Promise.all(answers.map((one) => one.text()))).size).toBe(1)
      const next = told(answers[0] as Response).next ?? 0
      expect(next).toBeGreaterThan(SECOND)
      stage().pass(next - 1)
      const again = await ask(key, 'a')
      expect([again.status, told(again).age, again.headers.get('age')]).toEqual([
        200,
        next - 1,
        String(Math.floor((next - 1) / SECOND)),
      ])
      expect(again.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
      expect(again.headers.get('vary')).toBe('X-API-Key')
      expect(stage().upstream.asked).toHaveLength(1)
      stage().upstream.answer(() => dated())
      stage().pass(1)
      expect(told(await ask(key, 'a')).age).toBe(0)
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('is asked at the same times for fifty as for one', async () => {
      const timesWith = async (viewers: number) => {
        const key = newKey()
        const begun = stage().now()
        const times: number[] = []
        stage().upstream.answer(() => {
          times.push(stage().now() - begun)
          return dated({ progress: String(Math.min(90, times.length * 5)) })
        })
        const wakes = Array.from({ length: viewers }, () => begun)
        while (stage().now() < begun + MINUTE) {
          const due = wakes.flatMap((at, n) => (at <= stage().now() ? [n] : []))
          const answers = await Promise.all(due.map(() => ask(key, 'watched')))
          for (const [place, answer] of answers.entries()) {
            wakes[due[place] ?? 0] = stage().now() + (told(answer).next ?? HOUR)
          }
          stage().pass(Math.max(1, Math.min(...wakes) - stage().now()))
        }
        return times
      }
      const alone = await timesWith(1)
      expect(alone.length).toBeGreaterThan(3)
      expect(await timesWith(50)).toEqual(alone)
    })

    test('by a wish is asked at once', async () => {
      stage().upstream.answer(() => dated())
      const key = newKey()
      await ask(key, 'a')
      stage().pass(SECOND)
      expect(told(await ask(key, 'a', { 'cache-control': 'no-cache' })).age).toBe(0)
      expect(stage().upstream.asked).toHaveLength(2)
    })

    test('is that of a live link, too', async () => {
      stage().upstream.answer(() => dated())
      const key = newKey()
      await ask(key, 'a')
      const view = await stage().view(await stage().share(key, 'a'))
      expect((await view.json()).record.questions).toBe(1)
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('never tells one key of another’s task', async () => {
      const [mine, yours] = [newKey(), newKey()]
      stage().upstream.answer((request) =>
        request.headers.get('x-api-key') === mine
          ? dated()
          : Response.json({ error: 'NOT_FOUND', message: 'No such task.' }, { status: 404 }),
      )
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => ask(n % 2 === 0 ? mine : yours, 'a')),
      )
      expect(answers.map(({ status }) => status)).toEqual(
        answers.map((_, n) => (n % 2 === 0 ? 200 : 404)),
      )
      expect(stage().upstream.asked).toHaveLength(2)
    })
  })

  test('a settled task is answered from memory until its first link ends', async () => {
    const ends = Math.ceil(stage().now() / SECOND) * SECOND + HOUR
    const files = [
      {
        id: 'f',
        originalName: 'a.png',
        downloadUrl: 'https://files.example/a',
        size: 1,
        expiresAt: ends / SECOND,
      },
    ]
    const settled = {
      status: 'PROCESSED',
      progress: '100',
      creditsDeducted: true,
      deductedCredits: 10,
      files,
    }
    stage().upstream.answer(() => dated(settled))
    const key = newKey()
    await ask(key, 'a')
    stage().pass(ends - stage().now() - 10 * SECOND)
    await ask(key, 'a')
    expect(stage().upstream.asked).toHaveLength(1)
    stage().pass(20 * SECOND)
    await ask(key, 'a')
    expect(stage().upstream.asked).toHaveLength(2)
  })

  test('the allowance is told; used up, what is known is given with its age, and when to come back', async () => {
    stage().upstream.answer(() => dated())
    const key = newKey()
    const first = await ask(key, 'task-0')
    expect(first.headers.get('ratelimit-policy')).toBe('"hour";q=100;w=3600')
    expect(first.headers.get('ratelimit')).toMatch(/^"hour";r=99;t=\d+$/)
    await Promise.all(Array.from({ length: 97 }, (_, n) => ask(key, `task-${n + 1}`)))
    expect(stage().upstream.asked).toHaveLength(98)
    stage().pass(MINUTE)
    const known = await ask(key, 'task-0')
    expect([known.status, told(known).age]).toEqual([200, MINUTE])
    expect(Number(known.headers.get('retry-after'))).toBeGreaterThan(3000)
    const unknown = await ask(key, 'another')
    expect(unknown.headers.get('retry-after')).toBe(known.headers.get('retry-after'))
    await expectProblem(unknown, 429, 'RATE_LIMIT_EXCEEDED')
    expect(stage().upstream.asked).toHaveLength(98)
  })

  test.each<[string, string, string]>([
    ['no task', '{"data":{"taskId":"../x"}}', 'BAD_REQUEST'],
    ['no JSON', '{', 'BAD_REQUEST'],
  ])('a question about %s is refused here', async (_, body, error) => {
    stage().upstream.answer(() => dated())
    const headers = { 'content-type': 'application/json', 'x-api-key': newKey() }
    const response = await stage().fetch('/api/get-task-status', { method: 'POST', headers, body })
    await expectProblem(response, 400, error)
    expect(stage().upstream.asked).toEqual([])
  })

  test('a question without a key is refused here', async () => {
    stage().upstream.answer(() => dated())
    const response = await stage().fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"data":{"taskId":"a"}}',
    })
    await expectProblem(response, 400, 'KEY_UNUSABLE')
  })
}
