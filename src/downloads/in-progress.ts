import { createStore } from '../lib/store.ts'

/*
 * Downloads of this tab, whatever page is open: pages may be left, and the browser confirms before
 * closing the tab while a download is running.
 */

/** Downloads in progress on a page of Loupe. */
export interface UnderWay {
  /** Path, query and fragment of the page that shows the progress. */
  readonly address: string
  /** Number of files being fetched. */
  readonly running: number
  /** Number of files that failed while another page was open. */
  readonly failed: number
}

const stops = new Map<symbol, () => void>()
export const underWay = createStore<readonly UnderWay[]>([])

/** URL of the open page. */
const here = (): string => location.pathname + location.search + location.hash

/** Whether both lead to the same page; the query is only how a list is viewed. */
export const isSamePage = (one: string, other: string): boolean => bare(one) === bare(other)
const bare = (url: string) => url.replace(/\?[^#]*/, '')

function change(url: string, by: (before: UnderWay) => UnderWay): void {
  const all = underWay.get()
  const before = all.find((one) => isSamePage(one.address, url))
  const after = by(before ?? { address: url, running: 0, failed: 0 })
  const others = all.filter((one) => one !== before)
  const next = after.running > 0 || after.failed > 0 ? [...others, after] : others
  const holds = next.some(({ running }) => running > 0)
  // Added only while needed: it keeps a page out of the browser's back/forward cache.
  if (holds) addEventListener('beforeunload', confirmLeaving)
  else removeEventListener('beforeunload', confirmLeaving)
  underWay.set(next)
}

const confirmLeaving = (event: BeforeUnloadEvent) => event.preventDefault()

/**
 * Registers a download of the open page, one file unless `files` is given. Returns the function to
 * call at its end, with the number of failed files.
 */
export function begin(stop: () => void, files = 1): (failed?: number) => void {
  const url = here()
  const id = Symbol()
  stops.set(id, stop)
  change(url, (one) => ({ ...one, running: one.running + files }))
  return (failed = 0) => {
    if (!stops.delete(id)) return
    const unseen = isSamePage(url, here()) ? 0 : failed
    change(url, (one) => ({
      ...one,
      running: one.running - files,
      failed: one.failed + unseen,
    }))
  }
}

/** Marks the failures of that page as seen. */
export const markSeen = (url: string): void => change(url, (one) => ({ ...one, failed: 0 }))

/** Aborts all of them. */
export function stopAll(): void {
  for (const stop of [...stops.values()]) stop()
}
