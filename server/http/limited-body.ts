/** A request body as a stream. */
export interface LimitedBody {
  /** Ends with the body; rejects if the body breaks off, is too long, or idles. */
  readonly chunks: AsyncIterable<Uint8Array>
  /**
   * Reads and discards the rest, for at most `ms`: a browser sends all of it before it reads the response,
   * and if the connection is closed earlier, the response is lost.
   */
  readonly drain: (ms?: number) => Promise<void>
}

export interface BodyLimits {
  readonly maxBytes: number
  /** Idle timeout while waiting for a chunk. */
  readonly idleMs: number
  /** Aborted when the body is no longer needed. */
  readonly stop?: AbortSignal
}

/** The body exceeds the limit. */
export class PayloadTooLarge extends Error {}

class Stopped extends Error {}

export function createLimitedBody(
  body: ReadableStream<Uint8Array> | null,
  { maxBytes, idleMs, stop }: BodyLimits,
): LimitedBody {
  const reader = body?.getReader()
  const over = new AbortController()
  /** Later reasons are ignored. */
  const end = (reason: unknown = new Stopped()) => over.abort(reason)
  /** Rejects at the end, even while waiting for a chunk. */
  const ended = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => {
      reject(over.signal.reason)
      reader?.cancel().catch(() => undefined)
    })
  })
  ended.catch(() => undefined)
  stop?.addEventListener('abort', () => end(), { signal: over.signal })
  if (stop?.aborted) end()
  let taken = 0

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    over.signal.throwIfAborted()
    if (reader === undefined) return { done: true, value: undefined }
    const timer = setTimeout(end, idleMs)
    try {
      const { done, value } = await Promise.race([reader.read(), ended])
      if (done) {
        end()
        return { done, value: undefined }
      }
      taken += value.byteLength
      if (taken > maxBytes) throw new PayloadTooLarge()
      return { done, value }
    } catch (error) {
      end(error)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    chunks: { [Symbol.asyncIterator]: () => ({ next }) },
    async drain(ms) {
      const timer = ms === undefined ? undefined : setTimeout(end, ms)
      try {
        while (!(await next()).done);
      } catch {
        // The response is already decided, whatever the error.
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
