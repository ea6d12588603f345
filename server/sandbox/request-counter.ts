import { createTally } from './tally.ts'

/** How often was asked, for tests that hold a client to its word. Lives as long as the process. */
export interface RequestCounter {
  readonly count: () => void
  readonly countTask: (taskId: string) => void
  readonly read: () => { requests: number; requestsByTask: Record<string, number> }
}

export function createRequestCounter(): RequestCounter {
  let requests = 0
  const byTask = createTally()
  return {
    count() {
      requests++
    },
    countTask(taskId) {
      byTask.add(taskId)
    },
    read: () => ({ requests, requestsByTask: byTask.read() }),
  }
}
