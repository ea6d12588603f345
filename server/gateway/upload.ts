import type { Deadline } from './ask.ts'

/** A form on its way through. */
export interface Upload {
  readonly body: ReadableStream<Uint8Array>
  /** Gives up when the upstream neither takes nor answers for a while. Not while the browser is waited for. */
  readonly deadline: Deadline
  /** All of it was handed over, so the upstream may act on it. */
  readonly isSent: () => boolean
  /** Why the browser's side ended too early, if it did. */
  readonly fault: () => unknown
  readonly timeoutWords: () => string
}

/**
 * `length` is what the form will have. Chunks are asked for as the upstream takes them. `beforeEnd` is
 * called before the last of it is handed over, which it keeps back by throwing.
 */
export function createUpload(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
  idleMs: number,
  beforeEnd: () => void = () => undefined,
): Upload {
  const source = chunks[Symbol.asyncIterator]()
  let handedOver = 0
  let fault: unknown = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let giveUp: (() => void) | null = null

  const wait = () => {
    clearTimeout(timer)
    if (giveUp !== null) timer = setTimeout(giveUp, idleMs)
  }

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        clearTimeout(timer)
        try {
          const { done, value } = await source.next()
          if (done) controller.close()
          else {
            if (handedOver < length && handedOver + value.byteLength >= length) beforeEnd()
            // Before it is: whoever has the last byte may act on it at once.
            handedOver += value.byteLength
            controller.enqueue(value)
          }
        } catch (error) {
          fault = error
          controller.error(error)
        }
        wait()
      },
    },
    { highWaterMark: 0 },
  )

  const isSent = () => handedOver >= length
  return {
    body,
    deadline(onIdle) {
      giveUp = onIdle
      wait()
      return () => {
        giveUp = null
        clearTimeout(timer)
      }
    },
    isSent,
    fault: () => fault,
    timeoutWords: () =>
      isSent()
        ? `It said nothing for ${idleMs / 1000} s, and may have started the task all the same.`
        : `It took nothing for ${idleMs / 1000} s. No task was started.`,
  }
}
