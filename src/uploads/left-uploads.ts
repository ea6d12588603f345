import { SECOND } from '../../core/lib/units.ts'
import { browserLocks } from '../lib/browser/locks.ts'
import { randomHex } from '../lib/browser/random.ts'
import { type Texts, tabTexts } from '../lib/browser/texts.ts'
import type { Store } from '../lib/store.ts'
import type { Unfinished } from './unfinished.ts'

/*
 * Finds the uploads that a page has left: after a reload those of the same tab, later those of closed tabs. Each
 * load of the page has an ID, and holds a lock while it is open. The tab stores the ID of its last load. A
 * duplicated tab has it, too, but not the lock: it must not send what the original is sending.
 */

const LAST_PAGE = 'loupe:upload-page'
/** A page that is reloaded lets its lock go soon. Tabs that are restored together first find their own. */
const RELOAD_MS = 2 * SECOND

interface PageOptions {
  /** Undefined if the browser has none. */
  readonly locks: ReturnType<typeof browserLocks>
  readonly texts: Texts
}

export interface OpenPage extends Pick<PageOptions, 'locks'> {
  readonly id: string
  /** The load before this one, in the same tab; null for the first. */
  readonly last: string | null
  /** Resolves with whether its lock is held: false if this browser grants none. */
  readonly locked: Promise<boolean>
}

const lockOf = (page: string) => `loupe:uploads:${page}`

export function openPage(
  { locks, texts }: PageOptions = { locks: browserLocks(), texts: tabTexts },
): OpenPage {
  const id = randomHex(8)
  const last = texts.get(LAST_PAGE)
  texts.set(LAST_PAGE, id)
  const locked = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), RELOAD_MS)
    const held = () => {
      resolve(true)
      // Until the page is closed.
      return new Promise(() => {})
    }
    if (locks === undefined) resolve(false)
    else locks.request(lockOf(id), held).catch(() => resolve(false))
  })
  return { id, last, locked, locks }
}

export interface LeftUploads {
  readonly store: Store<readonly Unfinished[]>
  readonly page: OpenPage
  /** Called once with those of this tab, which may be none, and then with those of closed tabs. */
  readonly take: (uploads: readonly Unfinished[]) => void
}

/** Passes all uploads that a page has left to this one. Returns a function to stop. */
export function takeLeftUploads({ store, page, take }: LeftUploads): () => void {
  const stop = new AbortController()
  const { signal } = stop

  const from = (id: string, closed: boolean): readonly Unfinished[] => {
    const left = store.get().filter((one) => one.page === id)
    if (left.length === 0) return []
    const taken = left.map((one) => ({ ...one, page: page.id, closed: one.closed || closed }))
    store.change((all) => [...all.filter((one) => one.page !== id), ...taken])
    return taken
  }

  /** Runs `work` if that page is closed, before any other tab can. */
  async function ifClosed(id: string, options: LockOptions, work: () => void): Promise<void> {
    const withLock = (lock: Lock | null) => {
      if (lock !== null && !signal.aborted) work()
    }
    await page.locks?.request(lockOf(id), options, withLock).catch(() => {})
  }

  async function takeOwn(last: string | null, hasLocks: boolean): Promise<void> {
    const reload = new AbortController()
    const timer = setTimeout(() => reload.abort(), RELOAD_MS)
    // Those of this page were left when its key was removed.
    let own = from(page.id, false)
    const add = () => {
      if (last !== null) own = [...own, ...from(last, false)]
    }
    // Without locks a copy is not noticed. The server still starts one task for both.
    if (!hasLocks) add()
    else if (last !== null) await ifClosed(last, { signal: reload.signal }, add)
    clearTimeout(timer)
    if (!signal.aborted) take(own)
  }

  async function takeAll(): Promise<void> {
    const hasLocks = await page.locked
    await takeOwn(page.last, hasLocks)
    if (!hasLocks) return
    await pause(RELOAD_MS, signal)
    const others = new Set(store.get().map((one) => one.page))
    others.delete(page.id)
    for (const other of others) {
      // The last page of this tab may have closed late.
      await ifClosed(other, { ifAvailable: true }, () => take(from(other, other !== page.last)))
    }
  }

  void takeAll()
  return () => stop.abort()
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => clearTimeout(timer))
  })
