import { siteTexts } from '../lib/browser/texts.ts'

/** Whether single keys do something. People who speak to their computer turn them off (WCAG 2.1.4). */
const STORAGE_KEY = 'loupe:shortcuts'
const listeners = new Set<() => void>()
let on = siteTexts.get(STORAGE_KEY) !== 'off'

export const areShortcutsOn = (): boolean => on

export function setShortcutsOn(next: boolean): void {
  on = next
  siteTexts.set(STORAGE_KEY, next ? null : 'off')
  for (const listener of listeners) listener()
}

export function subscribeToShortcuts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
