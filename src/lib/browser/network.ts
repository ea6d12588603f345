/**
 * Whether the browser reports being offline. It is often wrong (a VPN that turns, a virtual
 * adapter, a server on this machine): use it to explain a failure, never as a reason not to try.
 */
export const saysOffline = (): boolean => navigator.onLine === false

/** Calls back when the report changes. */
export function onNetwork(changed: () => void): () => void {
  addEventListener('online', changed)
  addEventListener('offline', changed)
  return () => {
    removeEventListener('online', changed)
    removeEventListener('offline', changed)
  }
}
