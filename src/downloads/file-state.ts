import { type Dating, probableEnd, signedEnd } from '../../core/api/file-links.ts'
import type { TaskFile } from '../../core/api/task.ts'
import type { Reading } from '../lib/clock.ts'
import { urgency } from '../lib/countdown.ts'

/** A link that its host rejected (fetch-file.ts: `ended`) although it should still be valid. */
export interface Refusal {
  readonly url: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** State of a file: which action on it is possible now. Times: epoch milliseconds by this device's clock. */
export type FileState =
  | { readonly kind: 'ready'; readonly url: string; readonly endsAt: number }
  /** Within its last hour. */
  | { readonly kind: 'expiring'; readonly url: string; readonly endsAt: number }
  /** No expiry is stated, or a stated date has passed that the link itself does not confirm. */
  | { readonly kind: 'expiry-unknown'; readonly url: string }
  | { readonly kind: 'no-link' }
  /** Its task still runs: the link comes with the end. */
  | { readonly kind: 'unfinished' }
  /** Its image failed, so there is no result. */
  | { readonly kind: 'failed' }
  /** The sender left the links out. */
  | { readonly kind: 'withheld'; readonly endsAt: number | null }
  /** The API was not called since the link expired: a new response may bring a new link. */
  | { readonly kind: 'expired'; readonly early: boolean }
  /** A response after the expiry brought no other link. */
  | { readonly kind: 'gone' }

export const FILE_STATES = [
  'ready',
  'expiring',
  'expiry-unknown',
  'no-link',
  'unfinished',
  'failed',
  'withheld',
  'expired',
  'gone',
] as const satisfies readonly FileState['kind'][]

/** Origin of links: requested by this browser, shared by a sender, or withheld by the sender. */
export type LinkSource = 'own' | 'shared' | 'withheld'

/** Data that decides a file's state, besides the file itself. */
export interface Circumstances extends Dating {
  readonly refusal: Refusal | null
  readonly source: LinkSource
  /** Whether its task still runs. */
  readonly running?: boolean
}

/**
 * State of a file at `now` (epoch ms), and when it changes. A link is live until its host rejects
 * it or its own expiry passes; a date that is merely stated hides no link. Pure.
 */
export function fileState(
  file: TaskFile,
  { refusal, source, running = false, ...dating }: Circumstances,
  now: number,
): Reading<FileState> {
  const still = (value: FileState): Reading<FileState> => ({ value, changesAt: null })
  const { downloadUrl: url } = file
  const stated = probableEnd(file, dating)
  if (file.failed) return still({ kind: 'failed' })
  if (url === null && running) return still({ kind: 'unfinished' })
  if (url === null) {
    return still(source === 'withheld' ? { kind: 'withheld', endsAt: stated } : { kind: 'no-link' })
  }
  const { clockSkew, requestedAt } = dating
  // The expiry uses the server's clock; a wrong clock here must not expire a live link.
  const signed = signedEnd(url)
  const own = signed === null ? null : signed - clockSkew
  if (refusal !== null && refusal.url === url) {
    const early = refusal.at < (own ?? stated ?? Number.POSITIVE_INFINITY)
    return still(requestedAt > refusal.at ? { kind: 'gone' } : { kind: 'expired', early })
  }
  const endsAt = own ?? stated
  if (endsAt === null) return still({ kind: 'expiry-unknown', url })
  const { value: near, changesAt } = urgency(endsAt, now)
  if (near === 'over') {
    if (own === null) return still({ kind: 'expiry-unknown', url })
    return still(requestedAt >= own ? { kind: 'gone' } : { kind: 'expired', early: false })
  }
  return near === 'calm'
    ? { value: { kind: 'ready', url, endsAt }, changesAt }
    : { value: { kind: 'expiring', url, endsAt }, changesAt: endsAt }
}

/** Link of a file that can be fetched, or null. */
export const livingLink = (state: FileState): string | null => ('url' in state ? state.url : null)
