import { describe, expect, test, vi } from 'vitest'
import { DAY } from '../../core/lib/units.ts'
import {
  expectNothingSent,
  expectProblem,
  gate,
  type Harness,
  MAX_WAIT,
  newKey,
} from './harness.ts'
import { BROKEN_OFF } from './server.ts'

const PATH = '/api/start-task'

/** The API's responses to task starts: a new task each time. */
function starting(): () => Response {
  let count = 0
  return () => Response.json({ status: 'success', data: { taskId: `new-task-${++count}` } })
}

/** A form with an image, as a browser sends it. */
export async function startOrder(headers: Record<string, string>) {
  const form = new FormData()
  form.append('model', 'upscayl-standard-4x')
  form.append('file', new Blob([new Uint8Array(100_000)], { type: 'image/png' }), 'a.png')
  const written = new Response(form)
  const body = await written.arrayBuffer()
  const type = written.headers.get('content-type') ?? ''
  const length = String(body.byteLength)
  return {
    method: 'POST',
    headers: { 'content-type': type, 'content-length': length, ...headers },
    body,
  }
}

/** Task starts. */
export function createTaskConformance(stage: () => Harness): void {
  const start = async (key: string, mark?: string) =>
    stage().fetch(
      PATH,
      await startOrder({
        'x-api-key': key,
        ...(mark === undefined ? {} : { 'idempotency-key': mark }),
      }),
    )
  const taskOf = async (response: Response) => {
    expect(response.status).toBe(200)
    return ((await response.json()) as { data: { taskId: string } }).data.taskId
  }

  describe('a start', () => {
    test('is forwarded completely, with its length', async () => {
      stage().upstream.respondWith(starting())
      const key = newKey()
      expect(await taskOf(await start(key, 'a-mark'))).toBe('new-task-1')
      const [sent] = stage().upstream.sent
      expect(sent?.path).toBe('/start-task')
      expect(sent?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
      expect(sent?.headers.get('x-api-key')).toBe(key)
      expect(sent?.headers.get('idempotency-key')).toBe('a-mark')
      expect(Number(sent?.headers.get('content-length'))).toBe(sent?.body.length)
      expect(sent?.body.length).toBeGreaterThan(100_000)
      expect(sent?.body).toContain('upscayl-standard-4x')
    })

    test('is sent once per Idempotency-Key and API key, for a day', async () => {
      stage().upstream.respondWith(starting())
      const [key, other] = [newKey(), newKey()]
      const first = await taskOf(await start(key, 'a-mark'))
      expect(await taskOf(await start(key, '"a-mark"'))).toBe(first)
      expect(stage().upstream.sent).toHaveLength(1)
      const others = [
        await taskOf(await start(other, 'a-mark')),
        await taskOf(await start(key, 'another-mark')),
        await taskOf(await start(key)),
      ]
      expect(new Set([first, ...others]).size).toBe(4)
      stage().pass(DAY)
      expect(await taskOf(await start(key, 'a-mark'))).not.toBe(first)
      expect(stage().upstream.sent).toHaveLength(5)
    })

    test('sent twice concurrently is one', async () => {
      const response = gate<Response>()
      stage().upstream.respondWith(() => response.promise)
      const key = newKey()
      const both = [start(key, 'a-mark'), start(key, 'a-mark')]
      await vi.waitFor(() => expect(stage().upstream.sent).toHaveLength(1), MAX_WAIT)
      response.resolve(starting()())
      for (const one of both) expect(await taskOf(await one)).toBe('new-task-1')
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('with an unknown outcome is not repeated; a rejected one may be', async () => {
      const key = newKey()
      stage().upstream.respondWith(() => Response.json('Error', { status: 500 }))
      expect((await start(key, 'a-mark')).status).toBe(500)
      await expectProblem(await start(key, 'a-mark'), 409, 'START_UNKNOWN')
      expect(stage().upstream.sent).toHaveLength(1)
      const refusal = { error: 'INSUFFICIENT_CREDITS', message: 'No.' }
      stage().upstream.respondWith(() => Response.json(refusal, { status: 402 }))
      expect((await start(key, 'another-mark')).status).toBe(402)
      stage().upstream.respondWith(starting())
      expect(await taskOf(await start(key, 'another-mark'))).toBe('new-task-1')
    })

    test('and its outcome survive a restart', async () => {
      const key = newKey()
      const response = { status: 'success', data: { taskId: 'a-new-task' } }
      stage().upstream.respondWith(() => Response.json(response))
      expect(await (await start(key, 'known')).json()).toEqual(response)
      stage().upstream.respondWith(() => Response.json('Error', { status: 500 }))
      expect((await start(key, 'unknown')).status).toBe(500)
      stage().upstream.respondWith(() => BROKEN_OFF)
      await expectProblem(await start(key, 'broken-off'), 502, 'UPSTREAM_UNUSABLE')
      await stage().restart()
      expectNothingSent(stage())
      for (const _ of [1, 2]) {
        expect(await (await start(key, 'known')).json()).toEqual(response)
        await expectProblem(await start(key, 'unknown'), 409, 'START_UNKNOWN')
        await expectProblem(await start(key, 'broken-off'), 409, 'START_UNKNOWN')
      }
      expect(stage().upstream.sent).toEqual([])
    })

    test('is stored without the key, whatever the API repeats', async () => {
      const key = newKey()
      const message = `Started with ${key}.`
      stage().upstream.respondWith(() =>
        Response.json({ status: 'success', data: { message, taskId: 'a-new-task' } }),
      )
      // All tests check that no response and no stored file contains a key.
      expect(await taskOf(await start(key, 'a-mark'))).toBe('a-new-task')
      expect(await taskOf(await start(key, 'a-mark'))).toBe('a-new-task')
      expect(stage().upstream.sent).toHaveLength(1)
    })

    test('that breaks off here breaks off upstream, and may be sent again', async () => {
      stage().upstream.respondWith(starting())
      const key = newKey()
      const { begun, cutOff } = stage().upstream
      const before = { begun: begun(), cutOff: cutOff() }
      const { headers, body, method } = await startOrder({
        'x-api-key': key,
        'idempotency-key': 'a-mark',
      })
      const chunks = [new Uint8Array(body, 0, 70_000)]
      const half = new ReadableStream<Uint8Array>({
        async pull(controller) {
          const chunk = chunks.shift()
          if (chunk !== undefined) return controller.enqueue(chunk)
          await vi.waitFor(() => expect(begun()).toBe(before.begun + 1), MAX_WAIT)
          controller.error(new Error('gone'))
        },
      })
      const init = { method, headers, body: half, duplex: 'half' }
      // The browser disconnected, so it gets no response.
      await stage()
        .fetch(PATH, init)
        .catch(() => null)
      await vi.waitFor(() => expect(cutOff()).toBe(before.cutOff + 1), MAX_WAIT)
      expect(stage().upstream.sent).toEqual([])
      expect(await taskOf(await start(key, 'a-mark'))).toBe('new-task-1')
    })

    test('that is invalid is rejected before it reaches the API', async () => {
      expectNothingSent(stage())
      const key = newKey()
      const send = async (headers: Record<string, string>) =>
        stage().fetch(PATH, await startOrder({ 'x-api-key': key, ...headers }))
      await expectProblem(await send({ 'content-type': 'image/png' }), 415, 'NOT_MULTIPART')
      const unusable = await send({ 'idempotency-key': 'two words' })
      await expectProblem(unusable, 400, 'IDEMPOTENCY_KEY_UNUSABLE')
      expect(stage().upstream.sent).toEqual([])
    })
  })
}
