import { err, ok, type Result } from '../lib/result.ts'

/** Why a file did not arrive. */
export type FetchFault =
  /** Its host says that the link is no longer good (403, 404, 410). */
  | { readonly kind: 'ended'; readonly status: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The host lets no page read its files (no CORS); the browser itself can still save them. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'network' }
  /** `received`: bytes until then, null where they were not counted. */
  | { readonly kind: 'cut-off'; readonly received: number | null }
  | { readonly kind: 'cancelled' }

/** Bytes so far, and in all where the host says so. */
export interface Received {
  readonly received: number
  readonly total: number | null
}

const ENDED = [403, 404, 410]

/** No key and no address goes along: a link is its own permission, and its host need not know the page. */
const BARE = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const satisfies RequestInit

/**
 * Fetches a file whole. The bytes are kept by the browser and not by this page, which may be small
 * beside them; what was cancelled or cut off leaves nothing behind.
 */
export async function fetchFile(
  url: string,
  signal: AbortSignal,
  onReceived: ((received: Received) => void) | null = null,
): Promise<Result<Blob, FetchFault>> {
  let received: number | null = null
  try {
    const response = await fetch(url, { ...BARE, signal })
    const { status, body } = response
    if (!response.ok || body === null) {
      await body?.cancel()
      return err(ENDED.includes(status) ? { kind: 'ended', status } : { kind: 'status', status })
    }
    received = 0
    const blob =
      onReceived === null
        ? await response.blob()
        : await counted(response, body, (far) => {
            received = far.received
            onReceived(far)
          })
    return signal.aborted ? err({ kind: 'cancelled' }) : ok(blob)
  } catch {
    if (signal.aborted) return err({ kind: 'cancelled' })
    if (received !== null) return err({ kind: 'cut-off', received: received || null })
    return err({ kind: (await isReachable(url)) ? 'closed' : 'network' })
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

/** Whether an answer comes at all, also one that this page may not read (Fetch, 3.2.5: no-cors). */
const isReachable = (url: string): Promise<boolean> =>
  fetch(url, { ...BARE, method: 'HEAD', mode: 'no-cors' }).then(
    () => true,
    () => false,
  )

/** Whether pages may read what this host gives out; one small question for each host. */
export async function isReadable(url: string): Promise<boolean> {
  const { origin } = new URL(url)
  if (origin === location.origin) return true
  const known = readable.get(origin)
  if (known !== undefined) return known
  const asked = fetch(url, { ...BARE, method: 'HEAD' }).then(
    () => true,
    // Out of reach says nothing of what may be read.
    async () => !(await isReachable(url)),
  )
  readable.set(origin, asked)
  return asked
}

const readable = new Map<string, Promise<boolean>>()
