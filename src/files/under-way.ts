/*
 * What this tab fetches, whatever page is open: pages may be left, and the browser asks before the tab is
 * closed while something has not arrived.
 */

/** What goes on at an address of Loupe. */
export interface UnderWay {
  /** Path, query and fragment of the page that shows how far it is. */
  readonly address: string
  /** Fetched now. */
  readonly running: number
  /** Files that did not come while another page was open. */
  readonly failed: number
}

const stops = new Map<symbol, () => void>()
const listeners = new Set<() => void>()
let all: readonly UnderWay[] = []

/** The page that is open now. */
const here = (): string => location.pathname + location.search + location.hash

/** Whether both lead to the same page; the query is how a list is looked at. */
export const isSamePage = (one: string, other: string): boolean => bare(one) === bare(other)
const bare = (address: string) => address.replace(/\?[^#]*/, '')

function change(address: string, by: (before: UnderWay) => UnderWay): void {
  const before = all.find((one) => isSamePage(one.address, address))
  const after = by(before ?? { address, running: 0, failed: 0 })
  const others = all.filter((one) => one !== before)
  all = after.running > 0 || after.failed > 0 ? [...others, after] : others
  const holds = all.some(({ running }) => running > 0)
  // Only while it is needed: it keeps a page out of the browser's back/forward cache.
  if (holds) addEventListener('beforeunload', hold)
  else removeEventListener('beforeunload', hold)
  for (const listener of listeners) listener()
}

const hold = (event: BeforeUnloadEvent) => event.preventDefault()

/**
 * Something begins that the open page shows, a file unless `files` says otherwise. Returns what is to be
 * called at its end, with how many did not come.
 */
export function begin(stop: () => void, files = 1): (failed?: number) => void {
  const address = here()
  const id = Symbol()
  stops.set(id, stop)
  change(address, (one) => ({ ...one, running: one.running + files }))
  return (failed = 0) => {
    if (!stops.delete(id)) return
    const unseen = isSamePage(address, here()) ? 0 : failed
    change(address, (one) => ({
      ...one,
      running: one.running - files,
      failed: one.failed + unseen,
    }))
  }
}

/** The failures of that page are seen. */
export const markSeen = (address: string): void => change(address, (one) => ({ ...one, failed: 0 }))

/** Breaks all of it off. */
export function stopAll(): void {
  for (const stop of [...stops.values()]) stop()
}

export const underWay = (): readonly UnderWay[] => all

export function subscribeToUnderWay(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
