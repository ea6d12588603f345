import type { Dating } from '../../core/api/file-links.ts'
import type { TaskFile } from '../../core/api/task.ts'
import { err, ok, type Result } from '../../core/lib/result.ts'
import { now } from '../lib/clock.ts'
import type { FetchFault } from './fetch-file.ts'
import type { NamedTask } from './file-name.ts'
import { fileState, type LinkSource, livingLink, type Refusal } from './file-state.ts'

/** Task as listed in an API response, with all of its files: their names depend on each other. */
export interface Listing extends NamedTask, Dating {}

/** A task whose files will be downloaded. */
export interface Batch {
  readonly id: string
  readonly source: LinkSource
  /** IDs of the files to download; null for all. */
  readonly only: ReadonlySet<string> | null
  /** Last known listing; null before the first response. */
  readonly known: () => Listing | null
  /** Requests newer links and resolves with the listing; null in views without requests. */
  readonly refetch: (() => Promise<Listing | null>) | null
  readonly refusalOf: (fileId: string) => Refusal | null
}

/** Whether a download of this batch includes the file. One without a result has nothing to offer. */
export const includes = ({ only }: Batch, { id, failed }: TaskFile): boolean =>
  !failed && (only === null || only.has(id))

/** `responseNumber`: number of the response in this download run that the link is from. */
export interface Link {
  readonly url: string
  readonly responseNumber: number
}

/** Expired files are few, or all files of a task. */
export const MAX_IN_VAIN = 3

export type Links = ReturnType<typeof linksOf>

/** Links of a task during a download. Each request for newer ones uses quota, so it sends few. */
export function linksOf(batch: Batch) {
  const { id, source, known, refetch, refusalOf } = batch
  let listing: Listing | null = null
  let responseNumber = 0
  /** A file was fetched by a link of this task. */
  let proven = false
  /** Number of newer links that were no better. */
  let failedRenewals = 0
  let pendingRequest: Promise<void> | null = null

  const stateOf = (file: TaskFile, { clockSkew, requestedAt }: Listing) =>
    fileState(file, { clockSkew, requestedAt, source, refusal: refusalOf(file.id) }, now()).value

  /** Whether the listing has no live links, or has one that expired after it was issued. */
  function isOld(seen: Listing | null): boolean {
    const states =
      seen?.files.filter((file) => includes(batch, file)).map((file) => stateOf(file, seen)) ?? []
    return (
      states.every((state) => livingLink(state) === null) ||
      states.some(({ kind }) => kind === 'expired')
    )
  }

  async function checkNow(by: NonNullable<Batch['refetch']>): Promise<void> {
    listing = (await by()) ?? listing
    responseNumber++
    pendingRequest = null
  }

  /** Link of a file from the newest response. */
  function of(fileId: string): Result<Link, FetchFault | { readonly kind: 'no-link' }> {
    const file = listing?.files.find((one) => one.id === fileId)
    if (listing === null || file === undefined) return err({ kind: 'no-link' })
    const state = stateOf(file, listing)
    const url = livingLink(state)
    if (url !== null) return ok({ url, responseNumber })
    const isOver = state.kind === 'expired' || state.kind === 'gone'
    return err(isOver ? { kind: 'ended', status: null } : { kind: 'no-link' })
  }

  return {
    taskId: id,
    of,
    /** The files; null if nothing is known of the task. Renews links that are old. */
    async open(): Promise<Listing | null> {
      listing = known()
      if (refetch !== null && isOld(listing)) await checkNow(refetch)
      return listing
    },
    /** A newer link than the rejected `used`, or null. Concurrent callers share one request. */
    async newer(fileId: string, used: Link): Promise<string | null> {
      if (used.responseNumber === responseNumber) {
        // A link that was rejected right after it was requested: the next one would be, too.
        if (refetch === null || failedRenewals >= MAX_IN_VAIN || (responseNumber > 0 && !proven))
          return null
        pendingRequest ??= checkNow(refetch)
        await pendingRequest
      }
      const link = of(fileId)
      if (link.ok && link.value.url !== used.url) return link.value.url
      failedRenewals++
      return null
    },
    /** Records whether a link worked, and whether it was a newer one. */
    learn(isGood: boolean, wasNewer: boolean): void {
      proven ||= isGood
      if (wasNewer && !isGood) failedRenewals++
    },
  }
}
