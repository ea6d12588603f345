import { describe, expect, test } from 'vitest'
import { expectProblem, type Harness, newKey, ORIGIN, task } from './harness.ts'
import { BROKEN_OFF } from './server.ts'

/** Requests to the API, and the handling of its errors. */
export function statusConformance(stage: () => Harness): void {
  describe('a status request', () => {
    test('reaches the API with its key, and without other browser headers', async () => {
      stage().upstream.respondWith(() => task())
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
      const [sent, ...others] = stage().upstream.sent
      expect(others).toEqual([])
      expect(sent).toMatchObject({ method: 'POST', path: '/get-task-status' })
      expect(JSON.parse(sent?.body ?? '')).toEqual({ data: { taskId: 'a-task' } })
      expect(sent?.headers.get('x-api-key')).toBe(key)
      for (const name of ['authorization', 'cookie', 'origin', 'referer', 'x-forwarded-for']) {
        expect(sent?.headers.get(name)).toBeNull()
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
        'a response above 4 MiB',
        502,
        'UPSTREAM_UNUSABLE',
        () => new Response(new Uint8Array(4 * 1024 * 1024 + 1)),
      ],
      ['a response that breaks off', 502, 'UPSTREAM_UNREACHABLE', () => BROKEN_OFF],
    ])('that gets %s returns a problem', async (_, status, error, response) => {
      stage().upstream.respondWith(response)
      await expectProblem(await stage().ask(newKey(), 'a-task'), status, error)
      expect(stage().upstream.sent).toHaveLength(1)
    })
  })
}
