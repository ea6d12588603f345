import * as v from 'valibot'
import type { Channel } from '../lib/browser/channel.ts'
import { type ApiKey, asApiKey, hashKey } from './api-key.ts'
import { KEY_REQUEST } from './session.ts'

/*
 * A tab without a key requests it from the others. Responses come from session.ts, which is kept small
 * because it is part of every page; this module is loaded only if a key is needed.
 */

/** Running tabs respond within a few milliseconds; on a busy device within a few dozen. */
const WAIT_MS = 300

const responseSchema = v.union([
  v.object({
    key: v.custom<ApiKey>((text) => typeof text === 'string' && asApiKey(text) !== null),
  }),
  v.pipe(
    v.string(),
    v.regex(/^forgotten [0-9a-f]{8}$/),
    v.transform((text) => ({ forgotten: text.slice(-8) })),
  ),
])

/** A key, or the hash of a removed one; null for anything else. */
export function readAnswer(data: unknown): v.InferOutput<typeof responseSchema> | null {
  const parsed = v.safeParse(responseSchema, data)
  return parsed.success ? parsed.output : null
}

interface AskOptions {
  /** The other tabs have exactly one key. Returns false if it is not accepted. */
  readonly onKey: (key: ApiKey) => boolean
  /** The user has to choose: there is no key, or there are several, or one came late. */
  readonly onOffers: (offers: readonly ApiKey[]) => void
}

/**
 * Requests the key on the session's channel, which also carries removals in order, so no key is accepted
 * after its removal. Returns a function to stop.
 */
export function requestKeyFromTabs(
  channel: Pick<Channel, 'post' | 'listen'>,
  { onKey, onOffers }: AskOptions,
): () => void {
  const offered = new Set<ApiKey>()
  const forgotten = new Set<string>()
  let waiting = true
  const offers = () => [...offered].filter((key) => !forgotten.has(hashKey(key)))

  const onMessage = (data: unknown) => {
    const response = readAnswer(data)
    if (response === null) return
    if ('key' in response) offered.add(response.key)
    else forgotten.add(response.forgotten)
    if (!waiting) onOffers(offers())
  }
  const settle = () => {
    waiting = false
    const [first, ...others] = offers()
    if (first === undefined || others.length > 0) onOffers(offers())
    else if (!onKey(first)) onOffers([])
  }

  const stop = channel.listen(onMessage)
  const timer = setTimeout(settle, WAIT_MS)
  channel.post(KEY_REQUEST)
  return () => {
    clearTimeout(timer)
    stop()
  }
}
