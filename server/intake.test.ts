import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createIntake, TooLong } from './intake.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const LIMITS = { mostBytes: 10, idleMs: 1000 }

function sender() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const cancel = vi.fn()
  const body = new ReadableStream<Uint8Array>({
    start(it) {
      controller = it
    },
    cancel,
  })
  return {
    body,
    cancel,
    send: (bytes: number) => controller?.enqueue(new Uint8Array(bytes)),
    end: () => controller?.close(),
  }
}

const total = async (chunks: AsyncIterable<Uint8Array>): Promise<number> => {
  let bytes = 0
  for await (const chunk of chunks) bytes += chunk.byteLength
  return bytes
}

test('is the body, to its end', async () => {
  const { body, send, end } = sender()
  const sum = total(createIntake(body, LIMITS).chunks)
  send(4)
  await vi.advanceTimersByTimeAsync(999)
  send(6)
  await vi.advanceTimersByTimeAsync(999)
  end()
  expect(await sum).toBe(10)
  expect(await total(createIntake(null, LIMITS).chunks)).toBe(0)
})

test('ends where there is too much, where nothing comes and where nothing is wanted', async () => {
  const long = sender()
  const tooLong = expect(total(createIntake(long.body, LIMITS).chunks)).rejects.toThrow(TooLong)
  long.send(11)
  await tooLong
  expect(long.cancel).toHaveBeenCalled()

  const idle = sender()
  const stalled = expect(total(createIntake(idle.body, LIMITS).chunks)).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(1000)
  await stalled
  expect(idle.cancel).toHaveBeenCalled()

  const stop = new AbortController()
  const { body, cancel } = sender()
  const intake = createIntake(body, { ...LIMITS, stop: stop.signal })
  const stopped = expect(total(intake.chunks)).rejects.toThrow()
  stop.abort()
  await stopped
  expect(cancel).toHaveBeenCalled()
  await intake.drain()
  const late = createIntake(sender().body, { ...LIMITS, stop: stop.signal })
  await expect(total(late.chunks)).rejects.toThrow()
})

test('takes in what is left, but not for ever', async () => {
  const { body, send, end } = sender()
  const drained = createIntake(body, LIMITS).drain()
  send(5)
  end()
  await drained

  const slow = sender()
  const over = createIntake(slow.body, { mostBytes: 1000, idleMs: 1000 }).drain()
  for (let ms = 0; ms < 10_000; ms += 500) {
    slow.send(1)
    await vi.advanceTimersByTimeAsync(500)
  }
  await over
  expect(slow.cancel).toHaveBeenCalled()
})
