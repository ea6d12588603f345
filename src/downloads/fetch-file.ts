import { err, ok, type Result } from '../../core/lib/result.ts'
import { MINUTE, SECOND } from '../../core/lib/units.ts'
import { now, wakeWhen } from '../lib/clock.ts'
import { glanceAt } from './examine.ts'
import { type Expected, type Unfit, unfitness } from './verify.ts'

/** Reason why a file could not be fetched. */
export type FetchFault =
  /** The host says that the link has expired. Null: the link's own expiry has passed. */
  | { readonly kind: 'ended'; readonly status: number | null }
  /** The response is unreadable and no image loads: typical of an expired link. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'status'; readonly status: number }
  /** The host has no CORS headers; the browser itself can still save the file. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'network' }
  /** Broke off, or stalled for a minute. `received`: bytes until then; null for none. */
  | { readonly kind: 'cut-off'; readonly received: number | null }
  | { readonly kind: 'cancelled' }

/** Bytes so far, and the total if the host reports it. */
export interface Received {
  readonly received: number
  readonly total: number | null
}

/** Client errors that may not recur for the same link (RFC 9110, 15.5; 8470; 6585). */
const PASSING = [408, 421, 425, 429]

/** Hosts reject expired links with 400, 401, 403, 404, 410 or others: retrying won't help. */
const isOver = (status: number): boolean =>
  status >= 400 && status < 500 && !PASSING.includes(status)

/** Whether a newer link may succeed where this one failed. */
export const isRefusal = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'ended' || kind === 'refused'

/** No credentials or referrer: the link is its own permission, and hosts needn't know the page. */
const BARE = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const satisfies RequestInit

/** A host that sends nothing for this long is considered stalled (milliseconds). */
const STALLED_AFTER = MINUTE

/**
 * Fetches a whole file. The browser holds the bytes outside of the page's memory, which may be too
 * small for them; cancelled, truncated or stalled downloads leave nothing behind.
 */
export async function fetchFile(
  url: string,
  signal: AbortSignal,
  onReceived: (received: Received) => void = () => {},
): Promise<Result<Blob, FetchFault>> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  let movedAt = now()
  const checkStall = () => {
    const silence = now() - movedAt
    // Longer than throttled background timers: the device slept, and the host may still continue.
    if (silence < 0 || silence > 3 * STALLED_AFTER) movedAt = now()
    else if (silence >= STALLED_AFTER) stop()
    if (!controller.signal.aborted) cancelWake = wakeWhen(movedAt + STALLED_AFTER, checkStall)
  }
  let cancelWake = wakeWhen(movedAt + STALLED_AFTER, checkStall)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const result = await fetchMoving(url, controller.signal, (received) => {
    movedAt = now()
    onReceived(received)
  })
  cancelWake()
  signal.removeEventListener('abort', stop)
  if (signal.aborted) return err({ kind: 'cancelled' })
  return !result.ok && result.error.kind === 'cancelled' ? err({ kind: 'network' }) : result
}

/** Fetches a file to save: an empty, truncated or non-image file counts as failed. */
export async function fetchImage(
  url: string,
  expected: Expected,
  signal: AbortSignal,
  onReceived?: (received: Received) => void,
): Promise<Result<Blob, FetchFault | Unfit>> {
  const result = await fetchFile(url, signal, onReceived)
  if (!result.ok) return result
  const unfit = unfitness(await glanceAt(result.value), expected)
  return unfit === null ? result : err(unfit)
}

async function fetchMoving(
  url: string,
  signal: AbortSignal,
  onReceived: (received: Received) => void,
): Promise<Result<Blob, FetchFault>> {
  const result = await fetchReadable(url, signal)
  if (!result.ok) return result
  const response = result.value
  const { status, body } = response
  let received = 0
  try {
    if (!response.ok) {
      await body?.cancel()
      return err(isOver(status) ? { kind: 'ended', status } : { kind: 'status', status })
    }
    if (body === null) return ok(await response.blob())
    return ok(
      await counted(response, body, (progress) => {
        received = progress.received
        onReceived(progress)
      }),
    )
  } catch {
    return err({ kind: 'cut-off', received: received || null })
  }
}

function counted(
  { headers }: Response,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onReceived: (received: Received) => void,
): Promise<Blob> {
  const length = Number(headers.get('content-length') ?? Number.NaN)
  let received = 0
  const passed = body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        received += chunk.byteLength
        // Content-Length before decompression does not match the bytes received.
        onReceived({ received, total: length >= received ? length : null })
        controller.enqueue(chunk)
      },
    }),
  )
  const type = headers.get('content-type') ?? ''
  return new Response(passed, { headers: { 'content-type': type } }).blob()
}

/** A readable response, whatever its status, or the reason why there is none. */
async function fetchReadable(
  url: string,
  signal: AbortSignal,
): Promise<Result<Response, FetchFault>> {
  // An image element may have cached a response without CORS headers, and Chromium reuses it. The
  // second attempt bypasses the cache.
  for (const cache of ['default', 'reload'] as const) {
    try {
      return ok(await fetch(url, { ...BARE, signal, cache }))
    } catch {
      if (signal.aborted) return err({ kind: 'cancelled' })
      if (cache === 'default' && !(await isReachable(url, signal))) return err({ kind: 'network' })
    }
  }
  const { origin } = new URL(url)
  if (hosts.get(origin) !== 'closed' && !(await isShown(url, signal))) {
    return err({ kind: signal.aborted ? 'cancelled' : 'refused' })
  }
  hosts.set(origin, 'closed')
  return err({ kind: 'closed' })
}

/** Whether any response arrives, even an opaque one (Fetch, 3.2.5: no-cors). */
async function isReachable(url: string, signal: AbortSignal): Promise<boolean> {
  // Firefox blocks non-image bodies in `no-cors` mode, but lets responses without a body through.
  for (const method of ['GET', 'HEAD']) {
    const controller = new AbortController()
    const stop = () => controller.abort()
    signal.addEventListener('abort', stop)
    try {
      const options = { method, mode: 'no-cors', cache: 'reload' } as const
      await fetch(url, { ...BARE, ...options, signal: controller.signal })
      return true
    } catch {
      if (signal.aborted) return false
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  }
  return false
}

const POLL_EVERY = SECOND / 10
const POLL_UNTIL = 10 * SECOND

/** Whether an image element can load the URL, which needs no CORS. */
function isShown(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const image = new Image()
    const until = now() + POLL_UNTIL
    let cancelWake = () => {}
    const settle = (shown: boolean) => {
      cancelWake()
      image.onload = image.onerror = null
      // Cancels the rest of the load.
      image.removeAttribute('src')
      resolve(shown)
    }
    const poll = () => {
      if (image.naturalWidth > 0) settle(true)
      else if (signal.aborted || now() >= until) settle(false)
      else cancelWake = wakeWhen(now() + POLL_EVERY, poll)
    }
    image.onload = () => settle(true)
    image.onerror = () => settle(false)
    image.referrerPolicy = 'no-referrer'
    image.src = url
    poll()
  })
}

/** Access by origin, as far as known: whether pages may read the host's responses. */
const hosts = new Map<string, HostAccess | Promise<HostAccess>>()
type HostAccess = 'open' | 'closed' | 'unknown'

/**
 * Whether only the browser itself can save files of this host. Probed once per host with the same
 * request as a download, which is aborted as soon as it responds.
 */
export async function isClosed(url: string): Promise<boolean> {
  const { origin } = new URL(url)
  if (origin === location.origin) return false
  const pending = hosts.get(origin) ?? accessOf(url)
  hosts.set(origin, pending)
  const access = await pending
  // One dead link says nothing about the host's other files.
  if (access === 'unknown' && hosts.get(origin) === pending) hosts.delete(origin)
  return access === 'closed'
}

async function accessOf(url: string): Promise<HostAccess> {
  const controller = new AbortController()
  const result = await fetchReadable(url, controller.signal)
  controller.abort()
  if (result.ok) return 'open'
  return result.error.kind === 'closed' ? 'closed' : 'unknown'
}
