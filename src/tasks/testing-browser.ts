import { vi } from 'vitest'

/* Helpers for several tests; not part of the app. */

/** Stubs a browser without locks and with one visible tab, until `vi.unstubAllGlobals`. */
export function stubBrowser() {
  const store = new Map<string, string>()
  const listeners = new Map<string, () => void>()
  const posted: unknown[] = []
  let visibility: DocumentVisibilityState = 'visible'
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => store.get(name) ?? null,
    setItem: (name: string, text: string) => store.set(name, text),
  })
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  vi.stubGlobal('navigator', { locks: undefined, onLine: true })
  vi.stubGlobal('document', {
    get visibilityState() {
      return visibility
    },
    addEventListener: (name: string, listener: () => void) => listeners.set(name, listener),
    removeEventListener: (name: string) => listeners.delete(name),
  })
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage(message: unknown) {
        posted.push(message)
      }
      close() {}
    },
  )
  return {
    /** Contents of localStorage. */
    store,
    /** Messages from this tab to others. */
    posted,
    /** Shows or hides the tab. */
    look: (next: DocumentVisibilityState) => {
      visibility = next
      listeners.get('visibilitychange')?.()
    },
  }
}
