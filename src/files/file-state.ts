import type { Reading } from '../lib/clock.ts'
import { urgency } from '../lib/countdown.ts'
import { type Dating, probableEnd, signedEnd } from '../upscayl/link-end.ts'
import type { TaskFile } from '../upscayl/task.ts'

/** That a link was refused by its host (fetch-file.ts: `ended`), though it should have been alive. */
export interface Refusal {
  readonly url: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** What can be done with a file now. Times: epoch milliseconds by this device's clock. */
export type FileState =
  | { readonly kind: 'ready'; readonly url: string; readonly endsAt: number }
  /** Within its last hour. */
  | { readonly kind: 'expiring'; readonly url: string; readonly endsAt: number }
  /** Nothing is stated, or a date that has passed without the link's own word that it has ended. */
  | { readonly kind: 'expiry-unknown'; readonly url: string }
  | { readonly kind: 'no-link' }
  /** Whoever sent the task left its links out. */
  | { readonly kind: 'withheld'; readonly endsAt: number | null }
  /** Since the link ended the API was not asked: a new answer may bring a new link. */
  | { readonly kind: 'expired'; readonly early: boolean }
  /** An answer to a question after its end brought no other link. */
  | { readonly kind: 'gone' }

export const FILE_STATES = [
  'ready',
  'expiring',
  'expiry-unknown',
  'no-link',
  'withheld',
  'expired',
  'gone',
] as const satisfies readonly FileState['kind'][]

/**
 * Where the links of a task come from: this browser asked for them; somebody sent the task with them;
 * somebody sent it without them.
 */
export type LinkSource = 'asked' | 'shared' | 'withheld'

/** What the page knows beside the file itself. */
export interface Circumstances extends Dating {
  readonly refusal: Refusal | null
  readonly source: LinkSource
}

/**
 * The state of a file at `now` (epoch ms), and when it will be another. A link lives until its host refuses
 * it, or until the end that it says itself; a date that is only stated hides none. Pure.
 */
export function fileState(
  file: TaskFile,
  { refusal, source, ...dating }: Circumstances,
  now: number,
): Reading<FileState> {
  const still = (value: FileState): Reading<FileState> => ({ value, changesAt: null })
  const { downloadUrl: url } = file
  const stated = probableEnd(file, dating)
  if (url === null) {
    return still(source === 'withheld' ? { kind: 'withheld', endsAt: stated } : { kind: 'no-link' })
  }
  const { clockSkew, askedAt } = dating
  // The date is the server's; a wrong clock here must not end a link that is alive.
  const signed = signedEnd(url)
  const own = signed === null ? null : signed - clockSkew
  if (refusal !== null && refusal.url === url) {
    const early = refusal.at < (own ?? stated ?? Number.POSITIVE_INFINITY)
    return still(askedAt > refusal.at ? { kind: 'gone' } : { kind: 'expired', early })
  }
  const endsAt = own ?? stated
  if (endsAt === null) return still({ kind: 'expiry-unknown', url })
  const { value: near, changesAt } = urgency(endsAt, now)
  if (near === 'over') {
    if (own === null) return still({ kind: 'expiry-unknown', url })
    return still(askedAt >= own ? { kind: 'gone' } : { kind: 'expired', early: false })
  }
  return near === 'calm'
    ? { value: { kind: 'ready', url, endsAt }, changesAt }
    : { value: { kind: 'expiring', url, endsAt }, changesAt: endsAt }
}

/** The link of a file that can be fetched, or null. */
export const livingLink = (state: FileState): string | null => ('url' in state ? state.url : null)
