import { shifted } from '../polling/shifted.ts'
import { type Shown, shownOf } from '../polling/shown.ts'
import { type TaskRecord, UNASKED } from '../polling/task-record.ts'
import type { TaskId } from '../upscayl/task-id.ts'

/** A task as it was last seen. */
export interface SeenTask {
  readonly id: TaskId
  readonly record: TaskRecord
}

export interface SnapshotTask extends SeenTask {
  /** Files that did not fit into the link. */
  readonly filesLeftOut: number
}

/**
 * Tasks as a sender saw them, for somebody who cannot ask. All times are epoch milliseconds by the
 * server's clock: the sender's may be wrong, and the reader's is another.
 */
export interface Snapshot {
  /** When it was made. */
  readonly at: number
  readonly tasks: readonly SnapshotTask[]
  /** Tasks that did not fit into the link. */
  readonly leftOut: number
  readonly shown: Shown
}

/** `at`: epoch milliseconds by this device's clock. */
export function makeSnapshot(tasks: readonly SeenTask[], shown: Shown, at: number): Snapshot {
  return {
    at: at + (tasks[0]?.record.clockSkew ?? 0),
    tasks: tasks.map(({ id, record }) => ({ id, record: told(record, shown), filesLeftOut: 0 })),
    leftOut: 0,
    shown,
  }
}

/** What a reader is told of a record: nothing of how the asking went but what came of it. */
function told(record: TaskRecord, shown: Shown): TaskRecord {
  const byServer = shifted(shownOf(record, shown), record.clockSkew)
  const { announced, task, seenAt, seenAskedAt, endSeenAt } = byServer
  const { failure, wentBackFrom, recalled, receipt } = byServer
  return {
    ...UNASKED,
    announced,
    task,
    seenAt,
    seenAskedAt,
    endSeenAt,
    failure,
    wentBackFrom,
    recalled,
    receipt,
  }
}
