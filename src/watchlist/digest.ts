import { formatFiles, formatNumber, until } from '../lib/format.ts'
import { DAY } from '../lib/units.ts'
import type { TaskId } from '../upscayl/task-id.ts'
import type { Entry } from './entry.ts'
import { endsOf, type Group, groupOf, mayRun } from './row.ts'

/** What happened to the list since somebody last looked. */
export interface Digest {
  readonly finished: readonly Entry[]
  readonly failed: readonly Entry[]
  readonly refused: readonly Entry[]
  /** A link to one of their files has ended since. */
  readonly expired: readonly Entry[]
  /** A link to one of their files ends within a day, next at `at` (epoch ms); the soonest first. */
  readonly expiring: readonly Expiring[]
  /** Tasks that may have ended, and were not asked since. */
  readonly unasked: number
}

export interface Expiring {
  readonly entry: Entry
  readonly at: number
}

/**
 * What changed since `since` (epoch ms), when each task was in the group that `before` has for it. What
 * came to the list in between counts too, but not what was known of it earlier, as after an import.
 */
export function digest(
  before: ReadonlyMap<TaskId, Group>,
  entries: readonly Entry[],
  since: number,
  now: number,
): Digest {
  const came = (group: Group) =>
    entries.filter(
      (entry) =>
        groupOf(entry) === group && before.get(entry.id) !== group && toldAt(entry, group) >= since,
    )
  return {
    finished: came('done'),
    failed: came('failed'),
    refused: came('refused'),
    expired: entries.filter((entry) => endsOf(entry).some((at) => at > since && at <= now)),
    expiring: entries
      .flatMap((entry) => {
        const at = endsWithin(entry, now)[0]
        return at === undefined ? [] : [{ entry, at }]
      })
      .sort((a, b) => a.at - b.at),
    unasked: entries.filter(
      (entry) => mayRun(groupOf(entry)) && (entry.record.askedAt ?? NEVER) < since,
    ).length,
  }
}

/** Earlier than any instant. */
const NEVER = Number.NEGATIVE_INFINITY

/** When the answer came that put the entry into its group. */
const toldAt = ({ record: { failure, seenAt } }: Entry, group: Group): number =>
  (group === 'refused' ? failure?.at : seenAt) ?? NEVER

const endsWithin = (entry: Entry, now: number): readonly number[] =>
  endsOf(entry).filter((at) => at > now && at <= now + DAY)

/** One thing that happened, in a few words. */
export interface DigestWord {
  readonly about: Exclude<keyof Digest, 'unasked'>
  readonly text: string
}

/** A digest in a few words each, and no word for what did not happen. */
export const digestWords = (
  { finished, failed, refused, expired, expiring }: Omit<Digest, 'unasked'>,
  now: number,
): readonly DigestWord[] => [
  ...count('finished', finished),
  ...count('failed', failed),
  ...count('refused', refused),
  ...count('expired', expired),
  ...expiringWords(expiring, now),
]

const count = (about: Exclude<DigestWord['about'], 'expiring'>, { length }: readonly Entry[]) =>
  length === 0 ? [] : [{ about, text: `${formatNumber(length)} ${about}` }]

function expiringWords(expiring: readonly Expiring[], now: number): DigestWord[] {
  const ends = expiring.flatMap(({ entry }) => endsWithin(entry, now))
  if (ends.length === 0) return []
  const first = ends.reduce((a, b) => Math.min(a, b))
  const when = until(first, now).value
  const text =
    ends.length === 1
      ? `1 file expires ${when}`
      : `${formatFiles(ends.length)} expire, the first ${when}`
  return [{ about: 'expiring', text }]
}
