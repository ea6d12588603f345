import { describe, expect, test } from 'vitest'
import { expectNothingSent, expectProblem, type Harness, newKey } from './harness.ts'

const UPLOAD = {
  status: 'success',
  data: {
    uploadId: 'an-upload',
    partUrls: [{ partNumber: 1, signedUrl: 'https://storage.example/an-upload?partNumber=1' }],
    partSize: 5_242_880,
    path: 'users/1/a.png',
  },
}

/** Uploads by parts: only their JSON passes through Loupe. */
export function uploadConformance(stage: () => Harness): void {
  const post = (path: string, key: string, body: string) =>
    stage().fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': key, cookie: 'a=b' },
      body,
    })

  describe('an upload by parts', () => {
    test.each(['get-upload-url', 'complete-multipart-upload', 'get-upscayl-history'])(
      '%s is passed on, with the key and without cookies',
      async (name) => {
        const answer =
          name === 'get-upscayl-history'
            ? { status: 'success', data: [], pagination: { total: 0, hasMore: false } }
            : UPLOAD
        stage().upstream.respondWith(() => Response.json(answer))
        const key = newKey()
        const body = '{"data":{"uploadId":"an-upload","key":"users/1/a.png","parts":[]}}'
        const response = await post(`/api/${name}`, key, body)
        expect([response.status, await response.json()]).toEqual([200, answer])
        expect(response.headers.get('cache-control')).toBe('no-store')
        expect(stage().upstream.sent).toMatchObject([{ path: `/${name}`, body }])
        const [sent] = stage().upstream.sent
        expect(sent?.headers.get('x-api-key')).toBe(key)
        expect(sent?.headers.has('cookie')).toBe(false)
      },
    )

    test('with 10,000 parts is passed on, with more than 1 MiB it is not', async () => {
      stage().upstream.respondWith(() => Response.json(UPLOAD))
      const parts = Array.from({ length: 10_000 }, (_, at) => ({
        PartNumber: at + 1,
        ETag: '"d41d8cd98f00b204e9800998ecf8427e"',
      }))
      const body = JSON.stringify({ data: { uploadId: 'an-upload', key: 'users/1/a.png', parts } })
      const path = '/api/complete-multipart-upload'
      expect((await post(path, newKey(), body)).status).toBe(200)
      expect(stage().upstream.sent.map((it) => it.body.length)).toEqual([body.length])
      expectNothingSent(stage())
      const tooLong = await post(path, newKey(), 'x'.repeat(1024 * 1024 + 1))
      await expectProblem(tooLong, 413, 'BODY_TOO_LARGE')
      expect(stage().upstream.sent).toEqual([])
    })

    test('errors of the API are passed on as they are', async () => {
      const failed = 'Internal Server Error: Failed to complete upload'
      stage().upstream.respondWith(() => Response.json(failed, { status: 500 }))
      const response = await post('/api/complete-multipart-upload', newKey(), '{"data":{}}')
      expect([response.status, await response.json()]).toEqual([500, failed])
    })

    test('its files are started once per Idempotency-Key, also after a restart', async () => {
      const data = { taskId: 'a-batch', creditsToDeduct: 20 }
      const answer = () =>
        Response.json({ status: 'success', data }, { headers: { 'x-task-cost': '20' } })
      stage().upstream.respondWith(answer)
      const key = newKey()
      const start = async () => {
        const form = new FormData()
        form.append('model', 'upscayl-standard-4x')
        form.append('files', '[{"path":"users/1/a.png"},{"path":"users/1/b.png"}]')
        const written = new Response(form)
        const body = await written.arrayBuffer()
        return stage().fetch('/api/start-task', {
          method: 'POST',
          headers: {
            'content-type': written.headers.get('content-type') ?? '',
            'content-length': String(body.byteLength),
            'x-api-key': key,
            'idempotency-key': 'a-batch',
          },
          body,
        })
      }
      const both = await Promise.all([start(), start()])
      await stage().restart()
      for (const response of [...both, await start()]) {
        expect([response.status, (await response.json()) as unknown]).toMatchObject([200, { data }])
        expect(response.headers.get('x-task-cost')).toBe('20')
      }
      expect(stage().upstream.sent).toHaveLength(1)
      expect(stage().upstream.sent[0]?.body).toContain('users/1/b.png')
    })
  })
}
