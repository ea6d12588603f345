/**
 * A form passing through. `length` is its total size. Chunks are pulled as the upstream reads them.
 * `beforeEnd` is called before the last bytes are passed on, and can throw to hold them back.
 */
export function createFormRelay(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
  idleMs: number,
  beforeEnd: () => void = () => undefined,
) {
  const source = chunks[Symbol.asyncIterator]()
  let handedOver = 0
  let sourceError: unknown = null
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
            // Counted first: the upstream may act on the last byte at once.
            handedOver += value.byteLength
            controller.enqueue(value)
          }
        } catch (error) {
          sourceError = error
          controller.error(error)
        }
        wait()
      },
    },
    { highWaterMark: 0 },
  )

  return {
    body,
    /** Idle timeout of the upstream, for reading and responding. Paused while waiting for the browser. */
    deadline(onIdle: () => void) {
      giveUp = onIdle
      wait()
      return () => {
        giveUp = null
        clearTimeout(timer)
      }
    },
    /** Whether all of it was passed on, so that the upstream may act on it. */
    isSent: () => handedOver >= length,
    /** The error that cut off the browser's side, if any. */
    error: () => sourceError,
  }
}

export type FormRelay = ReturnType<typeof createFormRelay>
