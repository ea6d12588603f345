import { describe, expect, test } from 'vitest'
import { newKey, type Stage } from './stage.ts'

/** Starts of tasks. */
export function startBehaviour(stage: () => Stage): void {
  describe('a start', () => {
    const started = () => Response.json({ status: 'success', data: { taskId: 'a-new-task' } })

    const start = async (headers: Record<string, string>) => {
      const form = new FormData()
      form.append('model', 'upscayl-standard-4x')
      form.append('file', new Blob([new Uint8Array(100_000)], { type: 'image/png' }), 'a.png')
      const written = new Response(form)
      const body = await written.arrayBuffer()
      return stage().fetch('/api/start-task', {
        method: 'POST',
        headers: {
          'content-type': written.headers.get('content-type') ?? '',
          'content-length': String(body.byteLength),
          ...headers,
        },
        body,
      })
    }

    test('is sent on whole, with its length', async () => {
      stage().upstream.answer(started)
      const key = newKey()
      const response = await start({ 'x-api-key': key })
      expect(response.status).toBe(200)
      const [asked] = stage().upstream.asked
      expect(asked?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
      expect(asked?.headers.get('x-api-key')).toBe(key)
      expect(Number(asked?.headers.get('content-length'))).toBe(asked?.body.length)
      expect(asked?.body.length).toBeGreaterThan(100_000)
      expect(asked?.body).toContain('upscayl-standard-4x')
    })
  })
}
