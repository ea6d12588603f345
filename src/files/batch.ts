import { now } from '../lib/clock.ts'
import { err, ok, type Result } from '../lib/result.ts'
import type { Dating } from '../upscayl/link-end.ts'
import type { TaskFile } from '../upscayl/task.ts'
import type { FetchFault } from './fetch-file.ts'
import type { NamedTask } from './file-name.ts'
import { fileState, type LinkSource, livingLink, type Refusal } from './file-state.ts'

/** A task as an answer lists it. */
export interface Listing extends NamedTask, Dating {}

/** A task whose files are to be saved. */
export interface Batch {
  readonly id: string
  readonly source: LinkSource
  /** What is known of it; null before the first answer. */
  readonly known: () => Listing | null
  /** Asks once more, for newer links; null where nobody asks. Resolves with what is known then. */
  readonly ask: (() => Promise<Listing | null>) | null
  readonly refusalOf: (fileId: string) => Refusal | null
}

/** `answer`: the how manieth of this saving it is from. */
export interface Link {
  readonly url: string
  readonly answer: number
}

/** Files that are gone are few, or all of a task. */
export const MOST_IN_VAIN = 3

export type Links = ReturnType<typeof linksOf>

/** The links of a task while its files are saved. Each question for newer ones costs, so few are asked. */
export function linksOf({ id, source, known, ask, refusalOf }: Batch) {
  let listing: Listing | null = null
  let answer = 0
  /** Something came by a link of this task. */
  let proven = false
  /** How often a newer link was no better. */
  let inVain = 0
  let asking: Promise<void> | null = null

  const stateOf = (file: TaskFile, { clockSkew, askedAt }: Listing) =>
    fileState(file, { clockSkew, askedAt, source, refusal: refusalOf(file.id) }, now()).value

  /** Without living links, or with one that has ended since it was given, the task is to be asked. */
  function isOld(seen: Listing | null): boolean {
    const states = seen?.files.map((file) => stateOf(file, seen)) ?? []
    return (
      states.every((state) => livingLink(state) === null) ||
      states.some(({ kind }) => kind === 'expired')
    )
  }

  async function askNow(by: NonNullable<Batch['ask']>): Promise<void> {
    listing = (await by()) ?? listing
    answer++
    asking = null
  }

  /** The link of a file by the newest answer. */
  function of(fileId: string): Result<Link, FetchFault | { readonly kind: 'no-link' }> {
    const file = listing?.files.find((one) => one.id === fileId)
    if (listing === null || file === undefined) return err({ kind: 'no-link' })
    const state = stateOf(file, listing)
    const url = livingLink(state)
    if (url !== null) return ok({ url, answer })
    const isOver = state.kind === 'expired' || state.kind === 'gone'
    return err(isOver ? { kind: 'ended', status: null } : { kind: 'no-link' })
  }

  return {
    taskId: id,
    of,
    /** The files; null where nothing is known of the task. Asks where its links are old. */
    async open(): Promise<Listing | null> {
      listing = known()
      if (ask !== null && isOld(listing)) await askNow(ask)
      return listing
    },
    /** A newer link than `used`, which was refused; null where there is none. Several wait for one answer. */
    async newer(fileId: string, used: Link): Promise<string | null> {
      if (used.answer === answer) {
        // Refused although it was asked for a moment ago: so would be the next.
        if (ask === null || inVain >= MOST_IN_VAIN || (answer > 0 && !proven)) return null
        asking ??= askNow(ask)
        await asking
      }
      const link = of(fileId)
      if (link.ok && link.value.url !== used.url) return link.value.url
      inVain++
      return null
    },
    /** What came of a link that was asked for, or was known. */
    learn(isGood: boolean, wasNewer: boolean): void {
      proven ||= isGood
      if (wasNewer && !isGood) inVain++
    },
  }
}
