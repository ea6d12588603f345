import { failedFiles } from '../../core/api/task.ts'
import type { TaskId } from '../../core/api/task-id.ts'
import { DAY } from '../../core/lib/units.ts'
import { formatFiles, formatNumber, until } from '../lib/format.ts'
import { endsOf, type Group, groupOf, mayRun } from './task-group.ts'
import type { TrackedTask } from './tracked-task.ts'

/** Changes of the list since the user's last visit. */
export interface Digest {
  readonly finished: readonly TrackedTask[]
  readonly failed: readonly TrackedTask[]
  readonly refused: readonly TrackedTask[]
  /** Tasks with a file link that has expired since. */
  readonly expired: readonly TrackedTask[]
  /** Tasks with a file link that expires within a day, next at `at` (epoch ms); soonest first. */
  readonly expiring: readonly Expiring[]
  /** Tasks that may have ended and were not checked since. */
  readonly unchecked: number
}

export interface Expiring {
  readonly entry: TrackedTask
  readonly at: number
}

/**
 * Changes since `since` (epoch ms), when each task was in its group in `before`. Tasks added since count
 * too, but not states that are older than `since`, as after an import.
 */
export function digest(
  before: ReadonlyMap<TaskId, Group>,
  entries: readonly TrackedTask[],
  since: number,
  now: number,
): Digest {
  const came = (group: Group) =>
    entries.filter(
      (entry) =>
        groupOf(entry) === group &&
        before.get(entry.id) !== group &&
        reachedAt(entry, group) >= since,
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
    unchecked: entries.filter(
      (entry) => mayRun(groupOf(entry)) && (entry.record.requestedAt ?? NEVER) < since,
    ).length,
  }
}

/** Earlier than any time. */
const NEVER = Number.NEGATIVE_INFINITY

/** When the response came that put the entry into its group. */
const reachedAt = ({ record: { failure, seenAt } }: TrackedTask, group: Group): number =>
  (group === 'refused' ? failure?.at : seenAt) ?? NEVER

const endsWithin = (entry: TrackedTask, now: number): readonly number[] =>
  endsOf(entry).filter((at) => at > now && at <= now + DAY)

/** Short description of one kind of change. */
export interface DigestWord {
  readonly about: Exclude<keyof Digest, 'unchecked'>
  readonly text: string
}

/** Short descriptions of a digest, for the kinds of change that happened. */
export const digestWords = (
  { finished, failed, refused, expired, expiring }: Omit<Digest, 'unchecked'>,
  now: number,
): readonly DigestWord[] => [
  ...count('finished', finished).map(({ about, text }) => ({
    about,
    text: `${text}${partlyText(finished)}`,
  })),
  ...count('failed', failed),
  ...count('refused', refused),
  ...count('expired', expired),
  ...expiringWords(expiring, now),
]

const count = (
  about: Exclude<DigestWord['about'], 'expiring'>,
  { length }: readonly TrackedTask[],
) => (length === 0 ? [] : [{ about, text: `${formatNumber(length)} ${about}` }])

/** ", 1 with failed images" */
function partlyText(finished: readonly TrackedTask[]): string {
  const partly = finished.filter(({ record: { task } }) => task && failedFiles(task).length > 0)
  return partly.length === 0 ? '' : `, ${formatNumber(partly.length)} with failed images`
}

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
