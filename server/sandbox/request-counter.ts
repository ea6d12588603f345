import { LruMap } from '../../core/lib/lru-map.ts'

/** Number of requests per ID. */
export interface HitCounter {
  /** Adds one, and returns the previous count. */
  readonly add: (id: string) => number
  readonly read: () => Record<string, number>
}

/** Limited, because anyone can make up IDs: evicts the least recently requested. */
export function createHitCounter(most = 10_000): HitCounter {
  const counts = new LruMap<string, number>(most)
  return {
    add(id) {
      const earlier = counts.get(id) ?? 0
      counts.set(id, earlier + 1)
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
