import type { TaskId } from '../../core/api/task-id.ts'

/** Which tasks are followed, and by whom. */
export interface FollowedTasks {
  /** Follows tasks for one part of this tab. Returns a function to stop. */
  readonly add: (taskIds: readonly TaskId[], isLookedAt: boolean) => () => void
  readonly own: () => Iterable<TaskId>
  /** Tasks that other tabs follow, by tab. */
  readonly others: Map<string, readonly TaskId[]>
  /** Tasks that this tab or any other follows, by ID text. */
  readonly all: () => ReadonlyMap<string, TaskId>
  readonly isLookedAt: (taskId: TaskId) => boolean
}

export function createFollowedTasks(): FollowedTasks {
  /** Number of parts of this tab that follow a task, and how many of them show it alone. */
  const own = new Map<TaskId, number>()
  const lookedAt = new Map<TaskId, number>()
  const others = new Map<string, readonly TaskId[]>()

  const count = (counts: Map<TaskId, number>, id: TaskId, change: number) => {
    const left = (counts.get(id) ?? 0) + change
    if (left > 0) counts.set(id, left)
    else counts.delete(id)
  }
  const countAll = (taskIds: readonly TaskId[], isLookedAt: boolean, change: number) => {
    for (const id of taskIds) {
      count(own, id, change)
      if (isLookedAt) count(lookedAt, id, change)
    }
  }

  return {
    add(taskIds, isLookedAt) {
      countAll(taskIds, isLookedAt, 1)
      return () => countAll(taskIds, isLookedAt, -1)
    },
    own: () => own.keys(),
    others,
    all: () => new Map([...own.keys(), ...[...others.values()].flat()].map((id) => [id, id])),
    isLookedAt: (id) => lookedAt.has(id),
  }
}
