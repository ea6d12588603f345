import { describe, expect, test, vi } from 'vitest'
import { DAY } from '../../src/lib/units.ts'
import { BROKEN_OFF } from './server.ts'
import { expectProblem, gate, MOST_WAIT, newKey, nothingAsked, type Stage } from './stage.ts'

const PATH = '/api/start-task'

/** What the API says of a new task: one each time. */
function starting(): () => Response {
  let count = 0
  return () => Response.json({ status: 'success', data: { taskId: `new-task-${++count}` } })
}

/** A form with a picture, as a browser sends it. */
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

/** Starts of tasks. */
export function startBehaviour(stage: () => Stage): void {
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
    test('is sent on whole, with its length', async () => {
      stage().upstream.answer(starting())
      const key = newKey()
      expect(await taskOf(await start(key, 'a-mark'))).toBe('new-task-1')
      const [asked] = stage().upstream.asked
      expect(asked?.path).toBe('/start-task')
      expect(asked?.headers.get('content-type')).toMatch(/^multipart\/form-data; boundary=/)
      expect(asked?.headers.get('x-api-key')).toBe(key)
      expect(asked?.headers.get('idempotency-key')).toBe('a-mark')
      expect(Number(asked?.headers.get('content-length'))).toBe(asked?.body.length)
      expect(asked?.body.length).toBeGreaterThan(100_000)
      expect(asked?.body).toContain('upscayl-standard-4x')
    })

    test('is sent once under a mark of a key, for a day', async () => {
      stage().upstream.answer(starting())
      const [key, other] = [newKey(), newKey()]
      const first = await taskOf(await start(key, 'a-mark'))
      expect(await taskOf(await start(key, '"a-mark"'))).toBe(first)
      expect(stage().upstream.asked).toHaveLength(1)
      const others = [
        await taskOf(await start(other, 'a-mark')),
        await taskOf(await start(key, 'another-mark')),
        await taskOf(await start(key)),
      ]
      expect(new Set([first, ...others]).size).toBe(4)
      stage().pass(DAY)
      expect(await taskOf(await start(key, 'a-mark'))).not.toBe(first)
      expect(stage().upstream.asked).toHaveLength(5)
    })

    test('that comes twice at once is one', async () => {
      const answer = gate<Response>()
      stage().upstream.answer(() => answer.promise)
      const key = newKey()
      const both = [start(key, 'a-mark'), start(key, 'a-mark')]
      await vi.waitFor(() => expect(stage().upstream.asked).toHaveLength(1), MOST_WAIT)
      answer.resolve(starting()())
      for (const one of both) expect(await taskOf(await one)).toBe('new-task-1')
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('of which nobody knows what came is not repeated; one that was refused may be', async () => {
      const key = newKey()
      stage().upstream.answer(() => Response.json('Error', { status: 500 }))
      expect((await start(key, 'a-mark')).status).toBe(500)
      await expectProblem(await start(key, 'a-mark'), 409, 'START_UNKNOWN')
      expect(stage().upstream.asked).toHaveLength(1)
      const refusal = { error: 'INSUFFICIENT_CREDITS', message: 'No.' }
      stage().upstream.answer(() => Response.json(refusal, { status: 402 }))
      expect((await start(key, 'another-mark')).status).toBe(402)
      stage().upstream.answer(starting())
      expect(await taskOf(await start(key, 'another-mark'))).toBe('new-task-1')
    })

    test('and what came of it outlive the memory of who sent it', async () => {
      const key = newKey()
      const answer = { status: 'success', data: { taskId: 'a-new-task' } }
      stage().upstream.answer(() => Response.json(answer))
      expect(await (await start(key, 'known')).json()).toEqual(answer)
      stage().upstream.answer(() => Response.json('Error', { status: 500 }))
      expect((await start(key, 'unknown')).status).toBe(500)
      stage().upstream.answer(() => BROKEN_OFF)
      await expectProblem(await start(key, 'broken-off'), 502, 'UPSTREAM_UNUSABLE')
      await stage().restart()
      nothingAsked(stage())
      for (const _ of [1, 2]) {
        expect(await (await start(key, 'known')).json()).toEqual(answer)
        await expectProblem(await start(key, 'unknown'), 409, 'START_UNKNOWN')
        await expectProblem(await start(key, 'broken-off'), 409, 'START_UNKNOWN')
      }
      expect(stage().upstream.asked).toEqual([])
    })

    test('is kept without the key, whatever the API repeats', async () => {
      const key = newKey()
      const message = `Started with ${key}.`
      stage().upstream.answer(() =>
        Response.json({ status: 'success', data: { message, taskId: 'a-new-task' } }),
      )
      // That no answer has a key, and no file here, holds for all tests.
      expect(await taskOf(await start(key, 'a-mark'))).toBe('a-new-task')
      expect(await taskOf(await start(key, 'a-mark'))).toBe('a-new-task')
      expect(stage().upstream.asked).toHaveLength(1)
    })

    test('that breaks off here breaks off there, and may be sent again', async () => {
      stage().upstream.answer(starting())
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
          await vi.waitFor(() => expect(begun()).toBe(before.begun + 1), MOST_WAIT)
          controller.error(new Error('gone'))
        },
      })
      const init = { method, headers, body: half, duplex: 'half' }
      // The browser is gone, so it hears nothing.
      await stage()
        .fetch(PATH, init)
        .catch(() => null)
      await vi.waitFor(() => expect(cutOff()).toBe(before.cutOff + 1), MOST_WAIT)
      expect(stage().upstream.asked).toEqual([])
      expect(await taskOf(await start(key, 'a-mark'))).toBe('new-task-1')
    })

    test('that cannot be one is refused before the API hears of it', async () => {
      nothingAsked(stage())
      const key = newKey()
      const send = async (headers: Record<string, string>) =>
        stage().fetch(PATH, await startOrder({ 'x-api-key': key, ...headers }))
      await expectProblem(await send({ 'content-type': 'image/png' }), 415, 'NOT_MULTIPART')
      const unusable = await send({ 'idempotency-key': 'two words' })
      await expectProblem(unusable, 400, 'IDEMPOTENCY_KEY_UNUSABLE')
      expect(stage().upstream.asked).toEqual([])
    })
  })
}
