import { openChannel } from '../lib/browser/channel.ts'
import { browserLocks } from '../lib/browser/locks.ts'
import { randomHex } from '../lib/browser/random.ts'
import type { TabMessage } from './messages.ts'

/*
 * One asker among all tabs of a key. A Web Lock chooses it: whoever holds the lock asks, the others
 * queue, and a tab that closes or crashes lets go of it by itself. A tab that is seen takes over from
 * one that is not, because browsers slow down or freeze what is hidden.
 */

/** asking: for all tabs. listening: another tab asks. alone: this browser cannot choose one, so each asks. */
export type Role = 'asking' | 'listening' | 'alone'

export interface Tabs {
  /** Another one each time the page is shown again: word that it was gone may come late. */
  readonly id: string
  readonly role: () => Role
  readonly post: (message: TabMessage) => void
  /** This tab can be seen, or asks again who asks: takes over unless a seen tab answers. */
  readonly claim: () => void
  /** An asker that can be seen has spoken. */
  readonly hasAsker: () => void
  /** Runs `work` while no other tab works under the same name; waits for its turn. */
  readonly exclusively: <T>(name: string, work: () => Promise<T>) => Promise<T>
  /** Calls back once that tab is closed or has crashed. */
  readonly whenGone: (tab: string, gone: () => void) => void
  readonly close: () => void
}

interface TabsOptions {
  readonly keyHash: string
  readonly onRole: () => void
  readonly onMessage: (message: TabMessage) => void
  /** Others can tell from now on that this tab lives. Who heard of it before may take it for gone. */
  readonly onAlive: () => void
  /** The page was left and is shown again as it was: what other tabs said meanwhile was not heard. */
  readonly onReturn: () => void
}

/** Word of what another tab did under a lock can arrive after the lock itself. */
const WORD_MS = 100
/** An asker that lives answers at once; one that is frozen or asleep does not. */
const ANSWER_MS = 1000
/** A browser gives a free lock within milliseconds, or not at all. */
const LOCK_MS = 2000
/** No tab has a question under way for longer (client.ts): one that keeps its lock hangs. */
const QUESTION_MS = 25_000

export function openTabs({ keyHash, onRole, onMessage, onAlive, onReturn }: TabsOptions): Tabs {
  let id = ''
  const lockName = `loupe:${keyHash}:asker`
  const locks = browserLocks()
  const channel = openChannel(`loupe:${keyHash}`)
  let role: Role = locks === undefined ? 'alone' : 'listening'
  let claiming: ReturnType<typeof setTimeout> | undefined
  let closed = false
  /** Aborted when the page is left; a new one when it is shown again. */
  let life = new AbortController()
  /** Of the newest request for the lock: aborted, it lets go or waits no more. */
  let turn = new AbortController()

  const become = (next: Role) => {
    if (role === next || closed) return
    role = next
    onRole()
  }

  const queue = (steal: boolean) => {
    if (locks === undefined || life.signal.aborted) return
    // Its last request might be granted just now, and would be what is stolen.
    turn.abort()
    turn = new AbortController()
    const { signal } = turn
    let given = false
    locks
      .request(lockName, steal ? { steal } : { signal }, () => {
        if (signal.aborted) return
        given = true
        become('asking')
        return aborted(signal)
      })
      .catch((error: unknown) => {
        if (signal.aborted) return
        // The browser gives none, and would refuse the next as well: each tab asks for itself.
        const isStolen = error instanceof DOMException && error.name === 'AbortError'
        if (!given || !isStolen) return become('alone')
        // Another tab took the lock: this one listens, and queues for when that one is gone.
        become('listening')
        queue(false)
      })
  }

  const enter = () => {
    id = randomHex(8)
    life = new AbortController()
    const { signal } = life
    queue(false)
    // Held for life, so that another tab that gets it knows that this one is gone.
    const live = () => {
      if (!signal.aborted) onAlive()
      return aborted(signal)
    }
    void locks?.request(`loupe:${keyHash}:tab:${id}`, live).catch(() => {})
  }

  const leave = () => {
    life.abort()
    turn.abort()
    clearTimeout(claiming)
    if (locks !== undefined) become('listening')
  }

  // A page that is left may be kept for the way back (WebKit takes its locks then), and asks nothing meanwhile.
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return
    enter()
    onReturn()
  }

  channel.listen(async (data) => {
    // Loaded when another tab speaks: who is alone needs no schema. Messages stay in their order.
    const { readMessage } = await import('./messages.ts')
    const message = readMessage(data)
    if (message !== null && !closed) onMessage(message)
  })
  addEventListener('pagehide', leave)
  addEventListener('pageshow', comeBack)
  enter()

  return {
    get id() {
      return id
    },
    role: () => role,
    post: (message) => {
      if (!closed) channel.post(message)
    },
    claim() {
      if (role !== 'listening') return
      clearTimeout(claiming)
      claiming = setTimeout(() => {
        if (role !== 'listening') return
        queue(true)
        claiming = setTimeout(() => {
          if (role === 'listening') become('alone')
        }, LOCK_MS)
      }, ANSWER_MS)
    },
    hasAsker: () => clearTimeout(claiming),
    async exclusively(name, work) {
      if (locks === undefined) return work()
      const lock = `loupe:${keyHash}:${name}`
      const done = await underLock(locks, lock, { ifAvailable: true }, LOCK_MS, async (isFree) =>
        isFree ? { value: await work() } : null,
      )
      if (done !== null) return done.value
      return underLock(locks, lock, {}, QUESTION_MS, async () => {
        await new Promise((resolve) => setTimeout(resolve, WORD_MS))
        return work()
      })
    },
    whenGone(tab, gone) {
      void locks?.request(`loupe:${keyHash}:tab:${tab}`, gone).catch(() => {})
    },
    close() {
      closed = true
      leave()
      removeEventListener('pagehide', leave)
      removeEventListener('pageshow', comeBack)
      channel.close()
    },
  }
}

/**
 * Runs `work` under a lock, or without it once that was waited for `ms`; then whoever has it loses it. What
 * has begun is finished, and its outcome is given, whatever becomes of the lock.
 */
function underLock<T>(
  locks: Pick<LockManager, 'request'>,
  name: string,
  options: LockOptions,
  ms: number,
  work: (has: boolean) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let begun: Promise<unknown> | null = null
    const begin = (has: boolean) => {
      if (begun !== null) return
      clearTimeout(timer)
      const done = work(has)
      begun = done.catch(() => {})
      done.then(resolve, reject)
      return begun
    }
    const timer = setTimeout(() => {
      const done = begin(true)
      locks.request(name, { steal: true }, () => done).catch(() => {})
    }, ms)
    locks.request(name, options, (lock) => begin(lock !== null)).catch(() => begin(true))
  })
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
