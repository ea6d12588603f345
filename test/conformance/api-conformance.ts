import { describe, expect, test } from 'vitest'
import { readContract } from '../../server/openapi-file.ts'
import { expectNothingSent, expectProblem, type Harness, newKey } from './harness.ts'

/** Requests rejected before they reach the API. */
export function apiConformance(stage: () => Harness): void {
  describe('under /api', () => {
    test('the contract is served', async () => {
      const response = await stage().fetch('/api/openapi.yaml')
      expect(response.headers.get('content-type')).toBe('application/yaml')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toBe(await readContract())
    })

    test.each([true, false])('nothing else exists, with a key: %s', async (withKey) => {
      expectNothingSent(stage())
      const headers: Record<string, string> = withKey ? { 'x-api-key': newKey() } : {}
      for (const path of ['/api/', '/api/start-tasks', '/api/sandbox', '/api/get-task-status/x']) {
        await expectProblem(await stage().fetch(path, { headers }), 404, 'NOT_FOUND')
      }
      for (const [path, allow] of [
        ['/api/get-task-status', 'POST'],
        ['/api/start-task', 'POST'],
        ['/api/get-upload-url', 'POST'],
        ['/api/complete-multipart-upload', 'POST'],
        ['/api/get-upscayl-history', 'POST'],
        ['/api/share', 'GET, HEAD, POST'],
        ['/api/share/AAAAAAAAAAAAAAAA', 'DELETE'],
        ['/api/shared', 'GET, HEAD'],
        ['/api/shared/previews', 'GET, HEAD'],
        ['/api/openapi.yaml', 'GET, HEAD'],
      ] as const) {
        const response = await stage().fetch(path, { method: 'PUT', headers })
        expect(response.headers.get('allow')).toBe(allow)
        await expectProblem(response, 405, 'METHOD_NOT_ALLOWED')
      }
      expect(stage().upstream.sent).toEqual([])
    })

    test.each(['get-task-status', 'share', 'start-task'])(
      'a page of another site cannot use %s',
      async (name) => {
        expectNothingSent(stage())
        const response = await stage().fetch(`/api/${name}`, {
          method: 'POST',
          headers: { 'sec-fetch-site': 'cross-site', 'x-api-key': newKey() },
        })
        await expectProblem(response, 403, 'CROSS_SITE')
        expect(stage().upstream.sent).toEqual([])
      },
    )

    test.each(['short', 'with space', 'x'.repeat(513), 'ключ'.replaceAll(/./g, 'é')])(
      '%s is not a valid key',
      async (key) => {
        expectNothingSent(stage())
        const headers = { 'x-api-key': key, 'content-type': 'application/json' }
        for (const [method, path] of [
          ['GET', '/api/share'],
          ['POST', '/api/share'],
          ['DELETE', '/api/share/AAAAAAAAAAAAAAAA'],
        ] as const) {
          const body = method === 'POST' ? '{}' : null
          await expectProblem(
            await stage().fetch(path, { method, headers, body }),
            400,
            'KEY_UNUSABLE',
          )
        }
      },
    )

    test('a body must be JSON, of at most 64 KiB', async () => {
      expectNothingSent(stage())
      const key = newKey()
      const send = (type: string, body: BodyInit) =>
        stage().fetch('/api/get-task-status', {
          method: 'POST',
          headers: { 'content-type': type, 'x-api-key': key },
          body,
        })
      await expectProblem(await send('text/plain', '{}'), 415, 'NOT_JSON')
      const tooLong = 'x'.repeat(64 * 1024 + 1)
      await expectProblem(await send('application/json', tooLong), 413, 'BODY_TOO_LARGE')
      expect(stage().upstream.sent).toEqual([])
    })
  })
}
