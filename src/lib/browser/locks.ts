/**
 * Locks among the tabs of this origin; undefined if unavailable, as without a secure context. A
 * request that is refused (site data is blocked, the page is being left) rejects and never throws.
 * It may also never settle: callers set their own timeout.
 */
export function browserLocks(): Pick<LockManager, 'request'> | undefined {
  try {
    const { locks } = navigator
    if (typeof locks?.request !== 'function') return undefined
    const request = async (...all: unknown[]) => Reflect.apply(locks.request, locks, all)
    return { request: request as LockManager['request'] }
  } catch {
    return undefined
  }
}

/**
 * Runs `work` under a lock. After waiting `ms` it runs anyway, and the lock is stolen from its holder. Work
 * that has begun always finishes, and its result is returned even if the lock is lost.
 */
export function underLock<T>(
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
