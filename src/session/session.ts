import { useSyncExternalStore } from 'react'
import { type ApiKey, parseApiKey } from './api-key.ts'

/*
 * The API key of this tab. It lives in sessionStorage, which dies with the tab, and nowhere else.
 * Where the browser denies storage, it lives in memory until the page is left.
 */

const STORAGE_KEY = 'loupe:api-key'
const listeners = new Set<() => void>()
let current: ApiKey | null = load()

function load(): ApiKey | null {
  try {
    const parsed = parseApiKey(sessionStorage.getItem(STORAGE_KEY) ?? '')
    return parsed.ok ? parsed.value : null
  } catch {
    return null
  }
}

function change(key: ApiKey | null): void {
  current = key
  try {
    if (key === null) sessionStorage.removeItem(STORAGE_KEY)
    else sessionStorage.setItem(STORAGE_KEY, key)
  } catch {
    // Storage is denied: the key stays in memory, which is all that can be done.
  }
  for (const listener of listeners) listener()
}

export const rememberKey = (key: ApiKey): void => change(key)
export const forgetKey = (): void => change(null)

export function subscribeToKey(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The key of this tab, or null where none was given yet. */
export const currentKey = (): ApiKey | null => current
export const useApiKey = (): ApiKey | null => useSyncExternalStore(subscribeToKey, currentKey)
