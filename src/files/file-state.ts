import type { Reading } from '../lib/clock.ts'
import { urgency } from '../lib/countdown.ts'
import type { TaskFile } from '../upscayl/task.ts'

/** That a link was refused by its host (403, 404, 410), though it should have been alive. */
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
  | { readonly kind: 'expiry-unknown'; readonly url: string }
  | { readonly kind: 'no-link' }
  /** Whoever sent the task left its links out. */
  | { readonly kind: 'withheld' }
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
export interface Circumstances {
  /** Milliseconds that the server's clock is ahead of this device's. */
  readonly clockSkew: number
  /** When the question was sent whose answer lists this file, epoch milliseconds. */
  readonly askedAt: number
  readonly refusal: Refusal | null
  readonly source: LinkSource
}

/** The state of a file at `now` (epoch ms), and when it will be another. Pure. */
export function fileState(
  { downloadUrl: url, expiresAt }: TaskFile,
  { clockSkew, askedAt, refusal, source }: Circumstances,
  now: number,
): Reading<FileState> {
  const still = (value: FileState): Reading<FileState> => ({ value, changesAt: null })
  if (url === null) return still({ kind: source === 'withheld' ? 'withheld' : 'no-link' })
  if (refusal !== null && refusal.url === url) {
    return still(askedAt > refusal.at ? { kind: 'gone' } : { kind: 'expired', early: true })
  }
  if (expiresAt === null) return still({ kind: 'expiry-unknown', url })
  // The date is the server's; a wrong clock here must not end a link that is alive.
  const endsAt = expiresAt - clockSkew
  const { value: near, changesAt } = urgency(endsAt, now)
  if (near === 'over') {
    return still(askedAt >= endsAt ? { kind: 'gone' } : { kind: 'expired', early: false })
  }
  return near === 'calm'
    ? { value: { kind: 'ready', url, endsAt }, changesAt }
    : { value: { kind: 'expiring', url, endsAt }, changesAt: endsAt }
}

/** The link of a file that can be fetched, or null. */
export const livingLink = (state: FileState): string | null => ('url' in state ? state.url : null)
