/** A request's body as it comes in. */
export interface Intake {
  /** Ends where the body ends; rejects where it breaks off, is too long, or nothing comes any more. */
  readonly chunks: AsyncIterable<Uint8Array>
  /**
   * Takes in what is left, for nothing, for a while: a browser that is refused halfway goes on sending,
   * and would not read why if the connection were closed on it.
   */
  readonly drain: () => Promise<void>
}

export interface IntakeLimits {
  readonly mostBytes: number
  /** How long nothing may come while something is waited for. */
  readonly idleMs: number
  /** Aborted when nothing is wanted any more. */
  readonly stop?: AbortSignal
}

/** There is more than may be. */
export class TooLong extends Error {}

class Stopped extends Error {}

const DRAIN_MS = 10_000

export function createIntake(
  body: ReadableStream<Uint8Array> | null,
  { mostBytes, idleMs, stop }: IntakeLimits,
): Intake {
  const reader = body?.getReader()
  let taken = 0
  let fault: Error | null = null
  let endOf: (fault: Error) => void = () => undefined
  /** Rejects at the first fault, also while a chunk is waited for. */
  const over = new Promise<never>((_, reject) => {
    endOf = reject
  })
  over.catch(() => undefined)

  function end(reason: Error): void {
    fault ??= reason
    endOf(fault)
    stop?.removeEventListener('abort', onStop)
    reader?.cancel().catch(() => undefined)
  }
  const onStop = () => end(new Stopped())
  stop?.addEventListener('abort', onStop)
  if (stop?.aborted) onStop()

  async function next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (fault !== null) throw fault
    if (reader === undefined) return { done: true, value: undefined }
    const timer = setTimeout(onStop, idleMs)
    try {
      const { done, value } = await Promise.race([reader.read(), over])
      if (done) {
        stop?.removeEventListener('abort', onStop)
        return { done, value: undefined }
      }
      taken += value.byteLength
      if (taken > mostBytes) throw new TooLong()
      return { done, value }
    } catch (error) {
      end(error instanceof Error ? error : new Stopped())
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    chunks: { [Symbol.asyncIterator]: () => ({ next }) },
    async drain() {
      const timer = setTimeout(onStop, DRAIN_MS)
      try {
        while (!(await next()).done);
      } catch {
        // Whatever it was, the answer is known already.
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
