import { openChannel } from '../lib/browser/channel.ts'
import { browserLocks, underLock } from '../lib/browser/locks.ts'
import { randomHex } from '../lib/browser/random.ts'

/*
 * Leader election among all tabs of a key. The leader holds a Web Lock and sends the requests, the others
 * queue for it, and a tab that closes or crashes releases it automatically. A visible tab takes over from
 * a hidden one, because browsers throttle or freeze hidden tabs.
 */

/** solo: no election is possible, so each tab sends its own requests. */
export type Role = 'leader' | 'follower' | 'solo'

export interface LeaderElection {
  /** Changes each time the page is shown again, since a notice that it was closed may come late. */
  readonly id: string
  readonly role: () => Role
  readonly post: (message: object) => void
  /** Takes over unless a visible leader responds. */
  readonly requestLeadership: () => void
  /** A visible leader has sent a message. */
  readonly onLeaderSeen: () => void
  /** Runs `work` exclusively among all tabs under this name; waits for its turn. */
  readonly withLock: <T>(name: string, work: () => Promise<T>) => Promise<T>
  /** Calls back once that tab is closed or has crashed. */
  readonly onTabClosed: (tab: string, gone: () => void) => void
  readonly close: () => void
}

interface TabsOptions {
  readonly keyHash: string
  readonly onRole: () => void
  /** Unparsed: another tab may run another version of Loupe. */
  readonly onMessage: (data: unknown) => void
  /** Other tabs can detect from now on that this tab is open. Those that knew it before may think it closed. */
  readonly onAlive: () => void
  /** The page is restored from the back/forward cache: messages sent meanwhile were missed. */
  readonly onReturn: () => void
}

/** A message about work done under a lock can arrive after the lock itself. */
const MESSAGE_MS = 100
/** A running leader responds at once; one that is frozen or suspended does not. */
const RESPONSE_MS = 1000
/** A browser grants a free lock within milliseconds, or not at all. */
const LOCK_MS = 2000
/** No request takes longer (client.ts): a tab that still holds its lock hangs. */
const REQUEST_MS = 25_000

export function electLeader({
  keyHash,
  onRole,
  onMessage,
  onAlive,
  onReturn,
}: TabsOptions): LeaderElection {
  let id = ''
  const lockName = `loupe:${keyHash}:asker`
  const locks = browserLocks()
  const channel = openChannel(`loupe:${keyHash}`)
  let role: Role = locks === undefined ? 'solo' : 'follower'
  let claiming: ReturnType<typeof setTimeout> | undefined
  let closed = false
  /** Aborted when the page is left; a new one when it is shown again. */
  let life = new AbortController()
  /** Controls the newest lock request: aborting releases the lock or stops waiting. */
  let turn = new AbortController()

  const become = (next: Role) => {
    if (role === next || closed) return
    role = next
    onRole()
  }

  const queue = (steal: boolean) => {
    if (locks === undefined || life.signal.aborted) return
    // This tab's last request might be granted just now, and would be the one stolen from.
    turn.abort()
    turn = new AbortController()
    const { signal } = turn
    let granted = false
    locks
      .request(lockName, steal ? { steal } : { signal }, () => {
        if (signal.aborted) return
        granted = true
        become('leader')
        return aborted(signal)
      })
      .catch((error: unknown) => {
        if (signal.aborted) return
        // The browser grants no locks, and would reject the next request too: each tab sends its own.
        const isStolen = error instanceof DOMException && error.name === 'AbortError'
        if (!granted || !isStolen) return become('solo')
        // Another tab took the lock: this one follows, and queues until that one is closed.
        become('follower')
        queue(false)
      })
  }

  const enter = () => {
    id = randomHex(8)
    life = new AbortController()
    const { signal } = life
    queue(false)
    // Held while the page is open: another tab that gets it knows that this one is closed.
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
    if (locks !== undefined) become('follower')
  }

  // A page may be kept in the back/forward cache (WebKit then takes its locks), and sends no requests there.
  const comeBack = ({ persisted }: PageTransitionEvent) => {
    if (!persisted) return
    enter()
    onReturn()
  }

  channel.listen((data) => {
    if (!closed) onMessage(data)
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
    requestLeadership() {
      if (role !== 'follower') return
      clearTimeout(claiming)
      claiming = setTimeout(() => {
        if (role !== 'follower') return
        queue(true)
        claiming = setTimeout(() => {
          if (role === 'follower') become('solo')
        }, LOCK_MS)
      }, RESPONSE_MS)
    },
    onLeaderSeen: () => clearTimeout(claiming),
    async withLock(name, work) {
      if (locks === undefined) return work()
      const lock = `loupe:${keyHash}:${name}`
      const done = await underLock(locks, lock, { ifAvailable: true }, LOCK_MS, async (isFree) =>
        isFree ? { value: await work() } : null,
      )
      if (done !== null) return done.value
      return underLock(locks, lock, {}, REQUEST_MS, async () => {
        await new Promise((resolve) => setTimeout(resolve, MESSAGE_MS))
        return work()
      })
    },
    onTabClosed(tab, gone) {
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

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
