import { SECOND } from '../../core/lib/units.ts'
import { onNetwork } from '../lib/browser/network.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { noResponseCame, serverBack, serverDown } from './server-signals.ts'

/*
 * Probes Loupe's own server, which costs nothing, from a request without any response until the first
 * probe that gets one.
 */

const PROBE_EVERY = 2 * SECOND
/** Of the first probe; each of the next may take twice as long, as on a slow connection. */
const PROBE_TIMEOUT = 2 * SECOND
const MAX_PROBE_TIMEOUT = 16 * SECOND

let probing = false
let probeNow = () => {}

/** Probes the server now instead of when it would be its turn. */
export const retryServer = (): void => probeNow()

/** Returns a function to stop. */
export const watchServer = (): (() => void) =>
  noResponseCame.listen(() => {
    if (!probing) void probeUntilBack()
  })

async function probeUntilBack(): Promise<void> {
  probing = true
  const stop = onNetwork(retryServer)
  const since = now()
  let timeoutMs = PROBE_TIMEOUT
  for (;;) {
    const hanging = new AbortController()
    probeNow = () => hanging.abort()
    if (await serverResponds(timeoutMs, hanging.signal)) break
    if (hanging.signal.aborted) continue
    timeoutMs = Math.min(MAX_PROBE_TIMEOUT, 2 * timeoutMs)
    const retryAt = now() + PROBE_EVERY
    serverDown.set({ since, retryAt })
    await turn(retryAt)
    serverDown.set({ since, retryAt: null })
  }
  stop()
  probing = false
  if (serverDown.get() === null) return
  serverDown.set(null)
  serverBack.send()
}

const turn = (at: number) =>
  new Promise<void>((resolve) => {
    const cancel = wakeWhen(at, resolve)
    probeNow = () => {
      cancel()
      resolve()
    }
  })

/** Whether Loupe's own server gives any response. Never rejects. */
export async function serverResponds(
  timeoutMs = PROBE_TIMEOUT,
  stop?: AbortSignal,
): Promise<boolean> {
  const timeout = new AbortController()
  const abort = () => timeout.abort()
  const timer = setTimeout(abort, timeoutMs)
  stop?.addEventListener('abort', abort)
  try {
    const { signal } = timeout
    const { status } = await fetch('/healthz', { cache: 'no-store', credentials: 'omit', signal })
    // A static host has no such path. A proxy responds with 5xx for a server that is down.
    return status < 500
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
