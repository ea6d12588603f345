/** How often each id was asked for. */
export interface Tally {
  /** Counts one more, and returns how many there were before. */
  readonly add: (id: string) => number
  readonly read: () => Record<string, number>
}

/** Anybody can invent ids, so only so many are kept: the one that was not asked for longest leaves. */
export function createTally(most = 10_000): Tally {
  const counts = new Map<string, number>()
  return {
    add(id) {
      const earlier = counts.get(id) ?? 0
      // A map goes through its keys in the order they were put in.
      counts.delete(id)
      counts.set(id, earlier + 1)
      const [oldest] = counts.keys()
      if (counts.size > most && oldest !== undefined) counts.delete(oldest)
      return earlier
    },
    read: () => Object.fromEntries(counts),
  }
}
