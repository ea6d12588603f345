/** How often was asked, for tests that hold a client to its word. Lives as long as the process. */
export interface RequestCounter {
  readonly count: () => void
  readonly countTask: (taskId: string) => void
  readonly read: () => { requests: number; requestsByTask: Record<string, number> }
}

export function createRequestCounter(): RequestCounter {
  let requests = 0
  const byTask = new Map<string, number>()
  return {
    count() {
      requests++
    },
    countTask(taskId) {
      byTask.set(taskId, (byTask.get(taskId) ?? 0) + 1)
    },
    read: () => ({ requests, requestsByTask: Object.fromEntries(byTask) }),
  }
}
