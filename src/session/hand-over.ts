import * as v from 'valibot'
import type { Channel } from '../lib/browser/channel.ts'
import { type ApiKey, asApiKey, hashKey } from './api-key.ts'
import { ASKING } from './session.ts'

/*
 * A tab without a key asks the others for theirs. The one that answers is session.ts, in as few words
 * as possible, since it is part of every page; this is loaded only where a key is wanted.
 */

/** Tabs that are awake answer within a few milliseconds; on a busy device in some dozens. */
const WAIT_MS = 300

const schema = v.union([
  v.pipe(
    v.object({ key: v.string() }),
    v.transform(({ key }) => ({ type: 'offer' as const, key: asApiKey(key) })),
  ),
  v.pipe(
    v.string(),
    v.regex(/^forgotten [0-9a-f]{8}$/),
    v.transform((text) => ({ type: 'forgotten' as const, keyHash: text.slice(-8) })),
  ),
])

/** Null for what is not for this tab, or is no key. */
export function readAnswer(
  data: unknown,
):
  | { readonly type: 'offer'; readonly key: ApiKey }
  | { readonly type: 'forgotten'; readonly keyHash: string }
  | null {
  const parsed = v.safeParse(schema, data)
  if (!parsed.success) return null
  const { output } = parsed
  if (output.type === 'forgotten') return output
  return output.key === null ? null : { type: 'offer', key: output.key }
}

interface AskOptions {
  /** The others have one key. False where it is not taken after all. */
  readonly onKey: (key: ApiKey) => boolean
  /** Nothing is taken unasked: there is no key, or there are several, or one came late. */
  readonly onOffers: (offers: readonly ApiKey[]) => void
}

/**
 * Asks on the channel of the session, the very one by which this tab hears of forgetting: so no key
 * is taken after that was said. Returns the way to stop.
 */
export function askOtherTabs(
  channel: Pick<Channel, 'post' | 'listen'>,
  { onKey, onOffers }: AskOptions,
): () => void {
  const offered = new Set<ApiKey>()
  const forgotten = new Set<string>()
  let waiting = true
  const offers = () => [...offered].filter((key) => !forgotten.has(hashKey(key)))

  const hear = (data: unknown) => {
    const answer = readAnswer(data)
    if (answer === null) return
    if (answer.type === 'offer') offered.add(answer.key)
    else forgotten.add(answer.keyHash)
    if (!waiting) onOffers(offers())
  }
  const settle = () => {
    waiting = false
    const [first, ...others] = offers()
    if (first === undefined || others.length > 0) onOffers(offers())
    else if (!onKey(first)) onOffers([])
  }

  const stop = channel.listen(hear)
  const timer = setTimeout(settle, WAIT_MS)
  channel.post(ASKING)
  return () => {
    clearTimeout(timer)
    stop()
  }
}
