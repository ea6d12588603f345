import { wasLeaving } from '../lib/browser/leaving.ts'
import { createStore } from '../lib/store.ts'

/* State of Loupe's own server. In the first load, so it is small; server-health.ts probes. */

export interface ServerDown {
  /** When it was noticed, epoch milliseconds. */
  readonly since: number
  /** When it is probed again; null while a probe is in flight. */
  readonly retryAt: number | null
}

/** Null while the server is not known to be down. */
export const serverDown = createStore<ServerDown | null>(null)

function signal() {
  const listeners = new Set<() => void>()
  return {
    send() {
      for (const listener of [...listeners]) listener()
    },
    /** Returns a function to stop. */
    listen(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** A request got no response at all. */
export const noResponseCame = signal()
/** The server responds again. */
export const serverBack = signal()

/**
 * Reports that a request got no response at all. Resolves with whether it was aborted because the page was
 * being left, and then only if the page stays: nothing is concluded from it otherwise.
 */
export async function reportNoResponse(): Promise<{ readonly wasAborted: boolean }> {
  const wasAborted = await wasLeaving()
  noResponseCame.send()
  return { wasAborted }
}
