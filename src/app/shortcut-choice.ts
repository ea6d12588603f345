/** Whether single keys do something. People who speak to their computer turn them off (WCAG 2.1.4). */
const STORAGE_KEY = 'loupe:shortcuts'
const listeners = new Set<() => void>()
let on = stored()

function stored(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== 'off'
  } catch {
    return true
  }
}

export const areShortcutsOn = (): boolean => on

export function setShortcutsOn(next: boolean): void {
  on = next
  try {
    if (next) localStorage.removeItem(STORAGE_KEY)
    else localStorage.setItem(STORAGE_KEY, 'off')
  } catch {
    // Storage is denied: the choice holds until the page is left.
  }
  for (const listener of listeners) listener()
}

export function subscribeToShortcuts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
