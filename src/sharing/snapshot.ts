import type { TaskId } from '../../core/api/task-id.ts'
import type { Visibility } from '../../core/api/visibility.ts'
import { redact } from '../../core/record/redact.ts'
import { EMPTY_RECORD, shiftTimestamps, type TaskRecord } from '../../core/record/task-record.ts'

/** A task as it was last seen. */
export interface SeenTask {
  readonly id: TaskId
  readonly record: TaskRecord
}

export interface SnapshotTask extends SeenTask {
  /** Number of files that did not fit into the link. */
  readonly filesLeftOut: number
  /** A tiny image as a data URL; null for none. */
  readonly thumb: string | null
}

/**
 * Tasks as the sender saw them, for a recipient who sends no requests. All times are epoch
 * milliseconds by the server's clock: the sender's may be wrong, and the recipient's differs.
 */
export interface Snapshot {
  /** Time of creation. */
  readonly at: number
  readonly tasks: readonly SnapshotTask[]
  /** Number of tasks that did not fit into the link. */
  readonly leftOut: number
  readonly shown: Visibility
}

/** `at`: epoch milliseconds by this device's clock. `thumb`: only for a single task. */
export function makeSnapshot(
  tasks: readonly SeenTask[],
  shown: Visibility,
  at: number,
  thumb: string | null = null,
): Snapshot {
  return {
    at: at + (tasks[0]?.record.clockSkew ?? 0),
    tasks: tasks.map(({ id, record }) => ({
      id,
      record: forRecipient(record, shown),
      filesLeftOut: 0,
      thumb,
    })),
    leftOut: 0,
    shown,
  }
}

/** The part of a record that a recipient sees: results, without the history of requests. */
function forRecipient(record: TaskRecord, shown: Visibility): TaskRecord {
  const byServer = shiftTimestamps(redact(record, shown), record.clockSkew)
  const { quotedCredits, task, seenAt, seenRequestedAt, endSeenAt } = byServer
  const { failure, peakProgress, restored, deduction } = byServer
  return {
    ...EMPTY_RECORD,
    quotedCredits,
    task,
    seenAt,
    seenRequestedAt,
    endSeenAt,
    failure,
    peakProgress,
    restored,
    deduction,
  }
}
