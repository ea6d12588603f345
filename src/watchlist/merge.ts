import { type Receipt, type TaskRecord, withStart } from '../polling/task-record.ts'
import { isTerminal } from '../upscayl/task.ts'
import type { Entry } from './entry.ts'
import { groupOf, mayRun } from './row.ts'

/**
 * One entry of two for the same task, as after an import. What was asked comes from the one that asked
 * more often; what was seen too, unless only the other has seen the task, or its end. The order of the
 * two matters only where both asked as often, and last at the same instant.
 */
export function mergeEntries(known: Entry, incoming: Entry): Entry {
  const [more, less] = asksMore(incoming.record, known.record)
    ? [incoming.record, known.record]
    : [known.record, incoming.record]
  const seen = sight(less) > sight(more) ? less : more
  return {
    id: known.id,
    addedAt: Math.min(known.addedAt, incoming.addedAt),
    record: {
      ...withStart(more, less),
      firstAskedAt: earlier(more.firstAskedAt, less.firstAskedAt),
      task: seen.task,
      seenAt: seen.seenAt,
      seenAskedAt: seen.seenAskedAt,
      observations: seen.observations,
      checks: seen.checks,
      endSeenAt: seen.endSeenAt,
      filesPending: seen.filesPending,
      wentBackFrom: seen.wentBackFrom,
      clockSkew: seen.clockSkew,
      recalled: seen.recalled,
      receipt: mergeReceipts(more.receipt, less.receipt),
    },
  }
}

const asksMore = (a: TaskRecord, b: TaskRecord): boolean =>
  a.questions === b.questions ? (a.askedAt ?? 0) > (b.askedAt ?? 0) : a.questions > b.questions

/** An end stays true, whoever asked more often. */
const sight = ({ task }: TaskRecord): number => (task === null ? 0 : isTerminal(task) ? 2 : 1)

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

/** The first sight of the deduction, and all that was odd. */
function mergeReceipts(one: Receipt, other: Receipt): Receipt {
  const isFirst = one.at !== null && (other.at === null || one.at <= other.at)
  const { question, at } = isFirst ? one : other
  return { question, at, odd: [...new Set([...one.odd, ...other.odd])] }
}

/** A list with its surplus taken out. */
export interface Room {
  readonly kept: readonly Entry[]
  /** In the order in which they left. */
  readonly left: readonly Entry[]
}

/**
 * Takes tasks out until `most` are left: those that are finished, the oldest first. Tasks that may
 * still run stay, even where they alone are more than that.
 */
export function makeRoom(entries: readonly Entry[], most: number): Room {
  const surplus = Math.max(0, entries.length - most)
  if (surplus === 0) return { kept: entries, left: [] }
  const age = ({ record, addedAt }: Entry) => record.seenAt ?? addedAt
  const left = entries
    .filter((entry) => !mayRun(groupOf(entry)))
    .sort((a, b) => age(a) - age(b))
    .slice(0, surplus)
  const leaving = new Set(left)
  return { kept: entries.filter((entry) => !leaving.has(entry)), left }
}
