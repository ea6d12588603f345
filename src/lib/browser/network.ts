/**
 * Whether the browser calls itself offline. It is often wrong (a VPN that turns, a virtual adapter, a server
 * on this machine): a word for people after something failed, and never a reason not to try.
 */
export const saysOffline = (): boolean => navigator.onLine === false

/** Calls back when it says something else. */
export function onNetwork(changed: () => void): () => void {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}
