import { isTerminal } from '../../core/api/task.ts'
import { type Deduction, type TaskRecord, withStart } from '../../core/record/task-record.ts'
import { mergeAnnotations } from './annotation.ts'
import { groupOf, mayRun } from './task-group.ts'
import type { TrackedTask } from './tracked-task.ts'

/**
 * Merges two entries of the same task, as after an import. Request data comes from the one with more
 * requests; so does the task's state, unless only the other has it, or its end. The order of the two matters
 * only if both have as many requests, the last at the same time.
 */
export function mergeEntries(known: TrackedTask, incoming: TrackedTask): TrackedTask {
  const [first, second] = hasMoreRequests(incoming.record, known.record)
    ? [incoming, known]
    : [known, incoming]
  const [more, less] = [first.record, second.record]
  const seen = stateRank(less) > stateRank(more) ? less : more
  return {
    id: known.id,
    addedAt: Math.min(known.addedAt, incoming.addedAt),
    source: first.source ?? second.source,
    settings: first.settings ?? second.settings,
    earlier: first.earlier ?? second.earlier,
    thumb: first.thumb ?? second.thumb,
    annotation: mergeAnnotations(known.annotation, incoming.annotation),
    record: {
      ...withStart(more, less),
      firstRequestedAt: earlier(more.firstRequestedAt, less.firstRequestedAt),
      task: seen.task,
      seenAt: seen.seenAt,
      seenRequestedAt: seen.seenRequestedAt,
      observations: seen.observations,
      confirmationChecks: seen.confirmationChecks,
      endSeenAt: seen.endSeenAt,
      filesPending: seen.filesPending,
      peakProgress: seen.peakProgress,
      clockSkew: seen.clockSkew,
      restored: seen.restored,
      deduction: mergeDeductions(more.deduction, less.deduction),
    },
  }
}

const hasMoreRequests = (a: TaskRecord, b: TaskRecord): boolean =>
  a.requestCount === b.requestCount
    ? (a.requestedAt ?? 0) > (b.requestedAt ?? 0)
    : a.requestCount > b.requestCount

/** Rank of a state: one that has ended wins, whatever the request counts. */
const stateRank = ({ task }: TaskRecord): number => (task === null ? 0 : isTerminal(task) ? 2 : 1)

const earlier = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.min(a, b)

/** The first sighting of the deduction, and all anomalies. */
function mergeDeductions(one: Deduction, other: Deduction): Deduction {
  const isFirst = one.at !== null && (other.at === null || one.at <= other.at)
  const { requestNumber, at } = isFirst ? one : other
  return { requestNumber, at, anomalies: [...new Set([...one.anomalies, ...other.anomalies])] }
}

/**
 * The tasks to remove so that `most` remain: finished ones, oldest first. Tasks that may still run stay, even
 * if there are more of them than `most`.
 */
export function makeRoom(entries: readonly TrackedTask[], most: number): readonly TrackedTask[] {
  const age = ({ record, addedAt }: TrackedTask) => record.seenAt ?? addedAt
  return entries
    .filter((entry) => !mayRun(groupOf(entry)))
    .sort((a, b) => age(a) - age(b))
    .slice(0, Math.max(0, entries.length - most))
}
