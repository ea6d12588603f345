import type { ServerCacheInfo } from '../../core/api/parse-response.ts'

/** The last response of the server for each task in this tab, and until when it is the newest. */
export interface ServerFreshness {
  /** Notes that a response came, at `heardAt`. Returns whether it is the one that came before. */
  readonly note: (taskId: string, cache: ServerCacheInfo | null, heardAt: number) => boolean
  /** Until when it is the newest, epoch ms; null if that is unknown. */
  readonly until: (taskId: string, now: number) => number | null
  readonly forget: (taskId: string) => void
  readonly isEmpty: () => boolean
}

export function serverFreshness(): ServerFreshness {
  const known = new Map<string, ServerCacheInfo & { readonly heardAt: number }>()
  return {
    note(taskId, cache, heardAt) {
      const isRepeated = cache !== null && known.get(taskId)?.at === cache.at
      if (cache === null) known.delete(taskId)
      else known.set(taskId, { ...cache, heardAt })
      return isRepeated
    },
    until(taskId, now) {
      const last = known.get(taskId)
      // Unknown as well once the clock was set back: the check would wait for that long.
      return last === undefined || last.heardAt > now ? null : last.heardAt + (last.next ?? 0)
    },
    forget: (taskId) => void known.delete(taskId),
    isEmpty: () => known.size === 0,
  }
}
