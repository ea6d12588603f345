import * as v from 'valibot'
import { isWebLink } from '../../core/api/file-links.ts'
import { instant } from '../../core/api/task.ts'
import type { FileData, NewUpload, SentPart } from '../../core/api/upload.ts'
import { parseJson } from '../../core/lib/parse-json.ts'
import { type Texts, tabTexts } from '../lib/browser/texts.ts'
import { now } from '../lib/clock.ts'

/** How far the upload of a file by parts has come. */
export type PartsState =
  /** `sent`: parts that the storage has. `joining`: it was requested to join them, which may have succeeded. */
  | {
      readonly kind: 'open'
      readonly upload: NewUpload
      readonly sent: readonly SentPart[]
      readonly joining: boolean
    }
  /** All parts are joined: a task can be started. */
  | { readonly kind: 'complete'; readonly file: FileData }
  /** Its links have expired. */
  | { readonly kind: 'expired' }

/** Uploads by parts, each by the identity of its file. */
export interface KeptParts {
  /** Null if there is none. */
  readonly get: (identity: string) => PartsState | null
  readonly set: (identity: string, state: PartsState | null) => void
  /** Continues these uploads of the tab's last page, and removes its others. */
  readonly restore: (identities: readonly string[]) => void
  /** Stores them no longer. */
  readonly close: () => void
}

/** More characters than this are not stored. Browsers allow about five million, also for the API key. */
const MAX_TEXT = 1_000_000

const text = v.pipe(v.string(), v.nonEmpty())
const position = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const upload: v.GenericSchema<unknown, NewUpload> = v.object({
  uploadId: text,
  expiresAt: v.nullable(instant),
  file: v.looseObject({ path: text }),
  parts: v.pipe(
    v.array(
      v.object({
        number: position,
        url: v.pipe(v.string(), v.check(isWebLink)),
        from: position,
        to: position,
      }),
    ),
    // A gap would leave out bytes of the image.
    v.check((parts) =>
      parts.every(
        ({ number, from, to }, n) =>
          number === n + 1 && from === (parts[n - 1]?.to ?? 0) && to > from,
      ),
    ),
  ),
})

const state: v.GenericSchema<unknown, PartsState> = v.variant('kind', [
  v.object({
    kind: v.literal('open'),
    upload,
    sent: v.array(v.object({ number: position, etag: text })),
    joining: v.boolean(),
  }),
  v.object({ kind: v.literal('complete'), file: v.looseObject({ path: text }) }),
  v.object({ kind: v.literal('expired') }),
])

const entries = v.array(v.tuple([v.string(), state]))

/** Whether its links no longer work at `time` (epoch ms), so that it has to start again. */
export const hasExpired = (known: PartsState, time: number): boolean =>
  known.kind === 'expired' ||
  (known.kind === 'open' && known.upload.expiresAt !== null && known.upload.expiresAt <= time)

/** Parses stored uploads; an invalid text has none. Never throws. */
export function parseKeptParts(stored: string | null): ReadonlyMap<string, PartsState> {
  const parsed = v.safeParse(entries, stored === null ? undefined : parseJson(stored))
  return new Map(parsed.success ? parsed.output : [])
}

/**
 * Uploads by parts of this tab. They survive a reload in sessionStorage, like the API key: anyone with
 * their links can write. They are removed with it, too. If storage is denied or full, they last until the page is left.
 */
export function createKeptParts(name: string, texts: Texts = tabTexts): KeptParts {
  const earlier = parseKeptParts(texts.get(name))
  const states = new Map<string, PartsState>()
  let closed = false

  const write = () => {
    if (closed) return
    const all = [...states]
    let stored = JSON.stringify(all)
    while (stored.length > MAX_TEXT) {
      all.shift()
      stored = JSON.stringify(all)
    }
    texts.set(name, all.length === 0 ? null : stored)
  }
  const set = (identity: string, next: PartsState | null) => {
    if (next === null && !states.has(identity)) return
    if (next === null) states.delete(identity)
    else states.set(identity, next)
    write()
  }

  return {
    get: (identity) => states.get(identity) ?? null,
    set,
    restore(identities) {
      for (const identity of identities) {
        const known = earlier.get(identity)
        if (known === undefined || states.has(identity)) continue
        states.set(identity, hasExpired(known, now()) ? { kind: 'expired' } : known)
      }
      write()
    },
    close() {
      closed = true
      texts.set(name, null)
    },
  }
}
