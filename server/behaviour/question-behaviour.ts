import { describe, expect, test } from 'vitest'
import { BROKEN_OFF } from './server.ts'
import { expectProblem, newKey, ORIGIN, type Stage, task } from './stage.ts'

/** What is asked of the API, and what its faults become. */
export function questionBehaviour(stage: () => Stage): void {
  describe('a question', () => {
    test('reaches the API with its key, and nothing of the browser', async () => {
      stage().upstream.answer(() => task())
      const key = newKey()
      const response = await stage().fetch('/api/get-task-status', {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': key,
          authorization: 'Basic x',
          cookie: 'a=b',
          origin: ORIGIN,
          referer: `${ORIGIN}/tasks/1`,
          'x-forwarded-for': '1.2.3.4',
        },
        body: JSON.stringify({ data: { taskId: 'a-task' } }),
      })
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ data: { status: 'ENHANCING' } })
      const [asked, ...others] = stage().upstream.asked
      expect(others).toEqual([])
      expect(asked).toMatchObject({ method: 'POST', path: '/get-task-status' })
      expect(JSON.parse(asked?.body ?? '')).toEqual({ data: { taskId: 'a-task' } })
      expect(asked?.headers.get('x-api-key')).toBe(key)
      for (const name of ['authorization', 'cookie', 'origin', 'referer', 'x-forwarded-for']) {
        expect(asked?.headers.get(name)).toBeNull()
      }
    })

    test.each<[string, number, string, () => Response | typeof BROKEN_OFF]>([
      [
        'a redirect',
        502,
        'UPSTREAM_UNUSABLE',
        () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test/' } }),
      ],
      [
        'an answer above 4 MiB',
        502,
        'UPSTREAM_UNUSABLE',
        () => new Response(new Uint8Array(4 * 1024 * 1024 + 1)),
      ],
      ['an answer that breaks off', 502, 'UPSTREAM_UNREACHABLE', () => BROKEN_OFF],
    ])('with %s is answered by a problem', async (_, status, error, answer) => {
      stage().upstream.answer(answer)
      await expectProblem(await stage().ask(newKey(), 'a-task'), status, error)
      expect(stage().upstream.asked).toHaveLength(1)
    })
  })
}
