import { now, wakeWhen } from '../lib/clock.ts'
import { err, ok, type Result } from '../lib/result.ts'
import { MINUTE, SECOND } from '../lib/units.ts'

/** Why a file did not arrive. */
export type FetchFault =
  /** Its host says that the link is no longer good. Null: the link itself says so. */
  | { readonly kind: 'ended'; readonly status: number | null }
  /** Its host answers, but lets this page read nothing, and no image shows either: as where a link has ended. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'status'; readonly status: number }
  /** The host lets no page read its files (no CORS); the browser itself can still save them. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'network' }
  /** It broke off, or nothing more came for a minute. `received`: bytes until then; null for none. */
  | { readonly kind: 'cut-off'; readonly received: number | null }
  | { readonly kind: 'cancelled' }

/** Bytes so far, and in all where the host says so. */
export interface Received {
  readonly received: number
  readonly total: number | null
}

/** Client errors that the same link may not get the next time (RFC 9110, 15.5; 8470; 6585). */
const PASSING = [408, 421, 425, 429]

/** Hosts end their links by 400, 401, 403, 404 or 410, and some by others: asking the same again is in vain. */
const isOver = (status: number): boolean =>
  status >= 400 && status < 500 && !PASSING.includes(status)

/** Whether a newer link may give what this one did not. */
export const isRefusal = ({ kind }: { readonly kind: string }): boolean =>
  kind === 'ended' || kind === 'refused'

/** No key and no address goes along: a link is its own permission, and its host need not know the page. */
const BARE = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const satisfies RequestInit

/** A host that sends nothing for so long sends no more (milliseconds). */
const STALLED_AFTER = MINUTE

/**
 * Fetches a file whole. The bytes are kept by the browser and not by this page, which may be small
 * beside them; what was cancelled, cut off or stalled leaves nothing behind.
 */
export async function fetchFile(
  url: string,
  signal: AbortSignal,
  onReceived: (received: Received) => void = () => {},
): Promise<Result<Blob, FetchFault>> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  let movedAt = now()
  const look = () => {
    const silence = now() - movedAt
    // Later than timers of a tab in the background are: the device slept, and the host may yet go on.
    if (silence > 3 * STALLED_AFTER) movedAt = now()
    else if (silence >= STALLED_AFTER) stop()
    if (!controller.signal.aborted) callOff = wakeWhen(movedAt + STALLED_AFTER, look)
  }
  let callOff = wakeWhen(movedAt + STALLED_AFTER, look)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const result = await fetchMoving(url, controller.signal, (received) => {
    movedAt = now()
    onReceived(received)
  })
  callOff()
  signal.removeEventListener('abort', stop)
  if (signal.aborted) return err({ kind: 'cancelled' })
  return !result.ok && result.error.kind === 'cancelled' ? err({ kind: 'network' }) : result
}

async function fetchMoving(
  url: string,
  signal: AbortSignal,
  onReceived: (received: Received) => void,
): Promise<Result<Blob, FetchFault>> {
  const answer = await answerTo(url, signal)
  if (!answer.ok) return answer
  const response = answer.value
  const { status, body } = response
  let received = 0
  try {
    if (!response.ok) {
      await body?.cancel()
      return err(isOver(status) ? { kind: 'ended', status } : { kind: 'status', status })
    }
    if (body === null) return ok(await response.blob())
    return ok(
      await counted(response, body, (far) => {
        received = far.received
        onReceived(far)
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
        // A length that was counted before decompression says nothing of what comes out.
        onReceived({ received, total: length >= received ? length : null })
        controller.enqueue(chunk)
      },
    }),
  )
  const type = headers.get('content-type') ?? ''
  return new Response(passed, { headers: { 'content-type': type } }).blob()
}

/** An answer that this page may read, whatever its status, or why there is none. */
async function answerTo(url: string, signal: AbortSignal): Promise<Result<Response, FetchFault>> {
  // An image element may have left it in the cache without what lets a page read it, and Chromium answers
  // from there: the second time the host itself is asked.
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

/** Whether an answer comes at all, also one that this page may not read (Fetch, 3.2.5: no-cors). */
async function isReachable(url: string, signal: AbortSignal): Promise<boolean> {
  // Firefox keeps bodies that are no image from `no-cors`, and answers without one come through.
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

const LOOK_EVERY = SECOND / 10
const LOOK_UNTIL = 10 * SECOND

/** Whether an image element can show what the link gives, which needs no permission. */
function isShown(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const image = new Image()
    const until = now() + LOOK_UNTIL
    let callOff = () => {}
    const settle = (shown: boolean) => {
      callOff()
      image.onload = image.onerror = null
      // What is left of it need not come.
      image.removeAttribute('src')
      resolve(shown)
    }
    const look = () => {
      if (image.naturalWidth > 0) settle(true)
      else if (signal.aborted || now() >= until) settle(false)
      else callOff = wakeWhen(now() + LOOK_EVERY, look)
    }
    image.onload = () => settle(true)
    image.onerror = () => settle(false)
    image.referrerPolicy = 'no-referrer'
    image.src = url
    look()
  })
}

/** By origin: whether pages may read what a host gives out, as far as that is known. */
const hosts = new Map<string, HostAccess | Promise<HostAccess>>()
type HostAccess = 'open' | 'closed' | 'unknown'

/**
 * Whether only the browser itself can save what this host gives out. It is asked as a download asks, once
 * for all files of the host, and what comes is broken off.
 */
export async function isClosed(url: string): Promise<boolean> {
  const { origin } = new URL(url)
  if (origin === location.origin) return false
  const asked = hosts.get(origin) ?? accessOf(url)
  hosts.set(origin, asked)
  const access = await asked
  // One dead link says nothing of the others.
  if (access === 'unknown' && hosts.get(origin) === asked) hosts.delete(origin)
  return access === 'closed'
}

async function accessOf(url: string): Promise<HostAccess> {
  const controller = new AbortController()
  const answer = await answerTo(url, controller.signal)
  controller.abort()
  if (answer.ok) return 'open'
  return answer.error.kind === 'closed' ? 'closed' : 'unknown'
}
