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
