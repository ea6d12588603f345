/** Number of requests per ID. */
export interface HitCounter {
  /** Adds one, and returns the previous count. */
  readonly add: (id: string) => number
  readonly read: () => Record<string, number>
}

/** Limited, because anyone can make up IDs: evicts the least recently requested. */
export function createHitCounter(most = 10_000): HitCounter {
  const counts = new Map<string, number>()
  return {
    add(id) {
      const earlier = counts.get(id) ?? 0
      // A map iterates its keys in insertion order.
      counts.delete(id)
      counts.set(id, earlier + 1)
      const [oldest] = counts.keys()
      if (counts.size > most && oldest !== undefined) counts.delete(oldest)
      return earlier
    },
    read: () => Object.fromEntries(counts),
  }
}

/** Request counts, for tests that verify a client's behavior. Lives as long as the process. */
export type RequestCounter = ReturnType<typeof createRequestCounter>

export function createRequestCounter() {
  let requests = 0
  const byTask = createHitCounter()
  return {
    count() {
      requests++
    },
    countTask: (taskId: string) => byTask.add(taskId),
    read: () => ({ requests, requestsByTask: byTask.read() }),
  }
}
