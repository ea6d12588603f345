import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLimitedBody, PayloadTooLarge } from './limited-body.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const LIMITS = { maxBytes: 10, idleMs: 1000 }

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

test('yields the body to its end', async () => {
  const { body, send, end } = sender()
  const sum = total(createLimitedBody(body, LIMITS).chunks)
  send(4)
  await vi.advanceTimersByTimeAsync(999)
  send(6)
  await vi.advanceTimersByTimeAsync(999)
  end()
  expect(await sum).toBe(10)
  expect(await total(createLimitedBody(null, LIMITS).chunks)).toBe(0)
})

test('stops if the body is too large, idle or no longer needed', async () => {
  const long = sender()
  const tooLong = expect(total(createLimitedBody(long.body, LIMITS).chunks)).rejects.toThrow(
    PayloadTooLarge,
  )
  long.send(11)
  await tooLong
  expect(long.cancel).toHaveBeenCalled()

  const idle = sender()
  const stalled = expect(total(createLimitedBody(idle.body, LIMITS).chunks)).rejects.toThrow()
  await vi.advanceTimersByTimeAsync(1000)
  await stalled
  expect(idle.cancel).toHaveBeenCalled()

  const stop = new AbortController()
  const { body, cancel } = sender()
  const intake = createLimitedBody(body, { ...LIMITS, stop: stop.signal })
  const stopped = expect(total(intake.chunks)).rejects.toThrow()
  stop.abort()
  await stopped
  expect(cancel).toHaveBeenCalled()
  await intake.drain()
  const late = createLimitedBody(sender().body, { ...LIMITS, stop: stop.signal })
  await expect(total(late.chunks)).rejects.toThrow()
})

describe('drains the rest', () => {
  test('to its end, however slow it is', async () => {
    const { body, send, end, cancel } = sender()
    const drained = createLimitedBody(body, { maxBytes: 1000, idleMs: 1000 }).drain()
    for (let ms = 0; ms < 100_000; ms += 500) {
      send(1)
      await vi.advanceTimersByTimeAsync(500)
    }
    expect(cancel).not.toHaveBeenCalled()
    end()
    await drained
  })

  test('until it is idle, or for as long as it may', async () => {
    const idle = sender()
    const stalled = createLimitedBody(idle.body, LIMITS).drain()
    await vi.advanceTimersByTimeAsync(1000)
    await stalled
    expect(idle.cancel).toHaveBeenCalled()

    const slow = sender()
    const over = createLimitedBody(slow.body, LIMITS).drain(2000)
    for (let ms = 0; ms < 2000; ms += 500) {
      slow.send(1)
      await vi.advanceTimersByTimeAsync(500)
    }
    await over
    expect(slow.cancel).toHaveBeenCalled()
  })
})
