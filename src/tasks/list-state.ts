import type { TaskId } from '../../core/api/task-id.ts'
import type { Denial } from './denial.ts'
import type { Contents } from './task-store.ts'
import type { TrackedTask } from './tracked-task.ts'

/** The list in this tab; a new object after each change. */
export interface ListState extends Omit<Contents, 'entries'> {
  /** Reading from storage has finished or failed. */
  readonly loaded: boolean
  readonly entries: ReadonlyMap<TaskId, TrackedTask>
  /** Tasks whose changes are in this tab only. */
  readonly unsaved: ReadonlySet<TaskId>
  /** Why they are unsaved; null if nothing is wrong. */
  readonly denial: Denial | null
}

/** Before it is read. */
export const EMPTY_LIST: ListState = {
  loaded: false,
  entries: new Map(),
  unreadable: new Map(),
  newer: 0,
  left: 0,
  spent: new Map(),
  elsewhere: 0,
  unsaved: new Set(),
  denial: null,
}
