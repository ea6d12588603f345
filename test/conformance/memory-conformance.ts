import { describe, expect, test, vi } from 'vitest'
import { HOUR, MINUTE, SECOND } from '../../core/lib/units.ts'
import { expectProblem, gate, type Harness, MAX_WAIT, newKey, task } from './harness.ts'

/** `at`, `age` and `next` of a response, in ms; `next` is null if there will be no other. */
function freshnessOf({ headers }: Response) {
  const [at = 0, age = 0, next = null] = (headers.get('loupe-answer')?.match(/\d+/g) ?? []).map(
    Number,
  )
  return { at, age, next }
}

/** One status request serves all clients of a key. */
export function memoryConformance(stage: () => Harness): void {
  /** A response with the controlled clock's date. */
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

  describe('the quota survives a restart', () => {
    const usedUp = () =>
      Response.json(
        { error: 'RATE_LIMIT_EXCEEDED', message: 'Too many requests.' },
        { status: 429, headers: { 'retry-after': '1800' } },
      )

    test('as counted here', async () => {
      const [key, other] = [newKey(), newKey()]
      stage().upstream.respondWith(() => dated())
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

    test('as reported by the API', async () => {
      const [key, other] = [newKey(), newKey()]
      stage().upstream.respondWith(usedUp)
      expect((await ask(key, 'a')).status).toBe(429)
      await stage().restart()
      stage().upstream.respondWith(() => dated())
      expect((await ask(key, 'b')).status).toBe(429)
      expect(stage().upstream.sent).toEqual([])
      expect((await ask(other, 'b')).status).toBe(200)
      expect(stage().upstream.sent).toHaveLength(1)
      stage().pass(HOUR / 2 + MINUTE)
      expect((await ask(key, 'b')).status).toBe(200)
    })
  })

  describe('one request for all clients', () => {
    test('is the one in progress, and is reused until the next is due', async () => {
      const response = gate<Response>()
      stage().upstream.respondWith(() => response.promise)
      const key = newKey()
      const all = Array.from({ length: 20 }, () => ask(key, 'a'))
      await vi.waitFor(() => expect(stage().upstream.sent).toHaveLength(1), MAX_WAIT)
      response.resolve(dated())
      const answers = await Promise.all(all)
      expect(new Set(await Promise.all(answers.map((one) => one.text()))).size).toBe(1)
      const next = freshnessOf(answers[0] as Response).next ?? 0
      expect(next).toBeGreaterThan(SECOND)
      stage().pass(next - 1)
      const again = await ask(key, 'a')
      expect([again.status, freshnessOf(again).age, again.headers.get('age')]).toEqual([
        200,
        next - 1,
        String(Math.floor((next - 1) / SECOND)),
      ])
      expect(again.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
      expect(again.headers.get('vary')).toBe('X-API-Key')
      expect(stage().upstream.sent).toHaveLength(1)
      stage().upstream.respondWith(() => dated())
      stage().pass(1)
      expect(freshnessOf(await ask(key, 'a')).age).toBe(0)
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('is sent at the same times for fifty clients as for one', async () => {
      const timesWith = async (viewers: number) => {
        const key = newKey()
        const begun = stage().now()
        const times: number[] = []
        stage().upstream.respondWith(() => {
          times.push(stage().now() - begun)
          return dated({ progress: String(Math.min(90, times.length * 5)) })
        })
        const wakes = Array.from({ length: viewers }, () => begun)
        while (stage().now() < begun + MINUTE) {
          const due = wakes.flatMap((at, n) => (at <= stage().now() ? [n] : []))
          const answers = await Promise.all(due.map(() => ask(key, 'watched')))
          for (const [place, response] of answers.entries()) {
            wakes[due[place] ?? 0] = stage().now() + (freshnessOf(response).next ?? HOUR)
          }
          stage().pass(Math.max(1, Math.min(...wakes) - stage().now()))
        }
        return times
      }
      const alone = await timesWith(1)
      expect(alone.length).toBeGreaterThan(3)
      expect(await timesWith(50)).toEqual(alone)
    })

    test('is sent at once when forced', async () => {
      stage().upstream.respondWith(() => dated())
      const key = newKey()
      await ask(key, 'a')
      stage().pass(SECOND)
      expect(freshnessOf(await ask(key, 'a', { 'cache-control': 'no-cache' })).age).toBe(0)
      expect(stage().upstream.sent).toHaveLength(2)
    })

    test('also serves live links', async () => {
      stage().upstream.respondWith(() => dated())
      const key = newKey()
      await ask(key, 'a')
      const view = await stage().view(await stage().share(key, 'a'))
      expect((await view.json()).record.requestCount).toBe(1)
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('never returns one key another’s task', async () => {
      const [mine, yours] = [newKey(), newKey()]
      stage().upstream.respondWith((request) =>
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
      expect(stage().upstream.sent).toHaveLength(2)
    })
  })

  test('a settled task is answered from memory until its first link expires', async () => {
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
    stage().upstream.respondWith(() => dated(settled))
    const key = newKey()
    await ask(key, 'a')
    stage().pass(ends - stage().now() - 10 * SECOND)
    await ask(key, 'a')
    expect(stage().upstream.sent).toHaveLength(1)
    stage().pass(20 * SECOND)
    await ask(key, 'a')
    expect(stage().upstream.sent).toHaveLength(2)
  })

  test('the quota is reported; used up, the cached status is returned with its age, and when to come back', async () => {
    stage().upstream.respondWith(() => dated())
    const key = newKey()
    const first = await ask(key, 'task-0')
    expect(first.headers.get('ratelimit-policy')).toBe('"hour";q=100;w=3600')
    expect(first.headers.get('ratelimit')).toMatch(/^"hour";r=99;t=\d+$/)
    await Promise.all(Array.from({ length: 97 }, (_, n) => ask(key, `task-${n + 1}`)))
    expect(stage().upstream.sent).toHaveLength(98)
    stage().pass(MINUTE)
    const known = await ask(key, 'task-0')
    expect([known.status, freshnessOf(known).age]).toEqual([200, MINUTE])
    expect(Number(known.headers.get('retry-after'))).toBeGreaterThan(3000)
    const unknown = await ask(key, 'another')
    expect(unknown.headers.get('retry-after')).toBe(known.headers.get('retry-after'))
    await expectProblem(unknown, 429, 'RATE_LIMIT_EXCEEDED')
    expect(stage().upstream.sent).toHaveLength(98)
  })

  test.each<[string, string, string]>([
    ['no task', '{"data":{"taskId":"../../server/x"}}', 'BAD_REQUEST'],
    ['no JSON', '{', 'BAD_REQUEST'],
  ])('a request with %s is rejected here', async (_, body, error) => {
    stage().upstream.respondWith(() => dated())
    const headers = { 'content-type': 'application/json', 'x-api-key': newKey() }
    const response = await stage().fetch('/api/get-task-status', { method: 'POST', headers, body })
    await expectProblem(response, 400, error)
    expect(stage().upstream.sent).toEqual([])
  })

  test('a request without a key is rejected here', async () => {
    stage().upstream.respondWith(() => dated())
    const response = await stage().fetch('/api/get-task-status', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"data":{"taskId":"a"}}',
    })
    await expectProblem(response, 400, 'KEY_UNUSABLE')
  })
}
